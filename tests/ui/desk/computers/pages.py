"""What can be read on the page of the computers."""

from __future__ import annotations

from blenddesk.ui.desk.computers_page import ComputersPage


def row_words(page: ComputersPage) -> list[str]:
    return [row.accessibleName() for row in page._rows.values()]
