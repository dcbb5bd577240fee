"""Each named attack fails on the real code; with one check switched off it succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.domain.authority import Role, may_write
from blenddesk.domain.registry import RECORDS, Audience
from tests.faults.arena import Arena, make_arena
from tests.faults.attacks import (
    on_certificates,
    on_content,
    on_files,
    on_records,
    on_retirement,
    on_seats,
    on_withdrawals,
)
from tests.faults.attacks.controls import CONTROLS
from tests.faults.attacks.on_records import DESK_FIELDS
from tests.faults.attacks.table import ATTACKS, Attack

MODULES = (on_certificates, on_content, on_files, on_records, on_retirement, on_seats, on_withdrawals)


@pytest.fixture
def arena(tmp_path: Path) -> Iterator[Arena]:
    made = make_arena(tmp_path)
    yield made
    made.close()


def test_the_table_is_long_enough_and_names_each_once() -> None:
    assert all(module.__doc__ for module in MODULES)
    names = [attack.name for attack in ATTACKS]
    assert len(names) == len(set(names)) >= 80
    assert set(CONTROLS) <= set(names)
    assert len(CONTROLS) >= 10


def test_every_record_that_a_shared_computer_holds_and_may_not_write_is_attacked() -> None:
    held = {record.name for record in RECORDS if Audience.CLASS in record.audiences()}
    writable = {
        record.name for record in RECORDS if any(may_write(Role.STATION, record.name, f.name) for f in record.fields)
    }
    assert set(DESK_FIELDS) == held - writable


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(attack: Attack, arena: Arena) -> None:
    attack.play(arena)


@pytest.mark.parametrize("name", CONTROLS)
def test_without_the_check_the_attack_succeeds(name: str, arena: Arena) -> None:
    attack = next(one for one in ATTACKS if one.name == name)
    _check, switch_off = CONTROLS[name]
    with switch_off(), pytest.raises(AssertionError):
        attack.play(arena)
