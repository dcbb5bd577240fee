"""How everything looks: tokens from a JSON file, a look per window (face, language, text size), palette, fonts.

A ``Tokens`` holds every colour by a fixed name. A ``Look`` joins tokens with a face (desk, kiosk, board), a
language and a text scale. The program has one look (``apply_theme``); a subtree such as the student's window may
have its own (``set_look``), and a painted widget asks ``look_of(self)`` when it paints, so a new look is a
repaint and never a new style sheet.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk.text import RIGHT_TO_LEFT, resources_root
from blenddesk.ui import assets

Face = Literal["desk", "kiosk", "board"]
Role = Literal["small", "body", "large", "title", "display"]

THEMES = ("day", "night", "contrast", "soft")
SHAPES = ("circle", "triangle", "square", "diamond", "hexagon", "drop", "arch", "flower")
"""Group shapes, as in ``domain.plans``; outlines differ without colour, and none is a star."""

TEXT_SIZES: Mapping[str, Mapping[str, int]] = {
    "desk": {"small": 13, "body": 15, "large": 17, "title": 20, "display": 27},
    "kiosk": {"small": 18, "body": 20, "large": 24, "title": 38, "display": 46},
    "board": {"small": 20, "body": 24, "large": 30, "title": 38, "display": 56},
}
RADIUS_SMALL, RADIUS, RADIUS_LARGE, RADIUS_CARD = 10, 14, 18, 28
SPACE = (4, 8, 12, 16, 24)
SCALE_RANGE = (0.9, 1.6)
ARABIC_FACTOR = 1.14
"""Arabic letters look as large as Latin ones at this many times their size."""

_LOOK_PROPERTY = "blenddeskLook"
_IN_FUSION = "blenddeskFusion"
_SHEET_COLOURS = {
    "base": "surface",
    "alternate-base": "quiet",
    "text": "text",
    "window": "bg",
    "window-text": "text",
    "mid": "control",
    "midlight": "border",
    "highlight": "primary",
    "highlighted-text": "on_primary",
    "tooltip-base": "ink",
    "tooltip-text": "on_ink",
}


class Group(NamedTuple):
    """Colours of a group's shape: the mark itself, the tint of a band, the ink of words on that tint."""

    mark: str
    tint: str
    ink: str


class Station(NamedTuple):
    """Colours of a place: a light tint and a deep ink of the same hue."""

    tint: str
    ink: str


class Growth(NamedTuple):
    """Colours of one of the four answers to "How did it go?": tint, ink on it, bar in a count."""

    tint: str
    ink: str
    bar: str


class Tokens(NamedTuple):
    """Every colour of a theme as ``#RRGGBB``, and the width of its lines in pixels."""

    name: str
    dark: bool
    line: float
    bg: str
    surface: str
    quiet: str
    sunken: str
    text: str
    dim: str
    faint: str
    border: str
    control: str
    hover: str
    primary: str
    primary_hover: str
    on_primary: str
    primary_soft: str
    primary_ink: str
    go: str
    go_edge: str
    on_go: str
    ok: str
    ok_soft: str
    on_ok: str
    warn: str
    warn_soft: str
    danger: str
    danger_soft: str
    on_danger: str
    ink: str
    on_ink: str
    ink_accent: str
    ink_ok: str
    rail: str
    rail_text: str
    rail_hover: str
    rail_selected: str
    rail_selected_text: str
    badge: str
    on_badge: str
    goal: str
    goal_border: str
    goal_text: str
    focus_inner: str
    focus_outer: str
    shadow: str
    groups: Mapping[str, Group]
    stations: tuple[Station, ...]
    growth: tuple[Growth, ...]
    avatars: tuple[str, ...]

    def station(self, tint: int) -> Station:
        """Colours of a place by its tint number; numbers past the last begin again."""
        return self.stations[tint % len(self.stations)]

    def avatar_tint(self, avatar: str) -> str:
        """The circle behind a student's picture: always the same for the same picture."""
        return self.avatars[sum(avatar.encode()) % len(self.avatars)]


class Look(NamedTuple):
    """What a widget needs to paint itself: tokens, face, language and text scale (0.9 to 1.6)."""

    tokens: Tokens
    face: Face = "desk"
    language: str = "en"
    scale: float = 1.0

    @property
    def right_to_left(self) -> bool:
        return self.language.split("_")[0] in RIGHT_TO_LEFT

    @property
    def direction(self) -> Qt.LayoutDirection:
        return Qt.LayoutDirection.RightToLeft if self.right_to_left else Qt.LayoutDirection.LeftToRight

    def px(self, size: float) -> int:
        """A length that grows with the text: heights of controls, paddings around words."""
        return round(size * self.scale)

    def text_px(self, role: Role) -> int:
        """Letter size in pixels for a role on this face, at this scale."""
        return round(TEXT_SIZES[self.face][role] * self.scale)

    def font(self, role: Role = "body", *, bold: bool = False) -> QFont:
        return sized_font(self, TEXT_SIZES[self.face][role], bold=bold)


@cache
def load_tokens(name: str) -> Tokens:
    """The tokens of one of ``THEMES``. JSON, because the program starts with it and TOML takes ten times as long.

    ``groups`` are mark (3:1 on every surface), tint of a band, ink on it (4.5:1); ``stations`` tint and ink (4.5:1);
    ``growth`` of the levels 1 to 4 tint, ink on it and bar in a count.

    Raises:
        ValueError: the file lacks a colour, or has one too many.
    """
    path = resources_root() / "themes" / f"{name}.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    pictures = data["pictures"]
    values = {
        "name": data["name"],
        "dark": data["dark"],
        "line": float(data["line"]),
        **data["colours"],
        "groups": {shape: Group(*row) for shape, row in data["groups"].items()},
        "stations": tuple(Station(*row) for row in pictures["stations"]),
        "growth": tuple(Growth(*row) for row in pictures["growth"]),
        "avatars": tuple(pictures["avatars"]),
    }
    if values.keys() != set(Tokens._fields):
        raise ValueError(f"{path.name}: {sorted(values.keys() ^ set(Tokens._fields))}")
    return Tokens(**values)


def family_keys(look: Look) -> list[str]:
    """Font families of a look as keys of ``assets.FAMILIES``: main, then the script of the language if it has one."""
    main, arabic = ("lexend", "arabic-sans") if look.face == "desk" else ("andika", "arabic-naskh")
    needs_arabic = look.right_to_left or assets.font_is_loaded(arabic)
    return [main, arabic] if needs_arabic else [main]


@cache
def _font(families: tuple[str, ...], px: int, bold: bool) -> QFont:
    font = QFont()
    font.setFamilies([*families, "sans-serif"])
    font.setPixelSize(max(1, px))
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def sized_font(look: Look, px: float, *, bold: bool = False) -> QFont:
    """A font of ``px`` pixels before the look's own scale; use ``look.font(role)`` unless a drawing needs its own."""
    size = px * look.scale * (ARABIC_FACTOR if look.right_to_left else 1.0)
    return QFont(_font(tuple(assets.load_font(key) for key in family_keys(look)), round(size), bold))


def need_fonts_for(text: str, look: Look) -> None:
    """Register the Arabic font when a word needs it on a screen in another language (a name, a goal)."""
    if assets.has_arabic(text):
        assets.load_font("arabic-sans" if look.face == "desk" else "arabic-naskh")


def palette_of(tokens: Tokens) -> QPalette:
    """Every palette role, so that all that Qt paints itself (menus, fields, tables) belongs to the theme."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.quiet,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.faint,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_primary,
        role.Highlight: tokens.primary,
        role.HighlightedText: tokens.on_primary,
        role.ToolTipBase: tokens.ink,
        role.ToolTipText: tokens.on_ink,
        role.Link: tokens.primary_ink,
        role.LinkVisited: tokens.primary_ink,
        role.Light: tokens.surface,
        role.Midlight: tokens.border,
        role.Mid: tokens.control,
        role.Dark: tokens.dim,
        role.Shadow: tokens.shadow,
        role.Accent: tokens.primary,
    }
    palette = QPalette()
    for key, value in colours.items():
        palette.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(tokens.faint))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Base, QColor(tokens.bg))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tokens.control))
    return palette


@cache
def _sheet() -> str:
    return (resources_root() / "styles" / "base.qss").read_text(encoding="utf-8")


def _own_sheet(tokens: Tokens) -> str:
    """The sheet with colours in place of palette roles: Qt reads roles once, from the program's palette."""
    return re.sub(r"palette\(([a-z-]+)\)", lambda m: getattr(tokens, _SHEET_COLOURS[m[1]]), _sheet())


_current: Look | None = None
_has_own_looks = False
"""Whether ``set_look`` was ever called; the desk alone never does, and its widgets need not ask their ancestors."""


def current() -> Look:
    """The program's look; the day theme on the desk until ``apply_theme`` was called."""
    return _current if _current is not None else Look(load_tokens("day"))


def look_of(widget: QWidget | None) -> Look:
    """The look of the nearest ancestor that has one of its own, else the program's."""
    while widget is not None and _has_own_looks:
        look = widget.property(_LOOK_PROPERTY)
        if look is not None:
            return look  # type: ignore[no-any-return]
        widget = widget.parentWidget()
    return current()


def clamp_scale(scale: float) -> float:
    return min(max(scale, SCALE_RANGE[0]), SCALE_RANGE[1])


def new_application(arguments: Sequence[str] = ()) -> QApplication:
    """The program's ``QApplication``, in Fusion from the start.

    Setting the style later would make PySide create the class of styles, which the first paint does not need (6 ms).
    """
    app = QApplication([*(arguments or ["blenddesk"]), "-style", "fusion"])
    app.setProperty(_IN_FUSION, True)
    return app


def apply_theme(
    app: QApplication,
    tokens: Tokens,
    *,
    scale: float = 1.0,
    language: str = "en",
    face: Face = "desk",
    sheet: bool = True,
) -> None:
    """Give the whole program its look: Fusion, palette, fonts, direction; a new sheet only with new colours.

    ``sheet=False`` leaves the sheet to ``apply_sheet``: it is for fields, menus and scroll bars, and matching every
    widget with it makes the first paint a tenth slower.
    """
    global _current
    look = Look(tokens, face, language, clamp_scale(scale))
    new_colours = sheet and (_current is None or _current.tokens is not tokens)
    if _current is None and not app.property(_IN_FUSION):
        app.setStyle("Fusion")
    _current = look
    app.setPalette(palette_of(tokens))
    app.setFont(look.font())
    app.setLayoutDirection(look.direction)
    if new_colours:
        apply_sheet(app)
    for widget in app.allWidgets():
        refresh(widget)


def apply_sheet(app: QApplication) -> None:
    """The sheet of the program's look."""
    app.setStyleSheet(_own_sheet(current().tokens))


def set_look(
    widget: QWidget,
    *,
    tokens: Tokens | None = None,
    face: Face | None = None,
    language: str | None = None,
    scale: float | None = None,
) -> Look:
    """Give a subtree (the student's window, the board) a look of its own; what is not said stays as it was.

    Sets palette, font and direction on ``widget`` and refreshes every kit widget below it. Returns the new look.
    """
    global _has_own_looks
    _has_own_looks = True
    old = look_of(widget)
    look = old._replace(
        tokens=tokens if tokens is not None else old.tokens,
        face=face if face is not None else old.face,
        language=language if language is not None else old.language,
        scale=clamp_scale(scale) if scale is not None else old.scale,
    )
    widget.setProperty(_LOOK_PROPERTY, look)
    widget.setPalette(palette_of(look.tokens))
    widget.setFont(look.font())
    widget.setLayoutDirection(look.direction)
    sheet = "" if look.tokens is current().tokens else _own_sheet(look.tokens)
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)
    refresh(widget)
    for child in widget.findChildren(QWidget):
        refresh(child)
    return look


def refresh(widget: QWidget) -> None:
    """Let a widget take up a changed look: kit widgets have ``restyle``, others just repaint."""
    restyle = getattr(widget, "restyle", None)
    if callable(restyle):
        restyle()
    widget.updateGeometry()
    # By its base: item views have an update of their own, which hides it in PySide6 6.8.
    QWidget.update(widget)
