"""A desk whose key lies in a file."""

from __future__ import annotations

import pytest

from blenddesk import bootstrap
from blenddesk.domain.ids import Id
from blenddesk.services import profiles
from blenddesk.services.context import AppContext
from tests.services.protection.desks import Desk


@pytest.fixture
def place(desk: AppContext, section: Id) -> Desk:
    student = desk.reads.people.students(section)[0]
    profiles.set_note(desk, student.id, "Notecanary")
    key = desk.reads.reader.key
    bootstrap.close_device(desk)
    return Desk(desk.paths, key)
