"""What stays in the frozen program: the parts of Qt in use, and no library that is better the system's own."""

from __future__ import annotations

import ast

import pytest

import build
import pruning

Q = "PySide6/Qt"


@pytest.mark.parametrize(
    "place",
    [
        f"{Q}/plugins/platforms/libqxcb.so",
        f"{Q}/plugins/platforms/libqwayland.so",
        f"{Q}/plugins/platforms/libqoffscreen.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        f"{Q}/plugins/platforms/libqcocoa.dylib",
        f"{Q}/plugins/imageformats/libqsvg.so",
        f"{Q}/plugins/iconengines/libqsvgicon.so",
        f"{Q}/plugins/printsupport/libcupsprintersupport.so",
        f"{Q}/translations/qtbase_es.qm",
        f"{Q}/lib/libQt6Core.so.6",
        "libQt6Core.so.6",
        "PySide6/Qt6Widgets.dll",
        f"{Q}/lib/QtGui.framework/Versions/A/QtGui",
        "PySide6/QtCore.abi3.so",
        "PySide6/QtSvg.pyd",
        f"{Q}/lib/libicudata.so.73",
        "resources/icons/plant.svg",
        "sqlcipher3/_sqlite3.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_kept(place: str) -> None:
    assert pruning.is_kept(place, ["en", "es"])


@pytest.mark.parametrize(
    "place",
    [
        f"{Q}/plugins/platforms/libqvnc.so",
        f"{Q}/plugins/platforms/libqeglfs.so",
        f"{Q}/plugins/sqldrivers/libqsqlite.so",
        f"{Q}/plugins/tls/libqopensslbackend.so",
        f"{Q}/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        f"{Q}/plugins/imageformats/libqwebp.so",
        f"{Q}/translations/qtbase_de.qm",
        f"{Q}/translations/designer_es.qm",
        f"{Q}/lib/libQt6Network.so.6",
        "libQt6Quick.so.6",
        "PySide6/Qt6Qml.dll",
        f"{Q}/lib/QtQuick.framework/Versions/A/QtQuick",
        "PySide6/QtNetwork.abi3.so",
        "PySide6/QtCore.pyi",
        f"{Q}/qml/QtQuick/qmldir",
        "PySide6/opengl32sw.dll",
    ],
)
def test_cut(place: str) -> None:
    assert not pruning.is_kept(place, ["en", "es"])


def test_system_libraries_are_cut_and_what_desktops_lack_is_carried() -> None:
    binaries = [
        ("PySide6/Qt/lib/libQt6XcbQpa.so.6", "/w/libQt6XcbQpa.so.6", "BINARY"),
        ("PySide6/Qt/plugins/printsupport/libcupsprintersupport.so", "/w/libcups.so", "BINARY"),
        ("python3.11/lib-dynload/_lzma.so", "/p/_lzma.so", "EXTENSION"),
        ("_cffi_backend.so", "/w/_cffi_backend.so", "EXTENSION"),
        ("libpython3.11.so.1.0", "/p/libpython3.11.so.1.0", "BINARY"),
        *[
            (name, f"/lib/{name}", "BINARY")
            for name in ("libxcb-cursor.so.0", "libglib-2.0.so.0", "libpcre2-8.so.0", "libcups.so.2")
        ],
        *[(name, f"/lib/{name}", "BINARY") for name in ("libgtk-3.so.0", "liblzma.so.5", "libstdc++.so.6")],
    ]
    imports = {
        "PySide6/Qt/lib/libQt6XcbQpa.so.6": [
            "libxcb-cursor.so.0",
            "libglib-2.0.so.0",
            "libpcre2-8.so.0",
            "libstdc++.so.6",
        ],
        "PySide6/Qt/plugins/printsupport/libcupsprintersupport.so": ["libcups.so.2"],
        "python3.11/lib-dynload/_lzma.so": ["liblzma.so.5"],
        "libglib-2.0.so.0": ["libpcre2-8.so.0", "liblzma.so.5"],
    }
    left = [place for place, _, _ in pruning.without_system_libraries(binaries, imports, {"libglib-2.0.so.0"})]
    assert left == [place for place, _, _ in binaries[:5]] + ["libxcb-cursor.so.0", "liblzma.so.5"]


def test_the_weight_counts_files_and_not_the_links_to_them(tmp_path: build.Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "library.so").write_bytes(b"x" * 1000)
    (tmp_path / "library.so").symlink_to("inner/library.so")
    (tmp_path / "small").write_bytes(b"x")
    assert build.weigh(tmp_path) == 1001
    assert build.heaviest(tmp_path, 1) == [(1000, tmp_path / "inner" / "library.so")]


def test_every_shipped_package_is_known_to_the_licence_collector() -> None:
    text = (build.ROOT / "installer" / "requirements-run.txt").read_text("utf-8")
    names = build.run_time_packages(text)
    assert {"pyside6-essentials", "sqlcipher3", "pynacl"} <= set(names)
    assert build.run_time_packages("a-b==1 \\\n    --hash=sha256:00\nc==2 ; x == 'y' \\\n") == ["a-b", "c"]


def test_a_failing_self_test_fails_the_build(tmp_path: build.Path) -> None:
    program = tmp_path / "blenddesk"
    for code in (0, 3):
        program.write_text(
            f'#!/bin/sh\n[ "$1" = --self-test ] && [ "$QT_QPA_PLATFORM" = offscreen ] && exit {code}\nexit 9\n'
        )
        program.chmod(0o755)
        assert build.self_test(tmp_path) == (0 if code == 0 else 1)


def test_the_program_imports_nothing_that_the_frozen_one_leaves_out() -> None:
    recipe = ast.parse((build.ROOT / "installer" / "blenddesk.spec").read_text("utf-8"))
    (excluded,) = (
        {str(item) for item in ast.literal_eval(node.value)}
        for node in ast.walk(recipe)
        if isinstance(node, ast.keyword) and node.arg == "excludes"
    )
    assert "PySide6.QtNetwork" in excluded
    found = []
    for file in sorted((build.ROOT / "blenddesk").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{name}" for name in names)]
            found += [f"{file.relative_to(build.ROOT)}: {name}" for name in names if excluded & set(_parents(name))]
    assert found == [], "installer/blenddesk.spec leaves these out of the frozen program"


def _parents(name: str) -> list[str]:
    """'a.b.c' -> 'a', 'a.b', 'a.b.c'."""
    parts = name.split(".")
    return [".".join(parts[: count + 1]) for count in range(len(parts))]
