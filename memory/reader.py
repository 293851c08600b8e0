"""Rows out, as frozen values that live on after the transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from memory.clips.gaze_track import track_beside
from memory.people import WEARER_KEY, known_key, label
from memory.provenance import all_sources, sources_of
from memory.records import (
    Category,
    Context,
    Fact,
    Feeling,
    Kind,
    Level,
    Moment,
    Person,
    Seen,
    Source,
    Spoken,
    Turn,
)
from memory.rendering import fact_text
from memory.schema import (
    ContextRow,
    DwellRow,
    EpisodeRow,
    EyeMovementRatesRow,
    FactRow,
    FeelingRow,
    MomentRow,
    PersonKeyRow,
    PersonRow,
    SeenRow,
    SightingRow,
    TurnRow,
    UtteranceRow,
)
from perception.events import Box, Emotion

NS_PER_S = 1_000_000_000
_BATCH = 500

_Row = TypeVar("_Row", SeenRow, UtteranceRow, FeelingRow, EpisodeRow)


class Reader:
    """Reads within one transaction; people are looked up once, when they are asked for."""

    def __init__(self, session: Session, media: Path) -> None:
        self._session = session
        self._media = media

    @cached_property
    def _people(self) -> dict[int, Person]:
        return {person.id: person for person in self._all_people()}

    @cached_property
    def _person_rows(self) -> dict[int, PersonRow]:
        # Held here, so that the session finds them too without asking the database again.
        return {row.id: row for row in self._session.scalars(select(PersonRow))}

    def people(self) -> list[Person]:
        """Return everybody who was seen or heard or is named, by id."""
        return list(self._people.values())

    def person(self, person_id: int) -> Person | None:
        """Return one person."""
        return self._people.get(person_id)

    def moments(self, *conditions: ColumnElement[bool]) -> list[Moment]:
        """Return the moments that meet the conditions, in time order."""
        rows = self._session.scalars(
            select(MomentRow).where(*conditions).order_by(MomentRow.start_ns, MomentRow.id)
        ).all()
        return [
            moment
            for start in range(0, len(rows), _BATCH)
            for moment in self._with_details(rows[start : start + _BATCH])
        ]

    def spoken(self, *conditions: ColumnElement[bool]) -> list[Spoken]:
        """Return what was said, in time order."""
        rows = self._session.scalars(
            select(UtteranceRow).where(*conditions).order_by(UtteranceRow.start_ns, UtteranceRow.id)
        )
        return [self._spoken(row) for row in rows]

    def clearness(self, ids: Iterable[int]) -> dict[int, float]:
        """Return how surely what was said was understood, by the utterance's id, in [0, 1]."""
        told = select(UtteranceRow.id, UtteranceRow.confidence)
        return dict(self._session.execute(told.where(UtteranceRow.id.in_(ids))).all())

    def feelings(self, *conditions: ColumnElement[bool]) -> list[Feeling]:
        """Return feelings, in time order."""
        rows = self._session.scalars(
            select(FeelingRow).where(*conditions).order_by(FeelingRow.peak_ns, FeelingRow.id)
        )
        return [_feeling(row) for row in rows]

    def contexts(self, *conditions: ColumnElement[bool]) -> list[Context]:
        """Return contexts, in time order."""
        rows = self._session.scalars(
            select(ContextRow).where(*conditions).order_by(ContextRow.start_ns, ContextRow.id)
        )
        return [
            Context(
                row.id,
                Level(row.level),
                row.start_ns,
                row.end_ns,
                " ".join(row.summary.split("\n")),
                " ".join(row.detail.split("\n")),
                row.arousal,
                sources_of(self._session, Source(Kind.CONTEXT, row.id)),
            )
            for row in rows
        ]

    def facts(self, *conditions: ColumnElement[bool]) -> list[Fact]:
        """Return facts, in the order they were learnt."""
        statement = select(FactRow).where(*conditions).order_by(FactRow.t_ns, FactRow.id)
        rows = self._session.scalars(statement).all()
        sources = all_sources(self._session, Kind.FACT, [row.id for row in rows])
        return [
            Fact(
                id=row.id,
                subject=self._who(row.subject_id),
                category=Category(row.category),
                slot=row.slot,
                value=row.value,
                text=fact_text(self._session, row),
                said_by=self._who(row.said_by_id),
                place=row.place,
                t_ns=row.t_ns,
                confidence=row.confidence,
                valid_from_ns=row.valid_from_ns,
                valid_until_ns=row.valid_until_ns,
                sources=tuple(sources[row.id]),
            )
            for row in rows
        ]

    def turns(self, *conditions: ColumnElement[bool]) -> list[Turn]:
        """Return exchanges with the companion, in time order."""
        rows = self._session.scalars(
            select(TurnRow).where(*conditions).order_by(TurnRow.t_ns, TurnRow.id)
        )
        return [
            Turn(
                row.id,
                row.t_ns,
                row.asked,
                row.replied,
                sources_of(self._session, Source(Kind.TURN, row.id)),
            )
            for row in rows
        ]

    def days(self, tz: tzinfo) -> list[date]:
        """Return the local days that hold a moment, first day first."""
        starts = self._session.scalars(select(MomentRow.start_ns))
        return sorted({datetime.fromtimestamp(t_ns // NS_PER_S, tz).date() for t_ns in starts})

    def counts(self) -> dict[Kind, int]:
        """Return how many rows of each kind there are; the wearer is not counted as a person."""
        tables: dict[Kind, Select[tuple[int]]] = {
            Kind.MOMENT: _count(MomentRow.id),
            Kind.PERSON: _count(PersonRow.id).where(~PersonRow.is_wearer),
            Kind.SIGHTING: _count(SightingRow.id),
            Kind.OBJECT: _count(SeenRow.id).where(SeenRow.kind == Kind.OBJECT),
            Kind.TEXT: _count(SeenRow.id).where(SeenRow.kind == Kind.TEXT),
            Kind.UTTERANCE: _count(UtteranceRow.id),
            Kind.FEELING: _count(FeelingRow.id),
            Kind.CONTEXT: _count(ContextRow.id),
            Kind.FACT: _count(FactRow.id),
            Kind.TURN: _count(TurnRow.id),
            Kind.DWELL: _count(DwellRow.id),
            Kind.EYE_RATES: _count(EyeMovementRatesRow.id),
        }
        return {kind: self._session.scalar(query) or 0 for kind, query in tables.items()}

    def _all_people(self) -> Iterable[Person]:
        session = self._session
        keys = dict(
            session.execute(
                select(PersonKeyRow.person_id, PersonKeyRow.key).order_by(PersonKeyRow.id)
            ).all()
        )
        seen = _spans(session, SightingRow.person_id, SightingRow.start_ns, SightingRow.end_ns)
        heard = _spans(session, UtteranceRow.person_id, UtteranceRow.start_ns, UtteranceRow.end_ns)
        pictures = dict(
            session.execute(
                select(SightingRow.person_id, SightingRow.thumbnail)
                .where(SightingRow.thumbnail.is_not(None))
                .order_by(SightingRow.confidence, SightingRow.attended_ns, SightingRow.id.desc())
            ).all()
        )
        for row in session.scalars(select(PersonRow).order_by(PersonRow.id)):
            sightings, seen_from, seen_to = seen.get(row.id, (0, None, None))
            utterances, heard_from, heard_to = heard.get(row.id, (0, None, None))
            firsts = [t for t in (seen_from, heard_from) if t is not None]
            lasts = [t for t in (seen_to, heard_to) if t is not None]
            yield Person(
                id=row.id,
                key=WEARER_KEY
                if row.is_wearer
                else known_key(row.id)
                if row.is_name_given
                else keys.get(row.id, known_key(row.id)),
                name=row.name,
                is_name_given=row.is_name_given,
                is_wearer=row.is_wearer,
                thumbnail=self._path(pictures.get(row.id)),
                first_seen_ns=min(firsts, default=0),
                last_seen_ns=max(lasts, default=0),
                sightings=sightings,
                utterances=utterances,
            )

    def _with_details(self, rows: Sequence[MomentRow]) -> Iterable[Moment]:
        ids = [row.id for row in rows]
        episodes = self._grouped(EpisodeRow, EpisodeRow.moment_id, ids)
        seen = self._grouped(SeenRow, SeenRow.moment_id, ids)
        spoken = self._grouped(UtteranceRow, UtteranceRow.moment_id, ids)
        feelings = self._grouped(FeelingRow, FeelingRow.moment_id, ids)
        faces = self._faces(ids)
        for row in rows:
            said = sorted(spoken[row.id], key=lambda u: (u.start_ns, u.id))
            voices = [u.person_id for u in said if u.person_id and not u.is_wearer]
            attended = sorted(episodes[row.id], key=lambda e: (-e.confidence, e.id))
            yield Moment(
                id=row.id,
                start_ns=row.start_ns,
                end_ns=row.key_ns if row.end_ns is None else row.end_ns,
                key_ns=row.key_ns,
                gaze_in_scene_px=(_float(row.x_px), _float(row.y_px)),
                confidence=row.confidence,
                clip=self._path(row.clip),
                gaze_track=self._gaze_track(row.clip),
                thumbnail=self._path(row.thumbnail),
                attended=tuple(dict.fromkeys(e.label for e in attended if e.label)),
                seen=tuple(_seen(s) for s in seen[row.id]),
                people=tuple(self._people[p] for p in dict.fromkeys(faces[row.id] + voices)),
                spoken=tuple(self._spoken(u) for u in said),
                feelings=tuple(_feeling(f) for f in feelings[row.id]),
            )

    def _grouped(
        self, table: type[_Row], column: InstrumentedAttribute[Any], ids: Sequence[int]
    ) -> dict[int, list[_Row]]:
        groups: dict[int, list[_Row]] = defaultdict(list)
        statement = select(table).where(column.in_(ids)).order_by(table.id)
        for row in self._session.scalars(statement):
            if row.moment_id is not None:
                groups[row.moment_id].append(row)
        return groups

    def _faces(self, ids: Sequence[int]) -> dict[int, list[int]]:
        """Return who was in view at any time of each moment."""
        faces: dict[int, list[int]] = defaultdict(list)
        overlapping = (
            select(MomentRow.id, SightingRow.person_id)
            .join(SightingRow, SightingRow.recording_id == MomentRow.recording_id)
            .where(
                MomentRow.id.in_(ids),
                SightingRow.end_ns > MomentRow.start_ns,
                or_(MomentRow.end_ns.is_(None), SightingRow.start_ns < MomentRow.end_ns),
            )
            .order_by(SightingRow.start_ns, SightingRow.id)
        )
        for moment_id, person_id in self._session.execute(overlapping):
            faces[moment_id].append(person_id)
        return faces

    def _spoken(self, row: UtteranceRow) -> Spoken:
        return Spoken(
            id=row.id,
            start_ns=row.start_ns,
            end_ns=row.end_ns,
            text=row.text,
            speaker=self._people.get(row.person_id) if row.person_id else None,
            is_wearer=row.is_wearer,
            confidence=row.confidence,
            moment_id=row.moment_id,
        )

    def _who(self, person_id: int | None) -> str:
        if person_id is None:
            return "someone"
        person = self._person_rows.get(person_id)
        return WEARER_KEY if person is not None and person.is_wearer else label(person)

    def _gaze_track(self, clip: str | None) -> Path | None:
        track = None if clip is None else track_beside(self._media / clip)
        return track if track is not None and track.is_file() else None

    def _path(self, relative: str | None) -> Path | None:
        return None if relative is None else self._media / relative


def _count(column: InstrumentedAttribute[int]) -> Select[tuple[int]]:
    return select(func.count(column))


def _spans(
    session: Session,
    person_id: InstrumentedAttribute[Any],
    start_ns: InstrumentedAttribute[int],
    end_ns: InstrumentedAttribute[int],
) -> dict[int, tuple[int, int | None, int | None]]:
    rows = session.execute(
        select(person_id, func.count(), func.min(start_ns), func.max(end_ns)).group_by(person_id)
    )
    return {who: (count, first, last) for who, count, first, last in rows}


def _float(value: float | None) -> float:
    return float("nan") if value is None else value


def _seen(row: SeenRow) -> Seen:
    return Seen(
        id=row.id,
        kind=Kind(row.kind),
        t_ns=row.t_ns,
        text=row.text,
        box=Box(row.box_x_px, row.box_y_px, row.box_width_px, row.box_height_px),
        confidence=row.confidence,
        is_attended=row.is_attended,
        moment_id=row.moment_id,
    )


def _feeling(row: FeelingRow) -> Feeling:
    return Feeling(
        id=row.id,
        start_ns=row.start_ns,
        end_ns=row.end_ns,
        peak_ns=row.peak_ns,
        emotion=Emotion(row.emotion),
        valence=row.valence,
        arousal=row.arousal,
        confidence=row.confidence,
        cause=row.cause,
        influence=row.influence,
        is_confirmed=row.is_confirmed,
        moment_id=row.moment_id,
    )
