"""Measure how far the cells of an old Excel file (.xls) reach, from its raw container, before any parser opens it."""

from __future__ import annotations

import struct

from blenddesk.errors import ExchangeTrouble

_END = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_CELL_RECORDS = frozenset(
    {0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0207, 0x0002, 0x0003, 0x0004}
)
_MULTIPLE_NUMBERS = 0x00BD


def used_extent_xls(data: bytes, name: str) -> tuple[int, int]:
    """Return (rows, columns) up to the last filled cell of any sheet.

    Raises ExchangeTrouble roster_unreadable when the container is damaged or holds no workbook (a .doc, say).
    """
    try:
        stream = _workbook_stream(data)
    except (struct.error, IndexError, ValueError) as error:
        raise ExchangeTrouble("roster_unreadable", file=name, kind="xls") from error
    rows = columns = at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind in _CELL_RECORDS and size >= 4 and at + 8 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at + 4)
            if kind == _MULTIPLE_NUMBERS and at + 4 + size <= len(stream):
                column = max(column, struct.unpack_from("<H", stream, at + 2 + size)[0])
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        at += 4 + size
    return rows, columns


def _workbook_stream(data: bytes) -> bytes:
    """Follow the sector chains of the compound file to the stream named Workbook (or Book)."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    mini_sector = 1 << struct.unpack_from("<H", data, 32)[0]
    if sector not in (512, 4096) or mini_sector != 64:
        raise ValueError("unknown sector size")
    fat_count, directory_start = struct.unpack_from("<II", data, 44)
    mini_cutoff, mini_fat_start = struct.unpack_from("<II", data, 56)
    more_start, more_count = struct.unpack_from("<II", data, 68)
    fat_sectors = list(struct.unpack_from("<109I", data, 76))
    for _ in range(min(more_count, len(data) // sector)):
        block = _sector(data, more_start, sector)
        *numbers, more_start = struct.unpack(f"<{sector // 4}I", block)
        fat_sectors += numbers
        if more_start >= _END:
            break
    fat: list[int] = []
    for number in fat_sectors[: min(fat_count, len(data) // sector)]:
        if number < _END:
            fat += struct.unpack(f"<{sector // 4}I", _sector(data, number, sector))
    directory = _chain(data, fat, directory_start, sector)
    entries = {}
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        label = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
        start, size = struct.unpack_from("<II", directory, at + 116)
        entries[label.lower()] = (start, size)
    start, size = entries.get("workbook") or entries.get("book") or (_END, 0)
    if start >= _END:
        raise ValueError("no workbook inside")
    if size >= mini_cutoff:
        return _chain(data, fat, start, sector)[:size]
    container = _chain(data, fat, entries["root entry"][0], sector)
    table = _chain(data, fat, mini_fat_start, sector)
    mini_fat = list(struct.unpack(f"<{len(table) // 4}I", table))
    pieces: list[bytes] = []
    while start < _END and len(pieces) <= len(mini_fat):
        pieces.append(container[start * 64 : start * 64 + 64])
        start = mini_fat[start]
    return b"".join(pieces)[:size]


def _chain(data: bytes, fat: list[int], start: int, sector: int) -> bytes:
    pieces: list[bytes] = []
    while start < _END:
        pieces.append(_sector(data, start, sector))
        if len(pieces) > len(fat):
            raise ValueError("chain runs in a circle")
        start = fat[start]
    return b"".join(pieces)


def _sector(data: bytes, number: int, sector: int) -> bytes:
    block = data[(number + 1) * sector : (number + 2) * sector]
    return block.ljust(sector, b"\x00")
