"""Events in, rows out: each event in its own transaction, none of them twice."""

from __future__ import annotations

from collections import deque

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory import documents
from memory.database import Database
from memory.encounters import Encounters
from memory.forget.burial import is_buried
from memory.history import minutes
from memory.people import Templates
from memory.provenance import add_sources
from memory.records import Kind, MemoryStoreError, Source
from memory.schema import (
    DwellRow,
    EpisodeRow,
    EyeMovementRatesRow,
    FeelingRow,
    MomentRow,
    RecordingRow,
    SeenRow,
    UtteranceRow,
    box_columns,
    number,
)
from memory.slots import is_same_thing, minute_of, moment_at, relink, slot_rows, take_better
from memory.spans import found, overlapping
from memory.views import View, kind_and_text, last_views
from perception.events import (
    CauseKind,
    Dwell,
    Emotionship,
    Event,
    EyeMovementRates,
    FaceSeen,
    ObjectSeen,
    PersonSeen,
    SnippetClosed,
    SnippetOpened,
    TextSeen,
    Utterance,
)

CAUSE_REACH_NS = 5_000_000_000

# Shorter looks come three a second; the minute's rates sum them up.
LEAST_DWELL_NS = 1_000_000_000

# More than is seen in the seconds that a moment looks back; of its minute as much as that leaves.
_MAX_VIEWS = 256

_LASTING: dict[type[Event], Kind] = {
    SnippetClosed: Kind.MOMENT,
    PersonSeen: Kind.SIGHTING,
    Utterance: Kind.UTTERANCE,
    Emotionship: Kind.FEELING,
    Dwell: Kind.DWELL,
    EyeMovementRates: Kind.EYE_RATES,
}


class Recorder:
    """Writes the events of one recording at a time."""

    def __init__(self, database: Database, templates: Templates) -> None:
        self._database = database
        self.encounters = Encounters(templates)
        self._recording_id: int | None = None
        # A moment opens with a look back.
        self._views: deque[View] = deque(maxlen=_MAX_VIEWS)

    def begin(self, uri: str, started_ns: int) -> int:
        """Start, or go through again, the recording of a source that started at a time."""
        with self._database.write() as session:
            row = session.scalar(
                select(RecordingRow).where(
                    RecordingRow.uri == uri, RecordingRow.started_ns == started_ns
                )
            )
            if row is None:
                row = RecordingRow(uri=uri, started_ns=started_ns, ended_ns=None)
                session.add(row)
                session.flush()
            self._recording_id = row.id
            self._views.clear()
            # A recording goes on after a restart, and its next moment looks back beyond that.
            self._views.extend(last_views(session, row.id, _MAX_VIEWS))
        self.encounters.clear()
        return self._recording_id

    def end(self, recording_id: int, ended_ns: int) -> None:
        """Close a recording."""
        with self._database.write() as session:
            row = session.get(RecordingRow, recording_id)
            if row is not None:
                row.ended_ns = max(ended_ns, row.ended_ns or ended_ns)
        self.encounters.clear()
        self._recording_id = None

    def record(self, event: Event) -> Source | None:
        """Remember one event; return the row that holds it."""
        if isinstance(event, FaceSeen):
            self.encounters.face(event)
            return None
        happening = _happening(event)
        if happening is None:
            return None
        if self._recording_id is None:
            raise MemoryStoreError(
                "not-recording", "call begin(uri, started_ns) before recording events"
            )
        with self._database.write() as session:
            if is_buried(session, self._recording_id, *happening):
                return None
            if not isinstance(event, Dwell | EyeMovementRates):
                minutes.mark(session, *happening[1:])
            if isinstance(event, View):
                self._views.append(event)
            return self._keep(session, self._recording_id, event)

    def _keep(self, session: Session, recording_id: int, event: Event) -> Source | None:
        match event:
            case SnippetOpened():
                return self._opened(session, event)
            case SnippetClosed():
                return self._closed(session, event)
            case ObjectSeen() | TextSeen():
                return self._seen(session, event, *kind_and_text(event))
            case PersonSeen():
                return self.encounters.sighting(session, recording_id, event)
            case Utterance():
                return self.encounters.utterance(session, recording_id, event)
            case Emotionship():
                return self._feeling(session, event)
            case Dwell():
                return self._dwell(session, event)
            case EyeMovementRates():
                return self._eye_rates(session, event)
        return None

    def _opened(self, session: Session, event: SnippetOpened) -> Source:
        row = self._moment_starting(session, event.start_ns)
        if row is None or not _has_episodes(session, row):
            row = row or self._add_moment(session, event.start_ns)
            row.end_ns = None
            session.flush()
            documents.refresh_moved(session, relink(session, row))
            self._see_again(session, row)
        return Source(Kind.MOMENT, row.id)

    def _see_again(self, session: Session, moment: MomentRow) -> None:
        """Give a moment what was seen in it before it opened, and its minute what it took from it.

        Going through the recording again would do so, as the moment is there from the start.
        """
        taken = session.execute(
            select(SeenRow.kind, SeenRow.text).where(SeenRow.moment_id == moment.id)
        ).all()
        for view in list(self._views):
            kind, text = kind_and_text(view)
            is_of_minute = minute_of(moment.start_ns) <= view.t_ns < moment.start_ns and any(
                kind == other_kind and is_same_thing(kind, text, other)
                for other_kind, other in taken
            )
            if (is_of_minute or view.t_ns >= moment.start_ns) and not is_buried(
                session, moment.recording_id, kind, view.t_ns, view.t_ns + 1
            ):
                self._keep(session, moment.recording_id, view)

    def _closed(self, session: Session, event: SnippetClosed) -> Source:
        row = self._moment_starting(session, event.start_ns) or self._add_moment(
            session, event.start_ns
        )
        source = Source(Kind.MOMENT, row.id)
        if _has_episodes(session, row):
            return source
        key = event.key
        row.end_ns, row.key_ns, row.confidence = event.end_ns, key.key_ns, key.confidence
        row.x_px, row.y_px = number(key.x_px), number(key.y_px)
        for episode in event.episodes:
            session.add(
                EpisodeRow(
                    moment_id=row.id,
                    start_ns=episode.start_ns,
                    end_ns=episode.end_ns,
                    key_ns=episode.key_ns,
                    x_px=number(episode.x_px),
                    y_px=number(episode.y_px),
                    label=episode.label,
                    confidence=episode.confidence,
                    **box_columns(episode.box),
                )
            )
        session.flush()
        documents.refresh_moved(session, [source, *relink(session, row)])
        return source

    def _seen(self, session: Session, event: View, kind: Kind, text: str) -> Source | None:
        if not text:
            return None
        row = SeenRow(
            recording_id=self._recording_id,
            moment_id=self._moment_at(session, event.t_ns, event.t_ns, event.t_ns),
            kind=kind,
            t_ns=event.t_ns,
            text=text,
            confidence=event.confidence,
            is_attended=event.is_attended,
            **box_columns(event.box),
        )
        known = next(
            (k for k in slot_rows(session, row) if is_same_thing(kind, k.text, text)), None
        )
        if known is None:
            session.add(row)
            session.flush()
        elif not self._is_better(session, known, row):
            return Source(kind, known.id)
        kept = known or row
        touched = [Source(kind, kept.id)]
        if kind == Kind.OBJECT and kept.is_attended:
            touched += documents.writing_near(session, kept)
        documents.refresh(session, touched)
        return Source(kind, kept.id)

    def _is_better(self, session: Session, known: SeenRow, row: SeenRow) -> bool:
        """Let a thing show its better view; the minute of the other one no longer tells of it."""
        minutes.mark(session, known.t_ns, known.t_ns + 1)
        return take_better(known, row)

    def _feeling(self, session: Session, event: Emotionship) -> Source:
        known = session.scalar(
            select(FeelingRow).where(
                FeelingRow.recording_id == self._recording_id,
                FeelingRow.start_ns == event.start_ns,
                FeelingRow.peak_ns == event.peak_ns,
            )
        )
        if known is not None:
            return Source(Kind.FEELING, known.id)
        row = FeelingRow(
            recording_id=self._recording_id,
            moment_id=self._moment_at(session, event.start_ns, event.end_ns, event.peak_ns),
            start_ns=event.start_ns,
            end_ns=event.end_ns,
            peak_ns=event.peak_ns,
            emotion=event.emotion,
            valence=event.valence,
            arousal=event.arousal,
            confidence=event.confidence,
            cause_kind=event.cause_kind,
            cause=event.cause,
            influence=event.influence,
            is_confirmed=None,
        )
        session.add(row)
        session.flush()
        source = Source(Kind.FEELING, row.id)
        add_sources(session, source, _causes(session, row))
        documents.refresh(session, [source])
        return source

    def _dwell(self, session: Session, event: Dwell) -> Source:
        row = session.scalar(
            select(DwellRow).where(
                DwellRow.recording_id == self._recording_id, DwellRow.start_ns == event.start_ns
            )
        )
        row = row or DwellRow(recording_id=self._recording_id, start_ns=event.start_ns)
        row.end_ns, row.fixations = event.end_ns, event.fixations
        row.x_px, row.y_px = number(event.x_px), number(event.y_px)
        session.add(row)
        session.flush()
        return Source(Kind.DWELL, row.id)

    def _eye_rates(self, session: Session, event: EyeMovementRates) -> Source:
        row = session.scalar(
            select(EyeMovementRatesRow).where(
                EyeMovementRatesRow.recording_id == self._recording_id,
                EyeMovementRatesRow.start_ns == event.start_ns,
            )
        )
        row = row or EyeMovementRatesRow(recording_id=self._recording_id, start_ns=event.start_ns)
        row.end_ns, row.seen_ns = event.end_ns, event.seen_ns
        row.saccades_hz, row.blinks_per_min = event.saccades_hz, event.blinks_per_min
        session.add(row)
        session.flush()
        return Source(Kind.EYE_RATES, row.id)

    def _moment_at(
        self, session: Session, start_ns: int, end_ns: int, anchor_ns: int
    ) -> int | None:
        assert self._recording_id is not None  # noqa: S101
        return moment_at(session, self._recording_id, start_ns, end_ns, anchor_ns)

    def _moment_starting(self, session: Session, start_ns: int) -> MomentRow | None:
        return session.scalar(
            select(MomentRow).where(
                MomentRow.recording_id == self._recording_id, MomentRow.start_ns == start_ns
            )
        )

    def _add_moment(self, session: Session, start_ns: int) -> MomentRow:
        row = MomentRow(
            recording_id=self._recording_id,
            start_ns=start_ns,
            end_ns=None,
            key_ns=start_ns,
            x_px=None,
            y_px=None,
            confidence=0.0,
            clip=None,
            thumbnail=None,
        )
        session.add(row)
        session.flush()
        return row


def _happening(event: Event) -> tuple[Kind, int, int] | None:
    """Return as what and when an event is remembered, or None where it is not."""
    match event:
        case ObjectSeen():
            return Kind.OBJECT, event.t_ns, event.t_ns + 1
        case TextSeen():
            return Kind.TEXT, event.t_ns, event.t_ns + 1
        case SnippetOpened():
            return Kind.MOMENT, event.start_ns, event.start_ns + 1
        case Dwell() if event.end_ns - event.start_ns < LEAST_DWELL_NS:
            return None
        case (
            SnippetClosed()
            | PersonSeen()
            | Utterance()
            | Emotionship()
            | Dwell()
            | EyeMovementRates()
        ):
            return _LASTING[type(event)], event.start_ns, event.end_ns
        case _:
            return None


def _has_episodes(session: Session, moment: MomentRow) -> bool:
    """Tell whether a moment was closed by its event, not by recovery after a crash."""
    found = select(EpisodeRow.id).where(EpisodeRow.moment_id == moment.id).limit(1)
    return session.scalar(found) is not None


def _causes(session: Session, feeling: FeelingRow) -> list[Source]:
    """Return what was seen or heard around a feeling: its stated cause came from there."""
    start_ns = feeling.start_ns - CAUSE_REACH_NS
    if feeling.cause_kind == CauseKind.HEARD:
        near = overlapping(UtteranceRow, feeling.recording_id, start_ns, feeling.end_ns)
        heard = select(UtteranceRow.id).where(found(UtteranceRow, *near))
        ids = session.scalars(heard.order_by(UtteranceRow.id))
        return [Source(Kind.UTTERANCE, row_id) for row_id in ids]
    if feeling.cause_kind == CauseKind.SEEN:
        seen = select(SeenRow).where(
            SeenRow.recording_id == feeling.recording_id,
            SeenRow.t_ns.between(start_ns, feeling.end_ns),
            SeenRow.is_attended,
        )
        rows = session.scalars(seen.order_by(SeenRow.id))
        return [Source(Kind(row.kind), row.id) for row in rows]
    return []
