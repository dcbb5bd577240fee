"""Makes a database and brings one that an earlier program wrote up to date."""

from __future__ import annotations

from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.ports import Randomness
from blenddesk.storage import projection
from blenddesk.storage.columns import fingerprint
from blenddesk.storage.database import SCHEMA_VERSION, Database
from blenddesk.storage.ledger import Keys
from blenddesk.storage.streams import load_streams
from blenddesk.storage.tables import PROJECTIONS, metadata


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


def refresh_projections(database: Database, keys: Keys) -> bool:
    """Rebuilds the projections when this program's registry makes them differently; says whether it did."""
    if local_value(database, "projections") == fingerprint():
        return False
    with database.write() as connection:
        for table in PROJECTIONS.values():
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')
        metadata.create_all(connection)
        projection.rebuild(connection, load_streams(connection).names(), keys)
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('projections', ?)", (fingerprint(),))
    return True


def local_value(database: Database, name: str) -> bytes | None:
    """One of the small facts of this device, such as ``device_id`` or ``key/sign``."""
    with database.read() as connection:
        found = connection.exec_driver_sql("SELECT value FROM local WHERE name = ?", (name,)).scalar_one_or_none()
    return None if found is None else bytes(found)


def set_local_value(database: Database, name: str, value: bytes) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES (?, ?)", (name, value))
