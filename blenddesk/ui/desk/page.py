"""The base of the desk's pages: a page that knows the session and follows the class in view."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.page import Page


class DeskPage(Page):
    """Built when first visited as ``PageClass(session)``; refreshed when its records or the class in view change."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session.bus, parent)
        self.session = session
        session.section_changed.connect(self.refresh_soon)

    def open_with(self, **what: object) -> None:
        """Called when the page is brought up with something to show, such as ``student=...``."""
