"""From what was said to facts: who may tell what about whom.

Only the wearer's own verified voice makes facts about the wearer. What others say is about
themselves, whatever their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory import documents
from memory.facts.engagements import are_day_and_hour, engagement
from memory.facts.hazards import hazard
from memory.facts.instructions import instruction
from memory.facts.profile import Told, told_by_halves, told_by_speaker, told_of_other
from memory.facts.readings import Reading
from memory.facts.validity import said_confidence, settle, slot_of
from memory.facts.whereabouts import place_fact
from memory.people import speaker_of
from memory.provenance import add_sources, derived_from
from memory.records import Kind, Source
from memory.schema import FactRow, UtteranceRow
from memory.sentences import is_question, same_words, sentences, with_their_times


def learn(session: Session, said: UtteranceRow) -> None:
    """Keep what an utterance tells about its speaker, theirs, and people it names."""
    speaker_id = speaker_of(said)
    kept = [
        add_fact(session, said, statement, told.reading, None if told.about else speaker_id)
        for statement, told in told_in(said.text, is_wearer=said.is_wearer)
    ]
    settle(session, [slot_of(fact) for fact in kept])


def told_in(text: str, *, is_wearer: bool) -> list[tuple[str, Told]]:
    """Return what an utterance tells, each with the words of it that do.

    Args:
        text: The whole utterance.
        is_wearer: The wearer says it, so that more of it may bear on a warning.
    """
    parts = with_their_times(sentences(text))
    found = [
        (sentence, told)
        for sentence in parts
        for told in told_by_speaker(sentence) or (_told_for_safety(sentence) if is_wearer else ())
    ]
    found += told_by_halves(parts, [told for _, told in found])
    return _dated_by_halves(parts, found) if is_wearer else found


def _dated_by_halves(parts: Sequence[str], found: list[tuple[str, Told]]) -> list[tuple[str, Told]]:
    """Join where the wearer is to be with its hour, where the next sentence tells that.

    "Mondays I've got signing. Half six at the community centre."
    """
    for one, two in pairwise(parts):
        joined = engagement(f"{one} {two}") if are_day_and_hour(one, two) else None
        if joined is not None and not is_question(two):
            found = [(words, told) for words, told in found if words != two]
            found.append((f"{one} {two}", Told(joined)))
    return found


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


def _told_for_safety(sentence: str) -> tuple[Told, ...]:
    """Return what the wearer says that a warning may one day rest on."""
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
    place_fact(session, fact, said)
    return fact


def _facts_of(session: Session, source: Source) -> list[FactRow]:
    ids = [row.id for row in derived_from(session, source) if row.kind == Kind.FACT]
    return list(session.scalars(select(FactRow).where(FactRow.id.in_(ids)).order_by(FactRow.id)))
