"""Deletion that reaches everything derived: rows, words, vectors, clips, pictures, summaries.

What rests on a deleted row alone goes with it. What rests on other rows too is told anew from
those: a minute without the deleted words, a name no longer heard, a feeling without its cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from memory import consolidate, documents
from memory.gaze_track import track_beside
from memory.provenance import derived_from, forget_sources, sources_of
from memory.reader import Reader
from memory.records import Kind, Selection, Source
from memory.schema import (
    Base,
    ContextRow,
    DroppedDocumentRow,
    DwellRow,
    EyeMovementRatesRow,
    FactRow,
    FeelingRow,
    ForgottenRow,
    MomentRow,
    PersonKeyRow,
    PersonRow,
    RecordingRow,
    RevisionRow,
    SeenRow,
    SightingRow,
    TurnRow,
    UtteranceRow,
)
from memory.slots import LAST_NS
from memory.validity import Slot, settle, slot_of
from perception.events import CauseKind

_TABLES: dict[Kind, type[Base]] = {
    Kind.MOMENT: MomentRow,
    Kind.PERSON: PersonRow,
    Kind.SIGHTING: SightingRow,
    Kind.OBJECT: SeenRow,
    Kind.TEXT: SeenRow,
    Kind.UTTERANCE: UtteranceRow,
    Kind.FEELING: FeelingRow,
    Kind.CONTEXT: ContextRow,
    Kind.FACT: FactRow,
    Kind.TURN: TurnRow,
    Kind.DWELL: DwellRow,
    Kind.EYE_RATES: EyeMovementRatesRow,
}


class Forgetting:
    """One deletion within one transaction.

    Attributes:
        rows: How many rows went, by kind.
        files: Media files to delete once the transaction is committed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._doomed: dict[Source, None] = {}
        self._retold: dict[Source, None] = {}
        self._contexts: set[int] = set()
        self._slots: dict[Slot, None] = {}
        self.rows: Counter[Kind] = Counter()
        self.files: list[str] = []

    def forget(self, selection: Selection) -> None:
        """Delete what a selection names, and everything derived from it."""
        if selection.everything:
            self._forget_everything()
            return
        for root in self._roots(selection):
            self._doom(root)
        self._bury(selection)
        self._strip_media(selection)
        self._delete()

    def _roots(self, selection: Selection) -> Iterable[Source]:
        session = self._session
        has_span = selection.start_ns is not None or selection.end_ns is not None
        is_whole = not selection.moment_ids and not has_span
        if not selection.person_ids:
            seen = _overlap(SeenRow.t_ns, SeenRow.t_ns, selection)
            if selection.moment_ids:
                seen.append(SeenRow.moment_id.in_(selection.moment_ids))
            for row_id, kind in session.execute(select(SeenRow.id, SeenRow.kind).where(*seen)):
                yield Source(Kind(kind), row_id)
            yield from self._lasting(Kind.FEELING, FeelingRow, selection)
            yield from self._gaze(Kind.DWELL, DwellRow, selection)
            yield from self._gaze(Kind.EYE_RATES, EyeMovementRatesRow, selection)
        yield from self._lasting(Kind.SIGHTING, SightingRow, selection)
        yield from self._lasting(Kind.UTTERANCE, UtteranceRow, selection)
        if selection.person_ids:
            yield from (Source(Kind.PERSON, p) for p in selection.person_ids if is_whole)
            return
        moments = _overlap(MomentRow.start_ns, MomentRow.end_ns, selection)
        if selection.moment_ids:
            moments.append(MomentRow.id.in_(selection.moment_ids))
        for row_id in session.scalars(select(MomentRow.id).where(*moments)):
            yield Source(Kind.MOMENT, row_id)
        if not selection.moment_ids:
            turns = _overlap(TurnRow.t_ns, TurnRow.t_ns, selection)
            for row_id in session.scalars(select(TurnRow.id).where(*turns)):
                yield Source(Kind.TURN, row_id)
            # Quoted facts go with the utterances that they quote.
            told = [*_overlap(FactRow.t_ns, FactRow.t_ns, selection), ~FactRow.is_quote]
            for row_id in session.scalars(select(FactRow.id).where(*told)):
                yield Source(Kind.FACT, row_id)

    def _lasting(
        self,
        kind: Kind,
        table: type[FeelingRow] | type[SightingRow] | type[UtteranceRow],
        selection: Selection,
    ) -> Iterable[Source]:
        conditions = _overlap(table.start_ns, table.end_ns, selection)
        if selection.moment_ids:
            conditions.append(table.moment_id.in_(selection.moment_ids))
        if selection.person_ids and not issubclass(table, FeelingRow):
            conditions.append(table.person_id.in_(selection.person_ids))
        rows = self._session.scalars(select(table.id).where(*conditions).order_by(table.id))
        return [Source(kind, row_id) for row_id in rows]

    def _gaze(
        self, kind: Kind, table: type[DwellRow] | type[EyeMovementRatesRow], selection: Selection
    ) -> Iterable[Source]:
        """Return what the eyes did within a span, or while the chosen moments lasted."""
        conditions = _overlap(table.start_ns, table.end_ns, selection)
        if selection.moment_ids:
            ended_ns = func.coalesce(MomentRow.end_ns, LAST_NS)
            moments = select(MomentRow.id).where(
                MomentRow.id.in_(selection.moment_ids),
                MomentRow.recording_id == table.recording_id,
                MomentRow.start_ns < table.end_ns,
                ended_ns > table.start_ns,
            )
            conditions.append(moments.exists())
        rows = self._session.scalars(select(table.id).where(*conditions).order_by(table.id))
        return [Source(kind, row_id) for row_id in rows]

    def _doom(self, row: Source) -> None:
        """Mark a row and, as far as they rest on it, the rows derived from it."""
        if row in self._doomed or self._session.get(_TABLES[row.kind], row.id) is None:
            return
        self._doomed[row] = None
        self._unsettle(row)
        self._retold.update(dict.fromkeys(documents.made_from(self._session, row)))
        if row.kind == Kind.PERSON:
            about = or_(FactRow.subject_id == row.id, FactRow.said_by_id == row.id)
            for fact_id in self._session.scalars(select(FactRow.id).where(about)):
                self._doom(Source(Kind.FACT, fact_id))
        for derived in derived_from(self._session, row):
            self._shake(derived)

    def _shake(self, derived: Source) -> None:
        """Deal with a row that has lost a source."""
        session = self._session
        is_bare = not [s for s in sources_of(session, derived) if s not in self._doomed]
        match derived.kind:
            case Kind.TURN:
                self._doom(derived)
            case Kind.FACT if is_bare:
                self._doom(derived)
            case Kind.FACT:
                self._unsettle(derived)
            case Kind.CONTEXT:
                self._contexts.add(derived.id)
                for turn in derived_from(session, derived):
                    self._shake(turn)
            case Kind.FEELING:
                feeling = session.get(FeelingRow, derived.id)
                if feeling is not None:
                    feeling.cause, feeling.cause_kind = "", CauseKind.UNKNOWN
                    self._retold[derived] = None
            case Kind.PERSON if is_bare:
                self._unname(derived.id)
            case _:
                pass

    def _unsettle(self, row: Source) -> None:
        """Note that what a fact says, or had ended, is to be settled anew."""
        fact = self._session.get(FactRow, row.id) if row.kind == Kind.FACT else None
        if fact is not None:
            self._slots[slot_of(fact)] = None

    def _unname(self, person_id: int) -> None:
        """Take a name away that was only heard, in what is now forgotten."""
        person = self._session.get(PersonRow, person_id)
        if person is not None and not person.is_name_given:
            person.name = ""
            involved = documents.involving(self._session, person_id)
            self._retold.update(dict.fromkeys([*involved, Source(Kind.PERSON, person_id)]))

    def _bury(self, selection: Selection) -> None:
        """Note the forgotten spans, so that replaying the recording does not bring them back."""
        if selection.person_ids:
            return
        if selection.moment_ids:
            rows = select(MomentRow).where(MomentRow.id.in_(selection.moment_ids))
            spans = [
                (row.recording_id, row.start_ns, row.end_ns or row.start_ns + 1)
                for row in self._session.scalars(rows)
                if Source(Kind.MOMENT, row.id) in self._doomed
            ]
        else:
            start_ns, end_ns = selection.start_ns or 0, selection.end_ns or LAST_NS
            ids = self._session.scalars(select(RecordingRow.id))
            spans = [(recording_id, start_ns, end_ns) for recording_id in ids]
        for recording_id, start_ns, end_ns in spans:
            self._session.add(
                ForgottenRow(recording_id=recording_id, start_ns=start_ns, end_ns=end_ns)
            )

    def _strip_media(self, selection: Selection) -> None:
        """Take the media of moments in which forgotten people are seen or heard."""
        if not selection.person_ids:
            return
        for doomed in self._doomed:
            row = _shown(self._session, doomed)
            if row is None:
                continue
            moments = select(MomentRow).where(
                MomentRow.recording_id == row.recording_id,
                MomentRow.start_ns < row.end_ns,
                or_(MomentRow.end_ns.is_(None), MomentRow.end_ns > row.start_ns),
            )
            for moment in self._session.scalars(moments):
                self.files += _media_of(moment)
                moment.clip = moment.thumbnail = None

    def _delete(self) -> None:
        session = self._session
        told = select(ContextRow.start_ns).where(ContextRow.id.in_(self._contexts))
        minutes = set(session.scalars(told))
        before = session.scalar(select(func.count()).select_from(ContextRow)) or 0
        documents.drop(session, self._doomed)
        for row in self._doomed:
            forget_sources(session, row)
            self.files += _files_of(session, row)
            self.rows[row.kind] += 1
            session.execute(delete(_TABLES[row.kind]).where(_id_of(row.kind) == row.id))
        session.expire_all()
        self._drop_strangers()
        retold = [row for row in self._retold if row not in self._doomed]
        documents.refresh(session, [row for row in retold if row.kind != Kind.CONTEXT])
        settle(session, self._slots)
        consolidate.rebuild(session, minutes)
        after = session.scalar(select(func.count()).select_from(ContextRow)) or 0
        self.rows[Kind.CONTEXT] += before - after
        _rebuild_word_index(session)

    def _drop_strangers(self) -> None:
        """Remove people of whom nothing is left, unless the wearer named them."""
        session = self._session
        left = select(PersonRow.id).where(
            ~PersonRow.is_wearer,
            ~PersonRow.is_name_given,
            PersonRow.id.not_in(select(SightingRow.person_id)),
            PersonRow.id.not_in(
                select(UtteranceRow.person_id).where(UtteranceRow.person_id.is_not(None))
            ),
        )
        for person_id in session.scalars(left).all():
            person = Source(Kind.PERSON, person_id)
            documents.drop(session, [person])
            forget_sources(session, person)
            session.execute(delete(PersonKeyRow).where(PersonKeyRow.person_id == person_id))
            session.execute(delete(PersonRow).where(PersonRow.id == person_id))
            self.rows[Kind.PERSON] += 1

    def _forget_everything(self) -> None:
        session = self._session
        self.rows.update(Reader(session, Path()).counts())
        for moment in session.scalars(select(MomentRow)):
            self.files += _media_of(moment)
        self.files += [name for name in session.scalars(select(SightingRow.thumbnail)) if name]
        for any_table in reversed(Base.metadata.sorted_tables):
            # Other programs' copies follow by these; they hold numbers only.
            if any_table.name not in (RevisionRow.__tablename__, DroppedDocumentRow.__tablename__):
                session.execute(delete(any_table))
        session.expire_all()
        _rebuild_word_index(session)


def _overlap(
    start: InstrumentedAttribute[int], end: InstrumentedAttribute[Any], selection: Selection
) -> list[ColumnElement[bool]]:
    """Return the conditions of overlapping the selected span; a point has equal columns."""
    conditions: list[ColumnElement[bool]] = []
    if selection.start_ns is not None:
        is_point = start is end
        late = end >= selection.start_ns if is_point else end > selection.start_ns
        conditions.append(or_(late, end.is_(None)))
    if selection.end_ns is not None:
        conditions.append(start < selection.end_ns)
    return conditions


def _id_of(kind: Kind) -> ColumnElement[int]:
    column: ColumnElement[int] = _TABLES[kind].__table__.c["id"]
    return column


def _shown(session: Session, row: Source) -> SightingRow | UtteranceRow | None:
    """Return the row by which somebody is seen or heard in a clip."""
    if row.kind == Kind.SIGHTING:
        return session.get(SightingRow, row.id)
    return session.get(UtteranceRow, row.id) if row.kind == Kind.UTTERANCE else None


def _files_of(session: Session, row: Source) -> list[str]:
    if row.kind == Kind.MOMENT and (moment := session.get(MomentRow, row.id)):
        return _media_of(moment)
    if row.kind == Kind.SIGHTING and (sighting := session.get(SightingRow, row.id)):
        return [sighting.thumbnail] if sighting.thumbnail else []
    return []


def _media_of(moment: MomentRow) -> list[str]:
    """Return the files of a moment; the gaze track lies where the clip does, if there is one."""
    clip = [moment.clip, track_beside(Path(moment.clip)).as_posix()] if moment.clip else []
    return [*clip, moment.thumbnail] if moment.thumbnail else clip


def _rebuild_word_index(session: Session) -> None:
    """Write the word index anew: merely deleted words would linger in its pages."""
    session.flush()
    session.execute(text("INSERT INTO words(words) VALUES ('rebuild')"))
