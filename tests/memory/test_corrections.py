from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from memory.records import Cue, Kind, MemoryStoreError, Person, Source
from memory.store import Memory
from tests.memory.day import START, URI, at, face, person, said, unit


def _named(memory: Memory, name: str) -> Person:
    return next(p for p in memory.people() if p.name == name)


def test_a_new_name_is_told_everywhere_and_can_be_undone(day: Memory) -> None:
    ruth = _named(day, "Ruth Ambler")
    assert day.rename_person(ruth.id, "  Ruth\n of the   kiln ") == "Ruth Ambler"
    told = " ".join(c.text for c in day.contexts()) + " ".join(f.text for f in day.facts())
    assert "Ruth of the kiln said" in told
    assert "Ruth Ambler said" not in told
    assert day.recall(Cue("glazier"))[0].text.startswith("Ruth of the kiln said")
    assert day.rename_person(ruth.id, "Ruth Ambler") == "Ruth of the kiln"


def test_a_given_name_is_never_overruled(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(0, 2, "Good day to you.", "voice-1"))
    (someone,) = memory.people()
    memory.rename_person(someone.id, "Bo")
    memory.record(said(5, 7, "By the way, I'm Boris.", "voice-1"))
    assert [p.name for p in memory.people()] == ["Bo"]


def test_taking_a_name_away_takes_the_templates_away(day: Memory) -> None:
    ruth = _named(day, "Ruth Ambler")
    day.rename_person(ruth.id, "Ruth")
    assert day.known_faces()
    day.rename_person(ruth.id, "")
    assert day.known_faces() == day.known_voices() == []


def test_templates_are_for_named_people_and_the_wearer(day: Memory) -> None:
    with pytest.raises(MemoryStoreError, match="name them first"):
        day.add_template(_named(day, "Olga").id, "voice", unit(1, 256))
    with pytest.raises(MemoryStoreError, match="gait"):
        day.add_template(day.wearer().id, "gait", unit(1))
    day.add_template(day.wearer().id, "voice", unit(2, 256))
    ((key, vector),) = day.known_voices()
    assert key == "wearer"
    np.testing.assert_array_equal(vector, unit(2, 256))


def test_merging_moves_everything(day: Memory) -> None:
    olga, nadine = _named(day, "Olga"), _named(day, "Nadine")
    day.rename_person(nadine.id, "Nadine")
    merged = day.merge_people(olga.id, nadine.id)
    assert (merged.name, merged.is_name_given, merged.utterances) == ("Nadine", True, 2)
    assert all(f.said_by != "Olga" for f in day.facts())
    assert "Olga said" not in day.contexts()[1].text


def test_perception_finds_a_merged_person_under_every_key(day: Memory) -> None:
    olga, nadine = _named(day, "Olga"), _named(day, "Nadine")
    day.rename_person(nadine.id, "Nadine")
    day.merge_people(olga.id, nadine.id)
    day.begin(URI, START)
    for i, key in enumerate(("voice-2", "voice-3", f"known-{nadine.id}", f"known-{olga.id}")):
        day.record(said(200 + i, 200.5 + i, "Hello there again.", key))
    assert day.person(olga.id).utterances == 2 + 4


def test_two_faces_in_one_frame_are_two_people(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(person(0, 10, "person-1", 1))
    memory.record(person(9, 20, "person-2", 2))
    first, second = memory.people()
    with pytest.raises(MemoryStoreError, match="same time") as error:
        memory.merge_people(first.id, second.id)
    assert error.value.code == "seen-together"


def test_people_whom_the_wearer_named_both_stay_two(day: Memory) -> None:
    olga, nadine = _named(day, "Olga"), _named(day, "Nadine")
    day.rename_person(olga.id, "Olga")
    day.rename_person(nadine.id, "Nadine")
    with pytest.raises(MemoryStoreError, match="named both"):
        day.merge_people(olga.id, nadine.id)
    with pytest.raises(MemoryStoreError, match="neither of them the wearer"):
        day.merge_people(olga.id, day.wearer().id)


def test_voices_named_differently_are_not_joined_to_a_named_face(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(person(0, 3, "person-1", 1))
    memory.rename_person(memory.people()[0].id, "Ruth")
    for t in (10, 11, 12):
        memory.record(face(t, 2))
    memory.record(said(10, 13, "Hi, I'm Boris.", "voice-1"))
    memory.record(person(10, 13, "person-1", 2))
    assert sorted(p.name for p in memory.people()) == ["Boris", "Ruth"]


def test_a_corrected_fact_is_closed_and_kept(day: Memory) -> None:
    day.begin(URI, START)
    day.record(said(200, 202, "I live in Bergen, by the harbour."))
    (old,) = day.facts(subject="wearer")
    new = day.correct_fact(old.id, "You live on a boat in Oslo.", at(500))
    assert new.sources == (Source(Kind.FACT, old.id),)
    now = [f.text for f in day.facts("wearer", at_ns=at(600))]
    assert "You live on a boat in Oslo." in now
    assert old.text not in now
    then = [f.text for f in day.facts("wearer", at_ns=at(400))]
    assert old.text in then
    assert "You live on a boat in Oslo." not in then
    closed = next(f for f in day.facts() if f.id == old.id)
    assert closed.valid_until_ns == at(500)
    assert all(
        h.id != old.id for h in day.recall(Cue("Bergen harbour", kinds=frozenset({Kind.FACT})))
    )
    with pytest.raises(MemoryStoreError, match="still holds"):
        day.correct_fact(old.id, "Again.", at(600))


def test_a_fact_can_be_told_about_anybody(day: Memory) -> None:
    olga = _named(day, "Olga")
    about_her = day.add_fact("Olga collects stamps.", at(300), olga.id)
    about_me = day.add_fact("You are allergic to walnuts.", at(301))
    assert (about_her.subject, about_me.subject) == ("Olga", "wearer")
    assert about_me.slot == "allergy:walnuts"
    assert day.recall(Cue("Who collects stamps?"))[0].id == about_her.id


@pytest.mark.parametrize(
    "act",
    [
        lambda m: m.person(99),
        lambda m: m.moment(99),
        lambda m: m.rename_person(99, "X"),
        lambda m: m.merge_people(99, 98),
        lambda m: m.confirm_feeling(99, True),
        lambda m: m.correct_fact(99, "X", 0),
        lambda m: m.rename_person(m.wearer().id, "X" * 81),
    ],
)
def test_what_is_not_there_is_told(memory: Memory, act: Callable[[Memory], object]) -> None:
    with pytest.raises(MemoryStoreError):
        act(memory)
