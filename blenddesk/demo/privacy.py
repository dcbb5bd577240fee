"""Looks through everything a student computer keeps for words that must not be there, as a thief with its key would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from blenddesk import bootstrap
from blenddesk.demo.classroom import Child
from blenddesk.demo.programs import paths_of


def decrypted(folder: Path) -> bytes:
    """Everything in the database of a data directory, as one string of bytes."""
    context = bootstrap.open_device(paths_of(folder))
    try:
        parts: list[bytes] = []
        with context.ledger.database.read() as connection:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            for name in names:
                for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                    parts += [v if isinstance(v, bytes) else str(v).encode() for v in row if v is not None]
        return b"\n".join(parts)
    finally:
        bootstrap.close_device(context)


def raw_files(folders: Iterable[Path]) -> dict[Path, bytes]:
    """The bytes of every file in these folders, as they lie on the disk."""
    return {path: path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()}


def found_in(data: bytes, secrets: Sequence[str]) -> set[str]:
    """Which of the words can be read there, in the usual encodings and whatever the capitals."""
    low = data.lower()
    return {
        secret
        for secret in secrets
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        if secret.lower().encode(encoding) in low
    }


def secrets_of(children: Sequence[Child]) -> list[str]:
    """The first words of what is secret: they are found nowhere else."""
    return sorted({secret.split()[0] for child in children for secret in child.secrets})
