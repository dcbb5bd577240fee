"""What the guided fuzzer calls: sound bytes are taken, broken ones refused, and nothing else is let through."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.guided_fuzz import main, once, targets
from tests.faults.hostile import flipped, make_target


def test_each_target_takes_its_seeds_and_refuses_what_is_cut(tmp_path: Path) -> None:
    target = make_target(tmp_path)
    found = targets(target)
    target.room.close()
    assert set(found) == {"manifest", "compressed", "content", "genesis"}
    for name, (decode, seeds) in found.items():
        for seed in seeds:
            assert once(decode, seed), name
            assert not once(decode, seed[: len(seed) // 2]), name
            assert not once(decode, flipped(seed, 0, 0xFF)), name


def test_another_error_is_not_swallowed() -> None:
    def careless(data: bytes) -> object:
        raise UnicodeDecodeError("utf-8", data, 0, 1, "no text")

    with pytest.raises(UnicodeDecodeError):
        once(careless, b"x")


def test_without_atheris_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "atheris", None)
    assert main(["--runs", "1"]) == 2
    assert "--group fuzzing" in capsys.readouterr().out
