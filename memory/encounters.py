"""The people of a recording: seen, heard, named, and put together from face and voice."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory import documents, people
from memory.company import Company
from memory.facts import learning
from memory.facts.validity import about, settle
from memory.history.consolidate import retell
from memory.people import FACE, VOICE, WEARER_KEY, Templates
from memory.provenance import add_sources, derived_from
from memory.records import Kind, Source
from memory.schema import FactRow, PersonRow, SightingRow, UtteranceRow, box_columns
from memory.sentences import introduced_name
from memory.slots import moment_at
from perception.events import FaceSeen, PersonSeen, Utterance


class Encounters:
    """Writes sightings and utterances, and what they tell about people."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._company = Company()

    def clear(self) -> None:
        """Forget who is around: another recording begins."""
        self._company.clear()

    def face(self, event: FaceSeen) -> None:
        """Note who is in view; nothing is stored."""
        self._company.saw(event)

    def sighting(self, session: Session, recording_id: int, event: PersonSeen) -> Source | None:
        """Keep one person through one face track."""
        known = session.scalar(
            select(SightingRow).where(
                SightingRow.recording_id == recording_id,
                SightingRow.track_id == event.track_id,
                SightingRow.start_ns == event.start_ns,
            )
        )
        if known is not None:
            return Source(Kind.SIGHTING, known.id)
        person = people.resolve(session, recording_id, event.person_id or f"track-{event.track_id}")
        if person is None:
            return None
        row = SightingRow(
            recording_id=recording_id,
            person_id=person.id,
            moment_id=moment_at(session, recording_id, event.start_ns, event.end_ns, event.key_ns),
            start_ns=event.start_ns,
            end_ns=event.end_ns,
            key_ns=event.key_ns,
            track_id=event.track_id,
            confidence=event.confidence,
            attended_ns=event.attended_ns,
            thumbnail=None,
            **box_columns(event.box),
        )
        session.add(row)
        session.flush()
        self._templates.offer(session, person, FACE, event.embedding, sighting_id=row.id)
        self._settle(session, event.track_id, person)
        source = Source(Kind.SIGHTING, row.id)
        documents.refresh(session, [source, Source(Kind.PERSON, person.id)])
        return source

    def utterance(self, session: Session, recording_id: int, event: Utterance) -> Source | None:
        """Keep what somebody said, with what it states and who introduced themselves."""
        known = session.scalar(
            select(UtteranceRow).where(
                UtteranceRow.recording_id == recording_id,
                UtteranceRow.start_ns == event.start_ns,
                UtteranceRow.end_ns == event.end_ns,
            )
        )
        if known is not None:
            self._hold_again(session, known)
            return Source(Kind.UTTERANCE, known.id)
        text = " ".join(event.text.split())
        key = WEARER_KEY if event.is_wearer else event.voice_id
        # A voice that only claims to be the wearer's stays nobody's.
        is_nobody = not event.is_wearer and key in ("", WEARER_KEY)
        speaker = None if is_nobody else people.resolve(session, recording_id, key)
        if not text or (speaker is None and not is_nobody):
            return None
        middle_ns = (event.start_ns + event.end_ns) // 2
        row = UtteranceRow(
            recording_id=recording_id,
            person_id=speaker.id if speaker else None,
            moment_id=moment_at(session, recording_id, event.start_ns, event.end_ns, middle_ns),
            start_ns=event.start_ns,
            end_ns=event.end_ns,
            text=text,
            is_wearer=event.is_wearer,
            confidence=event.confidence,
            voice_confidence=event.voice_confidence,
            is_read=False,
        )
        session.add(row)
        session.flush()
        if speaker is not None:
            self._templates.offer(session, speaker, VOICE, event.embedding, utterance_id=row.id)
        self._learn(session, row, speaker)
        source = Source(Kind.UTTERANCE, row.id)
        near = documents.writing_near(session, row) if row.is_wearer else []
        documents.refresh(session, [source, *near])
        return source

    def merge(self, session: Session, keep: PersonRow, drop: PersonRow) -> None:
        """Make two people one, and say so in every document that names either."""
        touched = documents.involving(session, drop.id) + documents.involving(session, keep.id)
        drop_id = drop.id
        documents.drop(session, [Source(Kind.PERSON, drop_id)])
        people.merge(session, keep, drop)
        self._templates.merged(keep.id, drop_id)
        if keep.is_name_given:
            self._templates.named(session, keep.id)
        settle(session, about(session, keep.id))
        retell(session, [*touched, Source(Kind.PERSON, keep.id)])

    def _settle(self, session: Session, track_id: int, face: PersonRow) -> None:
        """Give a face what was heard and said while it alone was looked at."""
        voice_ids, fact_ids = self._company.settle(track_id)
        for voice_id in dict.fromkeys(voice_ids):
            voice = session.get(PersonRow, voice_id)
            if voice is not None and people.can_be_one(session, face, voice):
                self.merge(session, face, voice)
        learning.assign(session, fact_ids, face.id)

    def _learn(self, session: Session, row: UtteranceRow, speaker: PersonRow | None) -> None:
        """Take the speaker's name and the statements from an utterance."""
        track_id = self._company.only_track(row.start_ns, row.end_ns)
        if speaker is not None:
            self._name(session, row, speaker)
            if not speaker.is_wearer and track_id is not None:
                self._company.hold_voice(track_id, speaker.id)
        learning.learn(session, row)
        if track_id is not None:
            for fact_id in learning.learn_of_other(session, row):
                self._company.hold_fact(track_id, fact_id)

    def _hold_again(self, session: Session, row: UtteranceRow) -> None:
        """After a crash, learn once more whose voice and whom a remark may belong to."""
        track_id = self._company.only_track(row.start_ns, row.end_ns)
        if track_id is None:
            return
        if not row.is_wearer and row.person_id is not None:
            self._company.hold_voice(track_id, row.person_id)
        for derived in derived_from(session, Source(Kind.UTTERANCE, row.id)):
            fact = session.get(FactRow, derived.id) if derived.kind == Kind.FACT else None
            if fact is not None and fact.subject_id is None and row.is_wearer:
                self._company.hold_fact(track_id, fact.id)

    def _name(self, session: Session, row: UtteranceRow, speaker: PersonRow) -> None:
        name = introduced_name(row.text)
        if not name or speaker.name:
            return
        speaker.name = name
        person = Source(Kind.PERSON, speaker.id)
        add_sources(session, person, [Source(Kind.UTTERANCE, row.id)])
        retell(session, [*documents.involving(session, speaker.id), person])
