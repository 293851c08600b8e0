from __future__ import annotations

from pathlib import Path

import pytest

from memory.records import Cue, Kind, MemoryStoreError, Selection, Source
from memory.store import Memory
from tests.memory.day import START, URI, at, events, open_memory, person, remember, said

TIN = (b"biscuits", b"montefalco", b"fiorelli", b"blue pen")
RUTH = (b"ambler", b"glazier", b"leeds")
CALL = (b"olga", b"nadine", b"boston", b"ohio")


def _bytes(folder: Path) -> bytes:
    """Everything on the disk of one store, in lower case."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files).lower()


def _ids(memory: Memory, *names: str) -> tuple[int, ...]:
    return tuple(p.id for p in memory.people() if p.name in names)


def _tell_all(memory: Memory) -> None:
    """Let every kind of derived row use everything."""
    for word in ("biscuits", "glazier", "Boston"):
        hit = memory.recall(Cue(word))[0]
        memory.add_turn(at(110), f"Tell me about {word}", hit.text, hit.sources)


@pytest.mark.parametrize(
    ("selection", "gone", "kept"),
    [
        pytest.param({"moment_ids": (1,)}, TIN, RUTH + CALL, id="moment"),
        pytest.param({"start_ns": at(60), "end_ns": at(70)}, CALL, TIN + RUTH, id="span"),
        pytest.param({"end_ns": at(15)}, TIN, RUTH + CALL, id="until"),
        pytest.param({"person_ids": "Ruth Ambler"}, RUTH, TIN + CALL, id="person"),
        pytest.param({"everything": True}, TIN + RUTH + CALL, (), id="everything"),
    ],
)
def test_forgotten_words_are_nowhere_on_the_disk(
    tmp_path: Path, selection: dict[str, object], gone: tuple[bytes, ...], kept: tuple[bytes, ...]
) -> None:
    with open_memory(tmp_path) as memory:
        remember(memory, events())
        _tell_all(memory)
        if "person_ids" in selection:
            selection = {"person_ids": _ids(memory, str(selection["person_ids"]))}
        before = _bytes(tmp_path)
        assert all(word in before for word in gone + kept)
        chosen = Selection(**selection)  # type: ignore[arg-type]
        promised = memory.would_forget(chosen)
        assert memory.forget(chosen) == promised
        after = _bytes(tmp_path)
        assert [word for word in gone if word in after] == []
        assert [word for word in kept if word not in after] == []
        assert memory.recall(Cue(gone[0].decode())) == []
    assert [word for word in gone if word in _bytes(tmp_path)] == []


def test_a_preview_deletes_nothing(day: Memory) -> None:
    before = day.counts()
    assert day.would_forget(Selection(everything=True)).rows == {
        kind: count for kind, count in before.items() if count
    }
    assert day.counts() == before


def test_everything_derived_goes_and_the_rest_is_told_anew(day: Memory) -> None:
    _tell_all(day)
    report = day.forget(Selection(moment_ids=(1,)))
    assert report.rows == {
        Kind.MOMENT: 1,
        Kind.OBJECT: 1,
        Kind.TEXT: 2,
        Kind.UTTERANCE: 1,
        Kind.TURN: 1,
    }
    assert [t.asked for t in day.turns()] == ["Tell me about glazier", "Tell me about Boston"]
    assert day.contexts()[0].text.startswith("You looked at: person, cup. You saw: Ruth Ambler")


def test_a_minute_of_which_nothing_is_left_goes(day: Memory) -> None:
    assert day.forget(Selection(start_ns=at(60), end_ns=at(70))).rows[Kind.CONTEXT] == 1
    assert [c.start_ns for c in day.contexts()] == [START]


@pytest.mark.parametrize(
    "selection",
    [{"moment_ids": (1,)}, {"start_ns": at(60), "end_ns": at(70)}, {"person_ids": "Ruth Ambler"}],
)
def test_a_replay_does_not_bring_it_back(day: Memory, selection: dict[str, object]) -> None:
    if "person_ids" in selection:
        selection = {"person_ids": _ids(day, "Ruth Ambler")}
    day.forget(Selection(**selection))  # type: ignore[arg-type]
    left = day.counts()
    remember(day, events())
    assert day.counts() == left


def test_conditions_narrow_each_other(day: Memory) -> None:
    (ruth,) = _ids(day, "Ruth Ambler")
    assert day.would_forget(Selection(person_ids=(ruth,), end_ns=at(10))).rows == {}
    assert day.would_forget(Selection(person_ids=(ruth,), moment_ids=(1,))).rows == {}
    report = day.would_forget(Selection(person_ids=(ruth,), moment_ids=(2,)))
    assert report.rows[Kind.UTTERANCE] == report.rows[Kind.SIGHTING] == 1
    assert Kind.MOMENT not in report.rows


def test_a_name_heard_only_in_what_is_forgotten_is_forgotten(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(0, 2, "Hi, I'm Ruth.", "voice-1"))
    memory.record(said(50, 52, "The kiln is hot today.", "voice-1"))
    memory.forget(Selection(end_ns=at(10)))
    (someone,) = memory.people()
    assert someone.name == ""
    assert (
        memory.recall(Cue("kiln"))[0].text == f'Someone {someone.id} said: "The kiln is hot today."'
    )


def test_a_given_name_outlives_what_it_was_heard_in(day: Memory) -> None:
    (ruth,) = _ids(day, "Ruth Ambler")
    day.rename_person(ruth, "Ruth")
    day.forget(Selection(start_ns=at(15), end_ns=at(26)))
    assert day.person(ruth).name == "Ruth"
    assert day.known_faces() == [], "the vectors came from the forgotten sighting"


def test_a_fact_said_twice_survives_one_of_them(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(0, 2, "I live in Bergen now."))
    memory.record(said(50, 52, "I live in Bergen now."))
    memory.forget(Selection(end_ns=at(10)))
    (fact,) = memory.facts()
    assert fact.sources == (Source(Kind.UTTERANCE, 2),)
    memory.forget(Selection(end_ns=at(60)))
    assert memory.facts() == []


def test_a_forgotten_person_is_not_followed_on_in_that_recording(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(person(0, 5, "person-1", 1))
    memory.forget(Selection(person_ids=(memory.people()[0].id,)))
    assert memory.record(person(6, 9, "person-1", 2)) is None
    assert memory.people() == []


def test_forgetting_says_so_when_another_program_still_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.database.BUSY_TIMEOUT_S", 0.2)
    with open_memory(tmp_path) as memory, memory._database.engine.connect() as other:
        remember(memory, events())
        other.exec_driver_sql("SELECT count(*) FROM documents").all()
        with pytest.raises(MemoryStoreError, match="close it and forget again") as error:
            memory.forget(Selection(moment_ids=(1,)))
        assert error.value.code == "forget-unfinished"
        assert len(memory.moments()) == 1


def test_nothing_is_forgotten_by_accident() -> None:
    with pytest.raises(ValueError, match="everything=True"):
        Selection()


def test_a_place_or_topic_needs_a_word() -> None:
    with pytest.raises(ValueError, match="needs a word"):
        Selection(topics=("?!",))
