"""One station of a plan in a sheet: words, steps with pictures, what it opens, computers, adult, tasks of groups."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Adult
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Block, PlanSheet
from blenddesk.services.blocks import LIBRARY, MOST_STEPS
from blenddesk.text import _, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kit import paint

_PICTURE_COLUMNS = 8


class _PictureChoice(kit.PaintedButton):
    """A picture to press: in the choice of pictures, or beside a step (empty until one is chosen)."""

    def __init__(self, picture: str, name: str, *, px: int = 46, parent: QWidget | None = None) -> None:
        self.picture = picture
        self._px = px
        super().__init__("", parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_picture(self, picture: str) -> None:
        self.picture = picture
        self.update()

    def content_size(self) -> QSize:
        return QSize(self._px, self._px)

    def paint_content(self, painter: QPainter) -> None:
        tokens = theme.look_of(self).tokens
        box = QRectF(self.rect())
        fill = tokens.hover if self.is_hovered() else tokens.surface
        paint.card(painter, box, 10, fill, line=tokens.control, width=tokens.line, dashed=not self.picture)
        inner = box.adjusted(8, 8, -8, -8)
        if assets.has_picture(self.picture):
            assets.draw_picture(painter, inner, self.picture)
        else:
            assets.draw_icon(painter, inner, "plus", tokens.dim)


class PictureSheet(kit.Sheet):
    """All pictures a station or a step can have."""

    chosen = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, _("Choose a picture"), width=520)
        grid = kit.ArrowGrid(_PICTURE_COLUMNS, spacing=8)
        for picture in dict.fromkeys(assets.station_pictures()):
            button = _PictureChoice(picture, picture.replace("-", " "), px=50)
            button.setObjectName(f"picture_{picture}")
            button.clicked.connect(lambda _checked=False, one=picture: self._on_picture_clicked(one))
            grid.add(button)
        self.body.addWidget(grid)

    def _on_picture_clicked(self, picture: str) -> None:
        self.close_sheet()
        self.chosen.emit(picture)


class _StepRow(QWidget):
    """A numbered step: its picture and its few words."""

    def __init__(self, number: int, words: str, picture: str, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self.button = _PictureChoice(picture, _("Picture of step {number}").format(number=number), px=40)
        self.button.setObjectName(f"step_{number}_picture")
        self.button.clicked.connect(self._on_picture_clicked)
        self.field = kit.TextField(words, name=_("Step {number}").format(number=number))
        self.field.setObjectName(f"step_{number}")
        self.field.setMaxLength(60)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addWidget(self.field, 1)

    def _on_picture_clicked(self) -> None:
        sheet = PictureSheet(self._window)
        sheet.chosen.connect(self.button.set_picture)
        sheet.open()


class StationSheet(kit.Sheet):
    """``saved(fields, group_tasks)``: fields of the block, and a task by group (an empty one: the station's own)."""

    saved = Signal(object, object)
    swap_requested = Signal(str)

    def __init__(
        self,
        window: QWidget,
        block: Block,
        sheet: PlanSheet,
        adults: Sequence[Adult],
        library: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(window, block.title, width=680)
        self._host_window = window
        self._block = block
        self._add_words(block)
        self._add_needs(block, adults)
        self._add_opens(block)
        self._add_steps(block)
        self._add_groups(block, sheet)
        self._add_library(library)
        save = kit.Button(_("Save"), "primary")
        save.setObjectName("station_save")
        save.clicked.connect(self._on_save_clicked)
        self.add_action(save)

    def _add_library(self, library: Sequence[tuple[str, str]]) -> None:
        keep = ("", _("Keep this one"))
        self.library = kit.Choice([keep, *library], name=_("Take another station instead"))
        self.library.setObjectName("station_library")
        self.library.activated.connect(self._on_library_activated)
        self.body.addWidget(kit.FormRow(_("Take another station instead"), self.library))

    def _add_words(self, block: Block) -> None:
        self.picture = _PictureChoice(block.picture, _("Picture of the station"), px=48)
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
        self.steps: list[_StepRow] = []
        pictures = [*block.step_pictures, *[""] * MOST_STEPS]
        words = [*block.steps, *[""] * MOST_STEPS]
        column = QVBoxLayout()
        column.setSpacing(6)
        for index in range(max(4, len(block.steps))):
            row = _StepRow(index + 1, words[index], pictures[index], self._host_window)
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

    def _on_library_activated(self, _index: int) -> None:
        code = self.library.chosen()
        if code in LIBRARY:
            self.close_sheet()
            self.swap_requested.emit(code)

    def _on_save_clicked(self) -> None:
        if not self.title_field.text().strip():
            self.title_row.set_trouble(_("A station needs a name."))
            self.title_field.setFocus()
            return
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
