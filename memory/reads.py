"""Everything that memory answers, as frozen values; nothing here changes what is remembered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from memory import people
from memory.database import Database
from memory.facts.contradictions import contradictions
from memory.history import keys
from memory.people import FACE, VOICE
from memory.reader import Reader
from memory.recall import evidence, notices, search, vectors
from memory.recall.catalogue import Catalogue
from memory.recall.vectors import VectorIndex
from memory.records import (
    Context,
    Contradiction,
    Cue,
    Fact,
    Feeling,
    Hit,
    Key,
    KeyKind,
    Kind,
    Level,
    MemoryStoreError,
    Moment,
    Notice,
    Person,
    Source,
    Spoken,
    Turn,
)
from memory.schema import (
    ContextRow,
    DocumentRow,
    FactRow,
    FeelingRow,
    MomentRow,
    PersonKeyRow,
    PersonRow,
    SightingRow,
    TurnRow,
    UtteranceRow,
)
from perception.events import Embedding

if TYPE_CHECKING:
    # Loading the network's library takes a second that a store without it saves.
    from memory.recall.embedding import Embedder

RECALL_EMBEDS_AT_MOST = 16
_SEARCHED_MOMENTS = 500


class Reads:
    """The reading half of :class:`memory.store.Memory`."""

    def __init__(self, database: Database, media: Path, embedder: Embedder | None) -> None:
        self._database = database
        self._embedder = embedder
        self._catalogue = Catalogue()
        self._index = VectorIndex()
        self.media = media

    @property
    def embedder(self) -> Embedder | None:
        """What finds by meaning, or None where recall goes by words only."""
        return self._embedder

    def recall(self, cue: Cue) -> list[Hit]:
        """Return what fits a cue, best first, each with its evidence; nothing when nothing fits.

        Exchanges with the companion are recalled only when the cue asks for their kind, so that
        a reply never becomes the evidence of the next.
        """
        if cue.text.strip():
            self.embed(RECALL_EMBEDS_AT_MOST)
        with self._database.read() as session:
            return search.recall(session, cue, self._catalogue, self._index, self._embedder)

    def moments(
        self,
        start_ns: int | None = None,
        end_ns: int | None = None,
        person_id: int | None = None,
        text: str = "",
    ) -> list[Moment]:
        """Return moments in time order, of a span, with a person, that fit a text."""
        conditions: list[ColumnElement[bool]] = []
        if start_ns is not None:
            conditions.append(or_(MomentRow.end_ns.is_(None), MomentRow.end_ns > start_ns))
        if end_ns is not None:
            conditions.append(MomentRow.start_ns < end_ns)
        if text.strip():
            hits = self.recall(Cue(text, start_ns, end_ns, limit=_SEARCHED_MOMENTS))
            conditions.append(MomentRow.id.in_({hit.moment_id for hit in hits if hit.moment_id}))
        if person_id is not None:
            conditions.append(_with_person(person_id))
        with self._database.read() as session:
            return self._reader(session).moments(*conditions)

    def moment(self, moment_id: int) -> Moment:
        """Return one moment.

        Raises:
            MemoryStoreError: There is no such moment.
        """
        with self._database.read() as session:
            found = self._reader(session).moments(MomentRow.id == moment_id)
        if not found:
            raise MemoryStoreError(
                "no-such-moment", f"there is no moment {moment_id} (any more): open the day again"
            )
        return found[0]

    def days(self, tz: tzinfo) -> list[date]:
        """Return the local days that hold a moment, first day first."""
        with self._database.read() as session:
            return self._reader(session).days(tz)

    def people(self) -> list[Person]:
        """Return everybody the wearer met, and the wearer once heard or enrolled."""
        with self._database.read() as session:
            return self._reader(session).people()

    def person(self, person_id: int) -> Person:
        """Return one person.

        Raises:
            MemoryStoreError: There is no such person.
        """
        with self._database.read() as session:
            people.require(session, person_id)
            found = self._reader(session).person(person_id)
        assert found is not None  # noqa: S101
        return found

    def text_of(self, source: Source) -> str:
        """Return the sentence under which a row is found, empty where there is none."""
        text = select(DocumentRow.text).where(
            DocumentRow.kind == source.kind, DocumentRow.row_id == source.id
        )
        with self._database.read() as session:
            return session.scalar(text) or ""

    def evidence(self, source: Source) -> Hit | None:
        """Return a row as recall would give it, None where it has nothing to say or is gone."""
        with self._database.read() as session:
            return evidence.evidence(session, source)

    def written(self, lines: Iterable[str], now_ns: int) -> list[Source]:
        """Return the rows of lines of writing that are in view at a time."""
        with self._database.read() as session:
            return evidence.written(session, lines, now_ns)

    def names(self, recording_id: int) -> dict[str, str]:
        """Return who has a name, by the keys that perception uses in a recording."""
        keys = select(PersonKeyRow.key, PersonRow.name).join(
            PersonRow, PersonRow.id == PersonKeyRow.person_id
        )
        here = (PersonKeyRow.recording_id == recording_id) | PersonKeyRow.recording_id.is_(None)
        with self._database.read() as session:
            rows = session.execute(keys.where(here, PersonRow.name != ""))
            return dict(rows.all())

    def spoken(
        self,
        start_ns: int | None = None,
        end_ns: int | None = None,
        person_id: int | None = None,
    ) -> list[Spoken]:
        """Return what was said in a span, by a person, in time order."""
        conditions = _span(UtteranceRow.start_ns, UtteranceRow.end_ns, start_ns, end_ns)
        if person_id is not None:
            conditions.append(UtteranceRow.person_id == person_id)
        with self._database.read() as session:
            return self._reader(session).spoken(*conditions)

    def clearness(self, ids: Iterable[int]) -> dict[int, float]:
        """Return how surely what was said was understood, by the utterance's id, in [0, 1]."""
        with self._database.read() as session:
            return self._reader(session).clearness(ids)

    def feelings(self, start_ns: int | None = None, end_ns: int | None = None) -> list[Feeling]:
        """Return the feelings of a span, in time order."""
        conditions = _span(FeelingRow.start_ns, FeelingRow.end_ns, start_ns, end_ns)
        with self._database.read() as session:
            return self._reader(session).feelings(*conditions)

    def contexts(
        self,
        start_ns: int | None = None,
        end_ns: int | None = None,
        level: Level = Level.MINUTE,
    ) -> list[Context]:
        """Return the contexts of a level within a span, in time order."""
        conditions = _span(ContextRow.start_ns, ContextRow.end_ns, start_ns, end_ns)
        conditions.append(ContextRow.level == level)
        with self._database.read() as session:
            return self._reader(session).contexts(*conditions)

    def keys(self, kind: KeyKind) -> list[Key]:
        """Return the keys of a kind, those that lead to the most minutes first."""
        with self._database.read() as session:
            return keys.counts(session, kind)

    def facts(self, subject: str | int | None = None, at_ns: int | None = None) -> list[Fact]:
        """Return facts about a subject that hold at a time; without a time also closed ones.

        Args:
            subject: ``"wearer"``, a person's id, or a person's label.
            at_ns: A time.
        """
        conditions: list[ColumnElement[bool]] = []
        if at_ns is not None:
            conditions.append(FactRow.valid_from_ns <= at_ns)
            conditions.append(or_(FactRow.valid_until_ns.is_(None), FactRow.valid_until_ns > at_ns))
        if isinstance(subject, int):
            conditions.append(FactRow.subject_id == subject)
        with self._database.read() as session:
            facts = self._reader(session).facts(*conditions)
        return [f for f in facts if not isinstance(subject, str) or f.subject == subject]

    def notices(self, now_ns: int) -> list[Notice]:
        """Return what was said and read in the weeks before a time, oldest first.

        Only what holds words that may bear on the wearer's safety or time is among it.
        """
        with self._database.read() as session:
            return notices.notices(session, now_ns)

    def contradictions(self) -> list[Contradiction]:
        """Return the facts that hold now and do not go together, by whom they are about."""
        told = (FactRow.valid_until_ns.is_(None), FactRow.slot != "", FactRow.value != "")
        with self._database.read() as session:
            reader = self._reader(session)
            about = select(FactRow.id, FactRow.subject_id).where(*told)
            subjects = dict(session.execute(about).all())
            return contradictions(reader.facts(*told), subjects, reader.people())

    def turns(self, start_ns: int | None = None, end_ns: int | None = None) -> list[Turn]:
        """Return the exchanges with the companion of a span, in time order."""
        conditions: list[ColumnElement[bool]] = []
        if start_ns is not None:
            conditions.append(TurnRow.t_ns >= start_ns)
        if end_ns is not None:
            conditions.append(TurnRow.t_ns < end_ns)
        with self._database.read() as session:
            return self._reader(session).turns(*conditions)

    def has_unread(self) -> bool:
        """Tell whether there are utterances in which no model has looked for facts yet."""
        unread = select(UtteranceRow.id).where(
            ~UtteranceRow.is_read, UtteranceRow.person_id.is_not(None)
        )
        with self._database.read() as session:
            return session.scalar(unread.limit(1)) is not None

    def counts(self) -> dict[Kind, int]:
        """Return how many rows of each kind there are."""
        with self._database.read() as session:
            return self._reader(session).counts()

    def known_faces(self) -> list[tuple[str, Embedding]]:
        """Return keys and face vectors of the people the wearer has named."""
        with self._database.read() as session:
            return people.stored_templates(session, FACE)

    def known_voices(self) -> list[tuple[str, Embedding]]:
        """Return keys and voice vectors of the people the wearer has named, and the wearer's."""
        with self._database.read() as session:
            return people.stored_templates(session, VOICE)

    def embed(self, vectors_at_most: int) -> int:
        """Give the newest sentences that have no vector yet one; return how many."""
        if self._embedder is None:
            return 0
        with self._database.read() as session:
            waiting = vectors.pending(session, vectors_at_most)
        if waiting:
            embedded = vectors.embed(self._embedder, waiting)
            with self._database.write() as session:
                vectors.store(session, embedded)
        return len(waiting)

    def count_pending(self) -> int:
        """Return how many sentences have no vector yet and are found by their words only."""
        with self._database.read() as session:
            return vectors.count_pending(session)

    def _reader(self, session: Session) -> Reader:
        return Reader(session, self.media)


def _span(
    start: InstrumentedAttribute[int],
    end: InstrumentedAttribute[int],
    start_ns: int | None,
    end_ns: int | None,
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if start_ns is not None:
        conditions.append(end > start_ns)
    if end_ns is not None:
        conditions.append(start < end_ns)
    return conditions


def _with_person(person_id: int) -> ColumnElement[bool]:
    seen = (
        select(SightingRow.id)
        .where(
            SightingRow.person_id == person_id,
            SightingRow.recording_id == MomentRow.recording_id,
            SightingRow.end_ns > MomentRow.start_ns,
            or_(MomentRow.end_ns.is_(None), SightingRow.start_ns < MomentRow.end_ns),
        )
        .exists()
    )
    heard = (
        select(UtteranceRow.id)
        .where(UtteranceRow.person_id == person_id, UtteranceRow.moment_id == MomentRow.id)
        .exists()
    )
    return or_(seen, heard)
