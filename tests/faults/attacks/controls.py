"""For some attacks: one check that is switched off, after which they must succeed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest import mock

from blenddesk.domain import authority
from blenddesk.domain.authority import Role, Writer
from blenddesk.domain.ids import Id
from blenddesk.storage import frames, verdicts
from blenddesk.storage.receiving import IncomingOp
from blenddesk.sync import keys, manifest, packages, segments, standings
from blenddesk.sync.statements import Announcement, Certificate, Retirement


def _as_owner(_role: object) -> object:
    return authority.permissions(Role.OWNER)


def _nothing_wrong(*_args: object) -> None:
    return None


def _yes(*_args: object, **_kwargs: object) -> bool:
    return True


def _everybody_as_told(known: standings.Trust, _signed: object) -> dict[Id, Writer]:
    """Writers by what their ids say, whoever holds the key and whether they are lost or not."""
    return {
        device: Writer(max((one.role for one in known.keys_of(device)), key=standings._RANK.index))
        for device in known.claims
        if known.keys_of(device)
    }


def _every_claim(known: standings.Trust, device_id: Id, _audience: int) -> frozenset[bytes]:
    return known.claims.get(device_id, frozenset())


def _unpack_unseen(stream_id: Id, entry: manifest.Segment, data: bytes) -> list[IncomingOp]:
    """The ops of a segment, whose last one is what the manifest says it is."""
    ops, chain = [], entry.prev
    pairs = frames.split_frames(segments._decompress(entry, data))
    for header, payload in pairs:
        previous, chain = chain, frames.next_hash(stream_id, chain, header, payload)
        ops.append(IncomingOp(frames.decode_header(header), header, payload, chain, previous))
    ops[-1] = ops[-1]._replace(chain_hash=entry.head)
    return ops


def _all_recipients(known: standings.Trust, *, desks_only: bool) -> list[str]:
    return sorted({one.age_recipient for one in known.devices})


@contextmanager
def _no_roles_of_senders() -> Iterator[None]:
    with (
        mock.patch.object(packages, "DESKS", frozenset(Role)),
        mock.patch.object(standings.Trust, "signing_keys", _every_claim),
        mock.patch.object(verdicts, "permissions", _as_owner),
    ):
        yield


CONTROLS: dict[str, tuple[str, Callable[[], AbstractContextManager[object]]]] = {
    "station_writes_plan": ("the table", lambda: mock.patch.object(verdicts, "permissions", _as_owner)),
    "station_deletes_a_student": ("the table", lambda: mock.patch.object(verdicts, "permissions", _as_owner)),
    "station_says_mastered": ("words of a field", lambda: mock.patch.object(verdicts, "wrong_with", _nothing_wrong)),
    "station_takes_back_the_teachers_plan": (
        "own streams only",
        lambda: mock.patch.object(verdicts, "wrong_with", _nothing_wrong),
    ),
    "station_takes_back_what_is_yet_to_come": (
        "own streams only",
        lambda: mock.patch.object(verdicts, "wrong_with", _nothing_wrong),
    ),
    "forged_role_signed_by_a_stranger": (
        "the root's signature",
        lambda: mock.patch.object(Certificate, "holds", _yes),
    ),
    "self_un_retirement": ("the root's signature", lambda: mock.patch.object(Retirement, "holds", _yes)),
    "announcement_signed_by_nobody": (
        "the seat's signature",
        lambda: mock.patch.object(Announcement, "holds", _yes),
    ),
    "announces_the_teachers_id": (
        "which key the root certified",
        lambda: mock.patch.object(standings, "writers", _everybody_as_told),
    ),
    "retired_computer_writes_on": (
        "the cut of a retirement",
        lambda: mock.patch.object(standings, "writers", _everybody_as_told),
    ),
    "retired_computer_reads_on": (
        "who a package is sealed to",
        lambda: mock.patch.object(standings.Trust, "recipients", _all_recipients),
    ),
    "seat_used_twice": (
        "who a package is sealed to",
        lambda: mock.patch.object(standings.Trust, "recipients", _all_recipients),
    ),
    "head_signed_by_another": ("the signature of a head", lambda: mock.patch.object(manifest.Run, "signed_by", _yes)),
    "manifest_signed_by_another": ("the manifest's signature", lambda: mock.patch.object(manifest, "verified", _yes)),
    "words_of_an_entry_changed": (
        "the chain",
        lambda: mock.patch.object(segments, "unpack", _unpack_unseen),
    ),
    "clock_of_the_year_2300": ("the last year", lambda: mock.patch.object(frames, "LATEST", 1 << 62)),
    "sealed_words_copied_into_another_class": (
        "the class that sealed words are bound to",
        lambda: mock.patch.object(keys, "_bound_to", return_value=b""),
    ),
    "station_sends_a_package_of_desks": (
        "the sender's role and the writers of what desks read",
        _no_roles_of_senders,
    ),
    "desk_seat_used_twice": (
        "that a desk waits for the first one",
        lambda: mock.patch.object(standings, "writers", _everybody_as_told),
    ),
    "package_with_a_forged_certificate": (
        "the root's signature",
        lambda: mock.patch.object(Certificate, "holds", _yes),
    ),
}
"""For an attack: which check is switched off, and how."""
