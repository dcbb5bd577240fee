"""Which of the files PyInstaller gathers stay in the frozen program: only the parts of Qt that BlendDesk uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

# The Qt libraries behind QtCore, QtGui, QtWidgets, QtSvg, QtPrintSupport and the plugins below.
QT_LIBRARIES = frozenset(
    {"Core", "Gui", "Widgets", "Svg", "PrintSupport", "DBus", "OpenGL", "XcbQpa", "WaylandClient", "WlShellIntegration"}
)
QT_MODULES = frozenset({"QtCore", "QtGui", "QtWidgets", "QtSvg", "QtPrintSupport"})
# Plugin kind -> the plugins kept, by their bare names; None keeps all of a kind. PNG needs no plugin.
QT_PLUGINS: dict[str, frozenset[str] | None] = {
    "platforms": frozenset({"qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"}),
    "imageformats": frozenset({"qsvg", "qjpeg"}),
    "iconengines": frozenset({"qsvgicon"}),
    "platformthemes": frozenset({"qxdgdesktopportal"}),  # the system's own file dialogs
    "platforminputcontexts": frozenset({"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"}),
    "printsupport": None,
    "wayland-shell-integration": frozenset({"xdg-shell"}),
    "wayland-decoration-client": frozenset({"bradient"}),
}
# Always the system's own: the graphics driver loads the same C++ library, and an older one of ours would break it.
SYSTEM_LIBRARIES = frozenset({"libstdc++.so.6", "libgcc_s.so.1"})

_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/([^/]+)/(?:lib)?([^/]+?)(?:\.so|\.dll|\.dylib)$")
_LIBRARY = re.compile(r"(?:^|/)(?:libQt6(\w+?)\.so[.\d]*|Qt6(\w+?)\.dll|Qt(\w+)\.framework(?:/.*)?)$")
_MODULE = re.compile(r"PySide6/(Qt\w+)(?:\.abi3\.so|\.pyd|\.pyi)$")
_TRANSLATION = re.compile(r"PySide6/(?:Qt/)?translations/(.+)$")


def is_kept(place: str, languages: Collection[str]) -> bool:
    """True when the file at `place` (its path in the frozen program) stays; `languages` are codes such as 'es'."""
    place = place.replace("\\", "/")
    if plugin := _PLUGIN.search(place):
        kind, name = plugin.groups()
        return kind in QT_PLUGINS and (QT_PLUGINS[kind] is None or name in (QT_PLUGINS[kind] or ()))
    if translation := _TRANSLATION.search(place):
        return translation[1] in {f"qtbase_{language}.qm" for language in languages}
    if module := _MODULE.search(place):
        return module[1] in QT_MODULES and not place.endswith(".pyi")
    if library := _LIBRARY.search(place):
        return next(name for name in library.groups() if name) in QT_LIBRARIES
    if "PySide6/" in place and ("/qml/" in place or "/metatypes/" in place or "/resources/" in place):
        return False
    return place.rsplit("/", 1)[-1] not in ("opengl32sw.dll", "d3dcompiler_47.dll")


def without_system_libraries(
    binaries: Collection[tuple[str, str, str]], imports: Mapping[str, Collection[str]], base: Collection[str]
) -> list[tuple[str, str, str]]:
    """PyInstaller's list (place, file, kind) without the Linux libraries that are better the system's own.

    `imports`: place -> names of all libraries it links to. Dropped are `base` (what every desktop has, see machine.py),
    what these link to (unless Python itself does), and what no remaining file links to: CUPS and GTK come with the
    printer or the desktop.
    """
    of_python: set[str] = set()
    needed: set[str] = set()
    for place, _, kind in binaries:
        if place.startswith(("python3", "libpython")):
            of_python.update(imports.get(place, ()))
        elif not _is_plain_library(place, kind) and "/printsupport/" not in place:
            needed.update(imports.get(place, ()))
    of_system = {name for library in base for name in imports.get(library, ())}
    carried = ((needed - of_system) | of_python) - set(base) - SYSTEM_LIBRARIES
    return [entry for entry in binaries if not _is_plain_library(entry[0], entry[2]) or entry[0] in carried]


def _is_plain_library(place: str, kind: str) -> bool:
    """True for a library gathered from the system: PyInstaller lays these, and links to them, at the top."""
    return kind == "BINARY" and "/" not in place and not place.startswith("libpython")
