"""Which rows are about a place or a topic: by their keys, and for topics by their own words.

Words are matched as recall matches them: FTS5's Porter stems, so that a word finds all its forms.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.provenance import sources_of
from memory.records import KeyKind, Kind, Level, Source
from memory.schema import (
    ContextRow,
    DocumentRow,
    DocumentSourceRow,
    EpisodeRow,
    FactRow,
    FeelingRow,
    KeyRow,
    SeenRow,
    TurnRow,
    UtteranceRow,
)
from memory.stems import COMMON, WORD

# Their sentences only repeat what others say, or name somebody.
_NOT_ABOUT = (Kind.CONTEXT, Kind.PERSON, Kind.SIGHTING)
_SPOKEN_OR_READ = (Kind.UTTERANCE, Kind.TEXT, Kind.FACT)

_T = TypeVar("_T")
_Passage = list[tuple[Source, str]]


def at_place(session: Session, place: str) -> set[Source]:
    """Return what happened at a place."""
    found = _keyed(session, (KeyKind.PLACE,), place)
    told = session.scalars(select(FactRow).where(FactRow.place != "")).all()
    facts = _matching([(fact, fact.place) for fact in told], place, " AND ")
    there = {source for fact in facts for source in _said_there(session, fact)}
    return found | there | _under(session, found, tuple(Kind))


def about(session: Session, topic: str) -> set[Source]:
    """Return what is about a topic: keyed by it, or with all its words in any of their forms."""
    passages = [_own_words(session, row) for row in _candidates(session, topic)]
    whole = [(passage, " ".join(text for _, text in passage)) for passage in passages]
    parts = [part for passage in _matching(whole, topic, " AND ") for part in passage]
    found = set(_matching(parts, topic, " OR "))
    found |= _under(session, found, (Kind.UTTERANCE,))
    for keyed in _keyed(session, (KeyKind.TOPIC, KeyKind.ACTIVITY), topic):
        under = _under(session, [keyed], _SPOKEN_OR_READ)
        # Most keys are words of what was said; then that is meant, and not the whole minute.
        if not under & found:
            found |= {keyed} | under
    return found


def _said_there(session: Session, fact: FactRow) -> set[Source]:
    """Return the words that made a fact where it was first said, and what told that place."""
    said = select(UtteranceRow.id).where(UtteranceRow.start_ns == fact.t_ns)
    first = {Source(Kind.UTTERANCE, row_id) for row_id in session.scalars(said)}
    stated = first.intersection(sources_of(session, Source(Kind.FACT, fact.id)))
    return stated.union(sources_of(session, Source(Kind.PLACE, fact.id)))


def _keyed(session: Session, kinds: Iterable[KeyKind], name: str) -> set[Source]:
    rows = session.scalars(select(KeyRow).where(KeyRow.kind.in_(tuple(kinds)))).all()
    keys = [(Source(Kind(row.row_kind), row.row_id), row.key) for row in rows]
    return set(_matching(keys, name, " AND "))


def _under(session: Session, rows: Iterable[Source], kinds: tuple[Kind, ...]) -> set[Source]:
    """Return what minutes and quoted facts rest on, of some kinds.

    What is longer than a minute is told of many things: its minutes have keys of their own.
    """
    found: set[Source] = set()
    for row in rows:
        context = session.get(ContextRow, row.id) if row.kind == Kind.CONTEXT else None
        fact = session.get(FactRow, row.id) if row.kind == Kind.FACT else None
        if (context and context.level == Level.MINUTE) or (fact and fact.is_quote):
            found |= {source for source in sources_of(session, row) if source.kind in kinds}
    return found


def _candidates(session: Session, topic: str) -> set[Source]:
    """Return the rows whose sentence may hold a topic, and those that have no sentence."""
    match = "SELECT rowid FROM words WHERE words MATCH ?"
    ids = session.connection().exec_driver_sql(match, (_query(topic, " AND "),)).scalars().all()
    found = set()
    for document_id in ids:
        row = session.get(DocumentRow, document_id)
        if row is not None and row.kind not in _NOT_ABOUT:
            found.add(Source(Kind(row.kind), row.row_id))
    closed = select(FactRow.id).where(FactRow.valid_until_ns.is_not(None))
    found |= {Source(Kind.FACT, fact_id) for fact_id in session.scalars(closed)}
    # A cause that the wearer denied is kept and not told.
    caused = select(FeelingRow.id).where(FeelingRow.cause != "")
    found |= {Source(Kind.FEELING, feeling_id) for feeling_id in session.scalars(caused)}
    told = select(DocumentSourceRow.row_id).where(
        DocumentSourceRow.kind == Kind.TEXT, DocumentSourceRow.row_id == SeenRow.id
    )
    untold = select(SeenRow.id).where(SeenRow.kind == Kind.TEXT, ~told.exists())
    return found | {Source(Kind.TEXT, row_id) for row_id in session.scalars(untold)}


def _own_words(session: Session, row: Source) -> _Passage:
    """Return what a row itself says, without who said it; writing is told line by line."""
    match row.kind:
        case Kind.UTTERANCE:
            return _one(row, session.get_one(UtteranceRow, row.id).text)
        case Kind.OBJECT:
            return _one(row, session.get_one(SeenRow, row.id).text)
        case Kind.FEELING:
            return _one(row, session.get_one(FeelingRow, row.id).cause)
        case Kind.FACT:
            return _one(row, session.get_one(FactRow, row.id).statement)
        case Kind.TURN:
            turn = session.get_one(TurnRow, row.id)
            return _one(row, f"{turn.asked} {turn.replied}")
        case Kind.MOMENT:
            labels = session.scalars(select(EpisodeRow.label).where(EpisodeRow.moment_id == row.id))
            return _one(row, " ".join(labels))
        case Kind.TEXT:
            return _lines(session, row)
    return []


def _one(row: Source, text: str) -> _Passage:
    return [(row, text)]


def _lines(session: Session, leader: Source) -> _Passage:
    told = (
        select(DocumentSourceRow.row_id)
        .join(DocumentRow, DocumentRow.id == DocumentSourceRow.document_id)
        .where(
            DocumentRow.kind == Kind.TEXT,
            DocumentRow.row_id == leader.id,
            DocumentSourceRow.kind == Kind.TEXT,
        )
    )
    ids = session.scalars(told).all() or [leader.id]
    lines = session.scalars(select(SeenRow).where(SeenRow.id.in_(ids)).order_by(SeenRow.id))
    return [(Source(Kind.TEXT, line.id), line.text) for line in lines]


def _matching(texts: Iterable[tuple[_T, str]], name: str, operator: str) -> list[_T]:
    """Return what belongs to the texts that hold the words of a name: all of them, or any."""
    items = list(texts)
    with closing(sqlite3.connect(":memory:")) as scratch:
        scratch.execute("CREATE VIRTUAL TABLE own USING fts5(text, tokenize='porter unicode61')")
        scratch.executemany(
            "INSERT INTO own(rowid, text) VALUES (?, ?)",
            ((number, text) for number, (_, text) in enumerate(items)),
        )
        match = "SELECT rowid FROM own WHERE own MATCH ? ORDER BY rowid"
        found = scratch.execute(match, (_query(name, operator),)).fetchall()
    return [items[number][0] for (number,) in found]


def _query(name: str, operator: str) -> str:
    """Ask the word index for the words of a name that carry meaning, or for all if none does."""
    words = WORD.findall(name)
    telling = [word for word in words if word.casefold() not in COMMON]
    return operator.join(f'"{word}"' for word in telling or words)
