"""The 64 pictures a student may be known by, with their names, and the sheet in which one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection

from blenddesk.text import N_, _
from blenddesk.ui import kit
from blenddesk.ui.desk.child_goal_sheet import PictureChoice
from blenddesk.ui.desk.session import DeskSession

AVATAR_NAMES: dict[str, str] = {
    "fox": N_("Fox"),
    "turtle": N_("Turtle"),
    "butterfly": N_("Butterfly"),
    "penguin": N_("Penguin"),
    "panda": N_("Panda"),
    "lion": N_("Lion"),
    "bird": N_("Bird"),
    "octopus": N_("Octopus"),
    "elephant": N_("Elephant"),
    "giraffe": N_("Giraffe"),
    "honeybee": N_("Honeybee"),
    "zebra": N_("Zebra"),
    "flamingo": N_("Flamingo"),
    "hedgehog": N_("Hedgehog"),
    "otter": N_("Otter"),
    "owl": N_("Owl"),
    "rabbit-face": N_("Rabbit"),
    "frog": N_("Frog"),
    "peacock": N_("Peacock"),
    "lady-beetle": N_("Ladybird"),
    "koala": N_("Koala"),
    "swan": N_("Swan"),
    "t-rex": N_("T. rex"),
    "camel": N_("Camel"),
    "parrot": N_("Parrot"),
    "sloth": N_("Sloth"),
    "crab": N_("Crab"),
    "dolphin": N_("Dolphin"),
    "horse-face": N_("Horse"),
    "deer": N_("Deer"),
    "whale": N_("Whale"),
    "unicorn": N_("Unicorn"),
    "cat-face": N_("Cat"),
    "tiger-face": N_("Tiger"),
    "bear": N_("Bear"),
    "polar-bear": N_("Polar bear"),
    "hamster": N_("Hamster"),
    "kangaroo": N_("Kangaroo"),
    "chipmunk": N_("Chipmunk"),
    "duck": N_("Duck"),
    "snail": N_("Snail"),
    "seal": N_("Seal"),
    "jellyfish": N_("Jellyfish"),
    "tropical-fish": N_("Tropical fish"),
    "llama": N_("Llama"),
    "raccoon": N_("Raccoon"),
    "beaver": N_("Beaver"),
    "hippopotamus": N_("Hippopotamus"),
    "rhinoceros": N_("Rhinoceros"),
    "sauropod": N_("Sauropod"),
    "sunflower": N_("Sunflower"),
    "cactus": N_("Cactus"),
    "tulip": N_("Tulip"),
    "strawberry": N_("Strawberry"),
    "pineapple": N_("Pineapple"),
    "watermelon": N_("Watermelon"),
    "rocket": N_("Rocket"),
    "balloon": N_("Balloon"),
    "kite": N_("Kite"),
    "rainbow": N_("Rainbow"),
    "guitar": N_("Guitar"),
    "sailboat": N_("Sailboat"),
    "robot": N_("Robot"),
    "teddy-bear": N_("Teddy bear"),
}
COLUMNS = 8


def avatar_name(avatar: str) -> str:
    """What a picture shows, in words; "" for one that only another version has."""
    return _(AVATAR_NAMES[avatar]) if avatar in AVATAR_NAMES else ""


class AvatarSheet(kit.Sheet):
    """All pictures; those that classmates have cannot be chosen, so that nobody is mixed up."""

    def __init__(
        self, session: DeskSession, chosen: str, taken: Collection[str], save: Callable[[str], object]
    ) -> None:
        super().__init__(session.window, _("Choose a picture"), _("Faded ones belong to classmates."), width=600)
        self._save = save
        self.grid = kit.ArrowGrid(COLUMNS, spacing=4)
        self.grid.setAccessibleName(_("Pictures"))
        buttons = []
        for avatar in AVATAR_NAMES:
            button = PictureChoice(avatar, avatar_name(avatar), self.grid, px=58)
            button.setObjectName(f"avatar_{avatar}")
            button.setChecked(avatar == chosen)
            button.setEnabled(avatar == chosen or avatar not in taken)
            button.clicked.connect(lambda _checked=False, avatar=avatar: self._choose(avatar))
            buttons.append(button)
        self.grid.set_widgets(buttons)
        self.body.addWidget(self.grid)

    def _choose(self, avatar: str) -> None:
        self.close_sheet()
        self._save(avatar)
