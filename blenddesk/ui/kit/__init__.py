"""The painted controls that every screen is built from; import them from here: ``from blenddesk.ui import kit``."""

from blenddesk.ui.kit.base import PaintedButton, is_rtl
from blenddesk.ui.kit.buttons import Button, IconButton
from blenddesk.ui.kit.choices import Chip, Segmented, Stepper, Switch
from blenddesk.ui.kit.containers import Banner, Card, EmptyState, PageHeader
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
from blenddesk.ui.kit.pictures import DotBoxes, PictureButton, password_picture_name
from blenddesk.ui.kit.progress import ProgressBar, ProgressDots
from blenddesk.ui.kit.rail import NavItem, Rail
from blenddesk.ui.kit.sheets import ProgressSheet, Sheet
from blenddesk.ui.kit.stations import PlacePicture, RotationCell, StationCard, StationTile, StepCard
from blenddesk.ui.kit.timer import TimerDigits, TimerRing, clock_text
from blenddesk.ui.kit.toast import Toast, announce

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
    "PictureButton",
    "PlacePicture",
    "ProgressBar",
    "ProgressDots",
    "ProgressSheet",
    "Rail",
    "RotationCell",
    "SearchField",
    "Segmented",
    "ShapeIcon",
    "Sheet",
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
    "watch_focus",
]
