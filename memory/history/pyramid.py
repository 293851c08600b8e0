"""Ten minutes to a year: neighbours that are alike become one context of the level above.

OS-1 (arXiv 2311.18251) walks the events of a level in time: an event stays in the running segment
while its summary's cosine to the segment's first is above a threshold, and each segment becomes an
event of the next level. There a language model words all summaries alike. Here they are the
sources' own sentences, which reach the threshold less often. So the neighbours most alike are
merged further until a window holds no more than a few contexts: a year stays small, whatever
happens in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.history import arousal, contexts, keys, untold
from memory.history.contexts import Telling
from memory.history.likeness import Likeness
from memory.history.summaries import Line, extract, fold
from memory.history.windows import PART_OF, Window, window_at
from memory.provenance import sources_of
from memory.records import Kind, Level, Source
from memory.schema import ContextRow

UPPER_LEVELS = tuple(PART_OF)
DETAIL_CHARACTERS = 1_200

_THETA = {Level.TEN_MINUTES: 0.80}
_THETA_ABOVE = 0.85
_MOST = {
    Level.TEN_MINUTES: 3,
    Level.HOUR: 4,
    Level.THREE_HOURS: 4,
    Level.DAY: 6,
    Level.WEEK: 7,
    Level.MONTH: 8,
    Level.YEAR: 12,
}


def due(session: Session, level: Level, until_ns: int, zone: tzinfo) -> Iterator[Window]:
    """Yield the closed windows of a level in which something changed, in time order."""
    last_ns = -1
    for t_ns in untold.marked(session, level, until_ns):
        if t_ns >= last_ns:
            window = window_at(level, t_ns, zone)
            last_ns = window.end_ns
            if window.is_closed(until_ns):
                yield window


def summaries(session: Session, window: Window) -> list[str]:
    """Return what :func:`tell` will compare."""
    return [row.summary for row in _within(session, window, PART_OF[window.level])]


def tell(session: Session, window: Window, likeness: Likeness) -> None:
    """Tell a window anew from the contexts of the level below."""
    untold.clear(session, window.level, window.start_ns, window.end_ns)
    _clear_other_windows(session, window)
    before = {row.id: row for row in _within(session, window, window.level)}
    parts = _within(session, window, PART_OF[window.level])
    for segment in segments(parts, window.level, likeness):
        row = _write(session, window.level, segment)
        before.pop(row.id, None)
    for row in before.values():
        contexts.remove(session, row)


def retell(session: Session, row: ContextRow) -> None:
    """Tell a context anew from those of its parts that are left; drop it where none is."""
    parts = _parts(session, row)
    if not parts:
        contexts.remove(session, row)
        return
    # In place, so that the longer contexts that rest on it still do.
    row.start_ns = parts[0].start_ns
    session.flush()
    _write(session, Level(row.level), parts)


def segments(
    parts: Sequence[ContextRow], level: Level, likeness: Likeness
) -> list[list[ContextRow]]:
    """Put neighbours together that are like the first of them, then the most alike if too many."""
    theta = _THETA.get(level, _THETA_ABOVE)
    runs: list[list[ContextRow]] = []
    for part in parts:
        if runs and likeness.between(part.summary, runs[-1][0].summary) > theta:
            runs[-1].append(part)
        else:
            runs.append([part])
    while len(runs) > _MOST[level]:
        alike = [likeness.between(one[0].summary, two[0].summary) for one, two in pairwise(runs)]
        at = alike.index(max(alike))
        runs[at] += runs.pop(at + 1)
    return runs


def told_lines(parts: Sequence[ContextRow]) -> list[Line]:
    """Return what goes up: everything of a part that moved the wearer, of others the summary.

    The details of what did not move the wearer are dropped before merging, as in OS-1.
    """
    told = []
    for part in parts:
        is_moving = part.arousal > arousal.GATE
        for sentence in contexts.lines(part.detail if is_moving else "") or contexts.lines(
            part.summary
        ):
            loaded = arousal.of_words(sentence) if '"' in sentence else 0.0
            told.append(Line(sentence, (part.arousal + loaded) / 2))
    return fold(told)


def _write(session: Session, level: Level, parts: Sequence[ContextRow]) -> ContextRow:
    start_ns, end_ns = parts[0].start_ns, parts[-1].end_ns
    lines = told_lines(parts)
    kept = set(extract(lines, DETAIL_CHARACTERS))
    told = Telling(
        lines=[line for line in lines if line.text in kept],
        sources=[Source(Kind.CONTEXT, part.id) for part in parts],
        arousal=max(part.arousal for part in parts),
    )
    if level == Level.DAY:
        told.found = keys.of_day(session, start_ns, end_ns, arousal.GATE)
    return contexts.put(session, level, start_ns, end_ns, told)


def _within(session: Session, window: Window, level: Level) -> list[ContextRow]:
    rows = select(ContextRow).where(
        ContextRow.level == level,
        ContextRow.start_ns >= window.start_ns,
        ContextRow.start_ns < window.end_ns,
    )
    return list(session.scalars(rows.order_by(ContextRow.start_ns)))


def _parts(session: Session, row: ContextRow) -> list[ContextRow]:
    ids = [s.id for s in sources_of(session, Source(Kind.CONTEXT, row.id))]
    parts = session.scalars(select(ContextRow).where(ContextRow.id.in_(ids)))
    return sorted(parts, key=lambda part: part.start_ns)


def _clear_other_windows(session: Session, window: Window) -> None:
    """Remove contexts that cross the window's bounds: they were told in another time zone."""
    length_ns = window.end_ns - window.start_ns
    crossing = select(ContextRow).where(
        ContextRow.level == window.level,
        ContextRow.start_ns > window.start_ns - 2 * length_ns,
        ContextRow.start_ns < window.end_ns,
        ContextRow.end_ns > window.start_ns,
        (ContextRow.start_ns < window.start_ns) | (ContextRow.end_ns > window.end_ns),
    )
    for row in session.scalars(crossing.order_by(ContextRow.id)).all():
        outside = [part.start_ns for part in _parts(session, row)]
        untold.mark(
            session,
            window.level,
            [t for t in outside if not window.start_ns <= t < window.end_ns],
        )
        contexts.remove(session, row)
