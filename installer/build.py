"""Freezes the program into dist/blenddesk, gathers the licences, holds it to its weight and lets it test itself."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist" / "blenddesk"
MOST_BYTES = 130_000_000  # installed; the budget of a school's old computers and of a slow download
SELF_TEST_SECONDS = 300
LICENCE_NAMES = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


def main() -> int:
    """Build, collect licences, weigh, self-test; 0 only when the frozen program passed all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-self-test", action="store_true", help="only build and weigh")
    options = parser.parse_args()
    print("Freezing the program with PyInstaller (about two minutes) ...", flush=True)
    if freeze() != 0:
        print("PyInstaller did not finish; its words are above. dist/ is not to be used.", file=sys.stderr)
        return 1
    collect_licences(DIST / "licenses")
    total = weigh(DIST)
    print(f"{DIST} weighs {total / 1e6:.1f} MB (at most {MOST_BYTES / 1e6:.0f} MB).", flush=True)
    if total > MOST_BYTES:
        print("That is too heavy. The ten heaviest files:", file=sys.stderr)
        for size, file in heaviest(DIST, 10):
            print(f"  {size / 1e6:6.1f} MB  {file.relative_to(DIST)}", file=sys.stderr)
        return 1
    if options.no_self_test:
        return 0
    print("The frozen program tests itself ...", flush=True)
    return self_test(DIST)


def languages() -> list[str]:
    """The languages whose Qt sentences ship: English and every folder of resources/locale."""
    folder = ROOT / "resources" / "locale"
    found = sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
    return sorted({"en", *found})


def freeze() -> int:
    """Run PyInstaller on the spec, from scratch."""
    shutil.rmtree(DIST, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")]
    command.append(str(ROOT / "installer" / "blenddesk.spec"))
    environ = {**os.environ, "BLENDDESK_LANGUAGES": " ".join(languages())}
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


def run_time_packages(requirements: str) -> list[str]:
    """The names in a locked requirements text."""
    return re.findall(r"^([A-Za-z0-9][\w.-]*)==", requirements, flags=re.MULTILINE)


def collect_licences(folder: Path) -> None:
    """Our licence, the texts kept in installer/licenses, and each shipped package's own licence files."""
    shutil.copytree(ROOT / "installer" / "licenses", folder)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    versions = []
    for name in run_time_packages((ROOT / "installer" / "requirements-run.txt").read_text("utf-8")):
        package = importlib.metadata.distribution(name)
        versions.append(f"{name} {package.version}")
        for file in package.files or ():
            if ".dist-info" in file.parts[0] and LICENCE_NAMES.search(file.name):
                (folder / name).mkdir(exist_ok=True)
                shutil.copyfile(str(file.locate()), folder / name / file.name)
    (folder / "VERSIONS.txt").write_text("\n".join([f"Python {sys.version.split()[0]}", *versions]) + "\n", "utf-8")


def heaviest(folder: Path, count: int) -> list[tuple[int, Path]]:
    """The `count` heaviest files as (bytes, path), links not followed."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(((path.stat().st_size, path) for path in files), reverse=True)[:count]


def weigh(folder: Path) -> int:
    """Bytes of all files below `folder`, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def self_test(folder: Path) -> int:
    """Run the frozen program's own test, offscreen, in a home of its own and without this Python's settings."""
    program = folder / ("blenddesk.exe" if sys.platform == "win32" else "blenddesk")
    foreign = ("PYTHON", "VIRTUAL_ENV", "XDG_", "BLENDDESK_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    with tempfile.TemporaryDirectory() as home:
        environ = {**kept, "HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        try:
            code = subprocess.run(
                [str(program), "--self-test"],
                cwd=home,
                env=environ,
                stdin=subprocess.DEVNULL,
                timeout=SELF_TEST_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            print(f"The self-test did not end within {SELF_TEST_SECONDS} seconds.", file=sys.stderr)
            return 1
    print("The self-test passed." if code == 0 else f"The self-test failed (exit code {code}).", flush=True)
    return 0 if code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
