"""Puts what the loop passes on into memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from rich.progress import Progress

from app.settings import Settings
from app.terminal import console
from app.widgets.words import MACHINE_ZONE
from firmware_bridge.packets import AudioChunk, GazeSample, SceneFrame
from memory.clips.film import Film
from memory.recall.embedding import Mpnet
from memory.records import Moment
from memory.store import KEEP_DETAILS_NS, Memory
from perception.events import Event, SnippetClosed

_CONSOLIDATE_EVERY_NS = 60_000_000_000
_MADE_AT_ONCE = 64
_EVENTS = get_args(Event)


def open_memory(settings: Settings, by_meaning: bool = False) -> Memory:
    """Open the store, made first where it is missing.

    Args:
        settings: Where it lies.
        by_meaning: Recall by meaning too; needs the asset ``mpnet``. What no vector finds yet, as
            all that an earlier release remembered, gets one now, with a bar that counts it.

    Raises:
        MemoryStoreError: The store cannot be opened.
        AssetError: The weights have not been fetched.
    """
    memory = Memory.open(settings.database, settings.media, Mpnet() if by_meaning else None)
    if by_meaning:
        _catch_up(memory)
    return memory


def _catch_up(memory: Memory) -> None:
    """Make everything findable by meaning; what is made is kept when this is interrupted."""
    waiting = memory.count_pending()
    if waiting <= _MADE_AT_ONCE:  # recall sees to a few
        return
    with Progress(console=console, transient=True) as bars:
        task = bars.add_task("making memories findable by meaning", total=waiting)
        while made := memory.embed(_MADE_AT_ONCE):
            bars.update(task, advance=made)


class Remembering:
    """A sink of the loop: every event into memory; pictures, sound and gaze past the film.

    Args:
        memory: Has a recording begun.
        on_moment: Told of each moment that is complete.
        details_ns: How long the details of what did not move the wearer are kept.
    """

    def __init__(
        self,
        memory: Memory,
        on_moment: Callable[[Moment], None],
        details_ns: int = KEEP_DETAILS_NS,
    ) -> None:
        self._memory = memory
        self._details_ns = details_ns
        self._film = Film(memory)
        self._on_moment = on_moment
        self._consolidated_ns: int | None = None

    def __call__(self, item: Any) -> None:  # noqa: ANN401 - every packet and event passes here
        """Take in a packet or an event."""
        if isinstance(item, SceneFrame | AudioChunk | GazeSample):
            self._film.update(item)
            self._consolidate(item.t_ns)
        elif isinstance(item, _EVENTS):
            source = self._memory.record(item)
            self._film.on_event(item, source)
            if isinstance(item, SnippetClosed) and source is not None:
                self._on_moment(self._memory.moment(source.id))

    def close(self, until_ns: int) -> None:
        """Finish the open clip and write the last minutes."""
        self._film.close()
        self._memory.consolidate(until_ns, MACHINE_ZONE, self._details_ns)

    def _consolidate(self, t_ns: int) -> None:
        if self._consolidated_ns is None:
            self._consolidated_ns = t_ns
        if t_ns - self._consolidated_ns >= _CONSOLIDATE_EVERY_NS:
            self._memory.consolidate(t_ns, MACHINE_ZONE, self._details_ns)
            self._consolidated_ns = t_ns
