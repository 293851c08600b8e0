"""Who is who: keys from perception, names, merging, and the templates of named people."""

from __future__ import annotations

import re
from collections import defaultdict, deque

import numpy as np
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, aliased

from memory.provenance import drop_sources
from memory.records import Kind, MemoryStoreError, Source
from memory.schema import (
    FactRow,
    PersonKeyRow,
    PersonRow,
    SightingRow,
    SourceRow,
    TemplateRow,
    UtteranceRow,
)
from perception.events import Embedding

WEARER_KEY = "wearer"
MAX_TEMPLATES = 8
MIN_VOICE_CONFIDENCE = 0.5
FACE = "face"
VOICE = "voice"
_KNOWN = re.compile(r"^known-(\d+)$")


def known_key(person_id: int) -> str:
    """Return the key under which perception meets a person of the store again."""
    return f"known-{person_id}"


def label(person: PersonRow | None) -> str:
    """Name a person within a sentence: "you", a name, "someone 3" or "someone"."""
    if person is None:
        return "someone"
    if person.is_wearer:
        return "you"
    return person.name or f"someone {person.id}"


def capital(words: str) -> str:
    """Return the words with a capital first letter."""
    return words[:1].upper() + words[1:]


def speaker_of(said: UtteranceRow) -> int | None:
    """Return who is known to have said something; a voice that may be the wearer's is nobody's."""
    is_doubtful = said.is_wearer and said.voice_confidence < MIN_VOICE_CONFIDENCE
    return None if is_doubtful else said.person_id


def wearer(session: Session) -> PersonRow:
    """Return the wearer's row, made on first use."""
    found = session.scalar(select(PersonRow).where(PersonRow.is_wearer))
    return found or _add(session, is_wearer=True)


def require(session: Session, person_id: int) -> PersonRow:
    """Return a person.

    Raises:
        MemoryStoreError: There is no such person.
    """
    person = session.get(PersonRow, person_id)
    if person is None:
        raise MemoryStoreError(
            "no-such-person",
            f"there is no person {person_id} (any more): list the people again and choose one",
        )
    return person


def resolve(session: Session, recording_id: int, key: str) -> PersonRow | None:
    """Return who perception means by ``key``, made on first meeting; None if forgotten."""
    if key == WEARER_KEY:
        return wearer(session)
    found = session.scalar(
        select(PersonKeyRow)
        .where(
            PersonKeyRow.key == key,
            (PersonKeyRow.recording_id == recording_id) | PersonKeyRow.recording_id.is_(None),
        )
        .order_by(PersonKeyRow.id.desc())
    )
    if found is not None:
        return session.get(PersonRow, found.person_id) if found.person_id else None
    if match := _KNOWN.match(key):
        return session.get(PersonRow, int(match[1]))
    person = _add(session)
    session.add(PersonKeyRow(recording_id=recording_id, key=key, person_id=person.id))
    session.flush()
    return person


def were_seen_together(session: Session, first_id: int, second_id: int) -> bool:
    """Tell whether two people were in view at one time: then they are two."""
    one, two = aliased(SightingRow), aliased(SightingRow)
    overlap = select(one.id).where(
        one.person_id == first_id,
        two.person_id == second_id,
        one.recording_id == two.recording_id,
        one.start_ns < two.end_ns,
        two.start_ns < one.end_ns,
    )
    return session.scalar(overlap.limit(1)) is not None


def merge(session: Session, keep: PersonRow, drop: PersonRow) -> None:
    """Make two people one. A name given by the wearer wins over one that was heard.

    Raises:
        MemoryStoreError: They cannot be the same person.
    """
    _require_mergeable(session, keep, drop)
    if drop.name and (not keep.name or drop.is_name_given):
        keep.name, keep.is_name_given = drop.name, drop.is_name_given
        _move_sources(session, keep.id, drop.id)
    for table in (PersonKeyRow, TemplateRow, SightingRow, UtteranceRow):
        session.execute(update(table).where(table.person_id == drop.id).values(person_id=keep.id))
    for column in (FactRow.subject_id, FactRow.said_by_id):
        session.execute(update(FactRow).where(column == drop.id).values({column: keep.id}))
    if drop.is_name_given:
        # Perception may go on calling them by the key it was given.
        session.add(PersonKeyRow(recording_id=None, key=known_key(drop.id), person_id=keep.id))
    drop_sources(session, Source(Kind.PERSON, drop.id))
    session.flush()
    session.delete(drop)
    session.flush()


def can_be_one(session: Session, face: PersonRow, voice: PersonRow) -> bool:
    """Tell whether a voice without a face may belong to a face without a voice."""
    if face.id == voice.id or face.is_wearer or voice.is_wearer:
        return False
    if face.name and voice.name and face.name != voice.name:
        return False
    has_face = select(SightingRow.id).where(SightingRow.person_id == voice.id).limit(1)
    has_voice = select(UtteranceRow.id).where(UtteranceRow.person_id == face.id).limit(1)
    return session.scalar(has_face) is None and session.scalar(has_voice) is None


class Templates:
    """Face and voice vectors: stored for the wearer and people the wearer has named only.

    The last vectors of everybody else stay in this process, so that naming somebody who is
    still around takes effect at once.
    """

    def __init__(self) -> None:
        self._unsaved: dict[tuple[int, str], deque[TemplateRow]] = defaultdict(
            lambda: deque(maxlen=MAX_TEMPLATES)
        )

    def offer(
        self,
        session: Session,
        person: PersonRow,
        kind: str,
        embedding: Embedding,
        sighting_id: int | None = None,
        utterance_id: int | None = None,
    ) -> None:
        """Keep a vector for good where the wearer has named the person."""
        if not np.isfinite(embedding).all() or not embedding.any():
            return
        row = TemplateRow(
            person_id=person.id,
            kind=kind,
            embedding=embedding.astype("<f4").tobytes(),
            sighting_id=sighting_id,
            utterance_id=utterance_id,
        )
        if person.is_name_given or (person.is_wearer and sighting_id is utterance_id is None):
            _store(session, row)
        elif not person.is_wearer:
            self._unsaved[person.id, kind].append(row)

    def named(self, session: Session, person_id: int) -> None:
        """Keep what was seen and heard of a person who has just been named."""
        for kind in (FACE, VOICE):
            for row in self._unsaved.pop((person_id, kind), ()):
                is_alive = all(
                    source_id is None or session.get(table, source_id) is not None
                    for table, source_id in (
                        (SightingRow, row.sighting_id),
                        (UtteranceRow, row.utterance_id),
                    )
                )
                if is_alive:
                    _store(session, row)

    def merged(self, keep_id: int, drop_id: int) -> None:
        """Follow a merge."""
        for kind in (FACE, VOICE):
            for row in self._unsaved.pop((drop_id, kind), ()):
                row.person_id = keep_id
                self._unsaved[keep_id, kind].append(row)

    def forget(self) -> None:
        """Drop every vector that is not stored."""
        self._unsaved.clear()


def drop_templates(session: Session, person_id: int) -> None:
    """Remove every stored vector of a person."""
    session.execute(delete(TemplateRow).where(TemplateRow.person_id == person_id))


def stored_templates(session: Session, kind: str) -> list[tuple[str, Embedding]]:
    """Return the known vectors of one kind with the keys of their people."""
    rows = session.execute(
        select(TemplateRow, PersonRow)
        .join(PersonRow, PersonRow.id == TemplateRow.person_id)
        .where(TemplateRow.kind == kind)
        .order_by(TemplateRow.id)
    )
    return [
        (
            WEARER_KEY if person.is_wearer else known_key(person.id),
            np.frombuffer(template.embedding, dtype="<f4").astype(np.float32),
        )
        for template, person in rows
    ]


def _add(session: Session, is_wearer: bool = False) -> PersonRow:
    person = PersonRow(name="", is_name_given=False, is_wearer=is_wearer)
    session.add(person)
    session.flush()
    return person


def _store(session: Session, row: TemplateRow) -> None:
    held = session.scalar(
        select(func.count())
        .select_from(TemplateRow)
        .where(TemplateRow.person_id == row.person_id, TemplateRow.kind == row.kind)
    )
    if (held or 0) < MAX_TEMPLATES:
        session.add(row)
        session.flush()


def _require_mergeable(session: Session, keep: PersonRow, drop: PersonRow) -> None:
    if keep.id == drop.id or keep.is_wearer or drop.is_wearer:
        raise MemoryStoreError(
            "cannot-merge", "choose two different people, neither of them the wearer, to merge"
        )
    if keep.is_name_given and drop.is_name_given:
        raise MemoryStoreError(
            "both-named",
            f"you named both people {keep.id} and {drop.id}: give one of them an empty name first"
            " if they really are one person",
        )
    if were_seen_together(session, keep.id, drop.id):
        raise MemoryStoreError(
            "seen-together",
            f"people {keep.id} and {drop.id} were in view at the same time, so they are two",
        )


def _move_sources(session: Session, keep_id: int, drop_id: int) -> None:
    """Let the kept person's name rest on the utterances that the dropped one's rested on."""
    drop_sources(session, Source(Kind.PERSON, keep_id))
    theirs = (SourceRow.derived_kind == Kind.PERSON, SourceRow.derived_id == drop_id)
    session.execute(update(SourceRow).where(*theirs).values(derived_id=keep_id))
