"""Packages replayed, spliced, re-addressed and signed by the wrong one."""

from __future__ import annotations

import msgspec
from nacl.signing import SigningKey

from blenddesk.domain.authority import Role
from blenddesk.domain.ids import derived_id
from blenddesk.domain.ops import put
from blenddesk.domain.registry import Audience
from blenddesk.storage import frames
from blenddesk.storage.streams import decode_genesis, encode_genesis
from blenddesk.sync import manifest, packages
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.statements import Certificate
from tests.faults.arena import PLAN, Arena, op, run
from tests.faults.attacks.table import (
    EDITED,
    FILES,
    LATE,
    attack,
    certificate_of_blue,
    entries_of,
    rejected,
)


@attack(FILES, "nothing new")
def replay_of_an_old_package(arena: Arena) -> None:
    """An older package of the desk after newer ones, to turn a change back."""
    old = arena.package(arena.desk).close(arena.desk)
    arena.desk.section = arena.section
    arena.desk.rename(0, "Newer")
    arena.carry(arena.desk, arena.green)
    assert arena.give(arena.green, old).status == "nothing_new"
    assert "Newer" in arena.green.column("student", "name")
    arena.goes_on()


@attack(EDITED, "refused whole")
def package_in_anothers_name(arena: Arena) -> None:
    """The manifest names the desk as its sender."""
    opened = arena.package(arena.blue)
    rejected(arena, opened.close(arena.blue, sender=arena.desk.device_id), "sender_unknown")


@attack(EDITED, "refused whole")
def package_with_anothers_certificate(arena: Arena) -> None:
    """The desk's real certificate, which is public, in a package that the attacker signed."""
    opened = arena.package(arena.blue)
    certificate = arena.certificate_of(arena.desk)
    rejected(
        arena,
        opened.close(arena.blue, sender=arena.desk.device_id, certificate=certificate, announcement=None),
        "sender_unknown",
    )


@attack(EDITED, "refused whole")
def package_with_a_forged_certificate(arena: Arena) -> None:
    """A certificate of the attacker's own making vouches for the package."""
    opened = arena.package(arena.blue)
    forged = certificate_of_blue(arena, Role.OWNER).signed_by(SigningKey.generate())
    rejected(arena, opened.close(arena.blue, certificate=forged, announcement=None), "sender_unknown")


@attack(EDITED, "refused whole")
def package_vouched_for_by_a_seat_alone(arena: Arena) -> None:
    """A seat's certificate without an announcement."""
    opened = arena.package(arena.blue)
    seat = next(one for one in arena.statements() if isinstance(one, Certificate) and one.role == Role.SEAT)
    rejected(arena, opened.close(arena.blue, certificate=seat, announcement=None), "sender_unknown")


@attack("both ends of a stick", "refused whole")
def manifest_swapped(arena: Arena) -> None:
    """One package's signed list of contents before another one's contents."""
    first = arena.package(arena.blue)
    arena.blue.section = arena.section
    arena.blue.log_entry(0)
    second = arena.package(arena.blue)
    second.listed = first.listed
    rejected(arena, second.close(arena.blue), "segment_damaged", "padding_not_empty", "package_malformed")


@attack(FILES, "refused whole")
def manifest_signed_by_another(arena: Arena) -> None:
    """A changed list of contents under the old signature."""
    opened = arena.package(arena.green)
    forged = msgspec.structs.replace(opened.listed, written_ms=1)
    encoded = msgspec.msgpack.encode(forged)
    signature = arena.blue.keys.sign(manifest.SIGNED_AS + encoded)
    head = manifest.MAGIC + arena.green.keys.signing_public + len(encoded).to_bytes(4, "big")
    plain = head + encoded + signature + b"".join(opened.parts)
    rejected(arena, packages.envelope.seal(plain, opened.listed.recipients), "signature_wrong")


@attack("a package of desks, opened by a desk that passes it on", "refused whole")
def package_sealed_on_to_others(arena: Arena) -> None:
    """A package for desks, sealed again for a student computer that it was not addressed to."""
    opened = arena.package(arena.other, kind=PackageKind.DESK)
    data = opened.close(arena.other, to=[arena.green.keys.age_recipient])
    rejected(arena, data, "not_addressed_to_us", at=arena.green)


@attack(EDITED, "refused whole")
def package_of_another_class(arena: Arena) -> None:
    """A package of the class in which Blue-1 also has a seat, renamed to this one."""
    opened = arena.package(arena.blue, arena.abroad.section)
    data = opened.close(
        arena.blue,
        section=arena.section,
        certificate=arena.certificate_of(arena.blue),
        announcement=None,
        recipients=[arena.desk.keys.age_recipient],
    )
    rejected(arena, data, "scope_wrong")


@attack(EDITED, "set aside")
def package_of_a_class_we_do_not_know(arena: Arena) -> None:
    """A sound package of a class that this desk has no part in."""
    opened = arena.package(arena.blue, arena.abroad.section)
    data = opened.close(arena.blue, recipients=[arena.desk.keys.age_recipient])
    rejected(arena, data, "class_unknown")


@attack(EDITED, "refused whole")
def segment_from_another_class(arena: Arena) -> None:
    """A stream of the other class among those of this one."""
    opened, foreign = arena.package(arena.blue), arena.package(arena.blue, arena.abroad.section)
    at = foreign.at(arena.abroad.device_id, Audience.CLASS)
    entry = foreign.listed.segments[at]
    streams = [*opened.listed.streams, foreign.listed.streams[entry.stream]]
    opened.parts.append(foreign.parts[at])
    moved = msgspec.structs.replace(entry, stream=len(streams) - 1)
    opened.listed = msgspec.structs.replace(opened.listed, streams=streams, segments=[*opened.listed.segments, moved])
    rejected(arena, opened.close(arena.blue), "scope_wrong")


@attack(EDITED, "refused whole")
def segment_moved_to_another_stream(arena: Arena) -> None:
    """The attacker's ops under the genesis of Green's stream."""
    opened = arena.package(arena.blue)
    at, green = (opened.at(one.device_id, Audience.CLASS) for one in (arena.blue, arena.green))
    opened.change(at, stream=opened.listed.segments[green].stream, lo=50, hi=50 + opened.listed.segments[at].ops - 1)
    rejected(arena, opened.close(arena.blue), "head_signature_wrong", "chain_broken")


@attack(EDITED, "refused whole")
def head_signed_by_another(arena: Arena) -> None:
    """New ops in Green's stream, signed by Blue-1."""
    opened = arena.package(arena.blue)
    genesis = arena.genesis(arena.green)
    opened.add(
        run(
            genesis,
            [op("entry", derived_id("x"), student=arena.green.student(0), kind="claimed")],
            arena.blue.keys.sign,
        )
    )
    rejected(arena, opened.close(arena.blue), "head_signature_wrong")


@attack(EDITED, "refused whole")
def old_head_signature_on_a_new_head(arena: Arena) -> None:
    """Green's own signature of an earlier place, put under ops that were added."""
    opened = arena.package(arena.blue)
    at = opened.at(arena.green.device_id, Audience.CLASS)
    entry = opened.listed.segments[at]
    made = run(
        arena.genesis(arena.green),
        [op("entry", derived_id("x"), student=arena.green.student(0), kind="claimed")],
        lambda _message: entry.signature,
        first=entry.hi + 1,
        before=entry.head,
    )
    opened.add(made)
    rejected(arena, opened.close(arena.blue), "head_signature_wrong")


@attack(EDITED, "refused whole")
def chain_spliced(arena: Arena) -> None:
    """An op cut out of another's stream: the first of the two is left out."""
    arena.green.section = arena.section
    arena.green.log_entry(0)
    arena.green.log_entry(1)
    opened = arena.package(arena.green)
    at = opened.at(arena.green.device_id, Audience.CLASS)
    pairs = opened.frames_at(at)
    raw = frames.join_frames([frames.encode_frame(*pair) for pair in [*pairs[:-2], pairs[-1]]])
    opened.rewrite(at, raw, hi=opened.listed.segments[at].hi - 1)
    rejected(arena, opened.close(arena.green), "chain_broken", "head_signature_wrong", "frame_out_of_range")


@attack(EDITED, "refused whole")
def chain_reordered(arena: Arena) -> None:
    """Two ops of a stream change places."""
    arena.green.section = arena.section
    arena.green.log_entry(0)
    arena.green.log_entry(1)
    opened = arena.package(arena.green)
    at = opened.at(arena.green.device_id, Audience.CLASS)
    pairs = opened.frames_at(at)
    raw = frames.join_frames([frames.encode_frame(*pair) for pair in [*pairs[:-2], pairs[-1], pairs[-2]]])
    opened.rewrite(at, raw)
    rejected(arena, opened.close(arena.green), "chain_broken")


@attack(FILES, "refused whole")
def words_of_an_entry_changed(arena: Arena) -> None:
    """Another payload under the same header, with every size and digest made to match."""
    arena.green.section = arena.section
    arena.green.log_entry(1)
    opened = arena.package(arena.green)
    at = opened.at(arena.green.device_id, Audience.CLASS)
    pairs = opened.frames_at(at)
    header, _payload = pairs[-1]
    forged = frames.encode_payload({1: arena.green.student(0), 2: "claimed"})
    raw = frames.join_frames([frames.encode_frame(*pair) for pair in [*pairs[:-1], (header, forged)]])
    opened.rewrite(at, raw)
    rejected(arena, opened.close(arena.green), "chain_broken")


@attack(EDITED, "refused whole")
def genesis_in_the_teachers_name(arena: Arena) -> None:
    """A stream that says the desk writes it, signed by Blue-1."""
    opened = arena.package(arena.blue)
    opened.add(run(arena.new_life(arena.desk.device_id), [op("plan", PLAN, name="Mine")], arena.blue.keys.sign))
    rejected(arena, opened.close(arena.blue), "head_signature_wrong")


@attack(EDITED, "refused whole")
def genesis_of_nobody(arena: Arena) -> None:
    """A stream of a device that no statement knows."""
    opened = arena.package(arena.blue)
    opened.add(run(arena.new_life(derived_id("nobody")), [op("plan", PLAN, name="Mine")], arena.blue.keys.sign))
    rejected(arena, opened.close(arena.blue), "writer_unknown")


@attack(EDITED, "refused whole")
def genesis_of_another_class(arena: Arena) -> None:
    """A stream of its own that says it belongs to the other class."""
    opened = arena.package(arena.blue)
    genesis = arena.new_life(arena.blue.device_id, section=arena.abroad.section)
    opened.add(run(genesis, [op("entry", derived_id("x"), kind="claimed")], arena.blue.keys.sign))
    rejected(arena, opened.close(arena.blue), "scope_wrong")


@attack(EDITED, "refused whole")
def genesis_changed_under_real_ops(arena: Arena) -> None:
    """The genesis of its real stream with another epoch: every hash hangs from it."""
    arena.blue.section = arena.section
    arena.blue.log_entry(0)
    opened = arena.package(arena.blue)
    at = opened.listed.segments[opened.at(arena.blue.device_id, Audience.CLASS)].stream
    streams = list(opened.listed.streams)
    streams[at] = encode_genesis(msgspec.structs.replace(decode_genesis(streams[at]), epoch=b"e" * 16))
    rejected(arena, opened.close(arena.blue, streams=streams), "head_signature_wrong", "chain_broken")


@attack("the second desk, which is no owner of the other class", "refused whole")
def teacher_of_another_class_writes_here(arena: Arena) -> None:
    """The other class's desk writes into this class with its own, certified key."""
    opened = arena.package(arena.blue)
    opened.add(run(arena.new_life(arena.abroad.device_id), [op("plan", PLAN, name="Mine")], arena.abroad.keys.sign))
    rejected(arena, opened.close(arena.blue), "writer_unknown")


@attack(EDITED, "both are kept, and all computers show the same")
def equivocation(arena: Arena) -> None:
    """Two ops at one place of its stream, one for each desk."""
    genesis = arena.new_life(arena.blue.device_id)
    student = arena.blue.student(0)
    for device, entity in ((arena.desk, b"one"), (arena.other, b"two")):
        opened = arena.package(arena.blue)
        opened.add(
            run(
                genesis,
                [op("entry", derived_id(entity.decode()), student=student, kind="claimed")],
                arena.blue.keys.sign,
            )
        )
        assert arena.give(device, opened.close(arena.blue)).status == "applied"
    arena.carry(arena.desk, arena.other)
    arena.carry(arena.other, arena.desk)
    assert {derived_id("one"), derived_id("two")} <= arena.desk.ids_of("entry")
    assert arena.shows() == arena.shows(arena.other)
    arena.goes_on()


@attack(EDITED, "one of them, the same everywhere")
def one_entry_id_twice(arena: Arena) -> None:
    """Another computer's entry id once more, with other words and an earlier clock."""
    (entry,) = entries_of(arena, arena.green)
    arena.force(put(arena.section, "entry", entry, student=arena.blue.student(1), kind="claimed", by="student"))
    arena.carry(arena.blue, arena.desk)
    arena.carry(arena.green, arena.desk)
    arena.goes_on()


@attack(EDITED, "refused whole")
def clock_of_the_year_2300(arena: Arena) -> None:
    """An op from beyond the last year that the format knows, to win every tie for ever."""
    opened = arena.package(arena.blue)
    late = 10_413_792_000_000 << 16
    opened.add(
        run(arena.new_life(arena.blue.device_id), [op("entry", derived_id("x"), hlc=late)], arena.blue.keys.sign)
    )
    rejected(arena, opened.close(arena.blue), "frame_out_of_range")


@attack(EDITED, "the desk's next change wins all the same")
def clock_of_the_year_2199(arena: Arena) -> None:
    """The latest clock that is allowed, to make every later change of the desk look older."""
    opened = arena.package(arena.blue)
    student = arena.blue.student(0)
    opened.add(
        run(
            arena.new_life(arena.blue.device_id),
            [op("entry", derived_id("late"), student=student, kind="claimed", hlc=LATE)],
            arena.blue.keys.sign,
        )
    )
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    arena.desk.section = arena.section
    arena.desk.rename(0, "After")
    arena.desk.rename(0, "After that")
    assert "After that" in arena.desk.column("student", "name")
    arena.goes_on()


@attack(EDITED, "kept without effect")
def record_that_nobody_knows(arena: Arena) -> None:
    """An op of a record that no program has."""
    before = arena.shows()
    opened = arena.package(arena.blue)
    header, payload = op("entry", derived_id("x"), kind="claimed")
    opened.add(
        run(
            arena.new_life(arena.blue.device_id),
            [(msgspec.structs.replace(header, record=999), payload)],
            arena.blue.keys.sign,
        )
    )
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    assert arena.shows() == before
    arena.goes_on()


@attack(EDITED, "kept without effect")
def kind_and_schema_that_nobody_knows(arena: Arena) -> None:
    """Ops of a kind or a schema from the future, on the teacher's plan."""
    before = arena.shows()
    opened = arena.package(arena.blue)
    header, payload = op("plan", PLAN, name="Mine")
    ops = [(msgspec.structs.replace(header, **changes), payload) for changes in ({"kind": 9}, {"schema": 2})]
    opened.add(run(arena.new_life(arena.blue.device_id), ops, arena.blue.keys.sign))
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    assert arena.shows() == before
    arena.goes_on()


@attack(EDITED, "the known fields count, the unknown does nothing")
def field_that_nobody_knows(arena: Arena) -> None:
    """A field number of the future in an entry."""
    opened = arena.package(arena.blue)
    header, _payload = op("entry", derived_id("x"))
    payload = frames.encode_payload({1: arena.blue.student(0), 2: "claimed", 200: "boo"})
    opened.add(run(arena.new_life(arena.blue.device_id), [(header, payload)], arena.blue.keys.sign))
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    assert derived_id("x") in arena.desk.ids_of("entry")
    arena.goes_on()
