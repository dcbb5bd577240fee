"""Closing the school year: for each class whether it goes on, under which name, or is put away; one press, one undo."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout

from blenddesk.domain.people import Section
from blenddesk.services import years
from blenddesk.services.years import NextYear
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk.session import DeskSession

GOES_ON, PUT_AWAY = "on", "away"


class YearSheet(kit.Sheet):
    """Nothing is asked twice: Undo is in the toast."""

    def __init__(self, session: DeskSession) -> None:
        self.year = years.current_year(session.context)
        close = kit.Button(_("Close {year}").format(year=self.year), "primary")
        close.setObjectName("year_close")
        super().__init__(
            session.window,
            _("Close the school year"),
            _(
                "Classes that go on keep their students, goals and student computers. Lessons of this year are put "
                "away. What students did stays readable."
            ),
            actions=(close,),
            width=720,
        )
        self._session = session
        self._rows: list[tuple[Section, kit.TextField, kit.Segmented]] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.addWidget(kit.Text(_("Name in {year}").format(year=years.year_after(self.year)), role="small", bold=True))
        for section in session.context.reads.sections.all():
            field = kit.TextField(section.name, name=_("New name of {name}").format(name=section.name))
            field.setObjectName(f"year_name_{section.id.hex()}")
            ways = ((GOES_ON, _("Goes on")), (PUT_AWAY, _("Put away")))
            what = kit.Segmented(ways, name=_("What becomes of {name}").format(name=section.name), chosen=GOES_ON)
            what.setObjectName(f"year_way_{section.id.hex()}")
            what.changed.connect(lambda way, field=field: field.setEnabled(way == GOES_ON))
            row = grid.rowCount()
            grid.addWidget(field, row, 0)
            grid.addWidget(what, row, 1)
            self._rows.append((section, field, what))
        self.body.addLayout(grid)
        self.trouble = kit.Text("", role="small", tone="danger", parent=self)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        close.setEnabled(bool(self._rows))
        close.clicked.connect(self._close_year)

    def _close_year(self) -> None:
        wishes = [NextYear(section.id, field.text(), what.chosen() == GOES_ON) for section, field, what in self._rows]
        if self._session.do(years.close_year, self.year, wishes) is None:
            self.trouble.setText(self._session.window.toast.message())
            self.trouble.show()
            self.place()
            return
        self.close_sheet()
        section = self._session.section()
        if section is None or section.archived:
            left = self._session.context.reads.sections.all()
            self._session.choose_section(left[0].id if left else None)
