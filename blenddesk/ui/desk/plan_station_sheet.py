"""One station of a plan in a sheet: words, steps with pictures, what it opens, computers, adult, tasks of groups."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Adult
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Block, PlanSheet
from blenddesk.services.blocks import MOST_STEPS
from blenddesk.text import _, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk.station_parts import PictureChoice, PictureSheet, StepRow


class StationSheet(kit.Sheet):
    """``saved(fields, group_tasks)``: fields of the block, and a task by group (an empty one: the station's own)."""

    saved = Signal(object, object)
    swap_requested = Signal()
    keep_requested = Signal()
    """The station as it is saved goes into the teacher's library."""

    def __init__(
        self,
        window: QWidget,
        block: Block,
        sheet: PlanSheet,
        adults: Sequence[Adult],
    ) -> None:
        super().__init__(window, block.title, width=680)
        self._host_window = window
        self._block = block
        self._add_words(block)
        self._add_needs(block, adults)
        self._add_opens(block)
        self._add_steps(block)
        self._add_groups(block, sheet)
        self._add_library()
        save = kit.Button(_("Save"), "primary")
        save.setObjectName("station_save")
        save.clicked.connect(self._on_save_clicked)
        self.add_action(save)

    def _add_library(self) -> None:
        swap = kit.Button(_("Take another station"), icon="arrows-left-right")
        swap.setObjectName("station_swap")
        swap.clicked.connect(self._on_swap_clicked)
        keep = kit.Button(_("Keep in my library"), "quiet", icon="bookmark-simple")
        keep.setObjectName("station_keep")
        keep.clicked.connect(self._on_keep_clicked)
        line = QHBoxLayout()
        line.addWidget(swap)
        line.addWidget(keep)
        line.addStretch(1)
        self.body.addLayout(line)

    def _add_words(self, block: Block) -> None:
        self.picture = PictureChoice(block.picture, _("Picture of the station"), px=48)
        self.picture.setObjectName("station_picture")
        self.picture.clicked.connect(self._on_picture_clicked)
        self.title_field = kit.TextField(block.title, name=_("Name of the station"))
        self.title_field.setObjectName("station_title")
        self.title_field.setMaxLength(40)
        self.title_row = kit.FormRow(_("Name"), self.title_field)
        self.task = kit.TextField(block.task, name=_("Task"))
        self.task.setObjectName("station_task")
        line = QHBoxLayout()
        line.addWidget(self.picture)
        line.addWidget(self.title_row, 1)
        line.addWidget(kit.FormRow(_("Task"), self.task), 1)
        self.body.addLayout(line)

    def _add_steps(self, block: Block) -> None:
        self.body.addWidget(kit.Text(_("Steps"), bold=True))
        self.steps: list[StepRow] = []
        pictures = [*block.step_pictures, *[""] * MOST_STEPS]
        words = [*block.steps, *[""] * MOST_STEPS]
        column = QVBoxLayout()
        column.setSpacing(6)
        for index in range(max(4, len(block.steps))):
            row = StepRow(index + 1, words[index], pictures[index], self._host_window)
            self.steps.append(row)
            column.addWidget(row)
        self.body.addLayout(column)

    def _add_opens(self, block: Block) -> None:
        self.resource = kit.TextField(
            block.resource, name=_("Start opens"), placeholder=_("File, folder, program or address")
        )
        self.resource.setObjectName("station_resource")
        choose = kit.Button(_("Choose a file"), icon="folder-open")
        choose.setObjectName("station_file")
        choose.clicked.connect(self._on_file_clicked)
        line = QHBoxLayout()
        line.addWidget(self.resource, 1)
        line.addWidget(choose)
        self.body.addWidget(kit.Text(_("Start opens"), bold=True))
        self.body.addLayout(line)
        self.body.addWidget(
            kit.Text(_("It must be at the same place on the student computer."), role="small", tone="dim")
        )

    def _add_needs(self, block: Block, adults: Sequence[Adult]) -> None:
        sharing = [("0", _("None"))]
        sharing += [
            (str(count), ngettext("{n} student each", "{n} share one", count).format(n=count)) for count in range(1, 5)
        ]
        self.computers = kit.Choice(sharing, name=_("Computers"), chosen=str(min(block.devices, 4)))
        self.computers.setObjectName("station_computers")
        who = [(ADULT_NONE, _("Nobody")), (ADULT_ANY, _("Any adult"))]
        who += [(adult.id.hex(), adult.name) for adult in adults]
        self.adult = kit.Choice(who, name=_("Adult"), chosen=block.adult or ADULT_NONE)
        self.adult.setObjectName("station_adult")
        if not self.adult.chosen():
            self.adult.addItem(_("Someone who is not in this class any more"), block.adult)
            self.adult.choose(block.adult)
        self.headphones = kit.Switch(_("Headphones"), on=block.headphones)
        self.headphones.setObjectName("station_headphones")
        line = QHBoxLayout()
        line.setSpacing(14)
        line.addWidget(kit.FormRow(_("Computers"), self.computers), 1)
        line.addWidget(kit.FormRow(_("Adult"), self.adult), 1)
        line.addWidget(self.headphones, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(line)

    def _add_groups(self, block: Block, sheet: PlanSheet) -> None:
        self.group_tasks: dict[Id, kit.TextField] = {}
        if not sheet.groups:
            return
        own = {task.group: task.task for task in sheet.tasks if task.block == block.id}
        self.body.addWidget(kit.Text(_("A task of its own for a group"), bold=True))
        for index, group in enumerate(sheet.groups):
            field = kit.TextField(own.get(group.id, ""), placeholder=_("The same as for all"))
            field.setAccessibleName(_("Task of {group}").format(group=group.name))
            field.setObjectName(f"group_task_{index}")
            self.group_tasks[group.id] = field
            line = QHBoxLayout()
            shape = kit.ShapeIcon(group.shape, px=26, name=group.name)
            line.addWidget(shape)
            line.addWidget(field, 1)
            self.body.addLayout(line)

    # --- what is pressed ------------------------------------------------------------------------------------

    def _on_picture_clicked(self) -> None:
        sheet = PictureSheet(self._host_window)
        sheet.chosen.connect(self.picture.set_picture)
        sheet.open()

    def _on_file_clicked(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(self, _("Start opens"))
        if path:
            self.resource.setText(path)

    def _on_swap_clicked(self) -> None:
        self.close_sheet()
        self.swap_requested.emit()

    def _on_keep_clicked(self) -> None:
        # What was typed is kept too.
        if self._on_save_clicked():
            self.keep_requested.emit()

    def _on_save_clicked(self) -> bool:
        if not self.title_field.text().strip():
            self.title_row.set_trouble(_("A station needs a name."))
            self.title_field.setFocus()
            return False
        devices = int(self.computers.chosen() or 0)
        fields = {
            "title": self.title_field.text(),
            "task": self.task.text(),
            "picture": self.picture.picture,
            "steps": [row.field.text() for row in self.steps],
            "step_pictures": [row.button.picture for row in self.steps],
            "resource": self.resource.text(),
            "devices": devices,
            "headphones": self.headphones.isChecked(),
            "adult": self.adult.chosen() or ADULT_NONE,
        }
        if bool(devices) != bool(self._block.devices):
            fields["mode"] = "online" if devices else "offline"
        tasks = {group: field.text() for group, field in self.group_tasks.items()}
        self.close_sheet()
        self.saved.emit(fields, tasks)
        return True
