"""Language, colours, text size, motion, sounds and backup of this computer; and what this program is."""

from __future__ import annotations

import platform

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QPainter, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk import __version__, text
from blenddesk.config import Settings
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.backup_card import BackupCard
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.protect_card import ProtectCard
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.kit import paint

LANGUAGES = (("en", "English"), ("es", "Español"), ("ar", "العربية"))
"""In their own words, so that whoever reads one finds it. The pseudo-locale of testers is not offered."""
SIDE_BY_SIDE = 860
"""Page width (at text size 1) from which the cards stand in two columns."""
AROUND = 70
"""What edges, the gap between the columns and the scroll bar take."""
SCALES = (0.9, 1.0, 1.15, 1.3, 1.6)


class SettingsPage(DeskPage):
    """T18. Every choice holds at once; language, colours and text size show the window anew."""

    kinds = frozenset({"teacher"})

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        header = kit.PageHeader(_("Settings"), _("For this computer only"), parent=self)
        # In the order in which they are read: the page opens with its first control in view.
        look = self._look_card()
        self.backup = BackupCard(session, self)
        self.protection = ProtectCard(session, self)
        area = kit.ScrollBody(parent=self)
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._columns.setSpacing(14)
        self._sides: list[QVBoxLayout] = []
        sides: tuple[tuple[tuple[kit.Card, ...], int], ...] = (
            ((look, self.backup), 3),
            ((self.protection, self._senses_card(), self._about_card()), 2),
        )
        for cards, share in sides:
            side = QVBoxLayout()
            side.setSpacing(12)
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
            self._columns.addLayout(side, share)
            self._sides.append(side)
        area.body.addLayout(self._columns)
        area.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 12, 16, 8)
        column.setSpacing(10)
        column.addWidget(header)
        column.addWidget(area, 1)

    def _look_card(self) -> kit.Card:
        card = kit.Card(title=_("How it looks"), parent=self)
        self.language = kit.Segmented(LANGUAGES, name=_("Language"), chosen="", parent=card)
        self.language.setObjectName("settings_language")
        self.language.changed.connect(lambda key: self._save(language=key))
        for key, words in LANGUAGES:
            theme.need_fonts_for(words, theme.look_of(self))
            self.language.button(key).setObjectName(f"language_{key}")
        card.body.addWidget(kit.FormRow(_("Language"), self.language, parent=card))
        self.themes = kit.ArrowGrid(len(theme.THEMES), spacing=10)
        self.themes.setAccessibleName(_("Colours"))
        words_of = {"day": _("Day"), "night": _("Night"), "contrast": _("High contrast"), "soft": _("Soft")}
        self._theme_buttons: dict[str, ThemeTile] = {}
        for name in theme.THEMES:
            tile = ThemeTile(name, words_of[name], self.themes)
            tile.setObjectName(f"theme_{name}")
            tile.clicked.connect(lambda _checked=False, name=name: self._save(theme=name))
            self._theme_buttons[name] = tile
        self.themes.set_widgets(list(self._theme_buttons.values()))
        card.body.addWidget(kit.FormRow(_("Colours"), self.themes, parent=card))
        sizes = [(str(scale), f"{text.digits(round(scale * 100))} %") for scale in SCALES]
        self.scale = kit.Segmented(sizes, name=_("Size of text"), parent=card)
        self.scale.setObjectName("settings_scale")
        self.scale.changed.connect(lambda key: self._save(text_scale=float(key)))
        card.body.addWidget(kit.FormRow(_("Size of text"), self.scale, parent=card))
        return card

    def _senses_card(self) -> kit.Card:
        card = kit.Card(title=_("Motion and sound"), parent=self)
        self.still = kit.Switch(_("Nothing moves by itself"), parent=card)
        self.still.setObjectName("settings_still")
        self.still.clicked.connect(lambda on: self._save(reduced_motion=on))
        self.sounds = kit.Switch(_("A soft sound when a round ends"), parent=card)
        self.sounds.setObjectName("settings_sounds")
        self.sounds.clicked.connect(lambda on: self._save(sounds=on))
        for switch in (self.still, self.sounds):
            row = QHBoxLayout()
            row.addWidget(switch)
            row.addStretch(1)
            card.body.addLayout(row)
        return card

    def _about_card(self) -> kit.Card:
        card = kit.Card(title=_("About"), parent=self)
        self.about = kit.Text("", parent=card)
        self.where = kit.Text("", role="small", tone="dim", parent=card)
        card.body.addWidget(self.about)
        card.body.addWidget(self.where)
        privacy = _("No account, no internet. Everything stays on this computer until you carry it somewhere.")
        card.body.addWidget(kit.Text(privacy, role="small", tone="dim", parent=card))
        buttons = QWidget(card)
        row = kit.FlowLayout(buttons, spacing=8)
        self.folder = kit.Button(_("Open the folder"), size="small", icon="folder-open", parent=card)
        self.folder.setObjectName("settings_folder")
        self.folder.clicked.connect(self._open_folder)
        self.copy = kit.Button(_("Copy for support"), size="small", icon="copy", parent=card)
        self.copy.setObjectName("settings_copy")
        self.copy.clicked.connect(self._copy_about)
        row.addWidget(self.folder)
        row.addWidget(self.copy)
        card.body.addWidget(buttons)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room, so that nothing is below the edge of the window."""
        super().resizeEvent(event)
        needed = sum(side.minimumSize().width() for side in self._sides) + AROUND
        beside = self.width() >= max(theme.look_of(self).px(SIDE_BY_SIDE), needed)
        kinds = QBoxLayout.Direction
        self._columns.setDirection(kinds.LeftToRight if beside else kinds.TopToBottom)

    def refresh(self) -> None:
        self.backup.refresh()
        self.protection.refresh()
        context = self.session.context
        settings = context.settings
        if text.language() in dict(LANGUAGES):
            self.language.choose(text.language())
        chosen = settings.theme if settings.theme in theme.THEMES else theme.THEMES[0]
        self._theme_buttons[chosen].setChecked(True)
        nearest = min(SCALES, key=lambda one: abs(one - settings.text_scale))
        self.scale.choose(str(nearest))
        self.still.setChecked(settings.reduced_motion)
        self.sounds.setChecked(settings.sounds)
        self.about.setText(
            _("BlendDesk {version}, the desk of {name}").format(version=__version__, name=context.device_name)
        )
        self.where.setText(_("The data is in {folder}").format(folder=text.name(str(context.paths.data))))

    def _save(self, **changes: object) -> None:
        """Keeps a choice on this computer; a choice about the look builds the window anew when it can."""
        context = self.session.context
        before = context.settings
        after: Settings = before._replace(**changes)  # type: ignore[arg-type]
        if after == before and changes.get("language") in (None, text.language()):
            return
        context.save_settings(after)
        face = self.session.window.face
        if face is not None and set(changes) & {"language", "theme", "text_scale"}:
            face.relook()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.session.context.paths.data)))

    def _copy_about(self) -> None:
        """Versions only: nothing about a class or a person."""
        words = f"BlendDesk {__version__}, Qt {qVersion()}, Python {platform.python_version()}, {platform.platform()}"
        QApplication.clipboard().setText(words)
        self.session.say(_("Copied: {words}").format(words=words))


class ThemeTile(kit.PaintedButton):
    """A theme as a small picture of itself: rail, page, card and button in its own colours."""

    def __init__(self, name: str, words: str, parent: QWidget) -> None:
        self._tokens = theme.load_tokens(name)
        super().__init__(words, parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(118), look.px(104))

    def paint_content(self, painter: QPainter) -> None:
        look, own = theme.look_of(self), self._tokens
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        words_height = look.px(28)
        card = box.adjusted(0, 0, 0, -words_height)
        line = look.tokens.primary if self.isChecked() else look.tokens.control
        paint.card(painter, card, 12, own.bg, line=line, width=3.0 if self.isChecked() else 1.4)
        rail = QRectF(card.left() + 6, card.top() + 6, card.width() * 0.16, card.height() - 12)
        paint.card(painter, paint.mirrored(self, rail), 6, own.rail)
        sheet = QRectF(rail.right() + 8, rail.top(), card.right() - rail.right() - 14, rail.height() * 0.62)
        paint.card(painter, paint.mirrored(self, sheet), 6, own.surface, line=own.border, width=1.2)
        for place in (0.3, 0.6):
            bar = QRectF(sheet.left() + 8, sheet.top() + sheet.height() * place, sheet.width() * (0.9 - place), 5)
            paint.card(painter, paint.mirrored(self, bar), 2.5, own.text if place < 0.5 else own.dim)
        button = QRectF(sheet.right() - sheet.width() * 0.45, sheet.bottom() + 7, sheet.width() * 0.45, 14)
        paint.card(painter, paint.mirrored(self, button), 6, own.primary)
        words = QRectF(box.left(), card.bottom() + 2, box.width(), words_height - 2)
        font = look.font("body", bold=self.isChecked())
        paint.draw_text(painter, words, self.words(), font, look.tokens.text, Qt.AlignmentFlag.AlignCenter)
