"""Planning while nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Callable

from llm.companion import Companion


class Planning:
    """Lets the companion plan its next turn on a thread of its own, and stops it at once.

    A replay may be faster or slower than the planning would be, so there rules plan at once: the
    same recording then always gives the same replies.

    Args:
        companion: Who plans.
    """

    def __init__(self, companion: Companion) -> None:
        self._companion = companion
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def by_rules(self) -> None:
        """Plan now, without the model."""
        self._companion.plan_by_rules()

    def begin(self, is_busy: Callable[[], bool]) -> None:
        """Plan with the model, as long as nothing heavier is to be done.

        Args:
            is_busy: Asked again and again; heavy perception waits for the processor.
        """
        self.close()
        self._stopped.clear()

        def plan() -> None:
            self._companion.plan(lambda: self._stopped.is_set() or is_busy())

        self._thread = threading.Thread(target=plan, name="planning", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave the model to somebody who waits for it; returns at once."""
        self._stopped.set()

    def close(self) -> None:
        """Stop, and return when the model is free."""
        self.stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
