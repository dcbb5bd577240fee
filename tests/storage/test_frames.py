"""The quick look at an op's fields says what the slow one says."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.registry import BY_NUMBER, RECORDS, Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -(2**63), 2**63 - 1, 2**63, 2**64 - 1]),
    st.sampled_from(["", "claimed", "x" * 1_024, "x" * 1_025, "\N{GRINNING FACE}" * 16_385, "x" * 65_537]),
    st.sampled_from([b"", bytes(15), bytes(16), bytes(17)]),
    st.lists(st.sampled_from(["a", 1, bytes(16)]), max_size=2),
)


def header(record: int) -> frames.Header:
    return frames.Header(1, 1, 1, 0, 0, b"", True, record, bytes(16), 1, 1, [])


def outcome(judge: Any) -> object:
    try:
        return judge()
    except ExchangeTrouble as trouble:
        return trouble.code, trouble.data


@given(
    st.sampled_from([*(record.number for record in RECORDS), 9_999]),
    st.sampled_from(list(Audience)),
    st.dictionaries(st.integers(1, 12), VALUES, max_size=6),
)
def test_both_ways_agree(record: int, audience: Audience, fields: dict[int, Any]) -> None:
    payload = msgspec.msgpack.encode(fields)
    quick = outcome(lambda: frames.decode_fields(header(record), payload, audience))
    slow = outcome(lambda: frames._known_fields(header(record), fields, audience))
    assert quick == slow


def test_an_entry_takes_the_quick_way(monkeypatch: Any) -> None:
    monkeypatch.setattr(frames, "_known_fields", None)
    entry = {1: bytes(16), 2: "claimed", 6: "2026-11-23", 7: 1, 8: 1, 9: "student"}
    number = next(record.number for record in BY_NUMBER.values() if record.name == "entry")
    assert frames.decode_fields(header(number), msgspec.msgpack.encode(entry), Audience.CLASS) == entry
