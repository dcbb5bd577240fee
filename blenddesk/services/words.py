"""Words that open a file or a locked desk: telling a slip of the keys from a word that is on the list."""

from __future__ import annotations


def meant_word(typed: str) -> str:
    """The word of the list that was typed, as it is shown, or the most similar one; "" when nothing is similar."""
    from blenddesk.sync.words import closest_word

    return closest_word(typed.strip()) if typed.strip() else ""


def is_on_list(typed: str) -> bool:
    """Whether this is a word of the list, whatever the capitals and accents."""
    from blenddesk.sync.words import normalized

    found = meant_word(typed)
    return bool(found) and normalized(found) == normalized(typed.strip())


def is_same_word(typed: str, word: str) -> bool:
    """Whether ``typed`` is that word, whatever the capitals and accents."""
    from blenddesk.sync.words import normalized

    return normalized(typed.strip()) == normalized(word)
