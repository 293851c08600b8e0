"""The one window with its faces: the live companion, the life-log and the reflection."""

from __future__ import annotations

import ctypes.util
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.companion.presenter import CompanionPresenter, Recording
from app.companion.reasons import reasons_of
from app.companion.state import LoopSnapshot
from app.lifelog.presenter import LifelogPresenter
from app.loop import LoopReport
from app.reflection.presenter import ReflectionPresenter
from app.widgets.window import prepare
from assets.errors import AttuneError
from memory.store import Memory

if TYPE_CHECKING:
    # Kivy opens its window on import, and must be prepared before.
    from app.session import Session
    from app.shell import AttuneApp, Face

COMPANION, LIFELOG, REFLECTION = "companion", "life-log", "reflection"


class WindowError(AttuneError):
    """No window can be opened here."""


def open_face(face: str, memory: Memory) -> None:
    """Open the window with the life-log and the reflection; return once it is closed.

    Args:
        face: ``"life-log"`` or ``"reflection"``, the one to start with.
        memory: What to look back on.

    Raises:
        WindowError: There is no display or no OpenGL.
    """
    review_app(memory, face).run()


def run_companion(
    start: Callable[[Callable[[LoopSnapshot], None]], Session], memory: Memory
) -> LoopReport:
    """Open the window with all faces and run a session behind it, until it is closed.

    Args:
        start: Makes the session from what takes its snapshots.
        memory: What the session remembers into.

    Raises:
        WindowError: There is no display or no OpenGL.
        AttuneError: Whatever ended the session early; the window has shown it.
    """
    session = start(_let_go)
    presenter = CompanionPresenter(
        session.snapshot, session.send, explain=lambda turn_id: reasons_of(memory, turn_id)
    )
    app = companion_app(presenter, memory)
    running = _Running(session)
    running.start()
    app.watch(running.news)
    try:
        app.run()
    finally:
        running.stop()
    return running.report()


def review_app(memory: Memory, face: str = LIFELOG) -> AttuneApp:
    """Make the window of the two faces that look back.

    Raises:
        WindowError: There is no display or no OpenGL.
    """
    _require_window()
    from app.companion.sign import RecordingSign
    from app.shell import AttuneApp

    return AttuneApp(_review_faces(memory), face, lambda: RecordingSign(lambda: Recording.OFF))


def companion_app(presenter: CompanionPresenter, memory: Memory) -> AttuneApp:
    """Make the window of all three faces, the live one first.

    Raises:
        WindowError: There is no display or no OpenGL.
    """
    _require_window()
    from app.companion.sign import RecordingSign
    from app.companion.view import CompanionView
    from app.shell import AttuneApp, Face

    def watch(moment_id: int) -> None:
        app.choose(LIFELOG)
        app.view(LIFELOG).open_moment(moment_id)

    live = Face(COMPANION, "Companion", "companion", lambda: CompanionView(presenter, watch))
    sign = lambda: RecordingSign(presenter.recording)  # noqa: E731 - made when the window is
    app = AttuneApp([live, *_review_faces(memory)], COMPANION, sign)
    return app


class _Running:
    """A session on its own thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._thread = threading.Thread(target=self._run, name="session")
        self._report: LoopReport | None = None
        self._error: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def news(self) -> str:
        """What broke the session off, or an empty string."""
        return str(self._error) if self._error is not None else ""

    def stop(self) -> None:
        self._session.stop()
        self._thread.join()

    def report(self) -> LoopReport:
        if self._error is not None:
            raise self._error
        assert self._report is not None  # noqa: S101 - a run ends with a report or an error
        return self._report

    def _run(self) -> None:
        try:
            self._report = self._session.run()
        except BaseException as error:  # raised again where the window is closed
            self._error = error


def _review_faces(memory: Memory) -> list[Face]:
    from app.lifelog.view import LifelogView
    from app.reflection.view import ReflectionView
    from app.shell import Face

    return [
        Face(LIFELOG, "Life-log", "lifelog", lambda: LifelogView(LifelogPresenter(memory))),
        Face(
            REFLECTION,
            "Reflection",
            "reflection",
            lambda: ReflectionView(ReflectionPresenter(memory)),
        ),
    ]


def _require_window() -> None:
    if sys.platform == "linux":
        _require_display()
    prepare()
    from kivy.core.window import Window

    if Window is None:
        raise WindowError(
            "no-display",
            f"the display {os.environ.get('DISPLAY', '')!r} cannot be opened: check that it runs, "
            "and run `sudo apt-get install libgl1-mesa-dri` where it has no OpenGL driver",
        )


def _require_display() -> None:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise WindowError(
            "no-display",
            "there is no display for a window: start it in a desktop session, or run "
            "`sudo apt-get install xvfb libgl1-mesa-dri` once and put `xvfb-run -a` in front",
        )
    if not ctypes.util.find_library("GL"):
        raise WindowError(
            "no-display",
            "there is no OpenGL for a window: run `sudo apt-get install libgl1 libgl1-mesa-dri`",
        )


def _let_go(_: LoopSnapshot) -> None:
    """Let a snapshot go; the window polls for one whenever it is ready to draw."""
