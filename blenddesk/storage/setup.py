"""Makes a database and brings one that an earlier program wrote up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.ports import Randomness
from blenddesk.domain.registry import BY_NUMBER
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames, projection, rebuilding, verdicts, withdrawals
from blenddesk.storage.columns import fingerprint
from blenddesk.storage.database import SCHEMA_VERSION, Database
from blenddesk.storage.ledger import Keys
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.streams import StreamTable, load_streams
from blenddesk.storage.tables import Status, metadata

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def create(database: Database, *, device_id: Id, role: str, name: str, randomness: Randomness) -> None:
    """All tables, and who this device is. ``role`` is ``desk`` or ``station``."""
    with database.write() as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
        facts = {
            "device_id": device_id,
            "epoch": randomness.token(ID_BYTES),
            "role": role.encode(),
            "name": name.encode(),
            "projections": fingerprint(),
        }
        connection.exec_driver_sql("INSERT INTO local VALUES (?, ?)", list(facts.items()))


def refresh_projections(database: Database, keys: Keys, progress: projection.Progress | None = None) -> bool:
    """Rebuilds the projections when this program's registry makes them differently; says whether it did.

    All in one transaction: what stops it, such as an exception out of ``progress``, leaves the tables as they were.
    """
    if local_value(database, "projections") == fingerprint():
        return False
    with database.write() as connection:
        rebuilding.drop_tables(connection)
        metadata.create_all(connection)
        # The index names the records that it holds, and a query must name exactly the same: anew with every new record.
        for index in metadata.tables["op"].indexes:
            connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{index.name}"')
            index.create(connection)
        streams = load_streams(connection)
        _take_up_what_is_known_now(connection, streams, keys)
        rebuilding.rebuild(connection, streams.names(), keys, progress)
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('projections', ?)", (fingerprint(),))
    return True


def _take_up_what_is_known_now(connection: Connection, streams: StreamTable, keys: Keys) -> None:
    """Ops that came from a newer program were kept without a meaning; this program may be the one that knows them."""
    rows = connection.exec_driver_sql(
        f"SELECT sid, seq, hash8, frame FROM op WHERE status = {Status.UNKNOWN_SCHEMA}"
    ).all()
    read = Unpacking(connection)
    for sid, seq, hash8, frame in rows:
        stream = streams.by_sid[sid]
        header_bytes, payload = read.split(frame)
        header = frames.decode_header(header_bytes)
        if not frames.is_known(header) or stream.scope.audience not in BY_NUMBER[header.record].audiences():
            continue
        try:
            projection.readable_fields(header, payload, stream.scope, keys)
        except ExchangeTrouble:
            # Whoever wrote it broke the rules of its record. It stays kept and without effect, as on every computer.
            continue
        connection.exec_driver_sql(
            "UPDATE op SET status = ? WHERE sid = ? AND seq = ? AND hash8 = ?",
            (Status.APPLIED, sid, seq, hash8),
        )
    # Also where nothing new is known: the rules may be other ones.
    verdicts.settle_all(connection, streams, keys)
    withdrawals.settle_all(connection, streams)


def local_value(database: Database, name: str) -> bytes | None:
    """One of the small facts of this device, such as ``device_id`` or ``key/sign``."""
    with database.read() as connection:
        found = connection.exec_driver_sql("SELECT value FROM local WHERE name = ?", (name,)).scalar_one_or_none()
    return None if found is None else bytes(found)


def set_local_value(database: Database, name: str, value: bytes) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES (?, ?)", (name, value))
