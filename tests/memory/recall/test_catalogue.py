"""Filters answer as a query of the store would, and follow it at once."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import delete, select

from memory.recall.catalogue import Catalogue
from memory.records import Cue, Kind, Selection
from memory.schema import DocumentPersonRow, DocumentRow
from memory.store import Memory
from tests.memory.day import START, URI, at, said

CUES = [
    Cue(start_ns=at(10)),
    Cue(end_ns=at(60)),
    Cue(start_ns=at(10), end_ns=at(60)),
    Cue(kinds=frozenset({Kind.UTTERANCE, Kind.TEXT})),
    Cue(kinds=frozenset({Kind.TURN})),
    Cue(person_ids=(2, 3)),
    Cue(start_ns=at(5), person_ids=(2,), kinds=frozenset({Kind.FACT})),
]


def _expected(memory: Memory, cue: Cue) -> set[int]:
    kinds = cue.kinds or set(Kind) - {Kind.TURN}
    meeting = select(DocumentRow.id).where(DocumentRow.kind.in_(kinds))
    if cue.start_ns is not None:
        meeting = meeting.where(DocumentRow.end_ns > cue.start_ns)
    if cue.end_ns is not None:
        meeting = meeting.where(DocumentRow.start_ns < cue.end_ns)
    if cue.person_ids:
        people = select(DocumentPersonRow.document_id)
        meeting = meeting.where(
            DocumentRow.id.in_(people.where(DocumentPersonRow.person_id.in_(cue.person_ids)))
        )
    with memory._database.read() as session:
        return set(session.scalars(meeting))


def _among(memory: Memory, catalogue: Catalogue, cue: Cue) -> set[int]:
    with memory._database.read() as session:
        mask = catalogue.among(session, cue)
    assert mask is not None
    return set(np.flatnonzero(mask).tolist())


@pytest.mark.parametrize("cue", CUES)
def test_a_filter_gives_what_a_query_gives(day: Memory, cue: Cue) -> None:
    day.add_turn(at(110), "Where is the trowel?", "In the shed.")
    assert _among(day, Catalogue(), cue) == _expected(day, cue)


def test_without_a_filter_there_is_no_mask(day: Memory) -> None:
    with day._database.read() as session:
        assert Catalogue().among(session, Cue("flask")) is None


def test_the_copy_follows_what_comes_changes_and_goes(day: Memory) -> None:
    ruth = next(person.id for person in day.people() if person.name == "Ruth Ambler")
    catalogue, cue, theirs = Catalogue(), Cue(start_ns=0), Cue(person_ids=(ruth,))
    assert _among(day, catalogue, cue) == _expected(day, cue)
    assert _among(day, catalogue, theirs) == _expected(day, theirs)
    day.begin(URI, START)
    day.record(said(200, 202, "The trowel is in the shed.", "voice-9"))
    day.record(said(203, 205, "I put it there.", "voice-1"))
    assert _among(day, catalogue, cue) == _expected(day, cue)
    assert _among(day, catalogue, theirs) == _expected(day, theirs)
    with day._database.write() as session:
        session.execute(delete(DocumentRow).where(DocumentRow.id < 5))
    assert _among(day, catalogue, cue) == _expected(day, cue)
    day.forget(Selection(start_ns=at(50)))
    assert _among(day, catalogue, cue) == _expected(day, cue)
    day.forget(Selection(everything=True))
    assert _among(day, catalogue, cue) == set()


def test_the_count_follows_too(day: Memory) -> None:
    catalogue = Catalogue()

    def count() -> int:
        with day._database.read() as session:
            return catalogue.count(session)

    before = count()
    day.begin(URI, START)
    day.record(said(200, 202, "Well.", "voice-1"))
    assert count() == before + 1
    with day._database.write() as session:
        session.execute(delete(DocumentRow).where(DocumentRow.id < 5))
    assert count() == before - 3
    day.forget(Selection(everything=True))
    assert count() == 0


def test_the_newest_come_first(day: Memory) -> None:
    kinds = frozenset({Kind.UTTERANCE})
    newest = select(DocumentRow.id).where(DocumentRow.kind == Kind.UTTERANCE)
    newest = newest.order_by(DocumentRow.start_ns.desc(), DocumentRow.id.desc()).limit(3)
    with day._database.read() as session:
        assert Catalogue().newest(session, Cue(kinds=kinds), 3) == list(session.scalars(newest))
        assert Catalogue().newest(session, Cue(person_ids=(10**6,)), 3) == []
