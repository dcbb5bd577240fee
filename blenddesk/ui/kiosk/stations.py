"""My stations: where to go now in one big card, what else there is with a tick for each, and my goal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.goals import GoalProgress
from blenddesk.domain.plans import Block, Role
from blenddesk.services.kiosk import MyDay, MyStation
from blenddesk.text import _, ngettext, pgettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kiosk import words
from blenddesk.ui.kiosk.keys import digit_of
from blenddesk.ui.kiosk.screen import FitText, KioskScreen
from blenddesk.ui.kiosk.visit import Draft, work_of
from blenddesk.ui.kiosk.who import avatar_of
from blenddesk.ui.kit import paint

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow

ROWS = 4
"""Other stations on one page, fewer where large letters need the room; more are one tap away."""


class InfoPill(QLabel):
    """A fact with an icon on a light pill: minutes, headphones."""

    def __init__(self, text: str, icon: str, station: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._station = icon, station
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = theme.look_of(self)
        width = paint.text_size(self.text(), look.font("body", bold=True)).width()
        return QSize(width + look.px(62), look.px(42))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        ink = look.tokens.station(self._station).ink
        side = look.px(24)
        with paint.painting(self) as painter:
            paint.card(painter, QRectF(self.rect()), self.height() / 2, look.tokens.surface)
            spot = QRectF(look.px(14), (self.height() - side) / 2, side, side)
            assets.draw_icon(painter, paint.mirrored(self, spot), self._icon, ink)
            room = QRectF(spot.right() + 8, 0, self.width() - spot.right() - 18, self.height())
            font = look.font("body", bold=True)
            paint.draw_text(painter, paint.mirrored(self, room), self.text(), font, look.tokens.text, lines=1)


class TickButton(kit.PaintedButton):
    """ "I did this one too": an open circle that fills; tapping it again takes it back."""

    def __init__(self, name: str, *, on: bool, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setChecked(on)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        return QSize(84, 84)

    def paint_content(self, painter: QPainter) -> None:
        tokens = theme.look_of(self).tokens
        box = QRectF(self.rect()).adjusted(2, 2, -2, -5)
        paint.shadow(painter, box, 22, tokens)
        line = tokens.ok if self.isChecked() else tokens.control
        fill = tokens.ok_soft if self.isChecked() else tokens.hover if self.is_hovered() else tokens.surface
        paint.card(painter, box, 22, fill, line=line, width=3.0 if self.isChecked() else tokens.line)
        if self.isChecked():
            paint.tick_badge(painter, box.center(), 22, tokens)
        else:
            paint.disc(painter, box.center(), 20, "", line=tokens.control, width=3)
            paint.draw_tick(painter, box.center(), 19, tokens.border if not tokens.dark else tokens.control)


class GoalCard(kit.PaintedButton):
    """My goal in my words with its stepping stones; pressing it opens the goal."""

    def __init__(self, goal: GoalProgress, older: bool, parent: QWidget) -> None:
        self._goal, self._older = goal, older
        super().__init__(goal.goal.words, parent)
        self.setAccessibleName(_("My goal: {words}").format(words=goal.goal.words))
        if goal.steps:
            done = _("{done} of {total} steps").format(done=goal.done, total=len(goal.steps))
            self.setAccessibleDescription(done)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        return QSize(400, theme.look_of(self).px(100))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.content_size().height())

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(2, 1, -2, -5)
        paint.shadow(painter, box, 22, tokens)
        lit = self.is_hovered() or tokens.name == "contrast"
        paint.card(painter, box, 22, tokens.goal, line=tokens.goal_border, width=3.0 if lit else 1.6)
        side = box.height() * 0.62
        spot = paint.mirrored(self, QRectF(box.left() + 20, box.center().y() - side / 2, side, side))
        if self._older:
            assets.draw_icon(painter, spot.adjusted(8, 8, -8, -8), "target", tokens.goal_text)
        else:
            assets.draw_picture(painter, spot, self._goal.goal.picture or "glowing-star")
        start = box.left() + side + 40
        stones = self._goal.steps
        step = 30.0
        wide = len(stones) * step + 24 if stones else 24
        title = QRectF(start, box.top() + 8, box.right() - start - wide, look.px(26))
        paint.draw_text(
            painter, paint.mirrored(self, title), _("My goal"), look.font("small", bold=True), tokens.goal_text, lines=1
        )
        below = QRectF(start, title.bottom(), box.right() - start - wide, box.bottom() - title.bottom() - 8)
        font = look.font("body", bold=True)
        paint.draw_text(painter, paint.mirrored(self, below), self.words(), font, tokens.text)
        for place, one in enumerate(stones):
            spot = QRectF(box.right() - wide + 8 + place * step, box.center().y() - 12, 24, 24)
            spot = paint.mirrored(self, spot)
            if one.day:
                paint.tick_badge(painter, spot.center(), 12, tokens)
            else:
                paint.disc(painter, spot.center(), 12, tokens.surface, line=tokens.goal_text, width=2)


class StationsScreen(KioskScreen):
    """K3. The big card shows one station; the list beside it has the others, each with its tick."""

    name = "stations"

    def __init__(self, window: KioskWindow, day: MyDay, draft: Draft, *, page: int = 0) -> None:
        super().__init__(window)
        self.day, self.draft, self._page = day, draft, page
        self._shown = self._choose_shown()
        self._main: QWidget | None = None
        self._cards: dict[int, QWidget] = {}
        self._add_header()
        row = QHBoxLayout()
        row.setSpacing(24 if window.width() >= 1180 else 16)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(8 if self.low else 16)
        right.setSpacing(8 if self.low else 12)
        if self._shown is None:
            self._add_all_done(left)
        else:
            self._add_now_card(left, day.stations[self._shown])
        self._goal_card: GoalCard | None = None
        if day.goals:
            self._goal_card = GoalCard(day.goals[0], self.older, self)
            self._goal_card.setObjectName("goal")
            self._goal_card.clicked.connect(window.show_goal)
            left.addWidget(self._goal_card)
        row.addLayout(left, 58)
        if any(place != self._shown for place in range(len(day.stations))):
            self._add_list(right)
            row.addLayout(right, 42)
        self.body.addLayout(row, 1)

    # --- which station is the big one -------------------------------------------------------------------------------

    def _choose_shown(self) -> int | None:
        places = {work_of(one): place for place, one in enumerate(self.day.stations)}
        if self.draft.shown in places:
            return places[self.draft.shown]
        return self.day.now

    def _open(self, place: int) -> None:
        """Moves on by hand: the round is only a suggestion."""
        self.draft.shown = work_of(self.day.stations[place])
        self.kiosk.show_stations(page=self._page)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _add_header(self) -> None:
        window, day = self.kiosk, self.day
        look = theme.look_of(window)
        face = avatar_of(day.student, self.older)
        shape = window.session.shape_of(day.student)
        self.lead.addWidget(
            kit.AvatarCircle(day.student.name, face, px=look.px(64 if self.low else 72), shape=shape, parent=self)
        )
        title = words.hello(day.student.name, self.older)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(FitText(title, lines=1, parent=self))
        friends = [window.session.name_of(friend) for friend in self.draft.friends]
        if friends:
            together = _("with {names}").format(names=", ".join(text.name(name) for name in friends))
            column.addWidget(FitText(together, "small", bold=False, tone="dim", parent=self))
        elif window.session.without_code(day.student):
            ask = _("Ask your teacher for your pictures.")
            column.addWidget(kit.Text(ask, "small", tone="dim", parent=self))
        self.lead.addLayout(column, 1)
        self.pills.addWidget(self.add_not_me())
        if day.stations:
            friend = self.pill(_("Friend"), "friend", "user-plus")
            friend.setAccessibleName(_("A friend did it too"))
            friend.clicked.connect(lambda: window.show_friends())
            self.pills.addWidget(friend)
        self.add_help()
        bye = self.pill(words.goodbye(self.older), "goodbye", "sign-out", "ink")
        bye.clicked.connect(window.say_goodbye)
        self.pills.addWidget(bye)

    def _add_now_card(self, column: QVBoxLayout, station: MyStation) -> None:
        look = theme.look_of(self.kiosk)
        block, tint = station.block, station.block.tint
        card = kit.Card(station=tint, padding=14 if self.low else 22, radius=theme.RADIUS_CARD, parent=self)
        card.body.setSpacing(8 if self.low else 14)
        top = QHBoxLayout()
        suggested = self._shown == self.day.now
        title = _("Go here now") if suggested else _("I was here")
        if station.own_time:
            title = _("Do this next") if suggested else words.on_the_list(station)
        if self.older and suggested:
            title = pgettext("over the station to go to", "Now")
        top.addWidget(kit.Text(title, "body", bold=True, station=tint, parent=card), 1)
        done = sum(one.done for one in self.day.stations)
        dots = kit.ProgressDots(done, len(self.day.stations), current=done if suggested else None, station=tint, px=17)
        if self.cramped:
            top.addLayout(self._pills_row(station, card))
        top.addWidget(dots)
        card.body.addLayout(top)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        px = min(150, max(72, (self.kiosk.height() - look.px(440)) // 2))
        icon = words.place_icon(block, self.older)
        middle.addWidget(kit.PlacePicture(block.title, block.picture, tint, icon=icon, px=px, plain=True, parent=card))
        about = QVBoxLayout()
        about.setSpacing(6)
        about.addStretch(1)
        about.addWidget(FitText(block.title, "title" if self.cramped else "display", parent=card))
        below = words.who_is_there(station)
        if station.waits_for:
            below = words.on_the_list(station)
        if below:
            about.addWidget(FitText(below, "body", bold=False, tone="dim", parent=card))
        if not self.cramped:
            about.addLayout(self._pills_row(station, card))
        about.addStretch(1)
        middle.addLayout(about, 1)
        card.body.addLayout(middle, 3)
        if block.questions and not self.cramped:
            card.body.addLayout(self._questions(block, card))
        if block.steps:
            steps = QHBoxLayout()
            steps.setSpacing(12)
            for number, text in enumerate(block.steps[:4], 1):
                picture = block.step_pictures[number - 1] if number <= len(block.step_pictures) else ""
                shown = "" if self.older or self.cramped else picture
                steps.addWidget(kit.StepCard(number, text, picture=shown, tint=tint, parent=card))
            card.body.addLayout(steps, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        if block.resource:
            start = kit.Button(_("Start"), "primary", size="kiosk", icon="play", parent=card)
            start.setObjectName("start")
            start.clicked.connect(lambda: self.kiosk.start_station(station))
            buttons.addWidget(start, 2)
            self._main = start
        said = words.finished_with(block, self.older, own_time=station.own_time)
        button = kit.Button(said, "go", size="kiosk", icon="check-circle", parent=card)
        button.setObjectName("did_it")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.kiosk.did_it(station))
        button.setEnabled(not (station.done or station.waits_for))
        if station.done:
            button.setText(_("Done"))
        buttons.addWidget(button, 3)
        if not (station.done or station.waits_for):
            self._main = self._main if block.resource and work_of(station) not in self.kiosk.session.started else button
        card.body.addLayout(buttons)
        column.addWidget(card, 1)

    def _pills_row(self, station: MyStation, card: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        tint = station.block.tint
        minutes = self.kiosk.session.minutes_of(station)
        if minutes:
            row.addWidget(InfoPill(ngettext("{n} min", "{n} min", minutes).format(n=minutes), "timer", tint, card))
        if station.block.headphones:
            row.addWidget(InfoPill(_("Headphones"), "headphones", tint, card))
        row.addStretch(1)
        return row

    def _questions(self, block: Block, card: QWidget) -> QHBoxLayout:
        """What to think of while watching or reading."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for question in block.questions[:3]:
            row.addWidget(kit.Text(question, "body", bold=True, station=block.tint, parent=card), 1)
        return row

    def _add_all_done(self, column: QVBoxLayout) -> None:
        day = self.day
        card = kit.Card(padding=22, radius=theme.RADIUS_CARD, parent=self)
        if day.stations:
            ask = _("Ask your teacher what is next.")
            state = kit.EmptyState(_("All done!"), ask, picture="party-popper", parent=card)
        else:
            state = kit.EmptyState(_("No stations today."), _("Ask your teacher."), picture="teacher", parent=card)
        card.body.addWidget(state, 1)
        if self.draft.ticked:
            go_on = kit.Button(words.did_it(self.older), "go", size="kiosk", icon="check-circle", parent=card)
            go_on.setObjectName("did_it")
            go_on.clicked.connect(self.kiosk.show_reflect)
            card.body.addWidget(go_on)
            self._main = go_on
        column.addWidget(card, 1)

    def _add_list(self, column: QVBoxLayout) -> None:
        look = theme.look_of(self.kiosk)
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(kit.IconLabel("path", tone="dim", px=look.px(24), parent=self))
        # What is looked at before class is no list to choose from.
        listed = any(one.own_time and one.block.role not in (Role.INPUT, Role.CHECK) for one in self.day.stations)
        title = _("My list") if listed else _("My stations")
        heading.addWidget(kit.Heading(title, parent=self), 1)
        column.addLayout(heading)
        hint = kit.Text(
            _("In your own order.") if listed else _("Did more? Tick it."),
            "small",
            tone="dim",
            parent=self,
        )
        column.addWidget(hint)
        others = [place for place in range(len(self.day.stations)) if place != self._shown]
        rows = ROWS
        if self.cramped:
            rows = ROWS - 1 if len(others) < ROWS else ROWS - 2
        pages = -(-len(others) // rows)
        self._page %= max(pages, 1)
        for place in others[self._page * rows : (self._page + 1) * rows]:
            column.addLayout(self._station_row(place, self.day.stations[place]))
        if pages > 1:
            more = self.pill(_("More stations"), "more_stations", "caret-right")
            more.clicked.connect(lambda: self.kiosk.show_stations(page=self._page + 1))
            column.addWidget(more)
        column.addStretch(1)

    def _station_row(self, place: int, station: MyStation) -> QHBoxLayout:
        block = station.block
        row = QHBoxLayout()
        row.setSpacing(8)
        card = kit.StationCard(
            block.title,
            words.on_the_list(station) if station.own_time else words.who_is_there(station),
            picture=block.picture,
            icon=words.place_icon(block, self.older),
            tint=block.tint,
            done=station.done,
            kiosk=True,
            parent=self,
        )
        card.setObjectName(f"station_{place + 1}")
        card.clicked.connect(lambda: self._open(place))
        self._cards[place] = card
        row.addWidget(card, 1)
        if not (station.done or station.waits_for):
            name = _("I did it: {station}").format(station=block.title)
            tick = TickButton(name, on=work_of(station) in self.draft.ticked, parent=self)
            tick.setObjectName(f"tick_{place + 1}")
            tick.clicked.connect(lambda: self.draft.toggle(work_of(station)))
            row.addWidget(tick)
        return row

    # --- keys -------------------------------------------------------------------------------------------------------

    def first_focus(self) -> QWidget | None:
        return self._main or next(iter(self._cards.values()), self._goal_card)

    def go_back(self) -> None:
        self.kiosk.say_goodbye()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        card = self._cards.get(digit - 1) if digit is not None else None
        if isinstance(card, kit.StationCard):
            card.click()
        elif event.text().casefold() == "g" and self._goal_card is not None:
            self._goal_card.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self._main, kit.Button):
            self._main.click()
        else:
            super().keyPressEvent(event)
