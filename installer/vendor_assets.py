"""Fetch fonts, icons, pictures and word lists from their packages, write them with a manifest, or check what is here.

    python installer/vendor_assets.py write [--packages FOLDER]   fetch the packages, write files and manifest.json
    python installer/vendor_assets.py check [--packages FOLDER]   compare every file with the packages; 1 = different

``resources/assets.toml`` says which packages, versions and names. Packages come through ``npm pack`` (node is
needed for this script only, never to run the program) or from ``--packages``, a folder that holds the .tgz files.
Files go in unmodified: the Andika licence reserves its name for the unchanged font. The pictures' package keeps
all drawings in one JSON, so each becomes an .svg of its own around the unchanged drawing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
MANIFEST = RESOURCES / "manifest.json"
OWNED_FOLDERS = ("fonts", "icons", "pictures", "words")
OWN_WORK = "own work"

FONT_MEMBERS = {
    "lexend": {
        "Lexend-Regular.ttf": "400Regular/Lexend_400Regular.ttf",
        "Lexend-Bold.ttf": "700Bold/Lexend_700Bold.ttf",
    },
    "andika": {"Andika-Regular.ttf": "Andika_400Regular.ttf", "Andika-Bold.ttf": "Andika_700Bold.ttf"},
    "noto-naskh-arabic": {
        "NotoNaskhArabic-Regular.ttf": "400Regular/NotoNaskhArabic_400Regular.ttf",
        "NotoNaskhArabic-Bold.ttf": "700Bold/NotoNaskhArabic_700Bold.ttf",
    },
    "noto-sans-arabic": {
        "NotoSansArabic-Regular.ttf": "400Regular/NotoSansArabic_400Regular.ttf",
        "NotoSansArabic-Bold.ttf": "700Bold/NotoSansArabic_700Bold.ttf",
    },
}
FLUENT_LICENCE = """MIT License

Copyright (c) Microsoft Corporation.

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file to ship: its path under resources, its bytes and the key of the package it came from."""

    path: str
    data: bytes
    package: str


def _fetch(spec: str, into: Path) -> Path:
    """The .tgz of ``name@version``, through npm's own client."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed; give --packages FOLDER with the .tgz files instead.")
    done = subprocess.run([npm, "pack", "--silent", spec], cwd=into, capture_output=True, text=True, check=True)
    return into / done.stdout.strip().splitlines()[-1]


def _archive(package: dict[str, str], folder: Path | None, scratch: Path) -> Path:
    file_name = f"{package['name'].lstrip('@').replace('/', '-')}-{package['version']}.tgz"
    if folder is not None:
        path = folder / file_name
        if not path.is_file():
            raise SystemExit(f"{path} is missing.")
        return path
    return _fetch(f"{package['name']}@{package['version']}", scratch)


def _read(archive: Path, member: str) -> bytes:
    with tarfile.open(archive) as tar:
        stream = tar.extractfile(f"package/{member}")
        assert stream is not None, member
        return stream.read()


def _read_icons(archive: Path, wanted: dict[str, list[str]]) -> Iterator[Asset]:
    members = {}
    for weight, names in wanted.items():
        suffix = "" if weight == "regular" else f"-{weight}"
        for name in names:
            members[f"package/assets/{weight}/{name}{suffix}.svg"] = f"icons/{weight}/{name}.svg"
    with tarfile.open(archive) as tar:
        for entry in tar:
            path = members.pop(entry.name, None)
            if path is not None:
                stream = tar.extractfile(entry)
                assert stream is not None
                yield Asset(path, stream.read(), "phosphor")
    if members:
        raise SystemExit(f"The icon package has no {sorted(members)}.")


def _embedded_licence(font: bytes) -> bytes:
    """The licence text inside a TrueType file (name record 13): Andika's package carries none beside it."""
    from io import BytesIO

    from fontTools.ttLib import TTFont

    names = TTFont(BytesIO(font))["name"]
    return (str(names.getName(13, 3, 1, 0x409)).replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n").encode()


def vendored(wanted: dict[str, Any], folder: Path | None) -> Iterator[Asset]:
    """Every file that comes from a package, read from the packages."""
    with tempfile.TemporaryDirectory() as name:
        archives = {key: _archive(package, folder, Path(name)) for key, package in wanted["packages"].items()}
        for key, members in FONT_MEMBERS.items():
            fonts = {file: _read(archives[key], member) for file, member in members.items()}
            for file, data in fonts.items():
                yield Asset(f"fonts/{file}", data, key)
            family = next(iter(members)).split("-")[0]
            text = (
                _embedded_licence(next(iter(fonts.values())))
                if key == "andika"
                else _read(archives[key], "LICENSE_FONT")
            )
            yield Asset(f"fonts/LICENSE-{family}.txt", text, key)
        yield Asset("icons/LICENSE-Phosphor.txt", _read(archives["phosphor"], "LICENSE"), "phosphor")
        yield from _read_icons(archives["phosphor"], {w: names.split() for w, names in wanted["icons"].items()})
        yield Asset("words/LICENSE-bip39.txt", _read(archives["words"], "LICENSE"), "words")
        for language in wanted["words"]["lists"].split():
            yield Asset(f"words/{language}.json", _read(archives["words"], f"src/wordlists/{language}.json"), "words")
        yield Asset("pictures/LICENSE-FluentEmoji.txt", FLUENT_LICENCE.encode(), "fluent")
        drawings = json.loads(_read(archives["fluent"], "icons.json"))["icons"]
        names = {n for key, group in wanted["pictures"].items() if key != "own" for n in group.split()}
        for picture in sorted(names):
            body = drawings[picture]["body"]
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{body}</svg>\n'
            yield Asset(f"pictures/{picture}.svg", svg.encode(), "fluent")


def own_files(wanted: dict[str, Any]) -> list[str]:
    """Paths of the drawings made for this program; they are edited by hand and only listed."""
    return ["icons/app.svg", *(f"pictures/{name}.svg" for name in wanted["pictures"]["own"].split())]


def manifest_of(wanted: dict[str, Any], assets: list[Asset]) -> dict[str, Any]:
    """The manifest: per file its package, version, licence and sha256, sorted by path."""
    rows = {}
    for asset in assets:
        package = wanted["packages"][asset.package]
        rows[asset.path] = {
            "package": package["name"],
            "version": package["version"],
            "licence": package["licence"],
            "sha256": hashlib.sha256(asset.data).hexdigest(),
        }
    for path in own_files(wanted):
        digest = hashlib.sha256((RESOURCES / path).read_bytes()).hexdigest()
        rows[path] = {"package": OWN_WORK, "version": "", "licence": "MIT", "sha256": digest}
    return {"files": dict(sorted(rows.items()))}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["write", "check"])
    parser.add_argument("--packages", type=Path, help="folder with the .tgz files, instead of fetching them")
    options = parser.parse_args(arguments)
    wanted = tomllib.loads((RESOURCES / "assets.toml").read_text(encoding="utf-8"))
    assets = list(vendored(wanted, options.packages))
    text = json.dumps(manifest_of(wanted, assets), indent=1, ensure_ascii=False) + "\n"
    expected = {asset.path: asset.data for asset in assets}
    keep = {*expected, *own_files(wanted)}
    present = {
        p.relative_to(RESOURCES).as_posix() for f in OWNED_FOLDERS for p in (RESOURCES / f).rglob("*") if p.is_file()
    }
    if options.what == "write":
        for path, data in expected.items():
            target = RESOURCES / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        for path in sorted(present - keep):
            (RESOURCES / path).unlink()
            print("removed", path)
        MANIFEST.write_text(text, encoding="utf-8")
        print(f"{len(expected)} files written, {len(keep) - len(expected)} of our own listed.")
        return 0
    different = sorted(p for p, data in expected.items() if p in present and (RESOURCES / p).read_bytes() != data)
    for label, paths in (
        ("different", different),
        ("missing", sorted(keep - present)),
        ("unlisted", sorted(present - keep)),
    ):
        for path in paths:
            print(label, path)
    stale = not MANIFEST.is_file() or MANIFEST.read_text(encoding="utf-8") != text
    if stale:
        print("different manifest.json")
    return 1 if stale or different or present != keep else 0


if __name__ == "__main__":
    sys.exit(main())
