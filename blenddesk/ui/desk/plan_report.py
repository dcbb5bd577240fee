"""The groups' report card as a sheet: five figures beside the best possible, what every group needs, and the solver."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from blenddesk.services.group_reports import Report, ReportLine
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk import plan_report_words as words

HELPER_KINDS = ("language", "reader", "device")


def report_rows(report: Report, *, show: bool, parent: QWidget | None = None) -> list[tuple[ReportLine, kit.CheckRow]]:
    """The five lines as rows; ``show``: with a button where a line concerns somebody."""
    rows = []
    for line in report.lines:
        text, best = words.line_words(report, line)
        concerns = show and bool(line.pairs or line.students)
        # That students change partners is a figure, not a fault.
        worse = line.number > line.best and line.name != "moved"
        state = "danger" if worse and line.name == "rules" else "warn" if worse else "ok"
        row = kit.CheckRow(text, best, state, fix=_("Show") if concerns else False, parent=parent)  # type: ignore[arg-type]
        row.setObjectName(f"report_{line.name}")
        if row.button is not None:
            row.button.setObjectName(f"show_{line.name}")
            row.button.setAccessibleName(_("Show: {line}").format(line=text))
        rows.append((line, row))
    return rows


class ReasonSheet(kit.Sheet):
    """A sheet of sentences that is as high as they need once they are broken into lines."""

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus)
        for wait_ms in (0, 30):
            QTimer.singleShot(wait_ms, self, self.place)

    def place(self) -> None:
        super().place()
        if not self.isVisible():
            return
        # What the words did not find room for once they were broken into lines.
        card, more = self.card.geometry(), self.scroll_area.verticalScrollBar().maximum()
        height = min(card.height() + more, self.height() - 32)
        fits = height == card.height() + more
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.scroll_area.setVerticalScrollBarPolicy(bar)
        self.card.setGeometry(card.x(), (self.height() - height) // 2, card.width(), height)


class ReportSheet(ReasonSheet):
    """Five lines; ``line_shown(line)`` lights up whom it concerns; the foot asks for better or other groups."""

    line_shown = Signal(object)
    improve_requested = Signal()
    another_requested = Signal()
    helpers_chosen = Signal(object)
    """The kinds of helpers that every group needs."""

    def __init__(self, window: QWidget, report: Report, helpers: Sequence[str]) -> None:
        super().__init__(window, _("How good are these groups?"), width=620)
        if self.cancel is not None:
            self.cancel.setText(_("Close"))
        for line, row in report_rows(report, show=True):
            row.fix_requested.connect(lambda line=line: self._leave(lambda: self.line_shown.emit(line)))
            self.body.addWidget(row)
        self.body.addWidget(kit.Text(_("Every group needs a helper for"), role="small", tone="dim"))
        holder = QWidget()
        flow = kit.FlowLayout(holder, spacing=8)
        self._chips: dict[str, kit.Chip] = {}
        for kind in HELPER_KINDS:
            chip = kit.Chip(words.helper_words(kind))
            chip.setObjectName(f"needs_{kind}")
            chip.setChecked(kind in helpers)
            chip.clicked.connect(self._on_helpers_clicked)
            self._chips[kind] = chip
            flow.addWidget(chip)
        self.body.addWidget(holder)
        for name, text, kind_, signal in (
            ("report_another", _("Try another"), "secondary", self.another_requested),
            ("report_improve", _("Improve the rest"), "primary", self.improve_requested),
        ):
            button = kit.Button(text, kind_)  # type: ignore[arg-type]
            button.setObjectName(name)
            button.clicked.connect(lambda _checked=False, signal=signal: self._leave(signal.emit))
            self.add_action(button)

    def _leave(self, then: object) -> None:
        self.close_sheet()
        assert callable(then)
        then()

    def _on_helpers_clicked(self) -> None:
        self.helpers_chosen.emit([kind for kind, chip in self._chips.items() if chip.isChecked()])
