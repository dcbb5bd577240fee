"""Every kit widget on sample pages, written as PNG: python tests/ui/kit/gallery.py FOLDER [--only page]."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.ui import assets, kit, theme

NAMES = [
    "Amina",
    "Ben",
    "Beyza",
    "Carlos",
    "Chloe",
    "Daniel",
    "Dina",
    "Elif",
    "Farid",
    "Grace",
    "Hana",
    "Ibrahim",
    "Ines",
    "Jonas",
    "Kaya",
    "Kwame",
    "Lara",
    "Leo",
    "Li-Wei",
    "Maya",
    "Mei",
    "Nadia",
    "Noah",
    "Omar",
    "Priya",
    "Rosa",
    "Sam",
    "Sofia",
    "Tariq",
    "Uma",
    "Yusuf",
    "Zoe",
]
ARABIC_NAMES = [
    "أمينة",
    "كريم",
    "ليلى",
    "عمر",
    "نور",
    "يوسف",
    "سلمى",
    "طارق",
    "هدى",
    "زيد",
    "مريم",
    "خالد",
    "ريم",
    "سامي",
    "دينا",
    "فارس",
]
SHAPES = ("circle", "triangle", "square", "diamond")


def row(*widgets: QWidget, spacing: int = 10, stretch: bool = True) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return layout


def who_page(look: theme.Look) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(28, 16, 28, 12)
    top = QHBoxLayout()
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(kit.Heading("Who are you?", "title"))
    words.addWidget(kit.Text("Tap your picture.", tone="dim"))
    top.addWidget(kit.PlacePicture("", "waving-hand", px=60, plain=True))
    top.addLayout(words, 1)
    for text, icon in (("Listen", "speaker-high"), ("Help", "hand"), ("English", "globe-hemisphere-west")):
        top.addWidget(kit.Button(text, size="pill", icon=icon))
    column.addLayout(top)
    grid = kit.ArrowGrid(8, letters=True, spacing=9)
    names = ARABIC_NAMES * 2 if look.right_to_left else NAMES
    for index, name in enumerate(names):
        shape = SHAPES[(index * 7) % 4]
        grid.add(
            kit.NameTile(
                name.replace("-", " "),
                avatar=assets.avatars()[index] if index != 5 else "",
                shape=shape,
                turn=shape == "triangle",
                done=index in (1, 3, 18),
                letter=index == 5,
            )
        )
    column.addWidget(grid, 1)
    foot = row(kit.ProgressDots(3, 8, current=3, group="triangle", px=20), kit.ShapeIcon("triangle", px=26))
    column.addLayout(foot)
    return page


def picture_page(look: theme.Look) -> QWidget:
    page = QWidget()
    outer = QHBoxLayout(page)
    outer.setContentsMargins(28, 16, 28, 16)
    left = QVBoxLayout()
    left.addLayout(row(kit.Button("Not me", size="pill", icon="arrow-left")))
    left.addStretch(1)
    left.addWidget(kit.AvatarCircle("Carlos", "penguin", px=208, shape="triangle"), 0, Qt.AlignmentFlag.AlignHCenter)
    name = kit.Heading("Carlos", "display")
    name.setAlignment(Qt.AlignmentFlag.AlignCenter)
    left.addWidget(name)
    hint = kit.Text("Tap your 3 pictures.", "large", tone="dim")
    hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
    left.addWidget(hint)
    boxes = kit.DotBoxes(3)
    boxes.set_count(2)
    left.addWidget(boxes, 0, Qt.AlignmentFlag.AlignHCenter)
    left.addStretch(1)
    outer.addLayout(left, 2)
    grid = kit.ArrowGrid(3, spacing=14)
    for index, picture in enumerate(assets.password_pictures()):
        button = kit.PictureButton(kit.password_picture_name(index), picture, key_hint=str("789456123"[index]))
        button.show_key_hint(index < 6)
        grid.add(button)
    outer.addWidget(grid, 3)
    return page


def stations_page(look: theme.Look) -> QWidget:
    page = QWidget()
    outer = QHBoxLayout(page)
    outer.setContentsMargins(28, 20, 28, 20)
    outer.setSpacing(22)
    left = QVBoxLayout()
    now = kit.Card(station=1, radius=28, padding=24)
    head = QHBoxLayout()
    head.addWidget(kit.Text("Go here now", bold=True, station=1), 1)
    head.addWidget(kit.ProgressDots(1, 4, current=1, px=16, station=1))
    now.body.addLayout(head)
    middle = QHBoxLayout()
    middle.addWidget(kit.PlacePicture("", "laptop", px=150, plain=True))
    words = QVBoxLayout()
    words.addWidget(kit.Heading("Computer", "display"))
    words.addWidget(kit.Text("Level 3: sounds", "large", tone="dim"))
    words.addLayout(
        row(
            kit.Button("15 min", size="small", icon="timer"), kit.IconButton("speaker-high", "Listen", round_shape=True)
        )
    )
    middle.addLayout(words, 1)
    now.body.addLayout(middle)
    steps = [("Headphones on", "headphone"), ("Play level 3", "laptop"), ("Write 3 words", "memo")]
    now.body.addLayout(
        row(*(kit.StepCard(i + 1, t, picture=p, tint=1) for i, (t, p) in enumerate(steps)), stretch=False)
    )
    now.body.addWidget(kit.Button("I did it", "go", size="kiosk", icon="check-circle"))
    left.addWidget(now, 1)
    goal = kit.Card(fill="goal", horizontal=True)
    goal.body.addWidget(kit.PlacePicture("", "glowing-star", px=60, plain=True))
    text = QVBoxLayout()
    text.addWidget(kit.Text("My goal", "small", bold=True, tone="goal_text"))
    text.addWidget(kit.Text("I can read a page aloud without stopping.", bold=True))
    goal.body.addLayout(text, 1)
    goal.body.addWidget(kit.GrowthLine(2))
    left.addWidget(goal)
    outer.addLayout(left, 57)
    right = QVBoxLayout()
    right.setSpacing(14)
    right.addLayout(
        row(
            kit.Button("Listen", size="pill", icon="speaker-high"),
            kit.Button("Goodbye", "ink", size="pill", icon="sign-out"),
        )
    )
    right.addLayout(row(kit.IconLabel("path", tone="dim", px=24), kit.Heading("My stations", "large")))
    right.addWidget(kit.StationCard("Read together", "with Ms Okoro", picture="teacher", tint=0, done=True, kiosk=True))
    right.addWidget(kit.StationCard("Word puzzle", "with your team", picture="puzzle-piece", tint=2, kiosk=True))
    right.addWidget(
        kit.StationCard(
            "قراءة هادئة" if look.right_to_left else "Quiet reading",
            "your book box",
            icon="book-open",
            tint=3,
            kiosk=True,
        )
    )
    right.addLayout(row(kit.IconLabel("list-checks", tone="dim", px=24), kit.Heading("My playlist", "large")))
    right.addLayout(
        row(
            kit.StationTile("Watch", picture="clapper-board", tint=4, done=True),
            kit.StationTile("Draw", picture="artist-palette", tint=5),
            kit.StationTile("Check", picture="memo", tint=6),
            stretch=False,
        )
    )
    right.addStretch(1)
    outer.addLayout(right, 43)
    return page


def reflect_page(look: theme.Look) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(28, 16, 28, 16)
    column.addLayout(
        row(
            kit.Button("Back", size="pill", icon="arrow-left"),
            kit.PlacePicture("Computer", "laptop", 1, px=72),
            kit.Heading("How did it go?", "title"),
            spacing=14,
        )
    )
    scale = kit.GrowthScale()
    scale.choose(3)
    column.addWidget(scale, 2)
    column.addWidget(kit.Text("Say more (if you want)", bold=True, tone="dim"))
    chips = [
        ("fun", "grinning-face-with-big-eyes"),
        ("hard", "flexed-biceps"),
        ("I learned", "light-bulb"),
        ("I helped", "handshake"),
        ("a question", "thinking-face"),
        ("write", "pencil"),
    ]
    holder = QWidget()
    flow = kit.FlowLayout(holder, spacing=12)
    for index, (text, picture) in enumerate(chips):
        chip = kit.Chip(text, picture=picture, size="kiosk")
        chip.setChecked(index == 1)
        flow.addWidget(chip)
    column.addWidget(holder)
    column.addLayout(
        row(
            kit.Button("More stations", size="kiosk", icon="squares-four"),
            kit.Button("Finish", "go", size="kiosk", icon="check-circle"),
            stretch=False,
        )
    )
    column.itemAt(column.count() - 1).layout().setStretch(1, 1)
    bars = kit.GrowthScale(older=True)
    bars.setMaximumHeight(210)
    column.addWidget(bars, 1)
    return page


def _today_board() -> kit.Card:
    board = kit.Card(padding=12)
    grid = QGridLayout()
    grid.setSpacing(8)
    places = [
        ("Alone", "Quiet reading", "open-book", 3),
        ("With me", "Read together", "teacher", 0),
        ("Computer", "Sound games", "laptop", 1),
        ("Team", "Word puzzle", "puzzle-piece", 2),
    ]
    for r, shape in enumerate(SHAPES):
        who = QWidget()
        inner = QVBoxLayout(who)
        inner.setSpacing(2)
        inner.addWidget(kit.Text(kit.group_name(shape), bold=True))
        inner.addLayout(
            row(*(kit.AvatarCircle(NAMES[i], assets.avatars()[r * 8 + i], px=22) for i in range(6)), spacing=0)
        )
        inner.addWidget(kit.ProgressBar(5 - r, 8, name="logged", group=shape, height=6))
        grid.addWidget(kit.ShapeIcon(shape, px=32, letter=r == 3), r, 0)
        grid.addWidget(who, r, 1)
        for c in range(4):
            name, detail, picture, tint = places[(r + c) % 4]
            when = "past" if c == 0 else "now" if c == 1 else "next"
            grid.addWidget(kit.RotationCell(name, detail, picture=picture, tint=tint, when=when), r, c + 2)
            grid.setColumnStretch(c + 2, 3)
    board.body.addLayout(grid)
    return board


def today_page(look: theme.Look) -> QWidget:
    page = QWidget()
    outer = QHBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    rail = kit.Rail(
        [
            ("today", "Today", "house"),
            ("class", "Class", "users-three"),
            ("plan", "Plan", "path"),
            ("goals", "Goals", "target"),
            ("print", "Print", "printer"),
        ],
        [("help", "Help", "question"), ("settings", "Settings", "gear")],
    )
    rail.choose("today")
    rail.item("goals").set_badge(3)
    outer.addWidget(rail)
    column = QVBoxLayout()
    column.setContentsMargins(12, 12, 6, 12)
    column.setSpacing(10)
    column.addWidget(
        kit.PageHeader(
            "Reading rotation",
            "Class 4B · Tuesday 24 November · 32 here, 0 away",
            actions=[
                kit.SearchField("Find a student or task"),
                kit.Button("Edit lesson", icon="pencil-simple"),
                kit.Button("Open board", icon="presentation"),
            ],
        )
    )
    timer = kit.Card(horizontal=True)
    timer.body.addWidget(kit.TimerRing(0.51))
    words = QVBoxLayout()
    words.addWidget(kit.TimerDigits(462))
    words.addWidget(kit.Text("left in round 2 of 4", "small", tone="dim", wrap=False))
    timer.body.addLayout(words)
    timer.body.addStretch(1)
    for text, icon, kind in (
        ("1 min", "plus", "secondary"),
        ("Pause", "pause", "secondary"),
        ("Eyes on me", "hand", "secondary"),
        ("Next round", "skip-forward", "primary"),
    ):
        timer.body.addWidget(kit.Button(text, kind, icon=icon))
    column.addWidget(timer)
    parts = [
        kit.Part("Start", 10, "9:30", "start"),
        kit.Part("Round 1", 15, "9:40"),
        kit.Part("", 1, "", "move"),
        kit.Part("Round 2", 15, "9:56"),
        kit.Part("Round 3", 15, "10:11"),
        kit.Part("Round 4", 15, "10:26"),
        kit.Part("End", 4, "10:41", "end"),
    ]
    column.addWidget(kit.LessonLine(parts, current=3, share=0.49, ends="10:45"))
    column.addWidget(_today_board(), 1)
    outer.addLayout(column, 3)
    side = QVBoxLayout()
    side.setContentsMargins(0, 12, 12, 12)
    checks = kit.Card(title="Checks")
    checks.body.addWidget(kit.CheckRow("Everyone visits all 4", "4 rounds × 15 min"))
    checks.body.addWidget(kit.CheckRow("Only 6 headphones", "8 students at Computer", "warn", fix=True))
    checks.body.addLayout(row(kit.CountBadge(4, name="{n} need you"), kit.Text("Needs you", bold=True)))
    side.addWidget(checks)
    went = kit.Card(title="How round 1 went")
    for level, count in ((1, 3), (2, 9), (3, 12), (4, 6)):
        went.body.addWidget(kit.GrowthCount(level, count, 12))
    went.body.addWidget(kit.Button("Make a small group", "soft", icon="users-three"))
    side.addWidget(went)
    stations = kit.Card(title="Stations")
    stations.body.addWidget(kit.StationCard("With me", "Read together", picture="teacher", tint=0, framed=False))
    stations.body.addWidget(kit.StationCard("Computer", "Sound games", picture="laptop", tint=1, framed=False))
    side.addWidget(stations)
    side.addStretch(1)
    outer.addLayout(side, 1)
    toast = kit.Toast(page)
    toast.setProperty("lead", 96)
    toast.show_message("Omar moved to Diamonds for round 2.", lambda: None)
    return page


def forms_page(look: theme.Look) -> QWidget:
    page = QWidget()
    outer = QHBoxLayout(page)
    outer.setContentsMargins(20, 16, 20, 16)
    column = QVBoxLayout()
    column.setSpacing(10)
    column.addWidget(
        kit.Banner("This class is pretend.", actions=[kit.Button("Start my own class", "primary")], closable=True)
    )
    column.addWidget(kit.Banner("Last copy to USB: 9 days ago.", "warn"))
    kinds = ("primary", "secondary", "quiet", "soft", "danger", "go", "ink")
    column.addLayout(row(*(kit.Button(kind.title(), kind, icon="check") for kind in kinds)))
    disabled = [kit.Button(kind.title(), kind) for kind in kinds]
    for button in disabled:
        button.setEnabled(False)
    column.addLayout(row(*disabled))
    column.addLayout(
        row(
            kit.IconButton("pencil-simple", "Edit"),
            kit.IconButton("trash", "Delete"),
            kit.IconButton("x", "Close", framed=False),
            kit.Stepper(15, 5, 30, name="Minutes", suffix="min"),
            kit.Switch("Sounds", on=True),
            kit.Switch("Chimes"),
        )
    )
    column.addLayout(
        row(
            kit.Segmented(
                [("need", "Same need", "target"), ("mixed", "Mixed", "shuffle"), ("hand", "By hand", "hand-grabbing")],
                name="Groups",
                chosen="mixed",
            )
        )
    )
    chips = [kit.Chip(t, icon=i) for t, i in (("Here", "user-check"), ("Away", "user-minus"), ("Goal is old", "clock"))]
    chips[0].setChecked(True)
    column.addLayout(row(*chips))
    field = kit.TextField("Sunflowers")
    column.addWidget(kit.FormRow("Class name", field, "Students see this name."))
    trouble = kit.FormRow("Usual period", kit.TextField("9:75"))
    trouble.set_trouble("There is no 9:75. Write a time such as 9:45.")
    column.addWidget(trouble)
    box = kit.Choice([("45", "45 minutes"), ("60", "60 minutes")])
    column.addWidget(kit.FormRow("Length", box))
    names = kit.ArrowGrid(4, spacing=6)
    for i in range(8):
        names.add(
            kit.NameChip(
                NAMES[i] if i != 2 else "Maximiliana Konstantinopolis",
                avatar=assets.avatars()[i] if i != 4 else "",
                checkable=True,
            )
        )
    column.addWidget(names)
    shapes = [kit.ShapeIcon(s, px=40) for s in theme.SHAPES] + [
        kit.ShapeIcon(s, px=40, letter=True) for s in theme.SHAPES
    ]
    column.addLayout(row(*shapes))
    column.addStretch(1)
    outer.addLayout(column, 3)
    board = kit.Card(station=0, radius=28, padding=20)
    board.body.addLayout(
        row(
            kit.PlacePicture("", "teacher", px=84, plain=True),
            kit.Heading("With Ms Okoro", "title"),
            kit.ShapeIcon("circle", px=80),
        )
    )
    inside = QGridLayout()
    for i in range(8):
        inside.addWidget(kit.NameChip(NAMES[i], avatar=assets.avatars()[i], board=True), i // 2, i % 2)
    board.body.addLayout(inside)
    right = QVBoxLayout()
    right.addWidget(board)
    right.addWidget(
        kit.EmptyState(
            "No lesson yet",
            "Plan one in a minute, or copy the last lesson.",
            icon="calendar-blank",
            actions=[kit.Button("Plan in one minute", "primary"), kit.Button("Copy last lesson")],
        ),
        1,
    )
    outer.addLayout(right, 2)
    return page


def sheet_page(look: theme.Look) -> QWidget:
    page = today_page(look)
    sheet = kit.Sheet(
        page,
        "Take to student computers",
        "Put the stick in. Everything is written, read back and compared.",
        actions=[kit.Button("Write now", "primary", icon="usb")],
    )
    sheet.body.addWidget(kit.CheckRow("Stick found", "SANDISK, 7.2 GB free"))
    sheet.body.addWidget(kit.FormRow("For", kit.TextField("Computer by the window")))
    page.sheet = sheet  # type: ignore[attr-defined]
    return page


def progress_page(look: theme.Look) -> QWidget:
    page = forms_page(look)
    sheet = kit.ProgressSheet(page, "Writing the stick", "Nothing changes on this computer.")
    sheet.set_progress(12, 32)
    page.sheet = sheet  # type: ignore[attr-defined]
    return page


PAGES: dict[str, tuple[Callable[[theme.Look], QWidget], theme.Face]] = {
    "who": (who_page, "kiosk"),
    "pictures": (picture_page, "kiosk"),
    "stations": (stations_page, "kiosk"),
    "reflect": (reflect_page, "kiosk"),
    "today": (today_page, "desk"),
    "forms": (forms_page, "desk"),
    "sheet": (sheet_page, "desk"),
    "progress": (progress_page, "desk"),
}


def build(
    name: str, theme_name: str = "day", *, language: str = "en", scale: float = 1.0, size: QSize | None = None
) -> QWidget:
    """One page, shown (offscreen) at its size, with a look of its own."""
    builder, face = PAGES[name]
    look = theme.Look(theme.load_tokens(theme_name), face, language, scale)
    page = builder(look)
    theme.set_look(page, tokens=look.tokens, face=face, language=language, scale=scale)
    page.resize(size or QSize(1366, 768))
    page.setAutoFillBackground(True)
    page.show()
    QApplication.processEvents()
    sheet = getattr(page, "sheet", None)
    if sheet is not None:
        sheet.open()
    QApplication.processEvents()
    return page


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--themes", nargs="*", default=list(theme.THEMES))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    theme.apply_theme(app, theme.load_tokens("day"))
    kit.watch_focus(app)
    variants = [(t, "en", 1.0, QSize(1366, 768)) for t in options.themes]
    variants += [("day", "ar", 1.0, QSize(1366, 768)), ("day", "en", 1.3, QSize(1280, 680))]
    for name in options.only or PAGES:
        for theme_name, language, scale, size in variants:
            page = build(name, theme_name, language=language, scale=scale, size=size)
            page.grab().save(str(options.folder / f"{name}-{theme_name}-{language}-{round(scale * 10)}.png"))
            page.close()
            page.deleteLater()


if __name__ == "__main__":
    main()
