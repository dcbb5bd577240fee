"""What a computer must have: Python versions, system libraries found by loading them, and the one line to type."""

from __future__ import annotations

import pytest

import machine


def test_the_four_supported_pythons_are_accepted() -> None:
    for minor in (11, 12, 13, 14):
        machine.check_python((3, minor, 0))


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 15, 0), (2, 7, 18), (4, 0, 0)])
def test_another_python_gets_a_sentence_that_names_it(version: tuple[int, int, int]) -> None:
    with pytest.raises(
        machine.Stop, match=rf"This is Python {version[0]}\.{version[1]}, .*3\.11, 3\.12, 3\.13 or 3\.14"
    ):
        machine.check_python(version)


@pytest.mark.parametrize(
    ("name", "version", "processor"),
    [("glibc", "2.34", "x86_64"), ("glibc", "2.41", "aarch64"), ("glibc", "2.3", "riscv64"), ("", "", "x86_64")],
)
def test_a_new_enough_or_unknown_c_library_is_let_through(name: str, version: str, processor: str) -> None:
    machine.check_c_library(name, version, processor)


@pytest.mark.parametrize(("version", "processor"), [("2.31", "x86_64"), ("2.36", "aarch64")])
def test_an_old_c_library_gets_a_sentence(version: str, processor: str) -> None:
    with pytest.raises(machine.Stop, match=f"glibc {version}"):
        machine.check_c_library("glibc", version, processor)


def test_a_library_is_missing_exactly_when_the_loader_cannot_open_it() -> None:
    asked: list[str] = []

    def load(name: str) -> object:
        asked.append(name)
        if name == "libEGL.so.1":
            raise OSError(f"{name}: cannot open shared object file")
        return object()

    assert [need.what for need in machine.missing_libraries(machine.LIBRARIES, load)] == ["libEGL.so.1"]
    assert asked == [need.what for need in machine.LIBRARIES]


def test_a_program_is_missing_when_it_is_not_on_the_path() -> None:
    found = {"objdump": "/usr/bin/objdump", "ldd": "/usr/bin/ldd"}
    missing = machine.missing_programs(machine.BUILD_PROGRAMS, found.get)
    assert [need.what for need in missing] == ["objcopy", "strip"]
    assert machine.choose_packages(missing, lambda name: True) == ["binutils"]


def test_debians_split_off_venv_support_is_asked_for_by_its_package() -> None:
    assert machine.missing_venv_support(lambda name: object()) == []
    (need,) = machine.missing_venv_support(lambda name: None if name == "ensurepip" else object())
    assert need.packages == ("python{}.{}-venv".format(*machine.sys.version_info[:2]),)


def test_the_package_name_that_apt_knows_is_chosen() -> None:
    glib = [need for need in machine.LIBRARIES if need.what == "libglib-2.0.so.0"]
    assert machine.choose_packages(glib, lambda name: name == "libglib2.0-0t64") == ["libglib2.0-0t64"]  # Debian 13
    assert machine.choose_packages(glib, lambda name: name == "libglib2.0-0") == ["libglib2.0-0"]  # Debian 12
    assert machine.choose_packages(glib, lambda name: False) == [
        "libglib2.0-0"
    ]  # no lists: 13 still provides this name


def test_two_libraries_of_one_package_name_it_once() -> None:
    assert machine.choose_packages(machine.LIBRARIES, lambda name: True).count("libglib2.0-0t64") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ID=debian\nVERSION_ID=12\n", True),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', True),
        ('NAME="Not debian"\nID=fedora\nID_LIKE="rhel centos"\n', False),
        ("", False),
    ],
)
def test_debian_likes_are_known_by_what_they_say_they_are(text: str, expected: bool) -> None:
    assert machine.is_debian_like(text) is expected


def test_the_one_line_is_one_shell_command_for_sudo_or_su() -> None:
    line = machine.one_command(["libegl1", "libgl1"], has_sudo=True)
    assert machine.shlex.split(line) == [
        "sudo",
        "sh",
        "-c",
        "apt-get update && apt-get install -y --no-install-recommends libegl1 libgl1",
    ]
    assert machine.shlex.split(machine.one_command(["libegl1"], has_sudo=False))[:2] == ["su", "-c"]
    assert "\n" not in line


def test_a_person_without_rights_is_told_the_one_line_and_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        machine, "everything_missing", lambda screen, build: [machine.Need("libEGL.so.1", ("libegl1",))]
    )
    monkeypatch.setattr(machine.platform, "system", lambda: "Linux")
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(machine, "is_debian_like", lambda text: True)
    monkeypatch.setattr(machine, "apt_knows", lambda name: True)
    monkeypatch.setattr(machine, "apt_install", lambda *_: pytest.fail("installed without the right to"))
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    said: list[str] = []
    with pytest.raises(machine.Stop) as stopped:
        machine.ensure(screen=False, build=False, say=said.append)
    lines = [line.strip() for line in str(stopped.value).splitlines() if "apt-get" in line]
    assert lines == [machine.one_command(["libegl1"], has_sudo=True)]
    assert said == ["This computer lacks: libEGL.so.1"]


def test_another_linux_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "everything_missing", lambda screen, build: [machine.Need("libGL.so.1", ("libgl1",))])
    monkeypatch.setattr(machine.shutil, "which", lambda name: None)
    with pytest.raises(machine.Stop, match=r"lacks: libGL\.so\.1.*Nothing was changed"):
        machine.ensure(screen=False, build=False, say=lambda _: None)


def test_as_root_the_missing_packages_are_installed_and_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    state = [[machine.Need("libGL.so.1", ("libgl1",))], []]
    monkeypatch.setattr(machine, "everything_missing", lambda screen, build: state.pop(0))
    monkeypatch.setattr(machine.platform, "system", lambda: "Linux")
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(machine, "is_debian_like", lambda text: True)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    installed: list[list[machine.Need]] = []
    monkeypatch.setattr(machine, "apt_install", lambda missing, say: installed.append(missing))
    machine.ensure(screen=False, build=False, say=lambda _: None)
    assert installed == [[machine.Need("libGL.so.1", ("libgl1",))]]
    assert state == []


def test_stale_package_lists_are_fetched_again_once(monkeypatch: pytest.MonkeyPatch, tmp_path: machine.Path) -> None:
    (tmp_path / "some_list").touch()
    monkeypatch.setattr(machine, "APT_LISTS", tmp_path)
    monkeypatch.setattr(machine, "apt_knows", lambda name: True)
    calls: list[str] = []

    def run_apt(arguments: list[str]) -> None:
        calls.append(arguments[0])
        if calls == ["install"]:
            raise machine.Stop("404")

    monkeypatch.setattr(machine, "run_apt", run_apt)
    machine.apt_install([machine.Need("libGL.so.1", ("libgl1",))], lambda _: None)
    assert calls == ["install", "update", "install"]


def test_empty_package_lists_are_fetched_first(monkeypatch: pytest.MonkeyPatch, tmp_path: machine.Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / "partial").mkdir()
    monkeypatch.setattr(machine, "APT_LISTS", tmp_path)
    monkeypatch.setattr(machine, "apt_knows", lambda name: True)
    calls: list[str] = []
    monkeypatch.setattr(machine, "run_apt", lambda arguments: calls.append(arguments[0]))
    machine.apt_install([machine.Need("libGL.so.1", ("libgl1",))], lambda _: None)
    assert calls == ["update", "install"]


@pytest.mark.parametrize(
    ("environ", "system", "expected"),
    [
        ({}, "Linux", False),
        ({"DISPLAY": ""}, "Linux", False),
        ({"DISPLAY": ":0"}, "Linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "Linux", True),
        ({}, "Windows", True),
        ({}, "Darwin", True),
    ],
)
def test_a_screen_is_known_by_the_display_variables(environ: dict[str, str], system: str, expected: bool) -> None:
    assert machine.has_screen(environ, system) is expected
