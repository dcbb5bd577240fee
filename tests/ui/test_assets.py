"""Vendored files: manifest and folders agree both ways, every name used in code exists."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from blenddesk.domain import pictures as domain_pictures
from blenddesk.domain import plans
from blenddesk.text import resources_root
from blenddesk.ui import assets, theme

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = resources_root()
MANIFEST = json.loads((RESOURCES / "manifest.json").read_text(encoding="utf-8"))["files"]
WANTED = tomllib.loads((RESOURCES / "assets.toml").read_text(encoding="utf-8"))
PICTURE_ARGUMENTS = {"picture", "avatar"}
PICTURE_CALLS = {"draw_picture": 2, "picture": 0}
ICON_CALLS = {"draw_icon": 2, "icon": 0, "qicon": 0, "IconButton": 0, "IconLabel": 0, "set_icon": 0}
NEVER_AVATARS = {
    "pig",
    "pig-face",
    "dog",
    "dog-face",
    "monkey",
    "monkey-face",
    "snake",
    "skull",
    "latin-cross",
    "lotus",
}


def _constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else None


def _names_in_code() -> tuple[set[str], set[str]]:
    """Icon and picture names written as literals in calls anywhere in the screens."""
    icons: set[str] = set()
    pictures: set[str] = set()
    for path in (ROOT / "blenddesk" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for keyword in node.keywords:
                value = _constant(keyword.value)
                if value and keyword.arg == "icon":
                    icons.add(value)
                elif value and keyword.arg in PICTURE_ARGUMENTS:
                    pictures.add(value)
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for table, found in ((ICON_CALLS, icons), (PICTURE_CALLS, pictures)):
                index = table.get(called)
                value = _constant(node.args[index]) if index is not None and len(node.args) > index else None
                if value:
                    found.add(value)
    return icons, pictures


def test_every_file_is_in_the_manifest_and_every_entry_is_a_file() -> None:
    present = {
        path.relative_to(RESOURCES).as_posix()
        for folder in ("fonts", "icons", "pictures", "words")
        for path in (RESOURCES / folder).rglob("*")
        if path.is_file()
    }
    assert present == set(MANIFEST)


def test_no_file_was_changed_since_it_was_vendored() -> None:
    for path, row in MANIFEST.items():
        assert hashlib.sha256((RESOURCES / path).read_bytes()).hexdigest() == row["sha256"], path


def test_the_manifest_names_package_version_and_an_allowed_licence() -> None:
    locked = {(p["name"], p["version"], p["licence"]) for p in WANTED["packages"].values()}
    for path, row in MANIFEST.items():
        if row["package"] == "own work":
            assert row["licence"] == "MIT"
        else:
            assert (row["package"], row["version"], row["licence"]) in locked, path
        assert row["licence"] in {"MIT", "OFL-1.1", "ISC"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("fonts/LICENSE-Lexend.txt", "SIL OPEN FONT LICENSE"),
        ("fonts/LICENSE-Andika.txt", "Reserved Font Names"),
        ("fonts/LICENSE-NotoNaskhArabic.txt", "SIL OPEN FONT LICENSE"),
        ("fonts/LICENSE-NotoSansArabic.txt", "SIL OPEN FONT LICENSE"),
        ("icons/LICENSE-Phosphor.txt", "Phosphor Icons"),
        ("pictures/LICENSE-FluentEmoji.txt", "Microsoft"),
    ],
)
def test_licence_texts_lie_beside_the_files(path: str, words: str) -> None:
    assert words in (RESOURCES / path).read_text(encoding="utf-8")


def test_every_wanted_name_is_there() -> None:
    for weight, names in WANTED["icons"].items():
        for name in names.split():
            assert f"icons/{weight}/{name}.svg" in MANIFEST
    for names in WANTED["pictures"].values():
        for name in names.split():
            assert assets.has_picture(name), name


def test_every_name_used_in_code_exists() -> None:
    icons, pictures = _names_in_code()
    assert len(icons) > 6, "the scan found next to nothing: it no longer knows how icons are asked for"
    missing = {n for n in icons if f"icons/bold/{n}.svg" not in MANIFEST}
    missing |= {n for n in pictures if not assets.has_picture(n)}
    assert not missing


def test_the_lists_are_those_of_the_domain() -> None:
    assert assets.avatars() == domain_pictures.AVATARS
    assert assets.password_pictures() == domain_pictures.CODE_PICTURES
    assert theme.SHAPES == plans.SHAPES


def test_avatars_are_sixty_four_and_leave_out_what_hurts() -> None:
    assert len(set(assets.avatars())) == 64
    assert not NEVER_AVATARS & set(assets.avatars())


@pytest.mark.parametrize("kind", ["icons", "pictures"])
def test_every_drawing_paints_something(kind: str) -> None:
    for path in MANIFEST:
        if not path.startswith(f"{kind}/") or not path.endswith(".svg") or path == "icons/app.svg":
            continue
        name = Path(path).stem
        if kind == "icons":
            pixmap = assets.icon(name, 24, "#123456", weight=Path(path).parent.name)
        else:
            pixmap = assets.picture(name, 24)
        image = pixmap.toImage()
        opaque = [(x, y) for x in range(0, 24, 2) for y in range(0, 24, 2) if image.pixelColor(x, y).alpha() > 200]
        assert opaque, path
        if kind == "icons":
            ink = image.pixelColor(*opaque[0])
            assert abs(ink.red() - 0x12) + abs(ink.green() - 0x34) + abs(ink.blue() - 0x56) < 8, path


def test_a_pixmap_is_rendered_once_per_name_size_colour_and_density() -> None:
    first = assets.icon("check", 20, "#000000")
    assert assets.icon("check", 20, "#000000") is first
    assert assets.icon("check", 20, "#000001") is not first
    sharp = assets.icon("check", 20, "#000000", dpr=2.0)
    assert (sharp.width(), sharp.deviceIndependentSize().width()) == (40, 20)


def test_an_icon_can_be_mirrored() -> None:
    left = assets.icon("caret-left", 32, "#000000").toImage()
    turned = assets.icon("caret-right", 32, "#000000", mirrored=True).toImage()
    differing = sum(
        abs(left.pixelColor(x, y).alpha() - turned.pixelColor(x, y).alpha()) > 60 for x in range(32) for y in range(32)
    )
    assert differing < 20


@pytest.mark.parametrize("name", ["no-such-picture", "../icons/app", ""])
def test_a_picture_named_by_foreign_data_may_be_missing(name: str) -> None:
    assert not assets.has_picture(name)


def test_a_missing_drawing_is_a_named_mistake() -> None:
    with pytest.raises(assets.MissingAsset):
        assets.icon("no-such-icon", 20, "#000000")


def test_drawing_into_a_box_keeps_to_the_box() -> None:
    pixmap = QPixmap(40, 40)
    pixmap.fill(QColor("#ffffff"))
    painter = QPainter(pixmap)
    assets.draw_picture(painter, QRectF(10, 10, 20, 20), "sun")
    painter.end()
    image = pixmap.toImage()
    assert image.pixelColor(5, 5).name() == "#ffffff"
    assert image.pixelColor(20, 20).name() != "#ffffff"


def test_no_registry_host_is_named() -> None:
    pattern = re.compile(r"registry\.|npmjs|unpkg|jsdelivr")
    for path in (RESOURCES / "manifest.json", RESOURCES / "assets.toml", ROOT / "installer" / "vendor_assets.py"):
        assert not pattern.search(path.read_text(encoding="utf-8")), path


def test_importing_the_kit_loads_only_what_is_used() -> None:
    code = (
        "import sys; from blenddesk.ui import kit; kit.Button; "
        "print('blenddesk.ui.kit.stations' in sys.modules, 'PySide6.QtSvg' in sys.modules); "
        "print(all(hasattr(kit, name) for name in kit.__all__))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]
