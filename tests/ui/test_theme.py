"""Themes: contrast of every pair that is painted together, sizes that scale, looks per window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from blenddesk.text import resources_root
from blenddesk.ui import assets, kit, theme

TEXT, CONTROL = 4.5, 3.0
TEXT_PAIRS = [
    (ink, ground)
    for ink in ("text", "dim", "faint", "primary_ink", "danger")
    for ground in ("bg", "surface", "quiet")
] + [
    ("text", "hover"), ("text", "primary_soft"), ("text", "warn_soft"), ("text", "danger_soft"), ("text", "ok_soft"),
    ("text", "goal"), ("on_primary", "primary"), ("on_primary", "primary_hover"), ("primary_ink", "primary_soft"),
    ("primary_ink", "hover"), ("on_go", "go"), ("ok", "ok_soft"), ("ok", "surface"), ("on_danger", "danger"),
    ("danger", "danger_soft"), ("on_ink", "ink"), ("ink_accent", "ink"), ("rail_text", "rail"),
    ("rail_text", "rail_hover"),
    ("rail_selected_text", "rail_selected"), ("on_badge", "badge"), ("goal_text", "goal"), ("dim", "sunken"),
    ("dim", "primary_soft"),
]  # fmt: skip
CONTROL_PAIRS = [
    ("control", "bg"), ("control", "surface"), ("control", "quiet"), ("primary", "surface"), ("primary", "bg"),
    ("ok", "bg"), ("on_ok", "ok"), ("warn", "surface"), ("warn", "warn_soft"), ("danger", "surface"), ("ink_ok", "ink"),
    ("primary", "sunken"), ("go", "bg"),
]  # fmt: skip


def luminance(colour: str) -> float:
    """WCAG relative luminance of ``#rrggbb``."""

    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    c = QColor(colour)
    return 0.2126 * channel(c.redF()) + 0.7152 * channel(c.greenF()) + 0.0722 * channel(c.blueF())


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=theme.THEMES)
def tokens(request: pytest.FixtureRequest) -> theme.Tokens:
    return theme.load_tokens(request.param)


def test_contrast_knows_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)


def test_words_can_be_read(tokens: theme.Tokens) -> None:
    pairs = [(f"{a} on {b}", contrast(getattr(tokens, a), getattr(tokens, b))) for a, b in TEXT_PAIRS]
    pairs += [(f"{s} ink on tint", contrast(g.ink, g.tint)) for s, g in tokens.groups.items()]
    for number, place in enumerate(tokens.stations):
        pairs.append((f"station {number} ink", contrast(place.ink, place.tint)))
        pairs.append((f"text on station {number}", contrast(tokens.text, place.tint)))
        pairs.append((f"dim on station {number}", contrast(tokens.dim, place.tint)))
        pairs.append((f"number on station ink {number}", contrast(tokens.surface, place.ink)))
    for number, level in enumerate(tokens.growth):
        pairs.append((f"growth {number} ink", contrast(level.ink, level.tint)))
        pairs.append((f"text on growth {number}", contrast(tokens.text, level.tint)))
    pairs += [("initials", contrast("#1C2333", tint)) for tint in tokens.avatars]
    assert [p for p in pairs if p[1] < TEXT] == []


def test_controls_and_shapes_can_be_seen(tokens: theme.Tokens) -> None:
    pairs = [(f"{a} on {b}", contrast(getattr(tokens, a), getattr(tokens, b))) for a, b in CONTROL_PAIRS]
    for shape, group in tokens.groups.items():
        pairs += [(f"{shape} on {b}", contrast(group.mark, getattr(tokens, b))) for b in ("bg", "surface", "quiet")]
        pairs.append((f"{shape} on its tint", contrast(group.mark, group.tint)))
        pairs += [(f"{shape} on station", contrast(group.mark, place.tint)) for place in tokens.stations]
    assert [p for p in pairs if p[1] < CONTROL] == []


def test_one_tone_of_the_focus_ring_shows_on_every_surface(tokens: theme.Tokens) -> None:
    assert contrast(tokens.focus_inner, tokens.focus_outer) >= 7
    for ground in ("bg", "surface", "rail", "ink", "primary", "go", "hover"):
        colour = getattr(tokens, ground)
        assert max(contrast(tokens.focus_inner, colour), contrast(tokens.focus_outer, colour)) >= CONTROL, ground


def test_all_themes_have_the_same_shapes_and_eight_places(tokens: theme.Tokens) -> None:
    assert tuple(tokens.groups) == theme.SHAPES
    assert (len(tokens.stations), len(tokens.growth), len(tokens.avatars)) == (8, 4, 8)
    assert tokens.station(9) == tokens.stations[1]


def test_every_palette_role_is_set(tokens: theme.Tokens) -> None:
    palette = theme.palette_of(tokens)
    assert palette.color(QPalette.ColorRole.Window).name().upper() == tokens.bg.upper()
    assert palette.color(QPalette.ColorRole.Accent).name().upper() == tokens.primary.upper()
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name().upper() == tokens.faint.upper()


def test_the_style_sheet_is_short_and_names_no_colour_and_no_star() -> None:
    sheet = (resources_root() / "styles" / "base.qss").read_text(encoding="utf-8")
    assert len(sheet.splitlines()) < 60
    assert "#" not in sheet
    assert not any(line.lstrip().startswith("* ") for line in sheet.splitlines())


@pytest.mark.parametrize(("wanted", "given"), [(0.2, 0.9), (1.0, 1.0), (1.3, 1.3), (9, 1.6)])
def test_text_scale_stays_in_its_range(wanted: float, given: float) -> None:
    assert theme.clamp_scale(wanted) == given


def test_text_sizes_follow_face_and_scale() -> None:
    look = theme.Look(theme.load_tokens("day"), "kiosk", "en", 1.3)
    assert look.text_px("display") == round(46 * 1.3)
    assert look.font("display").pixelSize() == round(46 * 1.3)
    assert look.font().families()[0] == "Andika"
    assert look.font().hintingPreference() == look.font().HintingPreference.PreferNoHinting


def test_arabic_letters_are_larger_and_have_their_own_family() -> None:
    look = theme.Look(theme.load_tokens("day"), "desk", "ar", 1.0)
    assert look.right_to_left
    assert look.font("body").families()[:2] == ["Lexend", "Noto Sans Arabic"]
    assert look.font("body").pixelSize() == round(15 * theme.ARABIC_FACTOR)


@pytest.mark.parametrize(("text", "needed"), [("Omar", False), ("Ömer", False), ("عمر", True), ("Omar عمر", True)])
def test_arabic_words_are_noticed(text: str, needed: bool) -> None:
    assert assets.has_arabic(text) is needed


def test_a_look_covers_its_subtree_and_nothing_else() -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    own, other = QWidget(), kit.Text("desk")
    inner = QVBoxLayout(own)
    words = kit.Text("kiosk")
    inner.addWidget(words)
    column.addWidget(own)
    column.addWidget(other)
    theme.set_look(own, face="kiosk", language="ar", scale=1.3, tokens=theme.load_tokens("night"))
    assert theme.look_of(words).face == "kiosk"
    assert words.font().families()[0] == "Andika"
    assert words.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert words.palette().color(QPalette.ColorRole.WindowText).name().upper() == theme.load_tokens("night").text
    assert theme.look_of(other).face == "desk"
    assert other.font().families()[0] == "Lexend"
    late = kit.Text("added later")
    inner.addWidget(late)
    assert late.font().families()[0] == "Andika"


def test_a_look_keeps_what_is_not_said() -> None:
    widget = QLabel()
    theme.set_look(widget, face="board", scale=1.2)
    look = theme.set_look(widget, language="ar")
    assert (look.face, look.scale, look.language) == ("board", 1.2, "ar")


def test_applying_another_theme_reaches_open_widgets(themed_app: QApplication) -> None:
    label = kit.Text("words")
    field = kit.TextField("x")
    field.resize(200, 42)
    assert field.grab().toImage().pixelColor(150, 20).name() == "#ffffff"
    theme.apply_theme(themed_app, theme.load_tokens("contrast"), scale=1.3)
    assert label.palette().color(QPalette.ColorRole.WindowText).name().upper() == "#FFFFFF"
    assert label.font().pixelSize() == round(15 * 1.3)
    assert field.grab().toImage().pixelColor(150, 20).name() == "#000000"


def test_a_theme_file_with_a_missing_colour_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "themes").mkdir()
    text = (resources_root() / "themes" / "day.json").read_text(encoding="utf-8")
    (tmp_path / "themes" / "odd.json").write_text(text.replace('"faint"', '"fainter"'), encoding="utf-8")
    monkeypatch.setattr(theme, "resources_root", lambda: tmp_path)
    with pytest.raises(ValueError, match="faint"):
        theme.load_tokens("odd")
