"""From what was said to facts: who may tell what about whom.

Only the wearer's own verified voice makes facts about the wearer. What others say is about
themselves, whatever their words.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory import documents
from memory.facts.engagements import engagement
from memory.facts.hazards import hazard
from memory.facts.instructions import instruction
from memory.facts.profile import Told, told_by_speaker, told_of_other
from memory.facts.readings import Reading
from memory.facts.validity import said_confidence, settle, slot_of
from memory.provenance import add_sources, derived_from
from memory.records import Kind, Source
from memory.schema import FactRow, UtteranceRow
from memory.sentences import same_words, sentences, with_their_times

MIN_VOICE_CONFIDENCE = 0.5


def learn(session: Session, said: UtteranceRow) -> None:
    """Keep what an utterance tells about its speaker, theirs, and people it names."""
    speaker_id = speaker_of(said)
    kept = [
        add_fact(session, said, sentence, told.reading, None if told.about else speaker_id)
        for sentence in with_their_times(sentences(said.text))
        for told in told_by_speaker(sentence) or _told_for_safety(said, sentence)
    ]
    settle(session, [slot_of(fact) for fact in kept])


def learn_of_other(session: Session, said: UtteranceRow) -> list[int]:
    """Keep what the wearer remarks about somebody, who is not known yet; return the facts' ids."""
    if not said.is_wearer or speaker_of(said) is None:
        return []
    kept = [
        add_fact(session, said, sentence, reading, None)
        for sentence in sentences(said.text)
        for reading in told_of_other(sentence)
    ]
    documents.refresh(session, [Source(Kind.FACT, fact.id) for fact in kept])
    return [fact.id for fact in kept]


def _told_for_safety(said: UtteranceRow, sentence: str) -> tuple[Told, ...]:
    """Return what the wearer says that a warning may one day rest on."""
    if not said.is_wearer:
        return ()
    reading = instruction(sentence) or engagement(sentence) or hazard(sentence)
    return (Told(reading),) if reading is not None else ()


def assign(session: Session, fact_ids: list[int], subject_id: int) -> None:
    """Say whom facts are about."""
    facts = session.scalars(select(FactRow).where(FactRow.id.in_(fact_ids))).all()
    for fact in facts:
        fact.subject_id = subject_id
    session.flush()
    documents.refresh(session, [Source(Kind.FACT, fact.id) for fact in facts])
    settle(session, [slot_of(fact) for fact in facts])


def speaker_of(said: UtteranceRow) -> int | None:
    """Return who is known to have said something; a voice that may be the wearer's is nobody's."""
    is_doubtful = said.is_wearer and said.voice_confidence < MIN_VOICE_CONFIDENCE
    return None if is_doubtful else said.person_id


def add_fact(
    session: Session, said: UtteranceRow, statement: str, reading: Reading, subject_id: int | None
) -> FactRow:
    """Keep one statement of an utterance, once; how long it holds is settled afterwards."""
    source = Source(Kind.UTTERANCE, said.id)
    for known in _facts_of(session, source):
        same = (known.subject_id, known.slot) == (subject_id, reading.slot)
        if same and same_words(known.statement) == same_words(statement):
            return known
    fact = FactRow(
        subject_id=subject_id,
        said_by_id=speaker_of(said),
        category=reading.category,
        slot=reading.slot,
        value=reading.value,
        is_update=reading.is_update,
        place="",
        statement=statement,
        is_quote=True,
        t_ns=said.start_ns,
        confidence=said_confidence(said),
        valid_from_ns=said.start_ns,
        valid_until_ns=None,
        closed_ns=None,
        replaces_id=None,
    )
    session.add(fact)
    session.flush()
    add_sources(session, Source(Kind.FACT, fact.id), [source])
    return fact


def _facts_of(session: Session, source: Source) -> list[FactRow]:
    ids = [row.id for row in derived_from(session, source) if row.kind == Kind.FACT]
    return list(session.scalars(select(FactRow).where(FactRow.id.in_(ids)).order_by(FactRow.id)))
