"""From what a person asks to forget to what memory is asked to forget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.settings import SettingsError
from memory.records import Selection
from memory.store import Memory


def selection(
    moments: Sequence[int],
    people: Sequence[int],
    since: datetime | None,
    until: datetime | None,
    everything: bool,
) -> Selection:
    """Build a selection from options.

    Raises:
        SettingsError: Nothing was chosen.
    """
    try:
        return Selection(tuple(moments), tuple(people), _ns(since), _ns(until), everything)
    except ValueError as error:
        raise SettingsError("nothing-chosen", f"{error}; see `attune forget --help`") from error


def describe(chosen: Selection, memory: Memory) -> str:
    """Say in words what a selection covers."""
    if chosen.everything:
        return "everything"
    parts = [f"moment {moment_id}" for moment_id in chosen.moment_ids]
    parts += [memory.person(person_id).label for person_id in chosen.person_ids]
    if chosen.start_ns is not None:
        parts.append(f"what happened since {_words(chosen.start_ns)}")
    if chosen.end_ns is not None:
        parts.append(f"what happened before {_words(chosen.end_ns)}")
    return ", ".join(parts)


def _ns(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.replace(tzinfo=UTC).timestamp() * 1e9)


def _words(t_ns: int) -> str:
    return datetime.fromtimestamp(t_ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
