"""Shows that the two README commands are enough: types them on bare Debians in folders (needs root, debootstrap)."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE_NAMES = {"12": "bookworm", "13": "trixie"}
CHECKOUT = "/root/blenddesk"
# Variables by which a workplace tells programs of its proxies, certificates and package indexes.
CARRIED_PREFIXES = ("PIP_", "SSL_CERT_", "REQUESTS_CA_", "CURL_CA_")
CARRIED_NAMES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def main() -> int:
    """Make each system, type the commands, print one line for each; 0 when all did what they should."""
    options = parse_arguments()
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        print("This needs root and debootstrap. Nothing was changed.", file=sys.stderr)
        return 1
    results: list[tuple[str, str, int, float]] = []
    for release in options.release or sorted(CODE_NAMES):
        base = make_base(release, options.work, options.mirror or host_mirror())
        machine = options.work / f"debian-{release}"
        print(f"== Debian {release}: a fresh copy in {machine}", flush=True)
        copy_base(base, machine)
        carry_host_settings(machine)
        clone(machine)
        with mounted(machine, options.bind):
            for name, command, offline in steps(options):
                print(f"== Debian {release}: {name}: {command}", flush=True)
                started = time.monotonic()
                code = type_in(machine, command, offline=offline)
                results.append((release, name, code, time.monotonic() - started))
    print("\nrelease  exit    seconds  step")
    for release, name, code, seconds in results:
        print(f"{release:>7}  {code:>4}  {seconds:>9.1f}  {name}")
    return 1 if any(code for _, _, code, _ in results) else 0


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", action="append", choices=sorted(CODE_NAMES), help="only this Debian (repeatable)")
    parser.add_argument(
        "--work", type=Path, default=Path("/var/tmp/blenddesk-fresh"), help="where the folders are made"
    )
    parser.add_argument("--mirror", help="Debian mirror (default: the one this computer uses)")
    parser.add_argument("--bind", type=Path, action="append", default=[], help="host folder to show at the same place")
    parser.add_argument(
        "--run-arguments", default="", help="arguments for `dev.py run` (default: none, as in the README)"
    )
    parser.add_argument("--test-arguments", default="", help="arguments for `dev.py test` (default: none)")
    parser.add_argument("--also", action="append", default=[], help="one more command to type at the end (repeatable)")
    options = parser.parse_args()
    options.work = options.work.resolve()
    return options


def steps(options: argparse.Namespace) -> list[tuple[str, str, bool]]:
    """(name, command, without network) in the order a newcomer types them."""
    run = f"python3 installer/dev.py run {options.run_arguments}".strip()
    test = f"python3 installer/dev.py test {options.test_arguments}".strip()
    as_nobody = f"setpriv --reuid=65534 --regid=65534 --clear-groups {run} > /tmp/said 2>&1"
    told = "cat /tmp/said && grep -q 'apt-get update && apt-get install' /tmp/said"
    return [
        ("a person without rights is told one line", f"{{ ! {as_nobody}; }} && {told}", False),
        ("run", run, False),
        ("test", test, False),
        ("run again, network cut", run, True),
        ("the command is there", "test -x .venv/bin/blenddesk", True),
        *[(command, command, False) for command in options.also],
    ]


def host_mirror() -> str:
    """The first Debian mirror this computer's own apt uses."""
    answer = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in sorted(set(answer.splitlines())):
        uri, _, release = line.partition(" ")
        if "-" not in release and uri.rstrip("/").endswith("debian"):
            return uri
    raise SystemExit("No Debian mirror found in this computer's apt sources; name one with --mirror.")


def make_base(release: str, work: Path, mirror: str) -> Path:
    """A bare Debian with Python and git, made once and only copied afterwards."""
    base = work / f"{CODE_NAMES[release]}-base"
    if not (base / "usr/bin/git").exists():
        print(f"== Debian {release}: making the bare system (once) ...", flush=True)
        shutil.rmtree(base, ignore_errors=True)
        work.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", "--include=python3,git", CODE_NAMES[release], str(base), mirror]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return base


def copy_base(base: Path, machine: Path) -> None:
    """A fresh copy of the bare system; refuses to remove an old copy into which something is still mounted."""
    if machine.exists():
        mounts = Path("/proc/self/mounts").read_text("utf-8")
        if any(line.split()[1].startswith(f"{machine}/") for line in mounts.splitlines()):
            raise SystemExit(f"Something is still mounted under {machine}; unmount it first.")
        shutil.rmtree(machine)
    subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(machine)], check=True)


def carry_host_settings(machine: Path) -> None:
    """What the network here asks of every computer: name lookup, apt's and pip's settings, certificates."""
    for file in ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf"):
        if Path(file).is_file():
            copy_into(machine, Path(file))
    user_pip = Path.home() / ".config/pip/pip.conf"
    if user_pip.is_file():
        copy_into(machine, user_pip, Path("/etc/pip.conf") if not Path("/etc/pip.conf").is_file() else user_pip)
    for value in host_variables().values():
        if value.startswith("/") and Path(value).is_file():
            copy_into(machine, Path(value), carried_place(value))
    acquire = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=True).stdout
    (machine / "etc/apt/apt.conf.d/90host").write_text(acquire, "utf-8")


def copy_into(machine: Path, source: Path, place: Path | None = None) -> None:
    """Copy a host's file to the same place (or `place`) inside the machine."""
    target = machine / (place or source).relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def carried_place(file: str) -> Path:
    """Where a file that a variable names lies inside: apart, as the certificates package rewrites their usual place."""
    return Path("/etc/host-settings") / Path(file).relative_to("/")


def carried_variables() -> dict[str, str]:
    """The host's variables as they must read inside the machine."""
    return {
        name: str(carried_place(value)) if value.startswith("/") and Path(value).is_file() else value
        for name, value in host_variables().items()
    }


def host_variables() -> dict[str, str]:
    """The host's variables for proxies, certificates and package indexes."""
    return {
        name: value for name, value in os.environ.items() if name.startswith(CARRIED_PREFIXES) or name in CARRIED_NAMES
    }


def clone(machine: Path) -> None:
    """Clone this checkout's last commit into the machine, as from a server: no link to this folder stays."""
    target = machine / CHECKOUT.lstrip("/")
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(target)], check=True)
    (machine / "root").chmod(0o755)  # the person without rights must be able to read the checkout


@contextmanager
def mounted(machine: Path, binds: list[Path]) -> Iterator[None]:
    """The kernel's folders, and the host's folders asked for (read-only), inside the machine."""
    wanted = [("proc", "/proc", ["-t", "proc"]), ("/dev", "/dev", ["--bind"]), ("tmpfs", "/dev/shm", ["-t", "tmpfs"])]
    wanted += [(str(bind.resolve()), str(bind.resolve()), ["--bind", "-o", "ro"]) for bind in binds]
    done: list[Path] = []
    try:
        for source, place, how in wanted:
            target = machine / place.lstrip("/")
            target.mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", *how, source, str(target)], check=True)
            done.append(target)
        yield
    finally:
        for target in reversed(done):
            subprocess.run(["umount", str(target)], check=True)


def type_in(machine: Path, command: str, offline: bool) -> int:
    """Type one command in the checkout inside the machine, with no terminal and only the carried variables."""
    words = ["unshare", "--net"] if offline else []
    words += ["chroot", str(machine), "/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8", "USER=root"]
    words += ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    words += [f"{name}={value}" for name, value in sorted(carried_variables().items())]
    words += ["/bin/sh", "-c", f"cd {CHECKOUT} && {command}"]
    return subprocess.run(words, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
