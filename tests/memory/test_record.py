from __future__ import annotations

from datetime import UTC
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from memory.records import Context, Fact, Kind, MemoryStoreError, Source, Turn
from memory.store import Memory
from perception.events import CauseKind, Emotion, Event
from tests.memory.day import (
    START,
    URI,
    at,
    closed,
    events,
    face,
    felt,
    line,
    open_memory,
    opened,
    person,
    remember,
    said,
    thing,
    unit,
)


def _record(memory: Memory, *items: Event) -> list[Source | None]:
    memory.begin(URI, START)
    return [memory.record(item) for item in items]


def test_a_day_is_remembered(day: Memory) -> None:
    assert day.counts() == {
        Kind.MOMENT: 2,
        Kind.PERSON: 4,
        Kind.SIGHTING: 2,
        Kind.OBJECT: 2,
        Kind.TEXT: 2,
        Kind.UTTERANCE: 7,
        Kind.FEELING: 1,
        Kind.CONTEXT: 2,
        Kind.FACT: 4,
        Kind.TURN: 0,
        Kind.DWELL: 0,
        Kind.EYE_RATES: 0,
    }
    tin, meeting = day.moments()
    assert tin.attended == ("book",)
    assert [seen.text for seen in tin.seen] == ["book", "FIORELLI BISCOTTI", "MONTEFALCO"]
    assert [spoken.text[:11] for spoken in tin.spoken] == ["I'm leaving"]
    assert tin.gaze_in_scene_px == (150.0, 140.0)
    assert [p.name for p in meeting.people] == ["Ruth Ambler"]
    assert day.moment(tin.id) == tin
    assert [str(d) for d in day.days(UTC)] == ["2023-11-14"]


def test_going_through_a_recording_twice_changes_nothing(day: Memory, tmp_path: Path) -> None:
    first = day.export(tmp_path / "first")
    remember(day, events())
    assert day.export(tmp_path / "second") == first
    for path in (tmp_path / "first").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


def test_face_and_voice_are_joined_even_across_a_crash(day: Memory, tmp_path: Path) -> None:
    (tmp_path / "cut").mkdir()
    script = events()
    for cut_after in ("I'm Ruth Ambler", "He is my neighbour"):
        end = next(i for i, e in enumerate(script) if cut_after in getattr(e, "text", ""))
        with open_memory(tmp_path / "cut") as cut:
            cut.begin(URI, START)
            for event in script[: end + 1]:
                cut.record(event)
    with open_memory(tmp_path / "cut") as cut:
        remember(cut, script)
        assert [(p.name, p.sightings, p.utterances) for p in cut.people()] == [
            (p.name, p.sightings, p.utterances) for p in day.people()
        ]
        assert [f.subject for f in cut.facts()] == [f.subject for f in day.facts()]


def test_a_crashed_recording_is_completed_by_going_through_it_again(
    day: Memory, tmp_path: Path
) -> None:
    (tmp_path / "cut").mkdir()
    half = events()[:5]  # in the middle of the first moment
    with open_memory(tmp_path / "cut") as cut:
        cut.begin(URI, START)
        for event in half:
            cut.record(event)
    with open_memory(tmp_path / "cut") as cut:
        remember(cut, events())
        assert cut.counts() == day.counts()
        assert cut.moments() == [m for m in day.moments() if (m.clip, m.thumbnail) == (None, None)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_things_get_their_moment_early_or_late(memory: Memory, order: tuple[int, ...]) -> None:
    late: list[Event] = [opened(10), thing(12, "cup"), closed(10, 20, "cup")]
    if order.index(0) > order.index(2):
        late[0] = closed(10, 20, "cup")  # a moment that only ever comes closed
    _record(memory, *(late[i] for i in order))
    (moment,) = memory.moments()
    assert [seen.text for seen in moment.seen] == ["cup"]


def test_things_after_the_end_leave_the_moment_again(memory: Memory) -> None:
    _record(memory, opened(10), thing(25, "cup"), said(24, 27, "Good."), closed(10, 20, "book"))
    (moment,) = memory.moments()
    assert moment.seen == () == moment.spoken
    assert memory.spoken()[0].moment_id is None


def test_what_is_said_belongs_to_the_moment_it_overlaps_most(memory: Memory) -> None:
    _record(memory, opened(0), closed(0, 10, "a"), opened(12), closed(12, 20, "b"))
    memory.record(said(8, 14.5, "One moment please."))
    memory.record(said(21, 23, "Nothing here."))
    assert [s.moment_id for s in memory.spoken()] == [memory.moments()[1].id, None]


def test_a_thing_is_kept_once_per_slot_in_its_best_view(memory: Memory) -> None:
    _record(
        memory,
        thing(1, "cup", 0.5, is_attended=False),
        thing(2, "cup", 0.9, is_attended=False),
        thing(3, "cup", 0.6, is_attended=True),
        thing(61, "cup", 0.7),
        opened(70),
        thing(71, "cup", 0.8),
        thing(72, "cup", 0.7),
    )
    assert memory.counts()[Kind.OBJECT] == 3
    memory.record(closed(70, 80, "cup"))
    (moment,) = memory.moments()
    assert [(seen.confidence, seen.t_ns) for seen in moment.seen] == [(0.8, at(71))]


def test_two_readings_of_a_line_are_one(memory: Memory) -> None:
    _record(memory, opened(0), line(1, "PLATFORM 12"), line(2, "PLATF0RM 12"), line(3, "EXIT"))
    assert memory.counts()[Kind.TEXT] == 2


def test_a_moment_that_opens_late_folds_what_was_seen_before(memory: Memory) -> None:
    _record(memory, opened(10), thing(12, "cup", 0.6), thing(8, "cup", 0.9), opened(5))
    memory.record(closed(5, 9, "cup"))
    early, late = memory.moments()
    assert [s.confidence for s in early.seen] == [0.9]
    assert [s.confidence for s in late.seen] == [0.6]


def test_a_voice_alone_with_an_attended_face_becomes_one_person(day: Memory) -> None:
    (ruth,) = [p for p in day.people() if p.name == "Ruth Ambler"]
    assert (ruth.sightings, ruth.utterances, ruth.is_name_given) == (1, 1, False)


@pytest.mark.parametrize(
    "faces",
    [
        pytest.param([], id="nobody in view"),
        pytest.param([face(t, 1, False) for t in (1, 2, 3)], id="not looked at"),
        pytest.param([face(t, k) for t in (1, 2, 3) for k in (1, 2)], id="two in view"),
        pytest.param([face(1, 1)], id="seen once"),
        pytest.param([face(t, 1) for t in (8, 9)], id="at another time"),
    ],
)
def test_otherwise_voice_and_face_stay_apart(memory: Memory, faces: list[Event]) -> None:
    _record(memory, *faces, said(0, 5, "Hi, I'm Ruth.", "voice-1"), person(0, 9, "person-1", 1))
    assert sorted(p.name for p in memory.people()) == ["", "Ruth"]


def test_a_face_keeps_the_first_voice_it_was_given(memory: Memory) -> None:
    _record(
        memory,
        *[face(t, 1) for t in range(10)],
        said(0, 4, "Hi, I'm Ruth.", "voice-1"),
        said(5, 9, "I'm off now, bye.", "voice-2"),
        person(0, 9, "person-1", 1),
    )
    other, ruth = sorted(memory.people(), key=lambda p: p.name)
    assert (ruth.name, ruth.sightings, other.utterances) == ("Ruth", 1, 1)


def test_a_remark_becomes_a_fact_about_the_person_in_view(day: Memory) -> None:
    (neighbour,) = [p for p in day.people() if p.key == "person-2"]
    (fact,) = day.facts(subject=neighbour.id)
    assert fact.said_by == "wearer"
    assert fact.subject == neighbour.label
    assert fact.text.startswith(f'You said of {neighbour.label}: "He is my neighbour')


def test_only_the_wearers_verified_voice_speaks_for_the_wearer(memory: Memory) -> None:
    impostor = said(0, 2, "I am allergic to walnuts.", "voice-9")
    claimed = said(3, 5, "I am allergic to cashews.", "wearer")
    object.__setattr__(claimed, "is_wearer", False)
    _record(memory, impostor, claimed)
    assert memory.facts(subject="wearer") == []
    assert {f.said_by for f in memory.facts()} == {"someone 1", "someone"}


def test_saying_it_again_adds_a_source_and_no_confidence(memory: Memory) -> None:
    _record(memory, said(0, 2, "I live in Bergen now."), said(50, 52, "I live in Bergen, now!"))
    (fact,) = memory.facts()
    assert fact.confidence == pytest.approx(0.9 * 0.95)
    assert len(fact.sources) == 2


def test_every_derived_row_names_rows_that_exist(day: Memory) -> None:
    day.add_turn(at(103), "Where?", "There.", (Source(Kind.FACT, day.facts()[0].id),))
    derived: list[Fact | Context | Turn] = [*day.facts(), *day.contexts(), *day.turns()]
    assert derived
    ids = {
        Kind.UTTERANCE: {s.id for s in day.spoken()},
        Kind.FACT: {f.id for f in day.facts()},
        Kind.FEELING: {f.id for f in day.feelings()},
        Kind.MOMENT: {m.id for m in day.moments()},
    }
    for row in derived:
        assert row.sources
        for source in row.sources:
            assert source.id in ids.get(source.kind, {source.id}), source


def test_a_context_says_what_its_sources_say(day: Memory) -> None:
    first, second = day.contexts()
    assert first.start_ns == START
    assert "FIORELLI BISCOTTI / MONTEFALCO" in first.text
    assert "Ruth Ambler said: \"Hi, I'm Ruth Ambler." in first.text
    assert first.arousal == 0.6
    assert "What was written" not in second.text


def test_consolidating_again_and_again_is_the_same(day: Memory) -> None:
    before = day.contexts()
    day.consolidate(at(120))
    day.consolidate(at(120))
    assert day.contexts() == before


def test_unnamed_people_leave_no_template(day: Memory) -> None:
    assert day.known_faces() == []
    assert day.known_voices() == []


def test_naming_somebody_keeps_what_was_just_seen_of_them(day: Memory) -> None:
    (ruth,) = [p for p in day.people() if p.name == "Ruth Ambler"]
    day.rename_person(ruth.id, "Ruth")
    ((key, vector),) = day.known_faces()
    assert key == f"known-{ruth.id}"
    np.testing.assert_array_equal(vector, unit(1))
    assert [k for k, _ in day.known_voices()] == [key]


def test_a_known_person_is_met_again_in_another_recording(day: Memory) -> None:
    ruth = next(p for p in day.people() if p.sightings and p.utterances)
    day.rename_person(ruth.id, "Ruth")
    day.begin("recording:/other", START + 10**15)
    day.record(person(200, 205, f"known-{ruth.id}", 1))
    day.record(person(210, 215, "person-2", 2))
    assert day.person(ruth.id).sightings == 2
    assert day.counts()[Kind.PERSON] == 5, "person-2 of another recording is somebody else"


def test_recording_needs_a_beginning(memory: Memory) -> None:
    with pytest.raises(MemoryStoreError, match="begin"):
        memory.record(thing(1, "cup"))


def test_a_feeling_keeps_its_cause_and_the_answer(memory: Memory) -> None:
    _record(memory, thing(1, "dog"), felt(0, 4, Emotion.HAPPY, CauseKind.SEEN, "dog"))
    (feeling,) = memory.feelings()
    assert (feeling.emotion, feeling.cause, feeling.is_confirmed) == (Emotion.HAPPY, "dog", None)
    memory.confirm_feeling(feeling.id, is_confirmed=False)
    assert memory.feelings(at(0), at(4))[0].is_confirmed is False
    assert memory.feelings(at(5), at(9)) == []


def test_a_question_of_a_second_replay_is_the_same_exchange(memory: Memory) -> None:
    fact = memory.add_fact("Rosa waters the plants", 1)
    memory.add_turn(5, "Who waters the plants?", "I do not know.")
    memory.add_turn(5, "Who waters the plants?", "Rosa does.", (Source(Kind.FACT, fact.id),))
    (turn,) = memory.turns()
    assert (turn.replied, turn.sources) == ("Rosa does.", (Source(Kind.FACT, fact.id),))
    memory.add_turn(6, "Who waters the plants?", "Rosa.")
    assert len(memory.turns()) == 2


def test_what_was_seen_as_a_moment_opened_is_its_own_from_the_start(memory: Memory) -> None:
    day: list[Event] = [
        thing(1, "cup"),
        thing(20.5, "cup"),
        opened(20, 21),
        closed(20, 30, "cup"),
    ]
    memory.begin(URI, START)
    for event in day:
        memory.record(event)
    before = memory.counts()
    assert [seen.text for seen in memory.moments()[0].seen] == ["cup"]
    for event in day:
        memory.record(event)
    assert memory.counts() == before


def test_what_a_moment_takes_from_its_minute_was_seen_there_before(memory: Memory) -> None:
    day = (
        thing(1, "kiln", is_attended=False),
        thing(20.5, "kiln"),
        line(3, "WAY OUT", is_attended=False),
        line(20.6, "WAY OUT"),
        opened(20, 21),
        closed(20, 30, "kiln"),
    )
    _record(memory, *day)
    before = memory.counts()
    assert before[Kind.OBJECT] == before[Kind.TEXT] == 2, "in the minute, and in the moment"
    _record(memory, *day)
    assert memory.counts() == before


def test_a_moment_after_a_restart_looks_back_beyond_it(tmp_path: Path) -> None:
    """What a moment takes from its minute was seen there before the restart too."""
    seen: list[Event] = [thing(5, "cup", is_attended=False), line(6, "GATE 7", is_attended=False)]
    later: list[Event] = [
        thing(20.5, "cup"),
        line(20.5, "GATE 7"),
        opened(20),
        closed(20, 30, "cup"),
    ]
    with open_memory(tmp_path) as memory:
        _record(memory, *seen)
    with open_memory(tmp_path) as memory:
        _record(memory, *later)
        before = memory.counts()
        assert (before[Kind.OBJECT], before[Kind.TEXT]) == (2, 2)
        _record(memory, *seen, *later)
        assert memory.counts() == before
