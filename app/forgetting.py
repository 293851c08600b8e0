"""From what a person asks to forget to what memory is asked to forget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.settings import SettingsError
from app.widgets import words
from memory.records import ForgetReport, Kind, Selection
from memory.store import Memory

_NOUNS: dict[Kind, tuple[str, ...]] = {
    Kind.MOMENT: ("moment",),
    Kind.PERSON: ("person", "people"),
    Kind.UTTERANCE: ("spoken sentence",),
    Kind.SIGHTING: ("sighting of a person", "sightings of people"),
    Kind.OBJECT: ("thing seen", "things seen"),
    Kind.TEXT: ("line of writing", "lines of writing"),
    Kind.FEELING: ("feeling",),
    Kind.FACT: ("fact that rests on it", "facts that rest on it"),
    Kind.TURN: ("answer that rests on it", "answers that rest on it"),
    Kind.CONTEXT: ("summary", "summaries"),
    Kind.DWELL: ("long look",),
    Kind.EYE_RATES: ("minute of eye movements", "minutes of eye movements"),
}


def selection(
    moments: Sequence[int],
    people: Sequence[int],
    places: Sequence[str],
    topics: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    everything: bool,
) -> Selection:
    """Build a selection from options.

    Raises:
        SettingsError: Nothing was chosen.
    """
    try:
        return Selection(
            moment_ids=tuple(moments),
            person_ids=tuple(people),
            start_ns=_ns(since),
            end_ns=_ns(until),
            places=tuple(places),
            topics=tuple(topics),
            everything=everything,
        )
    except ValueError as error:
        raise SettingsError("nothing-chosen", f"{error}; see `attune forget --help`") from error


def describe(chosen: Selection, memory: Memory) -> str:
    """Say in words what a selection covers; each condition narrows the others."""
    if chosen.everything:
        return "everything"
    conditions = [
        [f"moment {moment_id}" for moment_id in chosen.moment_ids],
        [memory.person(person_id).label for person_id in chosen.person_ids],
        [f'the place "{place}"' for place in chosen.places],
        [f'the topic "{topic}"' for topic in chosen.topics],
        [] if chosen.start_ns is None else [f"what happened since {_words(chosen.start_ns)}"],
        [] if chosen.end_ns is None else [f"what happened before {_words(chosen.end_ns)}"],
    ]
    return ", only ".join(" or ".join(names) for names in conditions if names)


def losses(report: ForgetReport) -> tuple[str, ...]:
    """Say what a deletion takes, kind by kind."""
    rows = [
        words.counted(report.rows[kind], *nouns)
        for kind, nouns in _NOUNS.items()
        if report.rows.get(kind)
    ]
    media = words.counted(report.files, "clip or picture", "clips, gaze paths and pictures")
    size = f" ({report.media_bytes / 1e6:.1f} MB)"
    return (*rows, *([media + size] if report.files else ()))


def _ns(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.replace(tzinfo=UTC).timestamp() * 1e9)


def _words(t_ns: int) -> str:
    return datetime.fromtimestamp(t_ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
