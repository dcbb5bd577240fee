"""What keys say, to the byte: a statement signed by one release must hold in every later one, and mean nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from nacl.signing import SigningKey

from blenddesk.domain.ops import OpRange, OpRef
from blenddesk.domain.registry import BY_NAME
from blenddesk.storage.ledger import head_message
from blenddesk.sync import statements
from blenddesk.sync.statements import Announcement, BlobErasure, Certificate, Erasure, Retirement, Role, verified

CLASS, DEVICE, SEAT = b"c" * 16, b"d" * 16, b"s" * 16
ROOT = SigningKey(b"r" * 32)
RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
CERTIFICATE = Certificate(CLASS, DEVICE, "Blue-3", "station", b"k" * 32, b"z" * 32, RECIPIENT, SEAT)
ANNOUNCEMENT = Announcement(CLASS, DEVICE, "Blue-3", b"k" * 32, RECIPIENT, SEAT)
RETIREMENT = Retirement(CLASS, DEVICE, 2, True, (b"t" * 16, b"u" * 16), (7, 9), b"hashhashHASHHASH")
ERASURE = Erasure(CLASS, b"p" * 16, (b"t" * 16, b"u" * 16), (7, 9), b"hashhashHASHHASH")
BLOBS = BlobErasure(CLASS, b"1" * 32 + b"2" * 32)
Statement = Certificate | Announcement | Retirement | Erasure | BlobErasure
READ: list[tuple[str, Statement, Any]] = [
    ("certificate", CERTIFICATE, statements.certificate_from),
    ("announcement", ANNOUNCEMENT, statements.announcement_from),
    ("announcement", msgspec.structs.replace(ANNOUNCEMENT, sealing_key=b"z" * 32), statements.announcement_from),
    ("retirement", RETIREMENT, statements.retirement_from),
    ("erasure", ERASURE, statements.erasure_from),
    ("blob_erasure", BLOBS, statements.blob_erasure_from),
]


def packed(text: bytes) -> bytes:
    """A short byte string in msgpack."""
    return b"\xc4" + bytes([len(text)]) + text


def test_what_is_signed_is_what_the_first_release_signed() -> None:
    who = packed(CLASS) + packed(DEVICE)
    age = b"\xd9\x3e" + RECIPIENT.encode()
    assert CERTIFICATE.message() == (
        b"bd-cert1\x98" + who + b"\xa6Blue-3\xa7station" + packed(b"k" * 32) + packed(b"z" * 32) + age + packed(SEAT)
    )
    plain = who + b"\xa6Blue-3" + packed(b"k" * 32) + age + packed(SEAT)
    assert ANNOUNCEMENT.message() == b"bd-announce1\x96" + plain
    with_key = msgspec.structs.replace(ANNOUNCEMENT, sealing_key=b"z" * 32)
    assert with_key.message() == b"bd-announce2\x97" + plain + packed(b"z" * 32)
    rows = b"\x92" + packed(b"t" * 16) + packed(b"u" * 16) + b"\x92\x07\x09" + packed(b"hashhashHASHHASH")
    assert RETIREMENT.message() == b"bd-retire1\x97" + who + b"\x02\xc3" + rows
    assert ERASURE.message() == b"bd-erase1\x95" + packed(CLASS) + packed(b"p" * 16) + rows
    assert BLOBS.message() == b"bd-erase-blobs1\x92" + packed(CLASS) + packed(b"1" * 32 + b"2" * 32)
    assert head_message(SEAT, 258, b"h" * 32) == b"bd-head1" + SEAT + b"\0\0\0\0\0\0\x01\x02" + b"h" * 32


@pytest.mark.parametrize(("record", "statement", "read"), READ)
def test_as_a_record_it_says_the_same_and_holds_only_under_its_key(
    record: str, statement: Statement, read: Any
) -> None:
    signed = statement.signed_by(ROOT)
    by_number = {BY_NAME[record].field(name).number: value for name, value in signed.fields().items()}
    assert by_number.keys() == {field.number for field in BY_NAME[record].fields}
    assert read(CLASS, by_number) == signed
    assert signed.holds(bytes(ROOT.verify_key))
    assert not signed.holds(bytes(SigningKey(b"q" * 32).verify_key))
    assert not statement.holds(bytes(ROOT.verify_key))
    assert not read(b"C" * 16, by_number).holds(bytes(ROOT.verify_key)), "in another class it says nothing"


@pytest.mark.parametrize(("record", "statement", "read"), READ)
def test_with_a_part_missing_it_is_none(record: str, statement: Statement, read: Any) -> None:
    signed = statement.signed_by(ROOT)
    by_number = {BY_NAME[record].field(name).number: value for name, value in signed.fields().items()}
    for number in by_number:
        rest = {other: value for other, value in by_number.items() if other != number}
        if record == "announcement" and number == BY_NAME[record].field("sealing_key").number:
            assert read(CLASS, rest).sealing_key == b"", "older computers say nothing of it"
        else:
            assert read(CLASS, rest) is None
    if record in ("certificate", "retirement"):
        device = BY_NAME[record].field("device").number
        for length in (15, 17):
            assert read(CLASS, {**by_number, device: b"d" * length}) is None


def test_a_role_of_a_newer_program_gives_no_rights_here() -> None:
    signed = msgspec.structs.replace(CERTIFICATE, role="director").signed_by(ROOT)
    assert verified(bytes(ROOT.verify_key), signed.message(), signed.signature)
    assert not signed.holds(bytes(ROOT.verify_key))
    for role in Role:
        assert msgspec.structs.replace(CERTIFICATE, role=role).signed_by(ROOT).holds(bytes(ROOT.verify_key))


def test_the_rows_that_a_retirement_and_an_erasure_name() -> None:
    assert RETIREMENT.ranges() == [
        OpRange(b"t" * 16, 1, 7, b"hashhash"),
        OpRange(b"u" * 16, 1, 9, b"HASHHASH"),
    ]
    assert ERASURE.refs() == [OpRef(b"t" * 16, 7, b"hashhash"), OpRef(b"u" * 16, 9, b"HASHHASH")]
    assert BLOBS.names() == [b"1" * 32, b"2" * 32]
    assert msgspec.structs.replace(BLOBS, blobs=b"1" * 32 + b"2" * 31).names() == [b"1" * 32]
    assert msgspec.structs.replace(ERASURE, seqs=(7,)).refs() == [OpRef(b"t" * 16, 7, b"hashhash")]


def test_two_words_under_one_number_say_the_stricter_and_accept_what_either_did() -> None:
    other = Retirement(CLASS, DEVICE, 2, False, (b"v" * 16,), (3,), b"12345678")
    for joined in (RETIREMENT.joined(other), other.joined(RETIREMENT)):
        assert (joined.section, joined.device, joined.number, joined.retired) == (CLASS, DEVICE, 2, True)
        assert set(joined.ranges()) == {*RETIREMENT.ranges(), *other.ranges()}
        assert joined.signature == b""
    assert not other.joined(other).retired


def test_keys_and_signatures_of_another_length_verify_nothing() -> None:
    key, signature = bytes(ROOT.verify_key), ROOT.sign(b"said").signature
    assert verified(key, b"said", signature)
    assert not verified(key, b"Said", signature)
    for bad_key, bad_signature in ((key[:31], signature), (key + b"x", signature), (key, signature[:63]), (key, b"")):
        assert not verified(bad_key, b"said", bad_signature)
    assert not verified(key, b"said", signature + b"x")


def test_what_age_can_seal_to() -> None:
    assert statements.is_recipient(RECIPIENT)
    assert not statements.is_recipient(RECIPIENT[:-1] + "x")
    assert not statements.is_recipient("")
