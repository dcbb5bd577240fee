"""Rows of a form: a label above its field, a checked line with [Fix], and the search field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.text import _, digits
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import LOOK_CHANGES, is_rtl
from blenddesk.ui.kit.buttons import Button
from blenddesk.ui.kit.labels import IconLabel, Text


class FormRow(QWidget):
    """A label above its field, a hint below, and room for a sentence when the value cannot be used.

    The label names the field for screen readers and is its buddy for Alt keys.
    """

    def __init__(self, label: str, field: QWidget, hint: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._hint = hint
        self.label = Text(label, bold=True, parent=self)
        self.label.setBuddy(field)
        self.note = Text(hint, role="small", tone="dim", parent=self)
        self.note.setVisible(bool(hint))
        if not field.accessibleName():
            field.setAccessibleName(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addWidget(field)
        column.addWidget(self.note)
        self.set_trouble("")

    def set_trouble(self, text: str) -> None:
        """A sentence that says what is wrong and what to do; an empty one brings the hint back."""
        self.note.setText(text or self._hint)
        self.note.set_tone("danger" if text else "dim")
        self.note.setVisible(bool(text or self._hint))
        self.field.setAccessibleDescription(text or self._hint)


class TextField(QLineEdit):
    """A one-line field, 42 px high at normal size."""

    def __init__(self, text: str = "", *, placeholder: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.restyle()

    def restyle(self) -> None:
        """Take up a changed look: a field with a style sheet does not inherit its parent's font."""
        font = theme.look_of(self).font()
        if font != self.font():
            self.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES:
            self.restyle()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(super().sizeHint().height(), theme.look_of(self).px(42)))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class Choice(QComboBox):
    """One of a list that opens: Qt's own list and keys, painted like a field with a caret."""

    def __init__(
        self,
        choices: Sequence[tuple[str, str]] = (),
        *,
        name: str = "",
        chosen: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        for key, words in choices:
            self.addItem(words, key)
        if chosen:
            self.choose(chosen)

    def restyle(self) -> None:
        font = theme.look_of(self).font()
        if font != self.font():
            self.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES:
            self.restyle()

    def chosen(self) -> str:
        """The key of the choice, or an empty string."""
        key = self.currentData()
        return key if isinstance(key, str) else ""

    def choose(self, key: str) -> None:
        """Show the choice with this key; unknown keys show nothing chosen."""
        self.setCurrentIndex(self.findData(key))

    def sizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(super().sizeHint().width() + look.px(36), look.px(42))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.look_of(self).px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        with paint.painting(self) as painter:
            if not self.isEnabled():
                painter.setOpacity(0.5)
            fill = tokens.hover if self.underMouse() else tokens.surface
            paint.card(painter, QRectF(self.rect()), theme.RADIUS_SMALL, fill, line=tokens.control, width=tokens.line)
            side = look.px(16)
            room = QRectF(12, 0, self.width() - side - 34, self.height())
            words = self.currentText() or self.placeholderText()
            ink = tokens.text if self.currentText() else tokens.faint
            paint.draw_text(painter, paint.mirrored(self, room), words, self.font(), ink, lines=1)
            caret = QRectF(self.width() - side - 13, (self.height() - side) / 2, side, side)
            assets.draw_icon(painter, paint.mirrored(self, caret), "caret-down", tokens.dim)


class SearchField(TextField):
    """Finds while typing: a magnifying glass, Esc empties it, arrow down goes to the results."""

    results_requested = Signal()
    """The person wants to go on to the results (arrow down or Enter)."""

    def __init__(self, placeholder: str, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder=placeholder, name=name or placeholder, parent=parent)
        self.setClearButtonEnabled(True)
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        room = theme.look_of(self).px(28)
        self.setTextMargins(0 if is_rtl(self) else room, 0, room if is_rtl(self) else 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.results_requested.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = theme.look_of(self)
        side = look.px(18)
        with paint.painting(self) as painter:
            spot = paint.mirrored(self, QRectF(13, (self.height() - side) / 2, side, side))
            assets.draw_icon(painter, spot, "magnifying-glass", look.tokens.dim)


class CheckRow(QWidget):
    """One finding of a check in words: fits or not, a line of detail, and a button that puts it right.

    Args:
        state: ``ok``, ``warn`` or ``danger``.
        fix: words on the button, or "" for none ("Fix" when True is not enough to say what it does).
    """

    fix_requested = Signal()

    def __init__(
        self,
        text: str,
        detail: str = "",
        state: Literal["ok", "warn", "danger"] = "ok",
        *,
        fix: bool | str = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        icons = {"ok": "check-circle", "warn": "warning", "danger": "warning-circle"}
        spoken = {"ok": _("In order"), "warn": _("Look at this"), "danger": _("Must change")}
        self.setAccessibleName(text)
        self.icon = IconLabel(icons[state], tone=state, px=22, weight="fill", name=spoken[state], parent=self)
        self.text = Text(text, bold=True, parent=self)
        self.detail = Text(detail, role="small", tone="dim", parent=self)
        self.detail.setVisible(bool(detail))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.text)
        words.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(10)
        row.addWidget(self.icon)
        row.addLayout(words, 1)
        self.button: Button | None = None
        if fix:
            self.button = Button(fix if isinstance(fix, str) else _("Fix"), parent=self)
            self.button.setObjectName("check_fix")
            self.button.setAccessibleDescription(text)
            self.button.clicked.connect(self.fix_requested)
            row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)


class CountBadge(QLabel):
    """A small round number beside a heading, such as how many things need the teacher."""

    def __init__(self, count: int, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.set_count(count)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(self._name.format(n=count))
        self.setVisible(count > 0)
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(
            max(look.px(26), paint.text_size(digits(self._count), theme.sized_font(look, 13, bold=True)).width() + 16),
            look.px(24),
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        with paint.painting(self) as painter:
            paint.card(painter, QRectF(self.rect()), self.height() / 2, look.tokens.danger_soft)
            paint.draw_text(
                painter,
                QRectF(self.rect()),
                digits(self._count),
                theme.sized_font(look, 13, bold=True),
                look.tokens.danger,
                paint.CENTRE,
                lines=1,
            )
