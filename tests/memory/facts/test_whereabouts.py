from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.facts.whereabouts import REACH_NS, place_told
from memory.records import Fact, Kind, Selection
from memory.store import Memory
from perception.events import Event
from tests.memory import invariants
from tests.memory.day import START, URI, S, at, line, open_memory, said

REACH_S = REACH_NS / S


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with open_memory(tmp_path) as memory:
        memory.begin(URI, START)
        yield memory
        assert invariants.broken(tmp_path / "memory.sqlite", memory.media) == []


def told(memory: Memory, *events: Event) -> Fact:
    """Record events, and return the one fact that they tell."""
    for event in events:
        memory.record(event)
    (fact,) = memory.facts()
    return fact


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("We're here at the clinic, and I'm allergic to nuts.", "clinic"),
        ("I'm standing on the old bridge, it's windy.", "old bridge"),
        ("It is cold here in the church.", "church"),
        ("I live here in Leeds.", "leeds"),
        ("We're still at home.", "home"),
        ("I'm in the school choir.", ""),
        ("I'm in the office on Mondays.", ""),
        ("I'm at the clinic tomorrow.", ""),
        ("I'm at the pool every week.", ""),
        ("We were here at the clinic.", ""),
        ("I am not at the station.", ""),
        ("Are we here at the clinic?", ""),
        ("If I'm at the gym, call me.", ""),
        ("They work here on Sundays.", ""),
    ],
)
def test_the_place_where_somebody_says_to_be(words: str, place: str) -> None:
    assert place_told(words) == place


def test_a_fact_tells_where_it_was_said_by_the_words_themselves(memory: Memory) -> None:
    fact = told(memory, said(0, 3, "We're here at the clinic, and I'm allergic to nuts."))
    assert fact.place == "clinic"


def test_a_sign_tells_the_place_and_is_no_source_of_the_fact(memory: Memory) -> None:
    fact = told(memory, line(0, "CENTRAL STATION"), said(30, 33, "I'm allergic to nuts."))
    assert fact.place == "central station"
    assert {source.kind for source in fact.sources} == {Kind.UTTERANCE}


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(line(0, "STATION", is_attended=False), id="not looked at"),
        pytest.param(line(0, "THE LAKE LEDGER"), id="a newspaper"),
        pytest.param(line(-REACH_S - 31, "STATION"), id="long ago"),
        pytest.param(said(0, 3, "I'm at the station.", "voice-1"), id="somebody else, elsewhere"),
    ],
)
def test_where_nothing_tells_the_place_it_stays_empty(memory: Memory, event: Event) -> None:
    assert told(memory, event, said(30, 33, "I'm allergic to nuts.")).place == ""


def test_the_last_word_on_the_place_counts(memory: Memory) -> None:
    fact = told(
        memory,
        line(0, "STATION"),
        said(60, 62, "Now we're sitting in the café."),
        said(90, 93, "I'm allergic to nuts.", "voice-1"),
    )
    assert fact.place == "café"


def test_what_is_said_again_elsewhere_was_said_where_it_was_first(memory: Memory) -> None:
    words = "I'm allergic to nuts."
    told(memory, line(0, "STATION"), said(5, 8, words), line(100, "MUSEUM"))
    assert told(memory, said(110, 113, words)).place == "station"
    memory.forget(Selection(start_ns=at(4), end_ns=at(9)))
    (fact,) = memory.facts()
    assert fact.place == "museum"


def test_a_forgotten_sign_takes_the_place_and_not_the_fact(memory: Memory, tmp_path: Path) -> None:
    told(memory, line(0, "QUIRKELL STATION"), said(30, 33, "I'm allergic to nuts."))
    memory.forget(Selection(end_ns=at(10)))
    (fact,) = memory.facts()
    assert fact.place == ""
    assert b"quirkell" not in invariants.raw_bytes(tmp_path)


def test_forgetting_a_place_takes_what_was_said_there(memory: Memory) -> None:
    told(memory, line(0, "STATION"), said(90, 93, "I'm allergic to nuts."))
    memory.forget(Selection(places=("station",)))
    assert memory.facts() == []
    assert memory.spoken() == []
