"""The pictures a child is known by and signs in with, by name; the drawings lie in ``resources/pictures``."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

# fmt: off
AVATARS: tuple[str, ...] = (
    "fox", "turtle", "butterfly", "penguin", "panda", "lion", "bird", "octopus", "elephant", "giraffe", "honeybee",
    "zebra", "flamingo", "hedgehog", "otter", "owl", "rabbit-face", "frog", "peacock", "lady-beetle", "koala",
    "swan", "t-rex", "camel", "parrot", "sloth", "crab", "dolphin", "horse-face", "deer", "whale", "unicorn",
    "cat-face", "tiger-face", "bear", "polar-bear", "hamster", "kangaroo", "chipmunk", "duck", "snail", "seal",
    "jellyfish", "tropical-fish", "llama", "raccoon", "beaver", "hippopotamus", "rhinoceros", "sauropod",
    "sunflower", "cactus", "tulip", "strawberry", "pineapple", "watermelon", "rocket", "balloon", "kite", "rainbow",
    "guitar", "sailboat", "robot", "teddy-bear",
)
# fmt: on
"""Animals, plants and things: no skin, gender or religion to get wrong."""

CODE_PICTURES: tuple[str, ...] = (
    "sun",
    "fish",
    "house",
    "key",
    "soccer-ball",
    "red-apple",
    "deciduous-tree",
    "glowing-star",
    "bicycle",
)
"""The nine sign-in pictures, as they lie on the number pad from the top left (7) to the bottom right (3). Codes are
stored as places in this tuple, so it is never reordered."""

CODE_LENGTH = 3

CHIPS: tuple[str, ...] = ("fun", "hard", "learned", "helped", "question")
"""Words a child may add to how it went; stored by these names, shown in the child's language."""


def deal_avatars(count: int, taken: Collection[str], rng: random.Random) -> list[str]:
    """``count`` pictures, different from ``taken`` and each other while there are enough, then used again evenly."""
    fresh = [avatar for avatar in AVATARS if avatar not in taken]
    rng.shuffle(fresh)
    dealt = fresh[:count]
    while len(dealt) < count:
        again = list(AVATARS)
        rng.shuffle(again)
        dealt += again[: count - len(dealt)]
    return dealt


def deal_code(rng: random.Random) -> list[int]:
    """Three different pictures in order: one of 504. It confirms who tapped a name; it does not tell who that is."""
    return rng.sample(range(len(CODE_PICTURES)), CODE_LENGTH)


def is_code(code: Sequence[int]) -> bool:
    """Whether these are three different pictures of the nine."""
    return len(code) == CODE_LENGTH == len(set(code)) and all(0 <= place < len(CODE_PICTURES) for place in code)
