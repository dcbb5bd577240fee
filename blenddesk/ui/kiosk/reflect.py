"""How did it go?: one growing plant (or bars) per station, word chips, a short remark; nothing is chosen beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from blenddesk.domain.pictures import CHIPS
from blenddesk.services.kiosk import MOST_REMARK, MyDay, MyStation
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.kiosk import words
from blenddesk.ui.kiosk.screen import KioskScreen
from blenddesk.ui.kiosk.visit import Draft, work_of

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow


class ReflectScreen(KioskScreen):
    """K4 for the station at ``place`` in the draft's ticks. The answer to the last one waits for Save and sign out."""

    name = "reflect"

    def __init__(self, window: KioskWindow, day: MyDay, draft: Draft, place: int = 0) -> None:
        super().__init__(window)
        self.day, self.draft, self.place = day, draft, place
        stations = {work_of(one): one for one in day.stations}
        self._ticked = [stations[work] for work in draft.ticked if work in stations]
        self._station: MyStation = self._ticked[place]
        self._add_header()
        self.scale = kit.GrowthScale(older=self.older, parent=self)
        self.scale.choose(draft.growth.get(work_of(self._station), 0))
        self.scale.changed.connect(self._on_chosen)
        self.scale.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.body.addWidget(self.scale, 1)
        self._add_words()
        self._add_foot()
        self._show_answer()

    # --- parts ------------------------------------------------------------------------------------------------------

    def _add_header(self) -> None:
        block = self._station.block
        look = theme.look_of(self.kiosk)
        back = self.pill(_("Back"), "back", "arrow-left")
        back.clicked.connect(self.go_back)
        self.lead.addWidget(back)
        px = look.px(60 if self.low else 72)
        icon = words.place_icon(block, self.older)
        self.lead.addWidget(kit.PlacePicture(block.title, block.picture, block.tint, icon=icon, px=px, parent=self))
        about = " · ".join(part for part in (block.title, block.task) if part)
        if len(self._ticked) > 1:
            count = _("{n} of {total}").format(n=self.place + 1, total=len(self._ticked))
            about = f"{count}: {block.title}"
        self.add_title(_("How did it go?"), about)
        if len(self._ticked) > 1:
            total = len(self._ticked)
            dots = kit.ProgressDots(self._answered(), total, current=self.place, station=block.tint, parent=self)
            self.pills.addWidget(dots)
        self.pills.addWidget(self.add_not_me())
        self.add_help()

    def _add_words(self) -> None:
        if not self.cramped:
            self.body.addWidget(kit.Text(_("Say more (if you want)"), "small", bold=True, tone="dim", parent=self))
        self._more = QStackedWidget(self)
        chips = QWidget(self._more)
        flow = kit.FlowLayout(chips, spacing=6 if self.low else 12)
        plain = self.older or self.cramped
        self._chips: dict[str, kit.Chip] = {}
        for key in CHIPS:
            picture = "" if plain else words.CHIP_PICTURES[key]
            chip = kit.Chip(words.chip_word(key), picture=picture, size="kiosk", parent=chips)
            chip.setObjectName(f"chip_{key}")
            chip.setChecked(key in self.draft.words)
            chip.clicked.connect(lambda _checked=False, key=key: self._on_chip(key))
            flow.addWidget(chip)
            self._chips[key] = chip
        self._write = kit.Chip(
            _("write"), picture="" if plain else "pencil", size="kiosk", checkable=False, parent=chips
        )
        self._write.setObjectName("write")
        self._write.clicked.connect(self._open_writing)
        flow.addWidget(self._write)
        self._show_work = kit.Chip(_("a picture"), picture="" if plain else "camera", size="kiosk", parent=chips)
        self._show_work.setObjectName("show_work")
        self._show_work.setAccessibleName(_("Add a picture of my work"))
        self._show_work.clicked.connect(lambda: self.kiosk.show_work(self.place))
        self._show_work.setChecked(self.draft.picture is not None)
        flow.addWidget(self._show_work)
        row = QWidget(self._more)
        line = QHBoxLayout(row)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(12)
        self.remark = kit.TextField(self.draft.remark, name=_("Write a few words"), parent=row)
        self.remark.setObjectName("remark")
        self.remark.setMaxLength(MOST_REMARK)
        self.remark.setFont(theme.look_of(self.kiosk).font("large"))
        self.remark.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.remark.textChanged.connect(self._on_remark)
        self.remark.returnPressed.connect(self._close_writing)
        done = kit.Button(_("OK"), "primary", size="kiosk", icon="check", parent=row)
        done.setObjectName("remark_done")
        done.clicked.connect(self._close_writing)
        line.addWidget(self.remark, 1)
        line.addWidget(done)
        self._more.addWidget(chips)
        self._more.addWidget(row)
        available = self.kiosk.width() - 56
        self._more.setFixedHeight(max(flow.heightForWidth(available), done.sizeHint().height() + 4))
        self.body.addWidget(self._more)
        self._show_remark()

    def _add_foot(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(20)
        skip = kit.Button(_("Skip"), size="kiosk", icon="skip-forward", parent=self)
        skip.setObjectName("skip")
        skip.clicked.connect(self._on_skip)
        foot.addWidget(skip)
        self.finish = kit.Button(_("Save and sign out"), "go", size="kiosk", icon="check-circle", parent=self)
        self.finish.setObjectName("finish")
        self.finish.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.finish.clicked.connect(self.kiosk.finish)
        foot.addWidget(self.finish, 1)
        self.body.addLayout(foot)

    # --- answering --------------------------------------------------------------------------------------------------

    def _answered(self) -> int:
        return sum(work_of(one) in self.draft.growth for one in self._ticked)

    def _is_last(self) -> bool:
        return self.place == len(self._ticked) - 1

    def _on_chosen(self, level: int) -> None:
        self.draft.growth[work_of(self._station)] = level
        if self._is_last():
            self._show_answer()
            # So that Enter goes on: the answers' own Enter would choose another.
            self.finish.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.kiosk.show_reflect(self.place + 1)

    def _on_skip(self) -> None:
        """Rather not say: the tick counts all the same."""
        self.draft.growth.pop(work_of(self._station), None)
        if self._is_last():
            self.kiosk.finish()
        else:
            self.kiosk.show_reflect(self.place + 1)

    def _show_answer(self) -> None:
        self.finish.setEnabled(self._is_last() and work_of(self._station) in self.draft.growth)

    def _on_chip(self, key: str) -> None:
        self.draft.words = [chip for chip in CHIPS if self._chips[chip].isChecked()]

    # --- writing ----------------------------------------------------------------------------------------------------

    def _open_writing(self) -> None:
        self._more.setCurrentIndex(1)
        self.remark.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_writing(self) -> None:
        self._more.setCurrentIndex(0)
        self._show_remark()
        (self.finish if self.finish.isEnabled() else self._write).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_remark(self, text: str) -> None:
        self.draft.remark = text

    def _show_remark(self) -> None:
        """A tick beside the pencil once something is written; the words themselves are nobody else's."""
        written = bool(self.draft.remark.strip())
        self._write.setCheckable(written)
        self._write.setChecked(written)

    # --- keys -------------------------------------------------------------------------------------------------------

    def first_focus(self) -> QWidget | None:
        return self.scale.cards()[0]

    def go_back(self) -> None:
        if self._more.currentIndex() == 1:
            self._close_writing()
        elif self.place > 0:
            self.kiosk.show_reflect(self.place - 1)
        else:
            self.kiosk.show_stations()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text().casefold()
        if self.remark.hasFocus():
            super().keyPressEvent(event)
            return
        chip = next((c for c in self._chips.values() if letter and c.words().casefold().startswith(letter)), None)
        if event.text() in ("1", "2", "3", "4"):
            self.scale.cards()[int(event.text()) - 1].click()
        elif chip is not None:
            chip.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.finish.isEnabled():
            self.finish.click()
        else:
            super().keyPressEvent(event)
