"""Deletion that reaches everything derived: rows, words, vectors, clips, pictures, summaries.

What rests on a deleted row alone goes with it. What rests on other rows too is told anew from
those: a minute without the deleted words, a name no longer heard, a feeling without its cause.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, or_, select, text
from sqlalchemy.orm import Session

from memory import documents
from memory.clips.library import media_of
from memory.facts.validity import Slot, settle, slot_of
from memory.facts.whereabouts import drop_place
from memory.forget.burial import EVERYTHING, bury, bury_clip, bury_rows, is_clip_buried
from memory.forget.choosing import chosen
from memory.history import consolidate, contexts, keys
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
from memory.slots import LAST_NS, dissolve, slot_rows
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
        text_bytes: How much shorter the sentences of all rows have become.
        files: Media files to delete once the transaction is committed, as far as they exist.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._doomed: dict[Source, None] = {}
        self._retold: dict[Source, None] = {}
        self._contexts: set[int] = set()
        self._slots: dict[Slot, None] = {}
        self.rows: Counter[Kind] = Counter()
        self.text_bytes = 0
        self.files: list[str] = []

    def forget(self, selection: Selection) -> None:
        """Delete what a selection names, and everything derived from it."""
        before = documents.size_bytes(self._session)
        if selection.everything:
            self._forget_everything()
        else:
            self._forget_chosen(selection)
        self.text_bytes = max(0, before - documents.size_bytes(self._session))

    def _forget_chosen(self, selection: Selection) -> None:
        for root in chosen(self._session, selection):
            self._doom(root)
        if selection.picks_rows:
            bury_rows(self._session, self._doomed)
            self._strip_media()
        else:
            self._bury_spans(selection)
        self._delete()

    def _doom(self, row: Source) -> None:
        """Mark a row and, as far as they rest on it, the rows derived from it."""
        if row in self._doomed or self._session.get(_TABLES[row.kind], row.id) is None:
            return
        self._doomed[row] = None
        self._unsettle(row)
        self._retold.update(dict.fromkeys(documents.made_from(self._session, row)))
        if row.kind == Kind.TEXT:
            # The first line of a slot carries the sentence of them all.
            lines = slot_rows(self._session, self._session.get_one(SeenRow, row.id))
            self._retold.update({Source(Kind.TEXT, line.id): None for line in lines})
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
            case Kind.PLACE:
                self._unsettle(Source(Kind.FACT, derived.id))
            case Kind.CONTEXT if derived.id not in self._contexts:
                self._contexts.add(derived.id)
                for above in derived_from(session, derived):
                    self._shake(above)
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

    def _bury_spans(self, selection: Selection) -> None:
        """Note the forgotten spans, so that replaying the recording does not bring them back."""
        session = self._session
        if selection.moment_ids:
            moments = [session.get_one(MomentRow, r.id) for r in self._of(Kind.MOMENT)]
            spans = [(m.recording_id, m.start_ns, m.end_ns or m.start_ns + 1) for m in moments]
        else:
            start_ns, end_ns = selection.start_ns or 0, selection.end_ns or LAST_NS
            ids = session.scalars(select(RecordingRow.id))
            spans = [(recording_id, start_ns, end_ns) for recording_id in ids]
        for span in spans:
            bury(session, *span, EVERYTHING)
        # Of a moment that began before the span the beginning would come back.
        bury_rows(session, self._of(Kind.MOMENT))

    def _strip_media(self) -> None:
        """Take the media of moments that go on without what was seen or heard in them."""
        for doomed in self._doomed:
            shown = _shown(self._session, doomed)
            if shown is None:
                continue
            recording_id, start_ns, end_ns = shown
            moments = select(MomentRow).where(
                MomentRow.recording_id == recording_id,
                MomentRow.start_ns < end_ns,
                or_(MomentRow.end_ns.is_(None), MomentRow.end_ns > start_ns),
            )
            for moment in self._session.scalars(moments):
                if not is_clip_buried(self._session, moment):
                    bury_clip(self._session, moment)
                    self._session.flush()
                self.files += media_of(moment)
                moment.clip = moment.thumbnail = None

    def _delete(self) -> None:
        session = self._session
        before = session.scalar(select(func.count()).select_from(ContextRow)) or 0
        for row in self._doomed:
            self.files += _files_of(session, row)
            self.rows[row.kind] += 1
            self._drop(row)
            if row.kind != Kind.MOMENT:
                session.execute(delete(_TABLES[row.kind]).where(_id_of(row.kind) == row.id))
        session.expire_all()
        moved = self._dissolve_moments()
        self._drop_strangers()
        retold = [row for row in self._retold if row not in self._doomed]
        documents.refresh_moved(session, moved)
        documents.refresh(session, [row for row in retold if row.kind != Kind.CONTEXT])
        settle(session, self._slots)
        consolidate.rebuild(session, self._contexts)
        # One that reads as before rests on less than before.
        left = [Source(Kind.CONTEXT, row.id) for row in contexts.of_ids(session, self._contexts)]
        documents.refresh(session, left)
        after = session.scalar(select(func.count()).select_from(ContextRow)) or 0
        self.rows[Kind.CONTEXT] += before - after
        _rebuild_word_index(session)

    def _drop(self, row: Source) -> None:
        """Remove what leads to a row: its sentence, its keys, and the edges at both its ends."""
        documents.drop(self._session, [row])
        forget_sources(self._session, row)
        if row.kind == Kind.FACT:
            drop_place(self._session, row.id)
        keys.drop(self._session, row)

    def _dissolve_moments(self) -> list[Source]:
        """Delete the doomed moments; return what was linked to them and stays."""
        moved: list[Source] = []
        for row in self._of(Kind.MOMENT):
            moment = self._session.get_one(MomentRow, row.id)
            span = moment.start_ns, moment.end_ns or moment.start_ns + 1
            for kind in (Kind.OBJECT, Kind.TEXT):
                # What was seen once in the moment would be seen once in each of its minutes.
                bury(self._session, moment.recording_id, *span, kind)
            moved += dissolve(self._session, moment)
        return moved

    def _of(self, kind: Kind) -> list[Source]:
        return [row for row in self._doomed if row.kind == kind]

    def _drop_strangers(self) -> None:
        """Remove people of whom nothing is left, unless the wearer named them."""
        session = self._session
        known_by = (
            SightingRow.person_id,
            UtteranceRow.person_id,
            FactRow.subject_id,
            FactRow.said_by_id,
        )
        left = select(PersonRow.id).where(
            ~PersonRow.is_wearer,
            ~PersonRow.is_name_given,
            *(~select(column).where(column == PersonRow.id).exists() for column in known_by),
        )
        for person_id in session.scalars(left).all():
            self._drop(Source(Kind.PERSON, person_id))
            session.execute(delete(PersonKeyRow).where(PersonKeyRow.person_id == person_id))
            session.execute(delete(PersonRow).where(PersonRow.id == person_id))
            self.rows[Kind.PERSON] += 1

    def _forget_everything(self) -> None:
        session = self._session
        self.rows.update(Reader(session, Path()).counts())
        for moment in session.scalars(select(MomentRow)):
            self.files += media_of(moment)
        self.files += [name for name in session.scalars(select(SightingRow.thumbnail)) if name]
        for any_table in reversed(Base.metadata.sorted_tables):
            # Other programs' copies follow by these; they hold numbers only.
            if any_table.name not in (RevisionRow.__tablename__, DroppedDocumentRow.__tablename__):
                session.execute(delete(any_table))
        session.expire_all()
        _rebuild_word_index(session)


def _id_of(kind: Kind) -> ColumnElement[int]:
    column: ColumnElement[int] = _TABLES[kind].__table__.c["id"]
    return column


def _shown(session: Session, row: Source) -> tuple[int, int, int] | None:
    """Return in which recording and span something can be seen or heard in a clip."""
    if row.kind in (Kind.OBJECT, Kind.TEXT):
        seen = session.get_one(SeenRow, row.id)
        return seen.recording_id, seen.t_ns, seen.t_ns + 1
    if row.kind == Kind.SIGHTING:
        sighting = session.get_one(SightingRow, row.id)
        return sighting.recording_id, sighting.start_ns, sighting.end_ns
    if row.kind == Kind.UTTERANCE:
        said = session.get_one(UtteranceRow, row.id)
        return said.recording_id, said.start_ns, said.end_ns
    return None


def _files_of(session: Session, row: Source) -> list[str]:
    if row.kind == Kind.MOMENT:
        return media_of(session.get_one(MomentRow, row.id))
    if row.kind == Kind.SIGHTING:
        thumbnail = session.get_one(SightingRow, row.id).thumbnail
        return [thumbnail] if thumbnail else []
    return []


def _rebuild_word_index(session: Session) -> None:
    """Write the word index anew: merely deleted words would linger in its pages."""
    session.flush()
    session.execute(text("INSERT INTO words(words) VALUES ('rebuild')"))
