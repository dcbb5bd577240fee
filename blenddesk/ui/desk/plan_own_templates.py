"""Templates of one's own from the plan page: keeping a lesson as one, giving it another name, putting it away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.templates import Template
from blenddesk.services import lesson_templates
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk.session import DeskSession


def keep_sheet(session: DeskSession, window: QWidget, section: Id, plan: Id, name: str) -> KeepSheet:
    """The sheet, ready to open; the template is saved with Undo."""
    sheet = KeepSheet(window, name)
    sheet.named.connect(lambda words: session.do(lesson_templates.keep_as_template, section, plan, words))
    return sheet


def own_templates_sheet(session: DeskSession, window: QWidget) -> OwnTemplatesSheet:
    """The sheet, ready to open; names and putting away are saved."""
    sheet = OwnTemplatesSheet(window, lesson_templates.own_templates(session.context))
    sheet.renamed.connect(lambda code, name: session.quietly(lesson_templates.rename_template, code, name))
    sheet.archive_requested.connect(lambda code: session.do(lesson_templates.archive_template, code))
    return sheet


class KeepSheet(kit.Sheet):
    """Asks for the template's name. ``named(name)``."""

    named = Signal(str)

    def __init__(self, window: QWidget, name: str) -> None:
        about = _(
            "Its stations and minutes are kept, nothing of the students or the day. You find it under More, "
            "for all your classes."
        )
        super().__init__(window, _("Keep as my template"), about, width=520)
        self.name = kit.TextField(name, name=_("Name of the template"))
        self.name.setObjectName("template_name")
        self.name.setMaxLength(lesson_templates.MOST_NAME)
        self.name.selectAll()
        self.row = kit.FormRow(_("Name"), self.name)
        self.body.addWidget(self.row)
        keep = kit.Button(_("Keep"), "primary")
        keep.setObjectName("template_keep")
        keep.clicked.connect(self._on_keep_clicked)
        self.name.returnPressed.connect(self._on_keep_clicked)
        self.add_action(keep)

    def _on_keep_clicked(self) -> None:
        if not self.name.text().strip():
            self.row.set_trouble(_("A template needs a name."))
            self.name.setFocus()
            return
        self.close_sheet()
        self.named.emit(self.name.text())


class OwnTemplatesSheet(kit.Sheet):
    """A line for each: its name to change, and putting it away. Signals give the template's code."""

    renamed = Signal(str, str)
    archive_requested = Signal(str)

    def __init__(self, window: QWidget, templates: Sequence[Template]) -> None:
        super().__init__(window, _("My templates"), _("They are under More on the plan page."), width=560)
        if self.cancel is not None:
            self.cancel.setText(_("Done"))
        for index, template in enumerate(templates):
            self.body.addLayout(self._line(index, template))

    def _line(self, index: int, template: Template) -> QHBoxLayout:
        field = kit.TextField(template.title, name=_("Name of template {name}").format(name=template.title))
        field.setObjectName(f"own_template_{index}")
        field.setMaxLength(lesson_templates.MOST_NAME)
        field.editingFinished.connect(lambda: self._on_name_finished(field, template))
        away = kit.Button(_("Put away"), "quiet", icon="archive")
        away.setObjectName(f"own_template_away_{index}")
        away.setAccessibleName(_("Put away: {name}").format(name=template.title))
        away.clicked.connect(lambda: self._on_away_clicked(template.code))
        line = QHBoxLayout()
        line.addWidget(field, 1)
        line.addWidget(away)
        return line

    def _on_name_finished(self, field: kit.TextField, template: Template) -> None:
        name = " ".join(field.text().split())
        if name != (field.property("saved") or template.title):
            field.setProperty("saved", name)
            self.renamed.emit(template.code, name)

    def _on_away_clicked(self, code: str) -> None:
        self.close_sheet()
        self.archive_requested.emit(code)
