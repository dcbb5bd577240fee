"""The heavy part of an open device, made in a thread once its window has been painted."""

from __future__ import annotations

import threading
from collections.abc import Callable

from blenddesk.errors import Refusal
from blenddesk.services.context import Core


class LoadBehind:
    """The heavy part of a context: begun after the first paint, or by whoever asks for it before that."""

    def __init__(self, make: Callable[[], Core]) -> None:
        self._make = make
        self._begun = threading.Lock()
        self._ended = threading.Event()
        self._core: Core | None = None
        self._error: BaseException | None = None

    def begin(self) -> None:
        if self._begun.acquire(blocking=False):
            threading.Thread(target=self._work, name="load", daemon=True).start()

    def forget(self) -> None:
        """Lets go of the keys and of what makes them; asked again, it says that the data is locked."""
        self._make, self._core, self._error = _locked, None, Refusal("locked", path="")

    def __call__(self) -> Core:
        """Waits for it. Raises what went wrong in the thread."""
        self.begin()
        self._ended.wait()
        if self._core is None:
            assert self._error is not None
            raise self._error
        return self._core

    def _work(self) -> None:
        try:
            self._core = self._make()
        except BaseException as error:  # noqa: BLE001 - handed on to whoever asks
            self._error = error
        finally:
            self._ended.set()


def _locked() -> Core:
    raise Refusal("locked", path="")
