"""Which of the files PyInstaller gathers stay in the frozen program: only the parts of Qt that BlendDesk uses."""

from __future__ import annotations

import re
from collections.abc import Collection

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
# Brought by the system wherever there is a printer or a network log-in; carrying our own would clash with them.
SYSTEM_LIBRARIES = ("libcups.", "libgssapi", "libkrb5", "libk5crypto", "libgnutls", "libavahi", "libgtk", "libgdk")

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
    name = place.rsplit("/", 1)[-1]
    return not name.startswith(SYSTEM_LIBRARIES) and name not in ("opengl32sw.dll", "d3dcompiler_47.dll")
