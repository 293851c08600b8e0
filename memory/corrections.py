"""What the wearer puts right: names, feelings, facts. Never overruled by what is perceived."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory import documents, people
from memory.facts.profile import told_by_speaker
from memory.facts.readings import Reading
from memory.facts.validity import settle, slot_of
from memory.history.consolidate import retell
from memory.people import FACE, VOICE, Templates
from memory.provenance import add_sources, drop_sources, forget_sources
from memory.records import Category, Kind, MemoryStoreError, Source
from memory.schema import FactRow, FeelingRow, PersonRow
from perception.events import Embedding

MAX_NAME_CHARACTERS = 80


def rename(session: Session, person_id: int, name: str, templates: Templates) -> str:
    """Name a person and say so wherever they are mentioned; return the name before."""
    person = people.require(session, person_id)
    before, name = person.name, " ".join(name.split())
    if len(name) > MAX_NAME_CHARACTERS:
        raise MemoryStoreError(
            "name-too-long",
            f"a name may have {MAX_NAME_CHARACTERS} characters, but this one has {len(name)}",
        )
    person.name, person.is_name_given = name, bool(name)
    source = Source(Kind.PERSON, person_id)
    drop_sources(session, source)
    if name:
        templates.named(session, person_id)
    else:
        people.drop_templates(session, person_id)
    retell(session, [*documents.involving(session, person_id), source])
    return before


def confirm_feeling(session: Session, feeling_id: int, is_confirmed: bool) -> None:
    """Keep whether the stated cause was the cause."""
    row = session.get(FeelingRow, feeling_id)
    if row is None:
        raise MemoryStoreError(
            "no-such-feeling", f"there is no feeling {feeling_id} (any more): open the day again"
        )
    row.is_confirmed = is_confirmed
    documents.refresh(session, [Source(Kind.FEELING, feeling_id)])


def add_fact(
    session: Session,
    text: str,
    t_ns: int,
    subject: PersonRow,
    confidence: float,
    sources: tuple[Source, ...],
) -> FactRow:
    """Keep a fact as the wearer worded it."""
    statement = " ".join(text.split())
    return _add_fact(session, statement, t_ns, subject.id, confidence, sources, _read(statement))


def correct_fact(session: Session, fact_id: int, text: str, t_ns: int) -> FactRow:
    """Close a fact and put the wearer's wording in its place."""
    old = _open_fact(session, fact_id)
    statement = " ".join(text.split())
    read = _read(statement)
    is_same_question = read.slot == old.slot
    reading = Reading(
        Category(old.category), old.slot, read.value if is_same_question else "", is_update=True
    )
    subject_id = old.subject_id or people.wearer(session).id
    source = Source(Kind.FACT, fact_id)
    new = _add_fact(session, statement, t_ns, subject_id, 1.0, (source,), reading, fact_id)
    settle(session, [slot_of(old)])
    return new


def close_fact(session: Session, fact_id: int, t_ns: int) -> None:
    """Let a fact hold no longer."""
    fact = _open_fact(session, fact_id)
    fact.closed_ns = max(t_ns, fact.valid_from_ns)
    settle(session, [slot_of(fact)])


def reopen_fact(session: Session, fact_id: int) -> None:
    """Take back what the wearer did to end a fact: the closing, and corrections of it."""
    fact = session.get(FactRow, fact_id)
    replaced = FactRow.replaces_id == fact_id
    corrections = session.scalars(select(FactRow).where(replaced)).all()
    if fact is None or (fact.closed_ns is None and not corrections):
        raise MemoryStoreError(
            "not-closed", f"you have not closed or corrected a fact {fact_id}: list the history"
        )
    fact.closed_ns = None
    touched = [slot_of(fact)]
    for correction in corrections:
        touched.append(slot_of(correction))
        documents.drop(session, [Source(Kind.FACT, correction.id)])
        forget_sources(session, Source(Kind.FACT, correction.id))
        session.delete(correction)
    session.flush()
    settle(session, touched)


def _open_fact(session: Session, fact_id: int) -> FactRow:
    fact = session.get(FactRow, fact_id)
    if fact is None or fact.valid_until_ns is not None:
        raise MemoryStoreError(
            "no-such-fact", f"there is no fact {fact_id} that still holds: list the facts again"
        )
    return fact


def _read(statement: str) -> Reading:
    """Read the wearer's own wording, which may say "I" or "you"."""
    told = told_by_speaker(statement) or told_by_speaker(_in_first_person(statement))
    return told[0].reading if told else Reading(Category.BACKGROUND)


def _in_first_person(statement: str) -> str:
    for pattern, words in _FIRST_PERSON:
        statement = pattern.sub(words, statement)
    return statement


_FIRST_PERSON = (
    (re.compile(r"\byou(?: are|'re)\b", re.IGNORECASE), "I am"),
    (re.compile(r"\byour\b", re.IGNORECASE), "my"),
    (re.compile(r"\byou\b", re.IGNORECASE), "I"),
)


def _add_fact(
    session: Session,
    statement: str,
    t_ns: int,
    subject_id: int,
    confidence: float,
    sources: tuple[Source, ...],
    reading: Reading,
    replaces_id: int | None = None,
) -> FactRow:
    row = FactRow(
        subject_id=subject_id,
        said_by_id=people.wearer(session).id,
        category=reading.category,
        slot=reading.slot,
        value=reading.value,
        is_update=reading.is_update,
        place="",
        statement=statement,
        is_quote=False,
        t_ns=t_ns,
        confidence=confidence,
        valid_from_ns=t_ns,
        valid_until_ns=None,
        closed_ns=None,
        replaces_id=replaces_id,
    )
    session.add(row)
    session.flush()
    add_sources(session, Source(Kind.FACT, row.id), sources)
    settle(session, [slot_of(row)])
    return row


def add_template(
    session: Session, person_id: int, kind: str, embedding: Embedding, templates: Templates
) -> None:
    """Keep a vector of somebody the wearer has named, or of the wearer."""
    person = people.require(session, person_id)
    if kind not in (FACE, VOICE):
        raise MemoryStoreError("bad-template", f'a template is "face" or "voice", not "{kind}"')
    if not (person.is_name_given or person.is_wearer):
        raise MemoryStoreError(
            "not-named",
            f"person {person_id} has no name from the wearer: name them first, so that nobody is"
            " made recognisable unasked",
        )
    templates.offer(session, person, kind, embedding)
