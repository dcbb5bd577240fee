"""Surfaces that hold other things: card, banner, empty state, page header."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from blenddesk.text import _
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.buttons import Button, IconButton
from blenddesk.ui.kit.labels import Heading, IconLabel, Text

Fill = Literal["surface", "quiet", "primary_soft", "goal", "ok_soft", "warn_soft", "danger_soft", "ink"]
_SHADOW = 5


class Card(QFrame):
    """A white rounded surface with a soft shadow; ``body`` is its layout, inside the paddings.

    Args:
        fill: a surface colour of ``Tokens`` by name.
        station: tint of a place (with its ink as outline) instead of ``fill``.
        title: a heading put first.
    """

    def __init__(
        self,
        *,
        title: str = "",
        fill: Fill = "surface",
        station: int | None = None,
        horizontal: bool = False,
        padding: int = 16,
        radius: int = theme.RADIUS,
        raised: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill: Fill = fill
        self._station = station
        self._radius = radius
        self._raised = raised
        self.body: QBoxLayout = QHBoxLayout(self) if horizontal else QVBoxLayout(self)
        extra = _SHADOW if raised else 0
        self.body.setContentsMargins(padding + 2, padding, padding + 2, padding + extra)
        self.body.setSpacing(8)
        self.heading: Heading | None = None
        if title:
            self.heading = Heading(title, parent=self)
            self.body.addWidget(self.heading)
            self.setAccessibleName(title)

    def set_fill(self, fill: Fill) -> None:
        self._fill = fill
        self.update()

    def set_station(self, station: int | None) -> None:
        self._station = station
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        box = QRectF(self.rect()).adjusted(2, 1, -2, -_SHADOW) if self._raised else QRectF(self.rect())
        with paint.painting(self) as painter:
            if self._raised:
                paint.shadow(painter, box, self._radius, tokens)
            if self._station is not None:
                colours = tokens.station(self._station)
                paint.card(painter, box, self._radius, colours.tint, line=colours.ink, width=max(2.0, tokens.line))
                return
            line = {"goal": tokens.goal_border, "primary_soft": tokens.border, "ink": ""}.get(self._fill, tokens.border)
            paint.card(
                painter, box, self._radius, getattr(tokens, self._fill), line=line, width=max(1.2, tokens.line / 2)
            )


def put_on_page(area: QScrollArea, inner: QWidget) -> None:
    """Makes ``inner`` what ``area`` scrolls, both without a colour of their own: the page shows through.

    The area gets a viewport made here, because asking Qt for its own makes PySide look for that widget's type, and for
    that it creates the classes of all widgets there are (6 ms at the first paint).
    """
    ground = QWidget(area)
    area.setViewport(ground)
    area.setWidget(inner)
    ground.setAutoFillBackground(False)
    inner.setAutoFillBackground(False)


class ScrollBody(QScrollArea):
    """The part of a page that scrolls when it must: no frame, no colour of its own; whatever has the keys is in view.

    ``inner`` is the widget inside, ``body`` its layout.
    """

    def __init__(self, *, spacing: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.inner = QWidget(self)
        put_on_page(self, self.inner)
        self.body = QVBoxLayout(self.inner)
        self.body.setContentsMargins(0, 0, 6, 4)
        self.body.setSpacing(spacing)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        self._fades = False
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def _on_range_changed(self, _low: int, high: int) -> None:
        if high and not self._fades:
            from blenddesk.ui.kit.fade import fade_below

            self._fades = True
            fade_below(self)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.inner.isAncestorOf(now):
            self.ensureWidgetVisible(now, 8, 24)


class Banner(Card):
    """A line of news across the page with at most two buttons; stays until its reason is gone.

    Args:
        kind: ``info``, ``ok``, ``warn`` or ``danger``.
    """

    def __init__(
        self,
        text: str,
        kind: Literal["info", "ok", "warn", "danger"] = "info",
        *,
        actions: Sequence[Button] = (),
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        fills: dict[str, Fill] = {"info": "primary_soft", "ok": "ok_soft", "warn": "warn_soft", "danger": "danger_soft"}
        super().__init__(fill=fills[kind], horizontal=True, padding=8, raised=False, parent=parent)
        symbols = {
            "info": ("info", "primary_ink"),
            "ok": ("check-circle", "ok"),
            "warn": ("warning", "warn"),
            "danger": ("warning-circle", "danger"),
        }
        icon, tone = symbols[kind]
        self.body.setContentsMargins(14, 8, 14, 8)
        self.body.setSpacing(10)
        self.body.addWidget(IconLabel(icon, tone=tone, px=22, weight="fill", parent=self))
        self.label = Text(text, parent=self)
        self.label.setMinimumHeight(theme.look_of(self).px(32))
        self.body.addWidget(self.label, 1)
        for action in actions:
            self.body.addWidget(action)
        if closable:
            close = IconButton("x", _("Close"), px=36, framed=False, parent=self)
            close.setObjectName("banner_close")
            close.clicked.connect(self.hide)
            self.body.addWidget(close)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_text(self, text: str) -> None:
        self.label.setText(text)


class _Symbol(QLabel):
    """The picture or icon of an ``EmptyState``; the words beside it say the same."""

    def __init__(self, picture: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture, self._icon = picture, icon

    def sizeHint(self) -> QSize:
        return QSize(120, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(72, 72)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        with paint.painting(self) as painter:
            side = min(self.width(), self.height())
            box = QRectF(0, 0, side, side)
            box.moveCenter(QRectF(self.rect()).center())
            paint.disc(painter, box.center(), side / 2, tokens.primary_soft)
            inner = box.adjusted(side * 0.25, side * 0.25, -side * 0.25, -side * 0.25)
            if self._picture:
                assets.draw_picture(painter, inner, self._picture)
            else:
                assets.draw_icon(painter, inner, self._icon, tokens.primary_ink, weight="regular")


class EmptyState(QWidget):
    """What a page says when it has nothing yet: picture, one sentence, what to do, the button that does it."""

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        picture: str = "",
        icon: str = "info",
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        inner = QWidget(self)
        inner.setMaximumWidth(620)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(inner, 6)
        outer.addStretch(1)
        column = QVBoxLayout(inner)
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(_Symbol(picture, icon, self), 0, Qt.AlignmentFlag.AlignHCenter)
        self.title = Heading(title, "title", parent=self)
        self.text = Text(text, tone="dim", parent=self)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        self.text.setVisible(bool(text))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        for action in actions:
            row.addWidget(action)
        row.addStretch(1)
        column.addSpacing(6)
        column.addLayout(row)
        column.addStretch(2)


class PageHeader(QWidget):
    """A page's title, the line below it, and its buttons at the trailing edge."""

    def __init__(
        self, title: str, subtitle: str = "", *, actions: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = Heading(title, "display", parent=self)
        self.subtitle = Text(subtitle, role="small", tone="dim", parent=self)
        self.subtitle.setVisible(bool(subtitle))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(10)
        for action in actions:
            self._buttons.addWidget(action)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addLayout(self._buttons)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_words(self, title: str, subtitle: str = "") -> None:
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))

    def add_action(self, widget: QWidget) -> None:
        self._buttons.addWidget(widget)
