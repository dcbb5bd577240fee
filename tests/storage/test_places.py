"""A database is kept out of folders in which it can be lost; everything else is a fine place."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.errors import EnvironmentTrouble
from blenddesk.storage import places

MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0\n//school/staff /home/okoro/School\\040drive cifs rw 0 0\n"
    "server:/home /srv/home nfs4 rw 0 0\n/dev/sdb1 /srv/home/local ext4 rw 0 0\n"
)


@pytest.mark.parametrize(
    ("folder", "file_system"),
    [
        ("/home/okoro/.local/share/BlendDesk", "ext4"),
        ("/home/okoro/School drive/BlendDesk", "cifs"),
        ("/home/okoro/School drives/BlendDesk", "ext4"),
        ("/srv/home/okoro", "nfs4"),
        ("/srv/home/local/okoro", "ext4"),
    ],
)
def test_a_folder_belongs_to_the_nearest_mount_above_it(folder: str, file_system: str) -> None:
    assert places._file_system_of(Path(folder), places.linux_mounts(MOUNTS)) == file_system
    assert (file_system in places.NETWORK_FILE_SYSTEMS) == (file_system != "ext4")


@pytest.mark.parametrize(
    "name", ["Dropbox", "OneDrive - Hill School", "Nextcloud", "Google Drive", "Mobile Documents", "iCloudDrive"]
)
def test_the_folders_of_known_programs_are_recognised_by_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "school" / "BlendDesk"
    folder.mkdir(parents=True)
    assert places.synchronised_by(folder) == name


@pytest.mark.parametrize("mark", [".stfolder", "._sync_8fe1d2.db", ".dropbox", ".owncloudsync.log"])
def test_any_other_folder_by_what_the_program_leaves_in_it(tmp_path: Path, mark: str) -> None:
    folder = tmp_path / "class things" / "BlendDesk"
    folder.mkdir(parents=True)
    assert places.synchronised_by(folder) is None
    (tmp_path / "class things" / mark).touch()
    assert places.synchronised_by(folder) == "class things"


@pytest.mark.parametrize("name", ["Dropboxes", "my onedrive", "Megan", "BlendDesk", "sync"])
def test_names_that_only_sound_like_it_are_left_alone(tmp_path: Path, name: str) -> None:
    assert places.synchronised_by(tmp_path / name) is None


def test_a_mark_in_the_home_folder_itself_is_no_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".dropbox").mkdir()
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert places.synchronised_by(tmp_path / ".local" / "BlendDesk") is None


def test_nothing_is_made_or_opened_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentTrouble) as caught:
        bootstrap.create_device(Paths(tmp_path / "Dropbox" / "desk"), role="desk", name="Ms Okoro")
    assert (caught.value.code, caught.value.data["name"]) == ("folder_synchronised", "Dropbox")
    assert not (tmp_path / "Dropbox").exists()


def test_a_desk_that_was_moved_there_says_so_and_opens_again_outside(tmp_path: Path) -> None:
    home = Paths(tmp_path / "desk")
    bootstrap.close_device(bootstrap.create_device(home, role="desk", name="Ms Okoro"))
    before = home.database.read_bytes()
    inside = Paths(tmp_path / "Nextcloud" / "desk")
    inside.data.parent.mkdir()
    home.data.rename(inside.data)
    with pytest.raises(EnvironmentTrouble, match="folder_synchronised"):
        bootstrap.open_device(inside)
    assert inside.database.read_bytes() == before
    inside.data.rename(home.data)
    bootstrap.close_device(bootstrap.open_device(home))


def test_a_network_drive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "is_on_network", lambda _place: True)
    with pytest.raises(EnvironmentTrouble, match="folder_on_network"):
        bootstrap.create_device(Paths(tmp_path / "desk"), role="desk", name="Ms Okoro")
