"""Two groupings side by side, each with its report: the present one and another, to choose between."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Group
from blenddesk.services.group_reports import Asked, report
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk import plan_report_words as words
from blenddesk.ui.desk.plan_report import ReasonSheet, report_rows


class TwoPlansSheet(ReasonSheet):
    """The present groups stay until the others are chosen. ``other_chosen()``; ``more_requested()`` for a third."""

    other_chosen = Signal()
    more_requested = Signal()

    def __init__(
        self, window: QWidget, ask: Asked, other: Sequence[int], groups: Sequence[Group], name_of: words.NameOf
    ) -> None:
        super().__init__(window, _("Which groups?"), width=940)
        if self.cancel is not None:
            self.cancel.setText(_("Keep the present groups"))
        both = QHBoxLayout()
        both.setSpacing(22)
        for title, where in ((_("Present groups"), ask.group_of), (_("Other groups"), tuple(other))):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(kit.Heading(title))
            for place, group in enumerate(groups):
                members = [one for one, home in zip(ask.students, where, strict=True) if home == place]
                column.addLayout(_group_line(group, members, name_of))
            for _line, row in report_rows(report(ask, where), show=False):
                column.addWidget(row)
            column.addStretch(1)
            both.addLayout(column, 1)
        self.body.addLayout(both)
        for name, text, kind, signal in (
            ("two_more", _("Yet another"), "secondary", self.more_requested),
            ("two_other", _("Take the other groups"), "primary", self.other_chosen),
        ):
            button = kit.Button(text, kind)  # type: ignore[arg-type]
            button.setObjectName(name)
            button.clicked.connect(lambda _checked=False, signal=signal: self._on_clicked(signal))
            self.add_action(button)

    def _on_clicked(self, signal: object) -> None:
        self.close_sheet()
        signal.emit()  # type: ignore[attr-defined]


def _group_line(group: Group, members: Sequence[Id], name_of: words.NameOf) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(kit.ShapeIcon(group.shape, px=20, name=group.name))
    names = words.listed(name_of(one) for one in members)
    line.addWidget(kit.Text(names, role="small"), 1)
    return line
