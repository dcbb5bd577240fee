"""The negative control: the same program with the deduplication that most peers have must lose entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest import mock

from blenddesk.storage.ledger import Ledger
from blenddesk.storage.receiving import IncomingOp, Receiving
from blenddesk.storage.streams import Stream, save_position


@contextmanager
def naive_dedupe() -> Iterator[None]:
    """The program as if an op were known by (device, number).

    There are no lives to tell apart then, so a device has one stream for each audience. An op whose number is taken is
    a duplicate, and one that does not follow what is held cannot be attached.
    """
    real = Receiving.add

    def add(self: Receiving, stream: Stream, ops: Sequence[IncomingOp]) -> list[IncomingOp]:
        rows = self.connection.exec_driver_sql(
            "SELECT op.seq, hash8 FROM op JOIN stream USING (sid) WHERE device_id = ? AND section = ? AND audience = ?",
            (stream.device_id, stream.scope.section, int(stream.scope.audience)),
        )
        held: dict[int, bytes] = {seq: bytes(hash8) for seq, hash8 in rows}
        fresh = [op for op in ops if op.header.seq not in held]
        before = next((op for op in ops if fresh and op.header.seq == fresh[0].header.seq - 1), None)
        if before is not None and held[before.header.seq] != before.chain_hash[:8]:
            return []
        if fresh and stream.device_id == self._life[0]:
            # A restored computer takes its own numbers up where they were.
            stream.seq, stream.hash = fresh[-1].header.seq, fresh[-1].chain_hash
            save_position(self.connection, stream)
        return real(self, stream, fresh)

    with (
        mock.patch.object(Receiving, "add", add),
        mock.patch.object(Ledger, "_start_new_epoch"),
    ):
        yield
