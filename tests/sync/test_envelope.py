"""The outermost layer: sizes that say little, limits, and which sentence a file that does not open deserves."""

from __future__ import annotations

import pytest
from pyrage import x25519

from blenddesk.errors import ExchangeTrouble
from blenddesk.sync import envelope

OURS = x25519.Identity.generate()
TO_US = str(OURS.to_public())


def trouble(data: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(ExchangeTrouble) as caught:
        envelope.unseal(data, [OURS])
    return caught.value.code, dict(caught.value.data)


@pytest.mark.parametrize(
    ("size", "bucket"),
    [
        (0, 16_384),
        (16_384, 16_384),
        (16_385, 18_432),
        (18_432, 18_432),
        (18_433, 20_480),
        (32_768, 32_768),
        (32_769, 36_864),
        (65_536, 65_536),
        (1_000_000, 1_048_576),
        (1_048_577, 1_179_648),
    ],
)
def test_eight_sizes_to_each_doubling(size: int, bucket: int) -> None:
    assert envelope.padded_size(size) == bucket


def test_padding_costs_an_eighth_at_most_and_never_shrinks() -> None:
    before = 0
    for size in range(16_384, 300_000, 997):
        bucket = envelope.padded_size(size)
        assert size <= bucket <= size * 9 // 8 + 1
        assert bucket >= before
        before = bucket


def test_what_is_sealed_opens_with_its_padding_of_zeros() -> None:
    sealed = envelope.seal(b"a class", [TO_US])
    assert sealed.startswith(b"age-encryption.org/v1\n")
    plain = envelope.unseal(sealed, [x25519.Identity.generate(), OURS])
    assert plain == b"a class" + bytes(16_384 - 7)


def test_why_a_file_does_not_open() -> None:
    sealed = envelope.seal(b"a class", [TO_US])
    assert trouble(b"") == ("file_empty", {})
    assert trouble(b"PK\x03\x04") == ("not_a_package", {})
    assert trouble(sealed[1:]) == ("not_a_package", {})
    assert trouble(envelope.seal(b"x", [str(x25519.Identity.generate().to_public())])) == ("not_for_us", {})
    assert trouble(sealed[:-1]) == ("seal_damaged", {})
    assert trouble(sealed[:-1] + bytes([sealed[-1] ^ 1])) == ("seal_damaged", {})


def test_files_and_classes_have_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert envelope.MAX_FILE_BYTES == 64 * 1024 * 1024
    sealed = envelope.seal(b"a class", [TO_US])
    monkeypatch.setattr(envelope, "MAX_FILE_BYTES", len(sealed))
    assert envelope.unseal(sealed, [OURS]).startswith(b"a class")
    monkeypatch.setattr(envelope, "MAX_FILE_BYTES", len(sealed) - 1)
    assert trouble(sealed) == ("file_too_large", {"bytes": len(sealed)})
    # age adds a stanza of any length, so the size of what it makes is only known here.
    monkeypatch.setattr(envelope.pyrage, "encrypt", lambda padded, _recipients: padded)
    monkeypatch.setattr(envelope, "MAX_FILE_BYTES", 16_384)
    assert len(envelope.seal(b"a class", [TO_US])) == 16_384
    monkeypatch.setattr(envelope, "MAX_FILE_BYTES", 16_383)
    with pytest.raises(ExchangeTrouble) as caught:
        envelope.seal(b"a class", [TO_US])
    assert (caught.value.code, caught.value.data) == ("class_too_large", {"bytes": 16_384})


def test_who_is_no_recipient_is_not_sealed_to() -> None:
    for recipients in (["age1nobody"], []):
        with pytest.raises(ExchangeTrouble) as caught:
            envelope.seal(b"a class", recipients)
        assert caught.value.code == "recipient_malformed"
