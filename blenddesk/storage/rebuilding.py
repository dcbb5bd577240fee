"""Makes every projection table anew from the log, under counted progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blenddesk.domain.registry import BY_NUMBER
from blenddesk.storage import appended, contests, frames
from blenddesk.storage.appended import Appended
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.projection import Entity, Progress, StreamNames, Unsealer, project, readable_fields
from blenddesk.storage.short_ids import views
from blenddesk.storage.tables import PROJECTIONS, Status
from blenddesk.storage.touched import Touched

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def rebuild(
    connection: Connection, streams: Mapping[int, StreamNames], unsealer: Unsealer, progress: Progress | None = None
) -> None:
    """Makes every projection table anew from the applied ops of the log."""
    applied = f"FROM op WHERE status = {Status.APPLIED}"
    count = _Count(progress, connection.exec_driver_sql(f"SELECT count(*) {applied}").scalar_one())
    for table in PROJECTIONS.values():
        connection.exec_driver_sql(f'DELETE FROM "{table.name}"')
    contests.clear(connection)
    appended.clear(connection)
    folded: set[Entity] = set()
    rows = Appended(connection, wrote=count.more)
    read = Unpacking(connection)
    for sid, record, entity_id, frame in connection.exec_driver_sql(f"SELECT sid, record, entity_id, frame {applied}"):
        scope = streams[sid].scope
        if (record, scope.audience) not in PROJECTIONS:
            continue
        if not BY_NUMBER[record].append:
            folded.add(Entity(scope, record, entity_id))
            continue
        header_bytes, payload = read.split(frame)
        fields = readable_fields(frames.decode_header(header_bytes), payload, scope, unsealer)
        if fields is not None:
            rows.add(scope, record, entity_id, fields)
    rows.flush()
    if rows.doubtful:
        appended.settle(connection, Touched(), rows.doubtful, (), streams, unsealer)
    project(connection, folded, streams, wrote=count.more)
    count.finish()


def drop_tables(connection: Connection) -> None:
    """Drops every projection, also those of a program that kept tables where there are views now."""
    ours = {table.name for table in PROJECTIONS.values()} | views().keys()
    found = connection.exec_driver_sql("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')").all()
    for kind, name in found:
        if name in ours:
            connection.exec_driver_sql(f'DROP {kind} "{name}"')


class _Count:
    """Of ops whose rows are written."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0
        self._say(0)

    def more(self, ops: int) -> None:
        self._done += ops
        self._say(min(self._done, self._total))

    def finish(self) -> None:
        """Also what left no row (of records that are no tables, or sealed to others) is done now."""
        self._say(self._total)

    def _say(self, done: int) -> None:
        if self._progress is not None:
            self._progress(done, self._total)
