"""Sealed words, statements and records where they do not belong; databases that somebody edited."""

from __future__ import annotations

import pytest
from nacl.signing import SigningKey

from blenddesk.domain.authority import Role
from blenddesk.domain.ids import derived_id
from blenddesk.domain.ops import put
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.storage import digest, frames
from blenddesk.storage.tables import Status
from blenddesk.sync import keys, trust
from blenddesk.sync.keys import seal_for
from tests.faults.arena import PLAN, Arena, op, run
from tests.faults.attacks.table import (
    EDITED,
    attack,
    certificate_of_blue,
    without_effect,
)


@attack(EDITED, "it does not open in another class")
def sealed_words_copied_into_another_class(arena: Arena) -> None:
    """What a child said in the other class, copied into a stream of this one; the same desk could open both."""
    words = frames.encode_payload({1: arena.desk.student(0), 7: "copied"})
    sealed = seal_for([arena.desk.keys.sealing_public], arena.abroad.section, words)
    header, _payload = op("reflection", derived_id("said"))
    opened = arena.package(arena.blue)
    opened.add(run(arena.new_life(arena.blue.device_id, Audience.DROP), [(header, sealed)], arena.blue.keys.sign))
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    assert derived_id("said") not in arena.desk.ids_of("reflection_drop")
    arena.goes_on()


@attack(EDITED, "kept without effect")
def words_of_a_child_in_the_clear(arena: Arena) -> None:
    """A reflection in the stream that every student computer reads."""
    before = arena.shows()
    opened = arena.package(arena.blue)
    opened.add(
        run(
            arena.new_life(arena.blue.device_id),
            [op("reflection", derived_id("x"), remark="Canary")],
            arena.blue.keys.sign,
        )
    )
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    assert arena.shows() == before
    arena.goes_on()


@attack(EDITED, "kept without effect")
def certificate_in_the_stream_of_the_class(arena: Arena) -> None:
    """A statement where statements are not looked for."""
    certificate = certificate_of_blue(arena, Role.OWNER).signed_by(SigningKey.generate())
    opened = arena.package(arena.blue)
    opened.add(
        run(
            arena.new_life(arena.blue.device_id),
            [op("certificate", derived_id("x"), **certificate.fields())],
            arena.blue.keys.sign,
        )
    )
    before = arena.shows()
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    assert arena.shows() == before
    arena.goes_on()


@attack(EDITED, "kept without effect")
def plan_in_the_stream_of_statements(arena: Arena) -> None:
    """A plan where everybody reads and nobody looks."""
    before = arena.shows()
    opened = arena.package(arena.blue)
    opened.add(
        run(
            arena.new_life(arena.blue.device_id, Audience.TRUST),
            [op("plan", PLAN, name="Mine")],
            arena.blue.keys.sign,
        )
    )
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    assert arena.shows() == before
    arena.goes_on()


@attack("a student computer whose database was edited", "the desk judges for itself")
def verdict_edited_in_the_database(arena: Arena) -> None:
    """A refused op is marked as one that counts, then carried home."""
    arena.force(put(arena.section, "plan", PLAN, name="Mine"))
    with arena.blue.database.write() as connection:
        connection.exec_driver_sql("UPDATE op SET status = 0")
    before = arena.shows()
    assert arena.carry(arena.blue, arena.desk).refused_ops == 1
    assert arena.shows() == before
    arena.goes_on()


@attack("a student computer whose database was edited", "check finds it, made anew it is right")
def verdict_edited_on_another_computer(arena: Arena) -> None:
    """Somebody edits the verdicts in Green's database."""
    arena.force(put(arena.section, "plan", PLAN, name="Mine"))
    arena.carry(arena.blue, arena.green)
    with arena.green.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE op SET status = 0 WHERE status = {Status.REFUSED}")
        connection.exec_driver_sql("UPDATE plan SET name = 'Mine'")
    assert not digest.rebuild(arena.green.ledger)
    assert arena.refused(arena.green) == 1
    assert arena.shows(arena.green)[0] == arena.shows()[0]
    arena.goes_on()


@attack("a student computer whose database was edited", "refused at home")
def role_edited_in_the_database(arena: Arena) -> None:
    """The computer calls itself a desk."""
    with arena.blue.database.write() as connection:
        connection.exec_driver_sql("UPDATE local SET value = ? WHERE name = 'role'", (b"desk",))
    arena.blue.section = arena.section
    with pytest.raises(Refusal, match="not_allowed_here"):
        arena.blue.rename(0, "Mine")
    without_effect(arena, put(arena.section, "plan", PLAN, name="Mine"))


@attack("a student computer whose database was edited", "found before anything is written")
def log_edited_in_the_database(arena: Arena) -> None:
    """The content of another's op is changed in place, to be carried home."""
    with arena.blue.database.write() as connection:
        rows = connection.exec_driver_sql(
            "SELECT op.sid, op.seq, op.frame FROM op JOIN stream USING (sid) WHERE device_id = ? AND record = ?",
            (arena.desk.device_id, BY_NAME["plan"].number),
        ).all()
        for sid, seq, frame in rows:
            header, _payload = frames.split_frame(frame)
            forged = frames.encode_frame(header, frames.encode_payload({1: "Mine"}))
            connection.exec_driver_sql("UPDATE op SET frame = ? WHERE sid = ? AND seq = ?", (forged, sid, seq))
    with pytest.raises(BlendDeskError, match="log_damaged"):
        arena.package(arena.blue)
    arena.green.section = arena.section
    assert arena.green.log_entry(0)


@attack("a student computer whose database was edited", "nobody else believes it")
def class_root_replaced_in_the_database(arena: Arena) -> None:
    """The computer puts a root of its own in the place of the class's and certifies itself."""
    evil = SigningKey.generate()
    with arena.blue.database.write() as connection:
        keys.store_root(connection, arena.section, evil)
    arena.blue.section = arena.section
    arena.blue.ledger.commit(
        "x", [trust.certificate_draft(certificate_of_blue(arena, Role.OWNER).signed_by(evil), arena.blue.randomness)]
    )
    arena.blue.rename(0, "Mine")
    before = arena.shows()
    opened = arena.package(arena.blue)
    to_the_desk = opened.close(arena.blue, recipients=[arena.desk.keys.age_recipient])
    assert arena.give(arena.desk, to_the_desk).reason == "sender_unknown"
    with arena.blue.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM local WHERE name = ?", (f"key/root/{arena.section.hex()}",))
        root = arena.root()
        assert isinstance(root, SigningKey)
        keys.store_root_public(connection, arena.section, bytes(root.verify_key))
    result = arena.carry(arena.blue, arena.desk)
    assert (result.status, result.refused_ops) == ("applied", 2), "the name and the certificate"
    assert arena.shows() == before
    arena.goes_on()
