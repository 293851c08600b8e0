"""Forgetting some rows of a time and leaving others: by topic, place, or a person within a span."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.packets import GazeSample
from memory.clips.film import Film
from memory.forget import leaving
from memory.records import Cue, KeyKind, Kind, Level, Selection
from memory.rendering import MAX_LINES
from memory.schema import ContextRow, KeyRow
from memory.store import Memory
from tests.memory.clips.test_media import frames, sound
from tests.memory.day import (
    START,
    URI,
    at,
    closed,
    events,
    line,
    open_memory,
    opened,
    person,
    remember,
    said,
)
from tests.memory.forget.test_forget import _bytes, _ids


@pytest.mark.parametrize(
    ("topic", "gone", "kept"),
    [
        pytest.param("biscuit", (b"biscuits",), (b"fiorelli", b"glazier"), id="another form"),
        pytest.param("Montefalco", (b"montefalco",), (b"fiorelli", b"biscuits"), id="one line"),
        pytest.param("the glaziers", (b"glazier",), (b"biscuits", b"olga"), id="fact and person"),
        pytest.param("book", (), (b"biscuits",), id="a moment by what was looked at"),
    ],
)
def test_a_topic_goes_by_its_own_words(
    tmp_path: Path, topic: str, gone: tuple[bytes, ...], kept: tuple[bytes, ...]
) -> None:
    with open_memory(tmp_path) as memory:
        remember(memory, events())
        memory.add_turn(at(110), f"What about {topic}?", "Nothing.")
        promised = memory.would_forget(Selection(topics=(topic,)))
        assert promised.rows
        assert memory.forget(Selection(topics=(topic,))) == promised
        after = _bytes(tmp_path)
        assert [word for word in gone if word in after] == []
        assert [word for word in kept if word not in after] == []
        assert memory.recall(Cue(topic)) == []
        assert memory.turns() == []
        left = memory.counts()
        remember(memory, events())
        assert memory.counts() == left, "a replay brings nothing back"


def test_a_speakers_name_is_no_topic_of_what_they_say(day: Memory) -> None:
    report = day.would_forget(Selection(topics=("Ruth",)))
    assert report.rows[Kind.UTTERANCE] == 1, "the words in which she named herself"
    assert Kind.SIGHTING not in report.rows


def test_a_closed_fact_and_a_line_without_a_sentence_are_found(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(0, 2, "I live in Bergen now."))
    memory.correct_fact(memory.facts()[0].id, "I live in Trondheim.", at(3))
    for number in range(MAX_LINES + 1):
        memory.record(line(4, "abcdefghijklmnopqrstuvwxyz"[number] * 9, y_px=number))
    assert memory.would_forget(Selection(topics=("Bergen",))).rows[Kind.FACT] == 2
    assert memory.would_forget(Selection(topics=("u" * 9,))).rows == {Kind.TEXT: 1}


def test_a_place_takes_what_happened_there(day: Memory) -> None:
    _key(day, KeyKind.PLACE, "the kitchen")
    report = day.forget(Selection(places=("Kitchen",)))
    assert report.rows[Kind.UTTERANCE] == 4
    assert [spoken.text[:12] for spoken in day.spoken()] == [
        "This is Olga",
        "And I'm Nadi",
        "What was wri",
    ]
    left = day.counts()
    remember(day, events())
    assert day.counts() == left


def test_a_topic_that_a_model_named_takes_what_was_said_and_read(day: Memory) -> None:
    _key(day, KeyKind.TOPIC, "housekeeping")
    report = day.would_forget(Selection(topics=("housekeeping",)))
    assert (report.rows[Kind.UTTERANCE], report.rows[Kind.TEXT]) == (4, 2)
    assert Kind.SIGHTING not in report.rows


def test_topic_and_time_narrow_each_other(day: Memory) -> None:
    assert day.would_forget(Selection(topics=("biscuits",), start_ns=at(60))).rows == {}
    assert day.would_forget(Selection(topics=("biscuits",), moment_ids=(2,))).rows == {}
    assert day.would_forget(Selection(topics=("biscuits",), moment_ids=(1,))).rows


def test_a_person_within_a_span_stays_away_and_others_stay(day: Memory) -> None:
    (ruth,) = _ids(day, "Ruth Ambler")
    day.forget(Selection(person_ids=(ruth,), end_ns=at(30)))
    left = day.counts()
    remember(day, events())
    assert day.counts() == left
    day.begin(URI, START)
    other = person(19, 23, "person-9", 9, seed=9)
    assert day.record(person(18, 24, "person-1", 1)) is None
    assert day.record(person(17, 23, "person-8", 8, seed=8)) is not None
    assert day.record(other) is None, "it cannot be told from what was forgotten"


def test_the_wearers_own_words_stay_away(day: Memory) -> None:
    day.forget(Selection(person_ids=(day.wearer().id,)))
    assert [s for s in day.spoken() if s.is_wearer] == []
    left = day.counts()
    remember(day, events())
    assert day.counts() == left


def test_a_replay_does_not_film_a_stripped_moment_again(memory: Memory) -> None:
    _film(memory)
    (moment,) = memory.moments()
    assert moment.clip is not None
    report = memory.forget(Selection(topics=("kiln",)))
    assert report.files == 3
    assert report.media_bytes > 0
    _film(memory)
    (moment,) = memory.moments()
    assert (moment.clip, moment.thumbnail) == (None, None)
    assert [p for p in memory.media.rglob("*") if p.is_file()] == []


def test_what_is_being_filmed_can_be_forgotten(memory: Memory) -> None:
    memory.begin(URI, START)
    film = Film(memory)
    film.on_event(opened(0), memory.record(opened(0)))
    for frame in frames(0, 2):
        film.update(frame)
    memory.forget(Selection(moment_ids=(1,)))
    assert [p for p in memory.media.rglob("*") if p.is_file()] == []
    film.on_event(closed(0, 2), memory.record(closed(0, 2)))
    film.close()
    assert [p for p in memory.media.rglob("*") if p.is_file()] == []


def test_what_a_forgotten_moment_held_is_told_without_it(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(opened(0))
    memory.record(said(8, 13, "I keep bees on the roof."))
    memory.record(closed(0, 12, "book"))
    assert memory.recall(Cue("bees"))[0].moment_id == 1
    memory.forget(Selection(topics=("book",)))
    assert {hit.moment_id for hit in memory.recall(Cue("bees"))} == {None}


def test_a_cut_deletion_is_completed_at_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_memory(tmp_path) as memory:
        _film(memory)
        with monkeypatch.context() as cut:
            cut.setattr(memory, "_finish_forgetting", _killed)
            with pytest.raises(KeyboardInterrupt):
                memory.forget(Selection(topics=("kiln",)))
        assert any(memory.media.rglob("*.mp4"))
        assert b"kiln" in _bytes(tmp_path)
    with open_memory(tmp_path) as memory:
        assert not any(memory.media.rglob("*.mp4"))
        with memory._database.read() as session:
            assert leaving.noted(session) is None
        assert b"kiln" not in _bytes(tmp_path)


def test_a_finished_clip_whose_row_was_never_told_is_kept(tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        _film(memory)
        with memory._database.engine.begin() as raw:
            raw.exec_driver_sql("UPDATE moments SET clip = NULL, thumbnail = NULL")
    with open_memory(tmp_path) as memory:
        (moment,) = memory.moments()
        assert moment.clip is not None
        assert moment.gaze_track is not None
        assert moment.thumbnail is not None


def _killed() -> None:
    raise KeyboardInterrupt


def _key(memory: Memory, kind: KeyKind, key: str) -> None:
    """Let a key lead to the first minute, as consolidation does."""
    with memory._database.write() as session:
        minute = session.query(ContextRow).filter_by(level=Level.MINUTE).first()
        assert minute is not None
        session.add(KeyRow(kind=kind, key=key, row_kind=Kind.CONTEXT, row_id=minute.id))


def _film(memory: Memory) -> None:
    memory.begin(URI, START)
    film = Film(memory)
    film.on_event(opened(0), memory.record(opened(0)))
    for frame in frames(0, 4):
        film.update(frame)
        film.update(sound(frame.t_ns))
        film.update(GazeSample(frame.t_ns, 160.0, 120.0))
    for event in (said(1, 2, "The kiln is hot today."), closed(0, 3, "cup")):
        film.on_event(event, memory.record(event))
    film.close()
