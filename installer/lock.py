"""Writes the hashed, locked requirements for every Python and system the project supports, naming no host."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.11"
PROFILES = {"run": "what the program needs", "dev": "what the program and its tests need"}
HEADER = "# {what}, locked by `python3 installer/dev.py lock` from pyproject.toml. Do not edit.\n"


def main() -> int:
    """Resolve with a resolver in a throw-away environment; keeps the old files unless both new ones are sound."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        print("Fetching the resolver into a throw-away environment ...", flush=True)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv"], check=True)
        pins = folder / "pins.txt"
        pins.write_text("\n".join(chosen_pins()) + "\n", "utf-8")
        texts = {"run": compile_lock(python, folder, "run", [], pins)}
        # The tests' packages may not move the program's: its lock is the constraint of theirs.
        (folder / "run.txt").write_text(texts["run"], "utf-8")
        texts["dev"] = compile_lock(python, folder, "dev", ["--group", "dev"], folder / "run.txt")
        for text in texts.values():
            problems = find_problems(text)
            if problems:
                print("The new lock is not sound, the old one stays: {}".format("; ".join(problems)), file=sys.stderr)
                return 1
        for profile, text in texts.items():
            file = ROOT / "installer" / f"requirements-{profile}.txt"
            file.write_text(HEADER.format(what=PROFILES[profile].capitalize()) + text, "utf-8")
            print(f"{file.relative_to(ROOT)}: {len(package_blocks(text))} packages")
    return 0


def chosen_pins() -> list[str]:
    """The exact versions chosen by hand, kept in pyproject.toml where `uv run` sees them too."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return list(tomllib.load(file)["tool"]["uv"]["constraint-dependencies"])


def compile_lock(python: Path, folder: Path, profile: str, extra: list[str], constraint: Path) -> str:
    """One lock for all systems and Pythons (by environment markers), wheels only, as text."""
    print(f"Resolving the packages for `{profile}` ...", flush=True)
    output = folder / f"{profile}-lock.txt"
    command = [str(python), "-m", "uv", "pip", "compile", "--quiet", "--no-config", "--universal"]
    command += ["--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-header", "--no-annotate"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--only-binary", ":all:"]
    command += ["--constraint", str(constraint), *extra, "--output-file", str(output), "pyproject.toml"]
    subprocess.run(command, check=True, cwd=ROOT)
    return output.read_text("utf-8")


def package_blocks(text: str) -> dict[str, str]:
    """Package name -> its requirement with all continuation lines."""
    joined = re.sub(r"\\\n\s*", "", text)
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return {re.split(r"[=<>!~ ;\[]", line, maxsplit=1)[0]: line for line in lines}


def find_problems(text: str) -> list[str]:
    """What makes a lock unfit: a host's name, an option line, a package without exact version or without hashes."""
    problems = []
    if "://" in text:
        problems.append("it names a host")
    for name, line in package_blocks(text).items():
        if line.startswith("-"):
            problems.append(f"it holds an option: {line}")
        elif "==" not in line:
            problems.append(f"{name} has no exact version")
        elif "--hash=sha256:" not in line:
            problems.append(f"{name} has no hash")
    return problems


if __name__ == "__main__":
    sys.exit(main())
