"""Keeps the database's key for the account of this computer: Windows' DPAPI, macOS' Keychain, else a private file.

The ``keyring`` library does the same and costs 65 ms and eleven packages, one of them OpenSSL's, before the first
window; these are two calls of the system. What a service keeps is read back before it is trusted: where it does not
work (no Keychain to be had over the network, say) the key lies in its file, which only this account may read.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Protocol

from blenddesk.errors import EnvironmentTrouble

log = logging.getLogger(__name__)

KEY_BYTES = 32
KEYCHAIN_TOOL = "/usr/bin/security"
KEYCHAIN_SECONDS = 20
"""The Keychain may ask the person at the screen."""
_PLAIN_LETTERS = 2 * KEY_BYTES


class Service(Protocol):
    """Keeps secrets for the account. Methods raise ``OSError`` when the service is not there or says no."""

    name: str

    def keep(self, key: bytes) -> str:
        """What to write down in place of the key; a word without spaces."""
        ...

    def give(self, kept: str) -> bytes: ...

    def forget(self, kept: str) -> None: ...


def keep(key: bytes) -> str:
    """The first line of a key file: by the account's service where it works, else the key itself."""
    service = service_here()
    if service is not None:
        try:
            kept = service.keep(key)
            if service.give(kept) == key:
                return f"{service.name}:{kept}"
        except (OSError, ValueError) as error:
            log.warning("the account's key service does not work: %s", error)
    return key.hex()


def give(account: str) -> bytes:
    """The key from the first line of a key file. Raises ``EnvironmentTrouble`` (``key_damaged``, ``key_not_ours``)."""
    if is_plain(account):
        return bytes.fromhex(account)
    name, colon, kept = account.partition(":")
    if not colon:
        raise EnvironmentTrouble("key_damaged", path="")
    service = service_here()
    if service is None or service.name != name:
        raise EnvironmentTrouble("key_not_ours", service=name)
    try:
        return _whole(service.give(kept))
    except (OSError, ValueError) as error:
        raise EnvironmentTrouble("key_not_ours", service=name, detail=str(error)) from error


def forget(account: str) -> None:
    """After another line took its place. A service that refuses keeps an old secret, which opened what it opens."""
    name, colon, kept = account.partition(":")
    service = service_here()
    if colon and service is not None and service.name == name:
        try:
            service.forget(kept)
        except OSError as error:
            log.warning("the account's key service does not forget: %s", error)


def is_plain(account: str) -> bool:
    """Whether the line is the key itself, readable by whoever reads the file."""
    return len(account) == _PLAIN_LETTERS and all(letter in "0123456789abcdef" for letter in account)


def _whole(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise EnvironmentTrouble("key_damaged", path="")
    return key


def service_here() -> Service | None:
    if sys.platform == "win32":
        return Dpapi()
    elif sys.platform == "darwin":  # noqa: RET505 - so that the type checker sees one branch for each system
        return Keychain()
    else:
        return None


class Keychain:
    """macOS: an entry of the login keychain. Secrets go in by the tool's input, which no list of processes shows."""

    name = "keychain"

    def __init__(self, tool: str = KEYCHAIN_TOOL) -> None:
        self._tool = tool

    def keep(self, key: bytes) -> str:
        entry = os.urandom(8).hex()
        self._run(["-i"], f"add-generic-password -U -a BlendDesk -s BlendDesk-{entry} -w {key.hex()}\n")
        return entry

    def give(self, kept: str) -> bytes:
        said = self._run(["find-generic-password", "-a", "BlendDesk", "-s", f"BlendDesk-{kept}", "-w"])
        return bytes.fromhex(said.strip())

    def forget(self, kept: str) -> None:
        self._run(["delete-generic-password", "-a", "BlendDesk", "-s", f"BlendDesk-{kept}"])

    def _run(self, arguments: list[str], typed: str = "") -> str:
        import subprocess

        try:
            done = subprocess.run(
                [self._tool, *arguments],
                input=typed,
                capture_output=True,
                text=True,
                timeout=KEYCHAIN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise OSError("the Keychain did not answer") from error
        if done.returncode:
            raise OSError(f"the Keychain said {done.returncode}")
        return done.stdout


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _NO_QUESTIONS = 0x1

    class _Blob(ctypes.Structure):
        _fields_ = [("size", wintypes.DWORD), ("data", ctypes.POINTER(ctypes.c_char))]

    class Dpapi:
        """Windows: encrypted for the account; opens where the account's own password does, on this computer."""

        name = "dpapi"

        def keep(self, key: bytes) -> str:
            return _call("CryptProtectData", key).hex()

        def give(self, kept: str) -> bytes:
            return _call("CryptUnprotectData", bytes.fromhex(kept))

        def forget(self, kept: str) -> None:
            """Nothing is kept anywhere but in the line itself."""

    def _call(function: str, data: bytes) -> bytes:
        crypt32 = ctypes.WinDLL("crypt32", use_last_error=True)
        kernel32 = ctypes.WinDLL("kernel32")
        kernel32.LocalFree.argtypes = [ctypes.c_void_p]
        source = ctypes.create_string_buffer(data, len(data))
        given, made = _Blob(len(data), ctypes.cast(source, ctypes.POINTER(ctypes.c_char))), _Blob()
        call = getattr(crypt32, function)
        if not call(ctypes.byref(given), None, None, None, None, _NO_QUESTIONS, ctypes.byref(made)):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return ctypes.string_at(made.data, made.size)
        finally:
            kernel32.LocalFree(ctypes.cast(made.data, ctypes.c_void_p))
