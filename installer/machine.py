"""What this computer must have before the project's packages can work: a fitting Python, a few system libraries."""

# Standard library only, and old syntax only: this file must still load on the Pythons it refuses.
from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)
# What the wheels of the locked PySide6 say, by processor.
OLDEST_GLIBC = {"x86_64": (2, 34), "aarch64": (2, 39)}
APT_LISTS = Path("/var/lib/apt/lists")


class Stop(Exception):
    """Set-up cannot go on; the text is one or more plain sentences for the person at the keyboard."""


class Need(NamedTuple):
    """Something the computer must have, and the Debian packages that bring it (the first one known to apt is taken)."""

    what: str
    packages: tuple[str, ...]


# What Qt's own libraries and its offscreen platform link to (read off the wheel with `readelf -d`).
LIBRARIES = (
    Need("libEGL.so.1", ("libegl1",)),
    Need("libGL.so.1", ("libgl1",)),
    Need("libX11.so.6", ("libx11-6",)),
    Need("libfontconfig.so.1", ("libfontconfig1",)),
    Need("libfreetype.so.6", ("libfreetype6",)),
    Need("libdbus-1.so.3", ("libdbus-1-3",)),
    # Debian 13 and Ubuntu 24.04 renamed the package when time stamps grew to 64 bits.
    Need("libglib-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0")),
    Need("libgthread-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0")),
    Need("libxkbcommon.so.0", ("libxkbcommon0",)),
    Need("libzstd.so.1", ("libzstd1",)),
)

# What the xcb platform links to on top: only needed where windows can open.
SCREEN_LIBRARIES = (
    Need("libX11-xcb.so.1", ("libx11-xcb1",)),
    Need("libxkbcommon-x11.so.0", ("libxkbcommon-x11-0",)),
    Need("libxcb-cursor.so.0", ("libxcb-cursor0",)),
    Need("libxcb-icccm.so.4", ("libxcb-icccm4",)),
    Need("libxcb-image.so.0", ("libxcb-image0",)),
    Need("libxcb-keysyms.so.1", ("libxcb-keysyms1",)),
    Need("libxcb-randr.so.0", ("libxcb-randr0",)),
    Need("libxcb-render-util.so.0", ("libxcb-render-util0",)),
    Need("libxcb-render.so.0", ("libxcb-render0",)),
    Need("libxcb-shape.so.0", ("libxcb-shape0",)),
    Need("libxcb-shm.so.0", ("libxcb-shm0",)),
    Need("libxcb-sync.so.1", ("libxcb-sync1",)),
    Need("libxcb-util.so.1", ("libxcb-util1",)),
    Need("libxcb-xfixes.so.0", ("libxcb-xfixes0",)),
    Need("libxcb-xkb.so.1", ("libxcb-xkb1",)),
)

# What PyInstaller calls on Linux.
BUILD_PROGRAMS = (
    Need("objdump", ("binutils",)),
    Need("objcopy", ("binutils",)),
    Need("strip", ("binutils",)),
    Need("ldd", ("libc-bin",)),
)


def check_python(version: tuple[int, ...]) -> None:
    """Raise Stop, with a sentence, unless `version` (major, minor, ...) is one this project is tested on."""
    if OLDEST_PYTHON <= tuple(version[:2]) <= NEWEST_PYTHON:
        return
    raise Stop(
        f"This is Python {version[0]}.{version[1]}, and BlendDesk needs Python 3.11, 3.12, 3.13 or 3.14.\n"
        "Nothing was changed. Install one of these and start this file with it, thus: python3.11 installer/dev.py run"
    )


def check_c_library(name: str, version: str, processor: str) -> None:
    """Raise Stop on a Linux whose C library (as `platform.libc_ver` tells it) is older than the locked Qt needs."""
    oldest = OLDEST_GLIBC.get(processor)
    if name != "glibc" or oldest is None or tuple(int(part) for part in version.split(".")[:2]) >= oldest:
        return
    raise Stop(
        f"This system's C library is glibc {version}, and Qt needs {oldest[0]}.{oldest[1]} or newer (Debian 12, "
        "Ubuntu 22.04 and later on most computers). Nothing was changed. BlendDesk needs a newer system."
    )


def has_screen(environ: dict[str, str], system: str) -> bool:
    """True when a window can open: always on Windows and macOS, on Linux when a display is named."""
    return system != "Linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def missing_libraries(needs: Iterable[Need], load: Callable[[str], object] = ctypes.CDLL) -> list[Need]:
    """The needs whose shared library the system's loader cannot open (a truer test than any package list)."""
    missing = []
    for need in needs:
        try:
            load(need.what)
        except OSError:
            missing.append(need)
    return missing


def missing_programs(needs: Iterable[Need], find: Callable[[str], str | None] = shutil.which) -> list[Need]:
    """The needs whose program is not on the search path."""
    return [need for need in needs if find(need.what) is None]


def missing_venv_support(find: Callable[[str], object] = importlib.util.find_spec) -> list[Need]:
    """The venv support Debian splits off Python: without `ensurepip` a private environment has no pip."""
    if find("venv") is not None and find("ensurepip") is not None:
        return []
    return [Need("venv support for this Python", ("python{}.{}-venv".format(*sys.version_info[:2]),))]


def missing_python_library(load: Callable[[str], object] = ctypes.CDLL) -> list[Need]:
    """The shared library of this Python, which a frozen program carries with it and Debian packs apart."""
    name = "python{}.{}".format(*sys.version_info[:2])
    if sysconfig.get_config_var("Py_ENABLE_SHARED") and sys.base_prefix != "/usr":
        return []  # a Python built elsewhere links to its own copy, or it would not be running
    return missing_libraries([Need(f"lib{name}.so.1.0", ("lib" + name, "lib" + name + "t64"))], load)


def everything_missing(screen: bool, build: bool) -> list[Need]:
    """All that is missing on this computer; empty on Windows and macOS, whose wheels bring everything."""
    if platform.system() != "Linux":
        return missing_venv_support()
    missing = missing_venv_support() + missing_libraries(LIBRARIES)
    if screen or build:
        missing += missing_libraries(SCREEN_LIBRARIES)
    if build:
        missing += missing_programs(BUILD_PROGRAMS) + missing_python_library()
    return missing


def is_debian_like(os_release: str) -> bool:
    """True when the text of /etc/os-release says Debian or something made from it."""
    words = set()
    for line in os_release.splitlines():
        key, _, value = line.partition("=")
        if key in ("ID", "ID_LIKE"):
            words.update(value.strip().strip("\"'").split())
    return bool(words & {"debian", "ubuntu"})


def choose_packages(missing: Iterable[Need], known: Callable[[str], bool]) -> list[str]:
    """One package name for each need: the first that apt knows, else the last (the oldest name). Sorted, no doubles."""
    chosen = set()
    for need in missing:
        chosen.add(next((name for name in need.packages if known(name)), need.packages[-1]))
    return sorted(chosen)


def apt_knows(name: str) -> bool:
    """True when apt could install the package `name` from the lists it has."""
    answer = subprocess.run(
        ["apt-cache", "policy", name], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    ).stdout
    return "Candidate:" in answer and "Candidate: (none)" not in answer


def one_command(packages: list[str], has_sudo: bool) -> str:
    """The one line a person without the administrator's rights types, or hands to who has them."""
    inner = "apt-get update && apt-get install -y --no-install-recommends " + " ".join(packages)
    return ("sudo sh -c " if has_sudo else "su -c ") + shlex.quote(inner)


def apt_install(missing: list[Need], say: Callable[[str], None]) -> None:
    """Install what is missing with apt-get (as root), fetching the package lists when they are absent or stale."""
    lists_empty = not any(entry.is_file() and entry.name != "lock" for entry in APT_LISTS.glob("*"))
    if lists_empty:
        say("Fetching the system's package lists (apt-get update) ...")
        run_apt(["update"])
    packages = choose_packages(missing, apt_knows)
    say("Installing system packages: {} ...".format(" ".join(packages)))
    install = ["install", "-y", "--no-install-recommends", *packages]
    try:
        run_apt(install)
    except Stop:
        if lists_empty:
            raise
        say("That failed; fetching fresh package lists and trying once more ...")
        run_apt(["update"])
        run_apt(["install", "-y", "--no-install-recommends", *choose_packages(missing, apt_knows)])


def run_apt(arguments: list[str]) -> None:
    """Run apt-get without questions; raises Stop with its last words when it fails."""
    done = subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
    )
    if done.returncode != 0:
        last_words = "\n".join(done.stdout.strip().splitlines()[-12:])
        raise Stop(
            f"apt-get {arguments[0]} did not work. Its last words were:\n{last_words}\n"
            "Check the network and the package sources, then type the same command again."
        )


def ensure(screen: bool, build: bool, say: Callable[[str], None]) -> None:
    """Make sure the system has what is needed: install it (root, Debian-like), else raise Stop saying what to type."""
    missing = everything_missing(screen, build)
    if not missing:
        return
    names = ", ".join(sorted({need.what for need in missing}))
    release = Path("/etc/os-release")
    on_debian = (
        platform.system() == "Linux"
        and shutil.which("apt-get") is not None
        and release.is_file()
        and is_debian_like(release.read_text("utf-8"))
    )
    if not on_debian:
        raise Stop(
            f"This computer lacks: {names}. Nothing was changed.\n"
            "Install them with your system's package manager, then type the same command again."
        )
    say(f"This computer lacks: {names}")
    if os.geteuid() != 0:
        packages = choose_packages(missing, apt_knows)
        raise Stop(
            "Installing them needs the administrator's rights. Nothing was changed. "
            "Type this one line, then the same command again:\n\n    {}\n".format(
                one_command(packages, shutil.which("sudo") is not None)
            )
        )
    apt_install(missing, say)
    still = everything_missing(screen, build)
    if still:
        raise Stop(
            "The system packages were installed, but these are still missing: {}.\n"
            "If this Python does not come from the system, use the system's: /usr/bin/python3 installer/dev.py".format(
                ", ".join(sorted({need.what for need in still}))
            )
        )
