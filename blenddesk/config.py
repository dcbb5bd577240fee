"""Where things live on this computer, and the few settings that belong to the device and not to a class."""

import json
import os
from pathlib import Path
from typing import NamedTuple

APP_NAME = "BlendDesk"
SAMPLE_FOLDER = "sample"
"""Where the pretend class lives, beside the data of a class of one's own."""


class Paths(NamedTuple):
    """One data directory is one device: a desk or a shared computer."""

    data: Path
    state: Path | None = None
    """In place of ``state_dir()``, for programs that must leave no trace in the account."""

    @property
    def database(self) -> Path:
        return self.data / "blenddesk.db"

    @property
    def key(self) -> Path:
        """The database's key, for this account or wrapped by a pass phrase; readable by this account only."""
        return self.data / "database.key"

    @property
    def wrong_tries(self) -> Path:
        """How often the pass phrase was typed wrongly; see ``services.protection``."""
        return self.data / "wrong-tries"

    @property
    def lock(self) -> Path:
        return self.data / "in-use.lock"

    @property
    def settings(self) -> Path:
        return self.data / "settings.json"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def sample(self) -> "Paths":
        """The pretend class that belongs to this place."""
        return self if self.is_sample else Paths(self.data / SAMPLE_FOLDER, self.state)

    @property
    def own(self) -> "Paths":
        """The place for a class of one's own, seen from the pretend one."""
        return Paths(self.data.parent, self.state) if self.is_sample else self

    @property
    def is_sample(self) -> bool:
        return self.data.name == SAMPLE_FOLDER

    @property
    def exists(self) -> bool:
        """Whether a device has been set up here."""
        return self.database.exists()


def default_data_dir() -> Path:
    """The platform's user data folder, or ``BLENDDESK_DATA_DIR``."""
    chosen = os.environ.get("BLENDDESK_DATA_DIR")
    if chosen:
        return Path(chosen).absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False, roaming=False))


def state_dir() -> Path:
    """Where this account keeps what belongs to this computer and not to the data; or ``BLENDDESK_STATE_DIR``."""
    chosen = os.environ.get("BLENDDESK_STATE_DIR")
    if chosen:
        return Path(chosen).absolute()
    import platformdirs

    return Path(platformdirs.user_state_dir(APP_NAME, appauthor=False, roaming=False))


class Settings(NamedTuple):
    """Choices that stay on this computer. Empty text: follow the system, or nothing chosen yet."""

    language: str = ""
    theme: str = "day"
    text_scale: float = 1.0
    reduced_motion: bool = False
    sounds: bool = True
    last_section: str = ""
    last_folder: str = ""
    chalk_view: bool = False
    date_order: str = "dmy"
    last_backup_ms: int = 0
    """When the last backup was saved (wall clock); 0: never."""
    backup_folder: str = ""
    """The second place for backups that are made by themselves."""
    lock_minutes: int = 10
    """A desk with a pass phrase locks after so many minutes without a key or a tap; 0: never."""
    watched_folder: str = ""
    """A folder that is read and written by itself."""
    watched_mount: str = ""
    """The mount point it lay on when it was chosen: what is left when that is gone is another folder."""
    watch_paused: bool = False
    picture_budget_mb: int = 500
    """How much of a stick or watched folder pictures of work may take."""


def load_settings(path: Path) -> Settings:
    """The saved settings. A value that is missing or of the wrong type is its default, never a reason to stop."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(saved, dict):
        return Settings()
    defaults = Settings()
    known = {
        name: saved[name]
        for name, usual in defaults._asdict().items()
        if name in saved and isinstance(saved[name], type(usual))
    }
    return defaults._replace(**known)


def save_settings(path: Path, settings: Settings) -> None:
    """Writes the settings beside the old ones and then replaces them, so that a power cut leaves one or the other."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(settings._asdict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
