"""The painted controls that every screen is built from: ``from blenddesk.ui import kit, theme, assets``.

Set-up, once: ``theme.apply_theme(app, theme.load_tokens("day"), scale=1.0, language="en", face="desk")`` and
``kit.watch_focus(app)``. A window with another face, language, size or theme: ``theme.set_look(window,
face="kiosk",
language="ar", scale=1.3, tokens=...)``. In a painter: ``look = theme.look_of(self)``, then
``look.tokens.primary``,
``look.font("large", bold=True)``, ``look.px(40)``. Give ``objectName`` where a test needs it. ``tint`` is a
place's colour 0 to 7,
``picture`` a name in resources/pictures, ``icon`` one in resources/icons/bold, ``shape`` one of ``theme.SHAPES``.

Words        Text(text, role="body", *, bold, tone="text", wrap=True, station=None)  set_tone set_role; role:
             small body
             large title display. ShortText(text, role, *, name="", lines=1): the name is shortened, tool tip.
             Heading(text, role="large"). IconLabel(icon, *, tone, px=20, weight, name="")
Buttons      Button(text, kind="secondary", *, size="desk", icon="")  set_icon set_kind; kind: primary secondary
             quiet soft
             danger go ink; size: desk small kiosk pill. IconButton(icon, name, *, px=40, round_shape, framed=True)
Choices      Chip(text, *, picture, icon, size="desk"|"kiosk", checkable=True). Switch(text, *, on=False)
             Segmented([(key, words[, icon])], *, name, chosen="")  chosen() choose(key) button(key); signal
             changed(str)
             Stepper(value, low, high, *, name, step=1, suffix="")  value() set_value set_range; signal
             value_changed(int)
             Choice([(key, words)], *, name, chosen="")  chosen() choose(key); Qt's currentIndexChanged
Forms        FormRow(label, field, hint="")  set_trouble(text). TextField(text, *, placeholder, name)
             SearchField(placeholder, *, name="")  signal results_requested
             CheckRow(text, detail="", state="ok"|"warn"|"danger", *, fix=False|True|words)  signal fix_requested
             CountBadge(count, *, name="{n} need you")  set_count
Surfaces     Card(*, title, fill="surface", station=None, horizontal, padding=16, radius, raised)  .body is its
             layout
             Banner(text, kind="info"|"ok"|"warn"|"danger", *, actions=[Button], closable)  set_text
             EmptyState(title, text, *, picture, icon, actions). PageHeader(title, subtitle, *, actions)
             set_words add_action
             Rail([(key, words, icon)], bottom=[...])  choose(key) item(key).set_badge(n); signal
             page_requested(str)
People       AvatarCircle(name, avatar="", *, px=44, shape=""). ShapeIcon(shape, *, px=32, letter=False)
             NameTile(name, *, avatar, shape, letter, turn, done)  set_state(turn=, done=, shape=)
             NameChip(name, *, avatar, board=False, checkable=False). group_name(shape) "Triangles",
             group_letter(shape) "B"
Password     PictureButton(text, picture, *, key_hint="")  show_key_hint(bool). password_picture_name(0 to 8)
             DotBoxes(total=3)  set_count(n) count() shake(); signal take_back_requested(int: how many remain)
Photos       PhotoTile(name, caption="", *, waiting="", width, height, grows=False)  set_image(QImage) has_image()
Places       PlacePicture(name, picture, tint=0, *, icon, px=64, plain=False)  set_place
             StationCard(name, detail, *, picture, icon, tint, done, caret=True, kiosk=False, framed=True)
             set_done
             StationTile(name, *, picture, icon, tint, done)  set_done. StepCard(number, text, *, picture, icon,
             tint)
             RotationCell(name, detail, *, picture, icon, tint, when="past"|"now"|"next")  set_when
Growth       GrowthScale(*, older=False)  chosen() 0 to 4, choose(level); signal changed(int). GrowthCard(level,
             text="")
             GrowthBars(level, text=""). GrowthLine(level, *, px=40)  set_level. GrowthCount(level, count,
             total, *, older)
             set_count. growth_word(level, *, older), growth_short(level, *, older), growth_picture(level)
Progress     ProgressDots(done, total, *, current=None, group="", station=None, px=20)  set_progress
             ProgressBar(value, total, *, name, group="", height=8)  set_progress
Time         TimerRing(share=1.0, *, px=86, icon)  set_share(share, paused=). TimerDigits(seconds, *, px=58, tone)
             set_seconds set_tone. clock_text(seconds). LessonLine([Part(words, minutes, starts, kind)], *,
             current, share,
             ends)  set_parts set_now
Messages     Toast(window)  show_message(text, undo=None, *, stays_ms=8000) focus_undo() close_now() message();
             signals
             closed, undo_requested; window property "lead" moves it past a rail. announce(widget, text, *,
             urgent=False)
Sheets       Sheet(window, title, text="", *, actions=[Button], closable=True, width=560)  .body add_action
             open(focus=None)
             close_sheet(); signal closed. ProgressSheet(window, title, text="", *, cancellable=True)
             set_progress(done, total, *, text=None); signal cancel_requested
Scrolling    ScrollBody: a page body that scrolls; put_on_page for a scroll area of one's own, see containers.py
Layouts      FlowLayout(parent=None, *, spacing=8). ArrowGrid(columns, *, spacing=10, letters=False)  add
             set_widgets
             set_columns widgets(): arrows move in two dimensions, Home, End, letters by name
Base         PaintedButton: give content_size() and paint_content(painter); words(), is_hovered(), clicked, toggled
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blenddesk.ui.kit.base import PaintedButton, is_rtl
    from blenddesk.ui.kit.buttons import Button, IconButton
    from blenddesk.ui.kit.choices import Chip, Segmented, Stepper, Switch
    from blenddesk.ui.kit.containers import Banner, Card, EmptyState, PageHeader, ScrollBody, put_on_page
    from blenddesk.ui.kit.focus import FocusRing, FocusWatcher, watch_focus
    from blenddesk.ui.kit.forms import CheckRow, Choice, CountBadge, FormRow, SearchField, TextField
    from blenddesk.ui.kit.growth import (
        GrowthBars,
        GrowthCard,
        GrowthCount,
        GrowthLine,
        GrowthScale,
        growth_picture,
        growth_short,
        growth_word,
    )
    from blenddesk.ui.kit.labels import Heading, IconLabel, Text
    from blenddesk.ui.kit.layouts import ArrowGrid, FlowLayout
    from blenddesk.ui.kit.lesson import LessonLine, Part
    from blenddesk.ui.kit.people import AvatarCircle, NameChip, NameTile, ShapeIcon, group_letter, group_name
    from blenddesk.ui.kit.photos import PhotoTile
    from blenddesk.ui.kit.pictures import DotBoxes, PictureButton, password_picture_name
    from blenddesk.ui.kit.progress import ProgressBar, ProgressDots
    from blenddesk.ui.kit.rail import NavItem, Rail
    from blenddesk.ui.kit.sheets import ProgressSheet, Sheet
    from blenddesk.ui.kit.short_text import ShortText
    from blenddesk.ui.kit.stations import PlacePicture, RotationCell, StationCard, StationTile, StepCard
    from blenddesk.ui.kit.timer import TimerDigits, TimerRing, clock_text
    from blenddesk.ui.kit.toast import Toast, announce

_HOMES = {
    "base": "PaintedButton is_rtl",
    "buttons": "Button IconButton",
    "choices": "Chip Segmented Stepper Switch",
    "containers": "Banner Card EmptyState PageHeader ScrollBody put_on_page",
    "focus": "FocusRing FocusWatcher watch_focus",
    "forms": "CheckRow Choice CountBadge FormRow SearchField TextField",
    "growth": "GrowthBars GrowthCard GrowthCount GrowthLine GrowthScale growth_picture growth_short growth_word",
    "labels": "Heading IconLabel Text",
    "layouts": "ArrowGrid FlowLayout",
    "lesson": "LessonLine Part",
    "people": "AvatarCircle NameChip NameTile ShapeIcon group_letter group_name",
    "photos": "PhotoTile",
    "pictures": "DotBoxes PictureButton password_picture_name",
    "progress": "ProgressBar ProgressDots",
    "rail": "NavItem Rail",
    "sheets": "ProgressSheet Sheet",
    "short_text": "ShortText",
    "stations": "PlacePicture RotationCell StationCard StationTile StepCard",
    "timer": "TimerDigits TimerRing clock_text",
    "toast": "Toast announce",
}
"""Which module a control lives in: a page loads the ones it uses, so the first window does not pay for all (40 ms)."""
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "ArrowGrid",
    "AvatarCircle",
    "Banner",
    "Button",
    "Card",
    "CheckRow",
    "Chip",
    "Choice",
    "CountBadge",
    "DotBoxes",
    "EmptyState",
    "FlowLayout",
    "FocusRing",
    "FocusWatcher",
    "FormRow",
    "GrowthBars",
    "GrowthCard",
    "GrowthCount",
    "GrowthLine",
    "GrowthScale",
    "Heading",
    "IconButton",
    "IconLabel",
    "LessonLine",
    "NameChip",
    "NameTile",
    "NavItem",
    "PageHeader",
    "PaintedButton",
    "Part",
    "PhotoTile",
    "PictureButton",
    "PlacePicture",
    "ProgressBar",
    "ProgressDots",
    "ProgressSheet",
    "Rail",
    "RotationCell",
    "ScrollBody",
    "SearchField",
    "Segmented",
    "ShapeIcon",
    "Sheet",
    "ShortText",
    "StationCard",
    "StationTile",
    "StepCard",
    "Stepper",
    "Switch",
    "Text",
    "TextField",
    "TimerDigits",
    "TimerRing",
    "Toast",
    "announce",
    "clock_text",
    "group_letter",
    "group_name",
    "growth_picture",
    "growth_short",
    "growth_word",
    "is_rtl",
    "password_picture_name",
    "put_on_page",
    "watch_focus",
]


def __getattr__(name: str) -> object:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value
