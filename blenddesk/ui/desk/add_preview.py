"""What adding a class list would do: rows, what each column holds, doubts side by side, warnings in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QSizePolicy, QTableView, QVBoxLayout, QWidget

from blenddesk.messages import error_sentence, warning_sentence
from blenddesk.text import _, digits, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.desk.add_draft import FIELD_WORDS, RosterDraft
from blenddesk.ui.desk.child_words import clear

if TYPE_CHECKING:
    from blenddesk.interop.matching import Doubt, KnownStudent
    from blenddesk.interop.roster_model import RosterStudent

AnyIndex = QModelIndex | QPersistentModelIndex
MOST_WARNINGS = 60
NOBODY = "new"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    student: RosterStudent
    picture: str
    state: str
    check: str


def rows_of(draft: RosterDraft) -> list[PreviewRow]:
    """Every student of the list in its order, with what would happen and what to look at."""
    reading = draft.reading
    if reading is None:
        return []
    plan = reading.plan
    states: dict[int, str] = {one.row: _("New") for one in plan.added}
    states |= {match.incoming.row: _("Here already") for match in plan.unchanged}
    states |= {match.incoming.row: _("Here already, changed") for match in plan.updated}
    for doubt in plan.doubtful:
        row = doubt.incoming.row
        states[row] = _("The same as one here") if row in draft.same_person else _("New?")
    checks: dict[int, list[str]] = {}
    for warning in reading.preview.warnings:
        checks.setdefault(warning.row, []).append(warning_sentence(warning.code, warning.data))
    return [
        PreviewRow(
            one,
            "" if one.row in draft.same_person else reading.pictures.get(one.row, ""),
            states.get(one.row, ""),
            " ".join(checks.get(one.row, [])) if one.row else "",
        )
        for one in reading.preview.students
    ]


def summary_words(draft: RosterDraft) -> str:
    """How many are new, changed and here already; "" before anything was read."""
    reading = draft.reading
    if reading is None:
        return ""
    new, changed, same = draft.new_count(), draft.changed_count(), len(reading.plan.unchanged)
    if not new and not changed:
        return ngettext("0 new: {n} student is here already", "0 new: all {n} students are here already", same).format(
            n=same
        )
    parts = [ngettext("{n} new student", "{n} new students", new).format(n=new)]
    if changed:
        parts.append(ngettext("{n} changed", "{n} changed", changed).format(n=changed))
    if same:
        parts.append(ngettext("{n} here already", "{n} here already", same).format(n=same))
    return " · ".join(parts)


class PreviewModel(QAbstractTableModel):
    """Read-only rows of a preview."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = theme.look_of(parent)
        self._rows: list[PreviewRow] = []
        self._heads = [_("Row"), _("First name"), _("Family name"), _("What happens"), _("Please check")]

    def set_rows(self, rows: list[PreviewRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            one = row.student
            words = (digits(one.row), one.given, one.family, row.state, row.check)[index.column()]
            return words if role == Qt.ItemDataRole.DisplayRole or len(words) > 12 else None
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1 and assets.has_picture(row.picture):
            return assets.picture(row.picture, self._look.px(24), dpr=2.0)
        return None


class PreviewTable(QTableView):
    """The rows; Tab leaves it, arrows move in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = PreviewModel(self)
        self.setModel(self.rows)
        self.setObjectName("add_table")
        self.setAccessibleName(_("Students in the list"))
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        look = theme.look_of(self)
        self.setIconSize(QSize(look.px(24), look.px(24)))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.px(34))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        for column, width in enumerate((56, 170, 170, 180)):
            self.setColumnWidth(column, look.px(width))


class MappingStrip(QWidget):
    """A drop-down list for each column of the file: what it holds. Columns we do not read say so."""

    assigned = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[object, ...] = ()
        self._flow = kit.FlowLayout(self, spacing=10)

    def show_columns(self, draft: RosterDraft) -> None:
        if draft.columns == self._shown:
            return
        self._shown = draft.columns
        clear(self._flow)
        choices = [("", _("Not read")), *((key, _(words)) for key, words in FIELD_WORDS.items())]
        for column in draft.columns:
            title = column.header or _("Column {number}").format(number=column.index + 1)
            choice = kit.Choice(choices, chosen=column.field or "", name=_("{column} holds").format(column=title))
            choice.setObjectName(f"column_{column.index}")
            choice.setFixedWidth(theme.look_of(self).px(168))
            choice.activated.connect(lambda _at, at=column.index, choice=choice: self._on_chosen(at, choice))
            row = kit.FormRow(title, choice, parent=self)
            row.label.setWordWrap(False)
            row.label.setToolTip(title)
            room = choice.maximumWidth() - 2
            row.label.setText(row.label.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room))
            self._flow.addWidget(row)
            row.show()
        self.setVisible(bool(draft.columns))
        self.updateGeometry()

    def _on_chosen(self, column: int, choice: kit.Choice) -> None:
        self.assigned.emit(column, choice.chosen())


class DoubtList(QWidget):
    """ "Is this the same student?" for each name that looks like one already here."""

    decided = Signal(int, object)
    """The row, and the id of the known student or None for someone new."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[Doubt, ...], dict[int, bytes]] = ((), {})
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_doubts(self, draft: RosterDraft) -> None:
        doubts = draft.reading.plan.doubtful if draft.reading is not None else ()
        self.setVisible(bool(doubts))
        if (doubts, draft.same_person) == self._shown:
            return
        self._shown = (doubts, dict(draft.same_person))
        clear(self._column)
        for doubt in doubts:
            self._column.addWidget(self._row(doubt, draft))

    def _row(self, doubt: Doubt, draft: RosterDraft) -> QWidget:
        card = kit.Card(fill="warn_soft", raised=False, padding=8, horizontal=True, parent=self)
        row, name = doubt.incoming.row, _full(doubt.incoming)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(kit.Text(_("Is this the same student?"), bold=True, parent=card))
        listed = _("Row {row} of the list: {name}").format(row=row, name=name)
        words.addWidget(kit.Text(listed, role="small", tone="dim", parent=card))
        choices = [(NOBODY, _("Someone new"))]
        for known in doubt.candidates[:3]:
            where = ", ".join(known.classes)
            choices.append((known.id, _("Yes: {name} ({classes})").format(name=_full(known), classes=where)))
        chosen = draft.same_person.get(row)
        choice = kit.Choice(choices, name=_("Is {name} the same student?").format(name=name))
        choice.setObjectName(f"doubt_{row}")
        choice.choose(chosen.hex() if chosen is not None else NOBODY)
        choice.setMinimumWidth(theme.look_of(self).px(260))
        choice.activated.connect(lambda _at: self._on_chosen(row, choice))
        card.body.addLayout(words, 1)
        card.body.addWidget(choice)
        return card

    def _on_chosen(self, row: int, choice: kit.Choice) -> None:
        key = choice.chosen()
        self.decided.emit(row, None if key == NOBODY else bytes.fromhex(key))


class WarningList(QWidget):
    """What to look at: about the whole list first, then row by row for rows that are not in the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_warnings(self, draft: RosterDraft) -> list[str]:
        """Shows and returns the sentences."""
        clear(self._column)
        lines: list[str] = []
        if draft.reading is not None:
            shown = {student.row for student in draft.reading.preview.students}
            for warning in draft.reading.preview.warnings:
                sentence = warning_sentence(warning.code, warning.data)
                if not warning.row:
                    lines.append(sentence)
                elif warning.row not in shown:
                    lines.append(_("Row {row}: {sentence}").format(row=warning.row, sentence=sentence))
        for line in lines[:MOST_WARNINGS]:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(kit.IconLabel("warning", tone="warn", px=18, weight="fill", parent=self))
            row.addWidget(kit.Text(line, role="small", parent=self), 1)
            self._column.addLayout(row)
        more = len(lines) - MOST_WARNINGS
        if more > 0:
            words = ngettext("and {n} more row", "and {n} more rows", more).format(n=more)
            self._column.addWidget(kit.Text(words, role="small", tone="dim", parent=self))
        self.setVisible(bool(lines))
        return lines


class ListPreview(QWidget):
    """The whole preview beside the cards: trouble, how many, columns, doubts and warnings over the rows."""

    assigned = Signal(int, str)
    """A column and what it holds ("" for nothing we read)."""
    decided = Signal(int, object)
    """The row, and the id of the known student or None for someone new."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.trouble = kit.Banner("", "danger", parent=self)
        self.trouble.setObjectName("add_trouble")
        self.trouble.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.trouble.hide()
        self.summary = kit.Heading("", parent=self)
        self.summary.setObjectName("add_summary")
        self.mapping = MappingStrip(self)
        self.mapping.assigned.connect(self.assigned)
        self.doubts = DoubtList(self)
        self.doubts.decided.connect(self.decided)
        self.warnings = WarningList(self)
        self.table = PreviewTable(self)
        self.example = kit.EmptyState(
            _("The names appear here"),
            _("First and family names are told apart, everyone gets a picture, and nothing is saved until you say so."),
            icon="users-three",
            parent=self,
        )
        self._extra = kit.ScrollBody(spacing=8, parent=self)
        for found in (self.mapping, self.doubts, self.warnings):
            self._extra.body.addWidget(found)
        self._extra.body.addStretch(1)
        for widget in (self.trouble, self.summary, self._extra):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.example, 1)
        column.addStretch(0)

    def show_draft(self, draft: RosterDraft) -> None:
        """Shows what the draft has read, or why it could not be read."""
        self.trouble.setVisible(draft.trouble is not None)
        if draft.trouble is not None:
            self.trouble.set_text(error_sentence(draft.trouble))
        rows = rows_of(draft)
        self.table.rows.set_rows(rows)
        self.table.setVisible(bool(rows))
        self.example.setVisible(not rows and draft.trouble is None)
        self.mapping.show_columns(draft)
        self.doubts.show_doubts(draft)
        warnings = self.warnings.show_warnings(draft)
        self._extra.setVisible(bool(draft.columns) or bool(warnings))
        self._fit_extra()
        self.summary.setVisible(bool(rows))
        self.summary.setText(summary_words(draft))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_extra()

    def _fit_extra(self) -> None:
        """Columns, doubts and warnings get what they need up to two fifths of the room; then they scroll."""
        inner = self._extra.inner
        wanted = inner.layout().totalHeightForWidth(max(200, self._extra.viewport().width()))  # type: ignore[union-attr]
        most = max(theme.look_of(self).px(110), round(self.height() * 0.42))
        self._extra.setFixedHeight(min(max(wanted, 0) + 6, most))


def _full(student: RosterStudent | KnownStudent) -> str:
    return " ".join(filter(None, (student.given, student.family))) or student.display
