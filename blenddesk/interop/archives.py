"""Open zip files from strangers in memory: capped in members, bytes and ratio, and no path from inside is ever used."""

from __future__ import annotations

import io
import zipfile
import zlib

from blenddesk.errors import ExchangeTrouble

MAX_MEMBERS = 2_000
MAX_UNPACKED = 128 * 1024 * 1024
MAX_RATIO = 250  # of what comes out to what lies in the file; small files are spared
SPARED = 4 * 1024 * 1024


def read_members(data: bytes, name: str) -> dict[str, bytes]:
    """Return every member of a zip by its inner name (an opaque label), unpacked in memory.

    Raises ExchangeTrouble: roster_unreadable, roster_encrypted, roster_too_large (what: members or unpacked).
    """
    members: dict[str, bytes] = {}
    total = 0
    allowed = min(MAX_UNPACKED, max(SPARED, len(data) * MAX_RATIO))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = [info for info in archive.infolist() if not info.is_dir()]
            if len(listed) > MAX_MEMBERS:
                raise _too_large(name, "members", len(listed), MAX_MEMBERS)
            for info in listed:
                if info.flag_bits & 1:
                    raise ExchangeTrouble("roster_encrypted", file=name)
                if info.filename in members:
                    raise ExchangeTrouble("roster_unreadable", file=name, kind="zip")
                # The size a zip declares may lie; counting what really comes out cannot.
                with archive.open(info) as stream:
                    content = stream.read(allowed - total + 1)
                total += len(content)
                if total > allowed:
                    raise _too_large(name, "unpacked", total, allowed)
                members[info.filename] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise ExchangeTrouble("roster_unreadable", file=name, kind="zip") from error
    return members


def repack(members: dict[str, bytes]) -> bytes:
    """Return an uncompressed zip of already counted members, so that no second unpacker can be tricked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for inner, content in members.items():
            archive.writestr(zipfile.ZipInfo(inner), content)
    return out.getvalue()


def _too_large(name: str, what: str, found: int, limit: int) -> ExchangeTrouble:
    return ExchangeTrouble("roster_too_large", file=name, what=what, found=found, limit=limit)
