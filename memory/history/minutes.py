"""Minutes of the day: what was looked at, who was there, what was said, read and felt.

A minute is put together from its sources' own words and says nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory import documents
from memory.history import arousal, contexts, phrases, untold
from memory.history.contexts import Telling
from memory.history.summaries import Line
from memory.people import capital, label
from memory.records import KeyKind, Kind, Level, Source
from memory.schema import (
    ContextRow,
    EpisodeRow,
    FeelingRow,
    PersonRow,
    SeenRow,
    SightingRow,
    UtteranceRow,
)
from memory.sentences import is_question
from memory.slots import minute_of
from memory.units import MINUTE_NS

MAX_THINGS = 6
MAX_LINES = 6

# No face stays in view without a break for longer; bounds how far back a minute has to look.
LONGEST_SIGHTING_NS = 60 * MINUTE_NS


def mark(session: Session, start_ns: int, end_ns: int) -> None:
    """Note that something happened or changed within a span."""
    first_ns, last_ns = minute_of(start_ns), minute_of(max(start_ns, end_ns - 1))
    last_ns = min(last_ns, first_ns + LONGEST_SIGHTING_NS)
    untold.mark(session, Level.MINUTE, range(first_ns, last_ns + 1, MINUTE_NS))


def tell(session: Session, start_ns: int) -> None:
    """Tell a minute anew from what is remembered now; drop it where nothing is."""
    told = _Minute(session, start_ns).told
    documents.weigh(session, start_ns, start_ns + MINUTE_NS)
    if told.lines:
        contexts.put(session, Level.MINUTE, start_ns, start_ns + MINUTE_NS, told)
        return
    row = session.scalar(
        select(ContextRow).where(ContextRow.level == Level.MINUTE, ContextRow.start_ns == start_ns)
    )
    if row is not None:
        contexts.remove(session, row)


class _Minute:
    """One minute being told."""

    def __init__(self, session: Session, start_ns: int) -> None:
        self._session = session
        self._start_ns, self._end_ns = start_ns, start_ns + MINUTE_NS
        self._names: list[str] = []
        self.told = Telling()
        self._tell_objects()
        self._tell_people()
        self._tell_writing()
        self._tell_words()
        self._tell_feelings()

    def _add(self, sentence: str, sources: list[Source], moved: float = 0.0) -> None:
        if sources:
            self.told.lines.append(Line(sentence, moved))
            self.told.sources.extend(sources)

    def _key(self, kind: KeyKind, found: Iterable[str]) -> None:
        self.told.found.update((kind, key) for key in found)

    def _tell_objects(self) -> None:
        start_ns, end_ns = self._start_ns, self._end_ns
        episodes = self._session.scalars(
            select(EpisodeRow)
            .where(
                EpisodeRow.key_ns >= start_ns, EpisodeRow.key_ns < end_ns, EpisodeRow.label != ""
            )
            .order_by(EpisodeRow.key_ns, EpisodeRow.id)
        ).all()
        seen = self._attended(Kind.OBJECT)
        labels = [e.label for e in episodes] + [s.text for s in seen]
        things = list(dict.fromkeys(labels))[:MAX_THINGS]
        sources = [Source(Kind.MOMENT, e.moment_id) for e in episodes if e.label in things]
        sources += [Source(Kind.OBJECT, s.id) for s in seen if s.text in things]
        self._add(f"You looked at: {', '.join(things)}.", sources)
        self._key(KeyKind.OBJECT, things)
        self._key(KeyKind.ACTIVITY, phrases.activities(things))

    def _tell_people(self) -> None:
        rows = self._session.execute(
            select(SightingRow, PersonRow)
            .join(PersonRow, PersonRow.id == SightingRow.person_id)
            .where(
                SightingRow.start_ns < self._end_ns,
                SightingRow.start_ns >= self._start_ns - LONGEST_SIGHTING_NS,
                SightingRow.end_ns > self._start_ns,
            )
            .order_by(SightingRow.start_ns, SightingRow.id)
        ).all()
        self._names = list(dict.fromkeys(label(person) for _, person in rows))
        sources = [Source(Kind.SIGHTING, sighting.id) for sighting, _ in rows]
        self._add(f"You saw: {', '.join(self._names)}.", sources)
        self._key(KeyKind.PERSON, self._names)

    def _tell_writing(self) -> None:
        rows = sorted(self._attended(Kind.TEXT), key=lambda row: (-row.confidence, row.id))
        written = [row.text for row in rows[:MAX_LINES]]
        sources = [Source(Kind.TEXT, row.id) for row in rows[:MAX_LINES]]
        self._add(f"You read: {' / '.join(written)}.", sources)
        for line in written:
            self._key(KeyKind.PLACE, phrases.places_written(line))

    def _tell_words(self) -> None:
        rows = self._session.scalars(
            select(UtteranceRow)
            .where(UtteranceRow.start_ns >= self._start_ns, UtteranceRow.start_ns < self._end_ns)
            .order_by(UtteranceRow.start_ns, UtteranceRow.id)
        ).all()
        # What the wearer asked the companion is a turn, not an event of the day.
        told = [row for row in rows if not (row.is_wearer and is_question(row.text))]
        for row in told:
            speaker = self._session.get(PersonRow, row.person_id) if row.person_id else None
            if speaker is not None and not speaker.is_wearer:
                self._names.append(label(speaker))
            moved = arousal.of(self._session, row.start_ns, row.end_ns, row.text)
            said = f'{capital(label(speaker))} said: "{row.text}"'
            self._add(said, [Source(Kind.UTTERANCE, row.id)], moved)
            self.told.arousal = max(self.told.arousal, moved)
        self._key_words(" ".join(row.text for row in told))

    def _key_words(self, words: str) -> None:
        self._key(KeyKind.PERSON, self._names)
        self._key(KeyKind.PLACE, phrases.places(words, self._names))
        self._key(KeyKind.ACTIVITY, phrases.activities(phrases.ngrams(words, most=1)))
        self._key(KeyKind.TOPIC, phrases.topics(words))

    def _tell_feelings(self) -> None:
        rows = self._session.scalars(
            select(FeelingRow)
            .where(FeelingRow.peak_ns >= self._start_ns, FeelingRow.peak_ns < self._end_ns)
            .order_by(FeelingRow.peak_ns, FeelingRow.id)
        ).all()
        moved = max((row.arousal for row in rows), default=0.0)
        self.told.arousal = moved if rows else self.told.arousal
        emotions = list(dict.fromkeys(row.emotion for row in rows))
        sources = [Source(Kind.FEELING, row.id) for row in rows]
        self._add(f"You seemed {', then '.join(emotions)}.", sources, moved)

    def _attended(self, kind: Kind) -> list[SeenRow]:
        rows = select(SeenRow).where(
            SeenRow.kind == kind,
            SeenRow.is_attended,
            SeenRow.t_ns >= self._start_ns,
            SeenRow.t_ns < self._end_ns,
        )
        return list(self._session.scalars(rows.order_by(SeenRow.t_ns, SeenRow.id)))
