"""One station of the library in a sheet: words, needs, steps with pictures, who decides, names per language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Block, Decides
from blenddesk.services.blocks import MOST_STEPS, MOST_TITLE
from blenddesk.text import _, language, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk.settings_page import LANGUAGES
from blenddesk.ui.desk.station_parts import PictureChoice, PictureSheet, StepRow

_SHORTEST, _LONGEST = 5, 60


def _asked() -> tuple[tuple[str, str], ...]:
    return (
        ("what", _("What is done")),
        ("how", _("How it is done")),
        ("when", _("When")),
        ("where", _("Where in the room")),
        ("pace", _("How fast")),
        ("path", _("In which order")),
    )


class StationEdit(kit.Sheet):
    """``saved(fields, names)``: fields of a block, and its name by language code. A ready-made one is saved as own."""

    saved = Signal(object, object)
    archive_requested = Signal()

    def __init__(self, window: QWidget, block: Block, *, ready_made: bool = False, skills: Sequence[str] = ()) -> None:
        note = _("This one is ready-made. Save makes one of your own from it.") if ready_made else ""
        super().__init__(window, block.title or _("New station"), note, width=720)
        self._host_window = window
        self._block = block
        self._add_words(block)
        self._add_needs(block, skills)
        self._add_steps(block)
        self._add_more(block)
        self._add_names(block)
        self._add_decides(block)
        save = kit.Button(_("Save as mine") if ready_made else _("Save"), "primary")
        save.setObjectName("own_save")
        save.clicked.connect(self._on_save_clicked)
        self.add_action(save)

    def allow_putting_away(self) -> None:
        """An own station can be put away."""
        away = kit.Button(_("Put away"), "quiet", icon="archive")
        away.setObjectName("own_archive")
        away.clicked.connect(self._on_archive_clicked)
        line = QHBoxLayout()
        line.addWidget(away)
        line.addStretch(1)
        self.body.addLayout(line)

    def _field(self, name: str, label: str, words: str, hint: str = "") -> kit.FormRow:
        field = kit.TextField(words, name=label, placeholder=hint)
        field.setObjectName(f"own_{name}")
        self.fields[name] = field
        return kit.FormRow(label, field)

    def _add_words(self, block: Block) -> None:
        self.fields: dict[str, kit.TextField] = {}
        self.picture = PictureChoice(block.picture, _("Picture of the station"), px=48)
        self.picture.setObjectName("own_picture")
        self.picture.clicked.connect(self._on_picture_clicked)
        self.title_row = self._field("title", _("Name"), block.title)
        self.title_field = self.fields["title"]
        self.title_field.setMaxLength(MOST_TITLE)
        line = QHBoxLayout()
        line.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self.title_row, 1)
        line.addWidget(self._field("task", _("Task"), block.task), 1)
        self.body.addLayout(line)

    def _add_needs(self, block: Block, skills: Sequence[str]) -> None:
        self.minutes = kit.Stepper(block.minutes or 15, _SHORTEST, _LONGEST, name=_("Minutes"))
        self.minutes.setObjectName("own_minutes")
        sharing = [("0", _("None"))]
        sharing += [
            (str(count), ngettext("{n} student each", "{n} share one", count).format(n=count)) for count in range(1, 5)
        ]
        self.computers = kit.Choice(sharing, name=_("Computers"), chosen=str(min(block.devices, 4)))
        self.computers.setObjectName("own_computers")
        who = [(ADULT_NONE, _("Nobody")), (ADULT_ANY, _("Any adult"))]
        self.adult = kit.Choice(who, name=_("Adult"), chosen=block.adult if block.adult == ADULT_NONE else ADULT_ANY)
        self.adult.setObjectName("own_adult")
        self.headphones = kit.Switch(_("Headphones"), on=block.headphones)
        self.headphones.setObjectName("own_headphones")
        line = QHBoxLayout()
        line.setSpacing(14)
        line.addWidget(kit.FormRow(_("Minutes"), self.minutes))
        line.addWidget(kit.FormRow(_("Computers"), self.computers), 1)
        line.addWidget(kit.FormRow(_("Adult"), self.adult), 1)
        line.addWidget(self.headphones, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(line)
        second = QHBoxLayout()
        second.addWidget(self._field("materials", _("What has to be there"), block.materials), 1)
        second.addWidget(self._field("skill", _("Skill"), block.skill, ", ".join(skills[:2])), 1)
        self.body.addLayout(second)

    def _add_steps(self, block: Block) -> None:
        self.body.addWidget(kit.Text(_("Steps"), bold=True))
        pictures = [*block.step_pictures, *[""] * MOST_STEPS]
        words = [*block.steps, *[""] * MOST_STEPS]
        self.steps: list[StepRow] = []
        column = QVBoxLayout()
        column.setSpacing(6)
        for index in range(max(3, len(block.steps))):
            row = StepRow(index + 1, words[index], pictures[index], self._host_window)
            self.steps.append(row)
            column.addWidget(row)
        self.body.addLayout(column)

    def _add_more(self, block: Block) -> None:
        for left, right in (
            (
                ("output", _("What is there at the end"), block.output),
                ("extension", _("Who is ready early"), block.extension),
            ),
            (("paper_twin", _("Without a computer"), block.paper_twin), ("resource", _("Start opens"), block.resource)),
        ):
            line = QHBoxLayout()
            for name, label, words in (left, right):
                line.addWidget(self._field(name, label, words), 1)
            self.body.addLayout(line)

    def _add_names(self, block: Block) -> None:
        self.names: dict[str, kit.TextField] = {}
        self.body.addWidget(kit.Text(_("Name in other languages"), bold=True))
        line = QHBoxLayout()
        for code, name in LANGUAGES:
            if code == language():
                continue
            words = block.title_in(code) if any(one.startswith(f"{code} ") for one in block.names) else ""
            field = kit.TextField(words, name=_("Name in {language}").format(language=name), placeholder=name)
            field.setObjectName(f"own_name_{code}")
            field.setMaxLength(MOST_TITLE)
            self.names[code] = field
            line.addWidget(kit.FormRow(name, field), 1)
        self.body.addLayout(line)

    def _add_decides(self, block: Block) -> None:
        self.body.addWidget(kit.Text(_("Who decides"), bold=True))
        self.decides: dict[str, kit.Choice] = {}
        words = [
            (Decides.TEACHER.value, _("Teacher")),
            (Decides.CHOICE.value, _("Student, of several")),
            (Decides.STUDENT.value, _("Student")),
        ]
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for index, (what, label) in enumerate(_asked()):
            name = f"decides_{what}"
            choice = kit.Choice(words, name=label, chosen=getattr(block, name))
            choice.setObjectName(f"own_{name}")
            self.decides[name] = choice
            grid.addWidget(kit.FormRow(label, choice), index // 3, index % 3)
        self.body.addLayout(grid)

    # --- what is pressed ------------------------------------------------------------------------------------

    def _on_picture_clicked(self) -> None:
        sheet = PictureSheet(self._host_window)
        sheet.chosen.connect(self.picture.set_picture)
        sheet.open()

    def _on_archive_clicked(self) -> None:
        self.close_sheet()
        self.archive_requested.emit()

    def _on_save_clicked(self) -> None:
        if not self.title_field.text().strip():
            self.title_row.set_trouble(_("A station needs a name."))
            self.title_field.setFocus()
            return
        devices = int(self.computers.chosen() or 0)
        mode = self._block.mode.value
        if bool(devices) != bool(self._block.devices):
            mode = "online" if devices else "offline"
        role = self._block.role.value
        adult = self.adult.chosen()
        if (adult == ADULT_ANY) != (self._block.adult != ADULT_NONE):
            role = "teacher" if adult == ADULT_ANY else "independent"
        fields: dict[str, object] = {name: field.text() for name, field in self.fields.items()}
        fields |= {name: choice.chosen() for name, choice in self.decides.items()}
        fields |= {
            "picture": self.picture.picture,
            "tint": self._block.tint,
            "minutes": self.minutes.value(),
            "devices": devices,
            "headphones": self.headphones.isChecked(),
            "adult": adult,
            "mode": mode,
            "role": role,
            "gate": self._block.gate.value,
            "steps": [row.field.text() for row in self.steps],
            "step_pictures": [row.button.picture for row in self.steps],
        }
        names = dict(one.split(" ", 1) for one in self._block.names)
        names |= {code: field.text() for code, field in self.names.items()}
        self.close_sheet()
        self.saved.emit(fields, names)
