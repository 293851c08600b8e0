"""For how long facts hold: computed anew from who said what when, so that order does not matter.

A slot holds the facts about somebody that answer one question. Within it a speaker's statement
holds until the same speaker says that things have changed, or until the wearer corrects or closes
it. Saying the same again in between is one fact with more sources. Because all of it is computed
from the statements alone, recordings may come in any order, and once a change is forgotten what it
had ended holds again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory import documents
from memory.facts.whereabouts import drop_place, is_misplaced, place_fact
from memory.provenance import add_sources, drop_sources, forget_sources, replace_source, sources_of
from memory.records import Kind, Source
from memory.schema import FactRow, UtteranceRow
from memory.sentences import same_words

# Two sentences of one utterance begin at the same time: their place in it decides.
_Instant = tuple[int, int]
_Wording = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """The facts about one person that answer one question, or that say the same thing.

    Attributes:
        words: Of the statement, where it answers no question.
    """

    subject_id: int | None
    slot: str
    words: str = ""


@dataclass(slots=True)
class _Statement:
    """A fact said at one time, by the utterance that holds it, or by the wearer's own hand."""

    at: _Instant
    row: FactRow
    utterance: UtteranceRow | None


@dataclass(slots=True)
class _Run:
    """The statements of one wording between two changes: one fact."""

    row: FactRow
    statements: list[_Statement] = field(default_factory=list)


def slot_of(row: FactRow) -> Slot:
    """Return where a fact belongs."""
    return Slot(row.subject_id, row.slot, "" if row.slot else same_words(row.statement))


def about(session: Session, person_id: int) -> list[Slot]:
    """Return every slot with facts about a person, or said by them."""
    concerned = (FactRow.subject_id == person_id) | (FactRow.said_by_id == person_id)
    return [slot_of(row) for row in session.scalars(select(FactRow).where(concerned))]


def settle(session: Session, slots: Iterable[Slot]) -> None:
    """Say anew of these slots which facts there are and how long each holds."""
    for slot in dict.fromkeys(slots):
        if rows := _rows(session, slot):
            _Settlement(session, rows).settle()


def _rows(session: Session, slot: Slot) -> Sequence[FactRow]:
    subject = FactRow.subject_id
    about = subject.is_(None) if slot.subject_id is None else subject == slot.subject_id
    told = select(FactRow.id, FactRow.statement).where(about, FactRow.slot == slot.slot)
    ids = [
        row_id
        for row_id, statement in session.execute(told)
        if slot.slot or same_words(statement) == slot.words
    ]
    return session.scalars(select(FactRow).where(FactRow.id.in_(ids)).order_by(FactRow.id)).all()


class _Settlement:
    """The facts of one slot."""

    def __init__(self, session: Session, rows: Sequence[FactRow]) -> None:
        self._session = session
        self._rows = rows
        self._said: dict[_Wording, list[_Statement]] = defaultdict(list)
        for row in rows:
            for statement in self._statements(row):
                self._said[_wording(row)].append(statement)
        for statements in self._said.values():
            statements.sort(key=lambda said: said.at)

    def settle(self) -> None:
        """Give each wording its facts, and each fact its end."""
        taken: set[int] = set()
        ends = self._ends_by_hand()
        for wording, statements in self._said.items():
            changes = sorted({*self._changes(wording), *ends.get(wording, ())})
            for run in self._runs(statements, changes, taken):
                place = bisect_right(changes, run.statements[0].at)
                self._write(run, changes[place][0] if place < len(changes) else None)
        for row in self._rows:
            if row.id not in taken:
                self._fold(row)

    def _statements(self, row: FactRow) -> list[_Statement]:
        if not row.is_quote:
            return [_Statement((row.t_ns, 0), row, None)]
        found = []
        for source in sources_of(self._session, Source(Kind.FACT, row.id)):
            said = (
                self._session.get(UtteranceRow, source.id)
                if source.kind == Kind.UTTERANCE
                else None
            )
            if said is not None:
                at = (said.start_ns, max(said.text.find(row.statement), 0))
                found.append(_Statement(at, row, said))
        return found or [_Statement((row.t_ns, 0), row, None)]

    def _changes(self, wording: _Wording) -> set[_Instant]:
        """Return when the speaker of a wording said otherwise, and that it is a change."""
        row = self._said[wording][0].row
        if not row.slot or row.said_by_id is None:
            return set()
        return {
            said.at
            for other, statements in self._said.items()
            for said in statements
            if other != wording and said.row.is_update and said.row.said_by_id == row.said_by_id
        }

    def _ends_by_hand(self) -> dict[_Wording, set[_Instant]]:
        """Return when the wearer closed or corrected facts, by their wording."""
        ends: dict[_Wording, set[_Instant]] = defaultdict(set)
        for row in self._rows:
            for end_ns in (row.closed_ns, _corrected_ns(self._session, row)):
                if end_ns is not None:
                    ends[_wording(row)].add((end_ns, 0))
        return ends

    def _runs(
        self, statements: list[_Statement], changes: list[_Instant], taken: set[int]
    ) -> list[_Run]:
        runs: dict[int, _Run] = {}
        for said in statements:
            place = bisect_right(changes, said.at)
            if place not in runs:
                row = said.row if said.row.id not in taken else self._copy(said.row)
                taken.add(row.id)
                runs[place] = _Run(row)
            runs[place].statements.append(said)
        return list(runs.values())

    def _copy(self, row: FactRow) -> FactRow:
        kept = {c.key: getattr(row, c.key) for c in FactRow.__table__.columns if c.key != "id"}
        copy = FactRow(**{**kept, "closed_ns": None, "replaces_id": None})
        self._session.add(copy)
        self._session.flush()
        return copy

    def _write(self, run: _Run, end_ns: int | None) -> None:
        row, first = run.row, run.statements[0]
        fact = Source(Kind.FACT, row.id)
        before = _told(row) if documents.is_told(self._session, fact) else None
        if first.utterance is not None:
            sources = [
                Source(Kind.UTTERANCE, s.utterance.id) for s in run.statements if s.utterance
            ]
            if sources_of(self._session, fact) != tuple(sources):
                drop_sources(self._session, fact)
                add_sources(self._session, fact, sources)
                before = None
            if is_misplaced(self._session, row, first.utterance):
                place_fact(self._session, row, first.utterance)
            row.t_ns = row.valid_from_ns = first.utterance.start_ns
            row.confidence = said_confidence(first.utterance)
        row.valid_until_ns = None if end_ns is None else max(end_ns, row.valid_from_ns)
        if _told(row) != before:
            documents.refresh(self._session, [fact])

    def _fold(self, row: FactRow) -> None:
        """Let what rested on a fact rest on the one that says the same."""
        fact = Source(Kind.FACT, row.id)
        twin = self._said[_wording(row)][0].row
        documents.drop(self._session, [fact])
        if twin.id != row.id:
            twin.closed_ns = twin.closed_ns if row.closed_ns is None else row.closed_ns
            for correction in self._session.scalars(
                select(FactRow).where(FactRow.replaces_id == row.id)
            ):
                correction.replaces_id = twin.id
            replace_source(self._session, fact, Source(Kind.FACT, twin.id))
        forget_sources(self._session, fact)
        drop_place(self._session, row.id)
        self._session.delete(row)
        self._session.flush()


def said_confidence(said: UtteranceRow) -> float:
    """Return how sure it is that these words were said, and by this voice."""
    return said.confidence * (said.voice_confidence if said.is_wearer else 1.0)


def _told(row: FactRow) -> tuple[object, ...]:
    """Return what a fact's document shows that can change here."""
    return row.t_ns, row.valid_until_ns


def _corrected_ns(session: Session, row: FactRow) -> int | None:
    corrected = select(FactRow.t_ns).where(FactRow.replaces_id == row.id).order_by(FactRow.t_ns)
    return session.scalar(corrected.limit(1))


def _wording(row: FactRow) -> _Wording:
    """Return what makes two statements one fact: the same words of the same known speaker.

    "He is tall" said twice by somebody may be of two people.
    """
    is_anybodys = row.said_by_id is None or (row.subject_id is None and not row.slot)
    if not row.is_quote or is_anybodys:
        return ("row", row.id)
    return (row.said_by_id, same_words(row.statement))
