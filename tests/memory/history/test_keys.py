from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from evals.data.scenario import day_of, read_lives
from evals.month import Month
from memory.history import keys, phrases
from memory.people import label
from memory.provenance import sources_of
from memory.records import KeyKind, Kind, Level, Selection, Source
from memory.schema import PersonRow, SeenRow, SightingRow, UtteranceRow
from memory.sentences import same_words
from memory.store import Memory
from perception.events import CauseKind, Emotion
from tests.memory.day import START, URI, at, felt, line, open_memory, thing
from tests.memory.history.test_pyramid import FOUR, HOUR, later


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("I left it on the kitchen table.", ["kitchen"]),
        ("I'm a glazier at the Leeds workshop.", ["workshop", "leeds workshop", "leeds"]),
        ("We met in Porto, near the old harbour.", ["harbour", "old harbour", "porto"]),
        ("This parcel is from Ruth.", []),
        ("See you in March, in the evening.", []),
        ("She said it in English.", []),
        ("Come to my house.", ["house"]),
    ],
)
def test_places_are_taken_from_words(words: str, places: list[str]) -> None:
    assert phrases.places(words, ["Ruth Ambler"]) == places


def test_signs_name_places_and_other_writing_does_not() -> None:
    assert phrases.places_written("CENTRAL STATION") == ["station", "central station"]
    assert phrases.places_written("Please close the office door after five") == []


def test_things_and_words_tell_what_is_done() -> None:
    assert phrases.activities(["laptop", "cell phone", "chair"]) == ["working", "on the phone"]


def test_topics_are_noun_phrases() -> None:
    said_ = (
        "The black flask is leaking. Bring the black flask and some cinnamon rolls to Ada Byron."
    )
    assert phrases.topics(said_)[:3] == ["black flask", "cinnamon rolls", "ada byron"]
    assert phrases.topics("Well, hi, I'm Ada Byron.") == ["ada byron"]
    assert phrases.topics("Yes, that is all right with me, thank you.") == []


def test_every_key_of_a_minute_leads_to_it(day: Memory) -> None:
    first, second = day.contexts()
    with day._database.read() as session:
        for kind, key in (
            (KeyKind.OBJECT, "cup"),
            (KeyKind.PERSON, "Ruth Ambler"),
            (KeyKind.PLACE, "Leeds workshop"),
            (KeyKind.TOPIC, "black flask"),
            (KeyKind.ACTIVITY, "reading"),
        ):
            (row,) = keys.rows_of(session, kind, key)
            assert (row.kind, row.id) == (Kind.CONTEXT, first.id), key
        (row,) = keys.rows_of(session, KeyKind.PLACE, "Utah")
        assert row.id == second.id
        found = keys.cued(session, "What did I leave in the kitchen of the Leeds workshop?")
    assert {key for _, key in found} == {"kitchen", "leeds", "leeds workshop", "workshop"}


def test_keys_are_listed_with_how_often_they_occur(memory: Memory) -> None:
    memory.begin(URI, START)
    for minute in range(3):
        memory.record(thing(60 * minute, "cup"))
    memory.record(thing(61, "book"))
    memory.consolidate(at(300))
    listed = [(key.key, key.minutes) for key in memory.keys(KeyKind.OBJECT)]
    assert listed == [("cup", 3), ("book", 1)]
    assert memory.keys(KeyKind.PLACE) == []


def test_keys_go_with_what_they_were_made_from(day: Memory) -> None:
    (ruth,) = [p for p in day.people() if p.name == "Ruth Ambler"]
    day.rename_person(ruth.id, "Ruth of the kiln")
    assert "ruth ambler" not in {key.key for key in day.keys(KeyKind.PERSON)}
    assert "ruth of the kiln" in {key.key for key in day.keys(KeyKind.PERSON)}
    day.forget(Selection(person_ids=(ruth.id,)))
    left = {key.key for kind in KeyKind for key in day.keys(kind)}
    assert "ruth of the kiln" not in left
    assert "leeds workshop" not in left
    day.forget(Selection(everything=True))
    assert not [key for kind in KeyKind for key in day.keys(kind)]


def test_a_day_has_the_keys_of_what_is_moving_or_new(memory: Memory) -> None:
    memory.begin(URI, FOUR)
    for day in range(2):
        memory.record(thing(later(24 * day), "cup"))
        memory.record(line(later(24 * day + 1), "CENTRAL STATION"))
    memory.record(thing(later(25), "dog"))
    memory.record(thing(later(26), "cup"))
    memory.record(felt(later(26), later(26) + 3, Emotion.HAPPY, CauseKind.SEEN, "cup"))
    memory.record(thing(later(27), "vase"))
    memory.consolidate(FOUR + 60 * HOUR)
    found: list[set[str]] = [set(), set()]
    with memory._database.read() as session:
        for context in memory.contexts(level=Level.DAY):
            row = Source(Kind.CONTEXT, context.id)
            found[(context.start_ns - FOUR) // (24 * HOUR)] |= {
                key for _, key in keys.keys_of(session, row)
            }
    assert found[0] == {"cup", "station", "central station"}
    assert found[1] == {"dog", "cup", "vase"}, "the station was known and did not move"


@pytest.fixture(scope="module")
def five_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Memory]:
    """The first days of a written life, of which no detail has faded yet."""
    (life,) = read_lives(["vet"])
    days = set(life.days()[:5])
    happenings = tuple(h for h in life.happenings if day_of(h.start_ns) in days)
    with open_memory(tmp_path_factory.mktemp("life")) as memory:
        for _ in Month(replace(life, happenings=happenings, questions=()), memory).live():
            pass
        yield memory


def test_whatever_names_a_memory_leads_to_it(five_days: Memory) -> None:
    """Activity, place, object and person, each read from the memory's own row alone."""
    names = [person.name for person in five_days.people() if person.name]
    with five_days._database.read() as session:
        minutes = [Source(Kind.CONTEXT, minute.id) for minute in five_days.contexts()]
        told = {source for minute in minutes for source in sources_of(session, minute)}
        named = {source: own_keys(session, source, names) for source in told}
        for source, own in named.items():
            for kind, key in own:
                led_to = keys.rows_of(session, kind, key)
                reached = {row for minute in led_to for row in sources_of(session, minute)}
                assert source in reached, (kind, key)
    kinds = {kind for own in named.values() for kind, _ in own}
    assert kinds == {KeyKind.ACTIVITY, KeyKind.PLACE, KeyKind.OBJECT, KeyKind.PERSON}


def own_keys(session: Session, source: Source, names: list[str]) -> set[keys.Found]:
    """Return the keys that a row names by itself."""
    if source.kind == Kind.UTTERANCE:
        said = session.get_one(UtteranceRow, source.id)
        who = label(session.get(PersonRow, said.person_id)) if not said.is_wearer else ""
        return {
            *((KeyKind.PLACE, place) for place in phrases.places(said.text, names)),
            *((KeyKind.ACTIVITY, a) for a in phrases.activities(phrases.ngrams(said.text, 1))),
            *([(KeyKind.PERSON, who)] if who not in ("", "someone") else []),
        }
    if source.kind == Kind.SIGHTING:
        person_id = session.get_one(SightingRow, source.id).person_id
        return {(KeyKind.PERSON, label(session.get_one(PersonRow, person_id)))}
    if source.kind == Kind.OBJECT:
        return {(KeyKind.OBJECT, session.get_one(SeenRow, source.id).text)}
    if source.kind == Kind.TEXT:
        line_ = session.get_one(SeenRow, source.id).text
        return {(KeyKind.PLACE, place) for place in phrases.places_written(line_)}
    return set()


def test_a_key_of_a_minute_stands_in_its_words(five_days: Memory) -> None:
    with five_days._database.read() as session:
        for minute in five_days.contexts():
            words = set(same_words(minute.detail).split())
            held = keys.keys_of(session, Source(Kind.CONTEXT, minute.id))
            named = {key for kind, key in held if kind != KeyKind.ACTIVITY}
            assert {word for key in named for word in same_words(key).split()} <= words
