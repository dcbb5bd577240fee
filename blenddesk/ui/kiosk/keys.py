"""Which of the nine pictures a key means, by where the key lies: number pad, number row or the left hand's letters.

By position and not by letter, so that it is the same on QWERTY, AZERTY and Arabic keyboards and on pads without
numbers: Q W E / A S D / Z X C lie like the pictures, whatever is printed on them. A number pad with Num Lock off sends
arrows, and those move the focus.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

PAD_ORDER = (7, 8, 9, 4, 5, 6, 1, 2, 3)
"""The digit of each picture, from the top left."""
_PLACE = {digit: place for place, digit in enumerate(PAD_ORDER)}

_LETTERS = "qweasdzxc"
# Scan codes of PC keyboards: Windows hands them on as they are, X11 and Wayland add 8.
_PC_DIGITS = {code: code - 1 for code in range(2, 11)}
_PC_LETTERS = {16: 0, 17: 1, 18: 2, 30: 3, 31: 4, 32: 5, 44: 6, 45: 7, 46: 8}
# A Mac has no scan codes in Qt, but its virtual keys are positions too.
_MAC_DIGITS = {18: 1, 19: 2, 20: 3, 21: 4, 23: 5, 22: 6, 26: 7, 28: 8, 25: 9}
_MAC_LETTERS = {12: 0, 13: 1, 14: 2, 0: 3, 1: 4, 2: 5, 6: 6, 7: 7, 8: 8}


def digit_of(event: QKeyEvent, *, platform: str = sys.platform) -> int | None:
    """The digit 1 to 9 of a key by its place or by what it writes (in any script's digits); None for other keys."""
    by_place = _by_place(event, platform, letters=False)
    if by_place is not None:
        return by_place
    text = event.text()
    value = int(text) if len(text) == 1 and text.isdecimal() else 0
    return value if 1 <= value <= 9 else None


def picture_of(event: QKeyEvent, *, platform: str = sys.platform) -> int | None:
    """The picture 0 to 8 that a key means; None for every other key."""
    digit = digit_of(event, platform=platform)
    if digit is not None:
        return _PLACE[digit]
    by_place = _by_place(event, platform, letters=True)
    if by_place is not None:
        return by_place
    if event.nativeScanCode() == 0 and len(event.text()) == 1:
        # Keys from a screen keyboard or a test have no place; then the letter has to do.
        place = _LETTERS.find(event.text().casefold())
        return place if place >= 0 else None
    return None


def _by_place(event: QKeyEvent, platform: str, *, letters: bool) -> int | None:
    if event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
        return None
    if platform == "darwin":
        if not event.nativeVirtualKey() and not event.nativeScanCode():
            return None
        return (_MAC_LETTERS if letters else _MAC_DIGITS).get(event.nativeVirtualKey())
    code = event.nativeScanCode() - (0 if platform == "win32" else 8)
    return (_PC_LETTERS if letters else _PC_DIGITS).get(code)
