"""What a plan's groups were made for, as the teacher chose it: helpers wanted, which aim comes first, and the seed."""

from __future__ import annotations

from typing import NamedTuple

from blenddesk.domain.ids import Id


class GroupWishes(NamedTuple):
    """The record of one plan. ``helpers``: kinds that every group needs; ``blend``: weights of need, mix, interest."""

    plan: Id
    helpers: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    blend: tuple[int, ...] = ()
    seed: int = 0
