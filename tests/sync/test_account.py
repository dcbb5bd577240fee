"""The key for the account: a service that works, one that does not, one that is gone; and the Keychain's own tool."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from blenddesk.errors import EnvironmentTrouble
from blenddesk.sync import account

KEY = bytes(range(32))

TOOL = """#!{python}
import pathlib, shlex, sys
kept = pathlib.Path(sys.argv[0]).with_name("kept")
kept.mkdir(exist_ok=True)
words = shlex.split(sys.stdin.read()) if sys.argv[1] == "-i" else sys.argv[1:]
(kept / "seen").open("a").write(" ".join(sys.argv[1:]) + "\\n")
given = dict(zip(words[1::1], words[2::1]))
entry = kept / given["-s"]
if words[0] == "add-generic-password":
    entry.write_text(given["-w"])
elif not entry.exists():
    sys.exit(44)
elif words[0] == "find-generic-password":
    print(entry.read_text())
elif words[0] == "delete-generic-password":
    entry.unlink()
"""


class Shelf:
    """A service in memory; ``trouble`` makes it say no."""

    name = "shelf"

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.trouble = False
        self.spoils = False

    def _check(self) -> None:
        if self.trouble:
            raise OSError("not today")

    def keep(self, key: bytes) -> str:
        self._check()
        self.kept["place"] = bytes(32) if self.spoils else key
        return "place"

    def give(self, kept: str) -> bytes:
        self._check()
        return self.kept[kept]

    def forget(self, kept: str) -> None:
        self._check()
        del self.kept[kept]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf()
    monkeypatch.setattr(account, "service_here", lambda: made)
    return made


def test_where_a_service_works_the_line_does_not_hold_the_key(shelf: Shelf) -> None:
    line = account.keep(KEY)
    assert line == "shelf:place"
    assert not account.is_plain(line)
    assert account.give(line) == KEY
    account.forget(line)
    assert not shelf.kept


@pytest.mark.parametrize("how", ["trouble", "spoils", "none"])
def test_without_a_service_that_works_the_line_is_the_key(
    shelf: Shelf, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "none":
        monkeypatch.setattr(account, "service_here", lambda: None)
    else:
        setattr(shelf, how, True)
    line = account.keep(KEY)
    assert line == KEY.hex()
    assert account.is_plain(line)
    assert account.give(line) == KEY
    account.forget(line)


def test_another_account_or_system_is_told_apart_from_damage(shelf: Shelf) -> None:
    line = account.keep(KEY)
    shelf.trouble = True
    with pytest.raises(EnvironmentTrouble, match="key_not_ours"):
        account.give(line)
    with pytest.raises(EnvironmentTrouble, match="key_not_ours"):
        account.give("dpapi:00")
    with pytest.raises(EnvironmentTrouble, match="key_damaged"):
        account.give("rubbish")
    shelf.trouble, shelf.kept["place"] = False, b"short"
    with pytest.raises(EnvironmentTrouble, match="key_damaged"):
        account.give(line)


def test_a_service_that_does_not_forget_is_no_trouble(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    line = account.keep(KEY)
    shelf.trouble = True
    account.forget(line)
    assert "does not forget" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="scripts are no programs there")
def test_the_keychain_is_spoken_to_without_the_key_among_the_arguments(tmp_path: Path) -> None:
    tool = tmp_path / "security"
    tool.write_text(TOOL.format(python=sys.executable))
    tool.chmod(0o700)
    keychain = account.Keychain(str(tool))
    kept = keychain.keep(KEY)
    assert keychain.give(kept) == KEY
    assert KEY.hex() not in (tmp_path / "kept" / "seen").read_text()
    keychain.forget(kept)
    with pytest.raises(OSError, match="44"):
        keychain.give(kept)


def test_a_keychain_that_is_not_there_or_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="No such file"):
        account.Keychain(str(tmp_path / "nothing")).keep(KEY)
    if sys.platform != "win32":
        slow = tmp_path / "slow"
        slow.write_text("#!/bin/sh\nexec sleep 5\n")
        slow.chmod(0o700)
        monkeypatch.setattr(account, "KEYCHAIN_SECONDS", 0.05)
        with pytest.raises(OSError, match="did not answer"):
            account.Keychain(str(slow)).give("entry")


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_each_system_has_its_service(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account.sys, "platform", platform)
    found = account.service_here()
    assert (None if found is None else found.name) == {"linux": None, "darwin": "keychain"}[platform]


@pytest.mark.skipif(sys.platform != "win32", reason="Windows has DPAPI")
def test_windows_keeps_the_key_for_the_account() -> None:
    line = account.keep(KEY)
    assert line.startswith("dpapi:")
    assert KEY.hex() not in line
    assert account.give(line) == KEY
