"""Fonts, icons and pictures from the resources folder: loaded on first use, tinted, cached.

Icons are one-colour SVG: ``currentColor`` is replaced before rendering, because QtSvg does not inherit it.
Pictures are never tinted. QtSvg is imported with the first drawing, so a first window without any pays nothing.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter, QPixmap

from blenddesk.text import resources_root

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

CACHE_LIMIT = 1200
"""Pixmaps kept; 45 students, 9 pictures and every icon of a screen are about 150."""

FAMILIES = {
    "lexend": ("Lexend", "Lexend"),
    "andika": ("Andika", "Andika"),
    "arabic-sans": ("Noto Sans Arabic", "NotoSansArabic"),
    "arabic-naskh": ("Noto Naskh Arabic", "NotoNaskhArabic"),
}
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_loaded_families: set[str] = set()
_pixmaps: OrderedDict[tuple[str, str, int, str, float, bool], QPixmap] = OrderedDict()


class MissingAsset(LookupError):
    """The program asks for a drawing that is not in the resources folder: a mistake in the code or the build."""


def load_font(key: str) -> str:
    """Register the regular and bold files of one of ``FAMILIES`` once; returns the family's name.

    Raises:
        MissingAsset: a font file is missing or unreadable.
    """
    family, stem = FAMILIES[key]
    if key not in _loaded_families:
        for weight in ("Regular", "Bold"):
            path = resources_root() / "fonts" / f"{stem}-{weight}.ttf"
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                raise MissingAsset(str(path))
        _loaded_families.add(key)
    return family


def font_is_loaded(key: str) -> bool:
    return key in _loaded_families


def has_arabic(text: str) -> bool:
    """Whether the text needs an Arabic font (Arabic, Persian, Urdu letters or their presentation forms)."""
    return not text.isascii() and _ARABIC.search(text) is not None


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    import tomllib

    data = tomllib.loads((resources_root() / "assets.toml").read_text(encoding="utf-8"))
    return {name: tuple(words.split()) for name, words in data["pictures"].items()}


def avatars() -> tuple[str, ...]:
    """The 64 pictures a student may choose as their own, in the order shown."""
    return _lists()["avatars"]


def password_pictures() -> tuple[str, ...]:
    """The nine pictures of the picture password, in the order of their numbers 0 to 8; only ever appended to."""
    return _lists()["password"]


def station_pictures() -> tuple[str, ...]:
    """Pictures for stations and playlist items, in the order shown."""
    return _lists()["stations"]


def _path(kind: str, name: str) -> Path:
    return resources_root() / kind / f"{name}.svg"


@cache
def has_picture(name: str) -> bool:
    """Whether a picture of this name is here; data from a newer version may name one that is not."""
    return re.fullmatch(r"[a-z0-9-]+", name) is not None and _path("pictures", name).is_file()


@cache
def _svg(kind: str, name: str) -> bytes:
    path = _path(kind, name)
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise MissingAsset(f"{kind}/{name}") from trouble


def _render(data: bytes, size: int, mirrored: bool) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(data)
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    if mirrored:
        painter.translate(size, 0)
        painter.scale(-1, 1)
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return QPixmap.fromImage(image)


def _pixmap(kind: str, name: str, px: int, colour: str, dpr: float, mirrored: bool) -> QPixmap:
    key = (kind, name, px, colour, dpr, mirrored)
    found = _pixmaps.get(key)
    if found is not None:
        _pixmaps.move_to_end(key)
        return found
    data = _svg(kind, name)
    if colour:
        data = data.replace(b"currentColor", colour.encode())
    pixmap = _render(data, max(1, round(px * dpr)), mirrored)
    pixmap.setDevicePixelRatio(dpr)
    _pixmaps[key] = pixmap
    if len(_pixmaps) > CACHE_LIMIT:
        _pixmaps.popitem(last=False)
    return pixmap


def icon(name: str, px: int, colour: str, *, weight: str = "bold", dpr: float = 1.0, mirrored: bool = False) -> QPixmap:
    """A Phosphor icon as a square pixmap of ``px`` logical pixels in one colour (``#rrggbb``).

    Args:
        weight: ``bold`` (controls), ``regular`` (navigation, empty states) or ``fill`` (selected, badges).
        mirrored: for arrows and carets on right-to-left screens; never for clocks, play or ticks.

    Raises:
        MissingAsset: no such icon in that weight.
    """
    return _pixmap(f"icons/{weight}", name, px, colour, dpr, mirrored)


def picture(name: str, px: int, *, dpr: float = 1.0) -> QPixmap:
    """A coloured picture as a square pixmap of ``px`` logical pixels.

    Raises:
        MissingAsset: no such picture; ask ``has_picture`` first for a name that comes from data.
    """
    return _pixmap("pictures", name, px, "", dpr, False)


def draw_icon(
    painter: QPainter, box: QRectF, name: str, colour: str, *, weight: str = "bold", mirrored: bool = False
) -> None:
    """Paint an icon into the middle of ``box``, as large as fits."""
    _draw(painter, box, icon(name, _side(box), colour, weight=weight, dpr=_dpr(painter), mirrored=mirrored))


def draw_picture(painter: QPainter, box: QRectF, name: str) -> None:
    """Paint a picture into the middle of ``box``, as large as fits."""
    _draw(painter, box, picture(name, _side(box), dpr=_dpr(painter)))


def _dpr(painter: QPainter) -> float:
    return painter.device().devicePixelRatioF()


def _side(box: QRectF) -> int:
    return max(1, int(min(box.width(), box.height())))


def _draw(painter: QPainter, box: QRectF, pixmap: QPixmap) -> None:
    side = _side(box)
    painter.drawPixmap(round(box.center().x() - side / 2), round(box.center().y() - side / 2), pixmap)


def qicon(name: str, px: int, colour: str, *, weight: str = "bold", mirrored: bool = False) -> QIcon:
    """An icon for the few Qt widgets and menus that want a ``QIcon``."""
    from PySide6.QtGui import QIcon

    result = QIcon()
    for dpr in (1.0, 2.0):
        result.addPixmap(icon(name, px, colour, weight=weight, dpr=dpr, mirrored=mirrored))
    return result


@cache
def app_icon() -> QIcon:
    """The program's own icon in the sizes that systems ask for."""
    from PySide6.QtGui import QIcon

    result = QIcon()
    for size in (16, 32, 48, 128, 256):
        result.addPixmap(_pixmap("icons", "app", size, "", 1.0, False))
    return result


def hex_of(colour: QColor) -> str:
    """``#rrggbb`` of a colour, as ``icon`` wants it."""
    return colour.name()


def draw_app_icon(painter: QPainter, box: QRectF) -> None:
    """The program's sign (four shapes) filling ``box``."""
    _draw(painter, box, _pixmap("icons", "app", _side(box), "", _dpr(painter), False))
