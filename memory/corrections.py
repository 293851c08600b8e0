"""What the wearer puts right: names, feelings, facts. Never overruled by what is perceived."""

from __future__ import annotations

from sqlalchemy.orm import Session

from memory import documents, people
from memory.consolidate import retell
from memory.people import FACE, VOICE, Templates
from memory.provenance import add_sources, drop_sources
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
    row = FactRow(
        subject_id=subject.id,
        said_by_id=people.wearer(session).id,
        category=Category.BACKGROUND,
        slot="",
        place="",
        statement=" ".join(text.split()),
        is_quote=False,
        t_ns=t_ns,
        confidence=confidence,
        valid_from_ns=t_ns,
        valid_until_ns=None,
    )
    session.add(row)
    session.flush()
    fact = Source(Kind.FACT, row.id)
    add_sources(session, fact, sources)
    documents.refresh(session, [fact])
    return row


def correct_fact(session: Session, fact_id: int, text: str, t_ns: int) -> FactRow:
    """Close a fact and put the wearer's wording in its place."""
    old = session.get(FactRow, fact_id)
    if old is None or old.valid_until_ns is not None:
        raise MemoryStoreError(
            "no-such-fact", f"there is no fact {fact_id} that still holds: list the facts again"
        )
    old.valid_until_ns = max(t_ns, old.valid_from_ns)
    source = Source(Kind.FACT, fact_id)
    documents.refresh(session, [source])
    subject = session.get(PersonRow, old.subject_id) if old.subject_id else None
    return add_fact(session, text, t_ns, subject or people.wearer(session), 1.0, (source,))


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
