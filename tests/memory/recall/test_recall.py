from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assets import fetch
from assets.errors import AssetError
from memory.recall.embedding import Mpnet
from memory.recall.terms import terms_of
from memory.records import Cue, Kind
from memory.store import Memory
from tests.memory.day import START, URI, at, events, line, remember, said

ANSWERED = [
    ("What was written on the box on my table?", Kind.TEXT, "MONTEFALCO"),
    ("Where does Ruth work?", Kind.FACT, "glazier at the Leeds workshop"),
    ("What is Ruth's job?", Kind.FACT, "glazier"),
    ("Where is Nadine from originally?", Kind.FACT, "Boston"),
    ("What did I take with me?", Kind.UTTERANCE, "black flask"),
    ("Where did I leave the biscuits?", Kind.UTTERANCE, "kitchen table"),
    ("Who is my neighbour?", Kind.FACT, "ship models"),
    ("What did Olga say?", Kind.FACT, "Ohio"),
    ("When did I last see a cup?", Kind.OBJECT, "a cup"),
    ("How did I feel?", Kind.FEELING, "happy"),
]
UNANSWERED = [
    "What is my sister's phone number?",
    "What is the capital of France?",
    "When is my dentist appointment?",
    "Where did I park my car?",
    "Which flight am I taking tomorrow?",
    "How much was the bicycle?",
]


@pytest.fixture(scope="module")
def mpnet() -> Mpnet:
    try:
        fetch.path("mpnet")
    except AssetError as error:
        pytest.skip(str(error))
    return Mpnet()


@pytest.fixture(scope="module")
def searchable(tmp_path_factory: pytest.TempPathFactory, mpnet: Mpnet) -> Iterator[Memory]:
    folder = tmp_path_factory.mktemp("day")
    with Memory.open(folder / "memory.sqlite", folder / "media", mpnet) as memory:
        remember(memory, events())
        yield memory


@pytest.mark.weights
@pytest.mark.parametrize(("question", "kind", "answer"), ANSWERED)
def test_the_best_hit_answers(searchable: Memory, question: str, kind: Kind, answer: str) -> None:
    best = searchable.recall(Cue(question))[0]
    assert (best.kind, answer in best.text) == (kind, True), best.text
    assert best.sources


@pytest.mark.weights
@pytest.mark.parametrize("question", UNANSWERED)
def test_what_is_not_remembered_gives_nothing(searchable: Memory, question: str) -> None:
    assert searchable.recall(Cue(question)) == []


@pytest.mark.weights
def test_meaning_finds_what_words_do_not(tmp_path: Path, mpnet: Mpnet) -> None:
    question = Cue("What did the physician recommend?")
    found = []
    for name, embedder in (("meaning", mpnet), ("words", None)):
        with Memory.open(tmp_path / f"{name}.sqlite", embedder=embedder) as memory:
            memory.begin(URI, START)
            memory.record(said(0, 2, "The doctor said I should rest.", "voice-1"))
            found.append(len(memory.recall(question)))
    assert found == [1, 0]


@pytest.mark.weights
def test_vectors_have_unit_length_and_do_not_depend_on_neighbours(mpnet: Mpnet) -> None:
    texts = ["A red car.", "An automobile in scarlet, parked by the sea.", "Tax law."]
    together = mpnet.embed(texts)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(together[1], mpnet.embed([texts[1]])[0])
    assert together[0] @ together[1] > 0.45 > 0.3 > together[0] @ together[2]
    assert mpnet.embed([]).shape == (0, 384)


@pytest.mark.weights
def test_vectors_follow_what_changes(tmp_path: Path, mpnet: Mpnet) -> None:
    with Memory.open(tmp_path / "memory.sqlite", embedder=mpnet) as memory:
        memory.begin(URI, START)
        memory.record(said(0, 2, "The doctor said I should rest.", "voice-1"))
        assert memory.recall(Cue("What did the physician recommend?"))
        memory.rename_person(memory.people()[0].id, "Bo")
        assert memory.recall(Cue("What did the physician recommend?"))[0].text.startswith("Bo said")
        with Memory.open(tmp_path / "memory.sqlite", embedder=mpnet) as other:
            other.rename_person(memory.people()[0].id, "Ida")
        assert memory.recall(Cue("What did the physician recommend?"))[0].text.startswith(
            "Ida said"
        )


def test_stems_are_matched_and_stop_words_are_not(day: Memory) -> None:
    assert day.recall(Cue("taking flasks"))[0].text.endswith('flask with me."')
    assert terms_of("What is the name of the man on my wall?") == ["name", "man", "wall"]
    assert day.recall(Cue("is it on the")) == []


def test_query_syntax_is_only_words(day: Memory) -> None:
    for words in ('"', "flask AND NOT", "text: flask*", "(", "NEAR(flask blue)", "';--"):
        day.recall(Cue(words))
    assert day.recall(Cue('"flask"'))


@pytest.mark.parametrize(
    ("cue", "expected"),
    [
        (Cue("Ohio kitchen", end_ns=at(10)), {"kitchen table"}),
        (Cue("Ohio kitchen", start_ns=at(60)), {"Ohio"}),
        (Cue("Leeds kitchen", kinds=frozenset({Kind.UTTERANCE})), {"Leeds", "kitchen table"}),
    ],
)
def test_time_and_kind_narrow(day: Memory, cue: Cue, expected: set[str]) -> None:
    texts = [hit.text for hit in day.recall(cue) if hit.kind != Kind.CONTEXT]
    assert texts
    for place in expected:
        assert any(place in text for text in texts)
    assert all(any(place in text for place in expected) for text in texts)


def test_a_person_narrows(day: Memory) -> None:
    olga = next(p for p in day.people() if p.name == "Olga")
    hits = day.recall(Cue("", person_ids=(olga.id,)))
    assert hits
    assert all("Olga" in hit.text for hit in hits)
    assert [m.id for m in day.moments(person_id=olga.id)] == []


def test_without_words_the_newest_comes_first(day: Memory) -> None:
    hits = day.recall(Cue(kinds=frozenset({Kind.UTTERANCE}), limit=3))
    assert [hit.t_ns for hit in hits] == [at(100), at(64), at(62)]


def test_moments_are_found_by_their_words(day: Memory) -> None:
    assert [m.attended for m in day.moments(text="montefalco")] == [("book",)]


def test_a_fact_and_its_words_are_one_hit(day: Memory) -> None:
    texts = [hit.text for hit in day.recall(Cue("flask"))]
    assert len(texts) == len(set(texts))


def test_a_reply_is_no_evidence(day: Memory) -> None:
    day.add_turn(at(110), "Where is the trowel?", "The trowel is in the shed.")
    assert day.recall(Cue("trowel")) == []
    (turn,) = day.recall(Cue("trowel", kinds=frozenset({Kind.TURN})))
    assert (
        turn.text
        == 'You asked: "Where is the trowel?" The answer was: "The trowel is in the shed."'
    )


def test_the_same_question_asked_before_is_no_answer(day: Memory) -> None:
    question = "What was written on the box on my table?"
    assert all(question not in hit.text for hit in day.recall(Cue(question)))


@pytest.mark.weights
def test_what_was_said_next_comes_along(tmp_path: Path, mpnet: Mpnet) -> None:
    with Memory.open(tmp_path / "memory.sqlite", embedder=mpnet) as memory:
        memory.begin(URI, START)
        memory.record(said(0, 3, "Which instrument are you learning these days?", "voice-1"))
        memory.record(said(4, 6, "The oboe, twice a week.", "voice-2"))
        memory.record(said(4_000, 4_003, "The bakery closes at six.", "voice-2"))
        texts = [hit.text for hit in memory.recall(Cue("Who is learning an instrument?"))]
    assert [text for text in texts if "oboe" in text]
    assert not [text for text in texts if "bakery" in text]


@pytest.mark.weights
def test_what_is_said_of_whom_is_asked_answers_more_than_what_is_not(
    tmp_path: Path, mpnet: Mpnet
) -> None:
    with Memory.open(tmp_path / "memory.sqlite", embedder=mpnet) as memory:
        memory.begin(URI, START)
        memory.record(said(0, 3, "Margit buys goat cheese.", "voice-1"))
        memory.record(said(4_000, 4_003, "No cheese with it.", "voice-1"))
        cue = Cue("Which cheese does Margit like?")
        answers = {hit.text.partition(": ")[2]: hit.answers for hit in memory.recall(cue)}
    assert answers['"Margit buys goat cheese."'] > answers.get('"No cheese with it."', 0.0)


def test_a_happening_names_a_time(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(line(60, "PLATFORM NINE"))
    memory.record(said(600, 603, "The rehearsal of the choir begins."))
    memory.record(line(900, "STAGE DOOR"))
    memory.consolidate(at(1_000))
    cue = Cue("What did I read before the rehearsal?", now_ns=at(4_000))
    assert ["PLATFORM NINE" in hit.text for hit in memory.recall(cue)] == [True]
    after = replace(cue, text="What did I read after the rehearsal?")
    assert ["STAGE DOOR" in hit.text for hit in memory.recall(after)] == [True]


def test_told_times_make_what_happened_then_likelier(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(0, 3, "The kiln is too hot."))
    memory.record(said(90_000, 90_003, "The kiln is too cold."))
    now_ns = at(100_000)
    early = memory.recall(Cue("kiln two days ago", now_ns=now_ns))
    late = memory.recall(Cue("kiln two hours ago", now_ns=now_ns))
    assert ("hot" in early[0].text, "cold" in late[0].text) == (True, True)
    assert len(early) == len(late) == 2, "a told time does not exclude"


def test_rehearsal_makes_present_and_never_outweighs_fit(memory: Memory) -> None:
    memory.begin(URI, START)
    first = memory.record(said(0, 3, "The key hangs by the door."))
    memory.record(said(3_600, 3_603, "The key hangs by the gate."))
    assert first is not None
    cue = Cue("Where does the key hang?", now_ns=at(500 * 3_600))
    assert "gate" in memory.recall(cue)[0].text
    memory.add_turn(at(499 * 3_600), "Where is it?", "By the door.", (first,))
    assert "door" in memory.recall(cue)[0].text
    assert "gate" in memory.recall(replace(cue, text="Which key hangs by the gate?"))[0].text


@pytest.mark.weights
def test_what_the_wearer_asked_does_not_outdo_the_answer(tmp_path: Path, mpnet: Mpnet) -> None:
    with Memory.open(tmp_path / "memory.sqlite", embedder=mpnet) as memory:
        memory.begin(URI, START)
        memory.record(
            said(0, 3, "The council wants three hundred for the van this year.", "voice-1")
        )
        memory.record(said(9_000, 9_003, "How much is the tax on the van?"))
        memory.record(said(18_000, 18_003, "What is the van tax, how much?"))
        asked = "How much is the tax on the van?"
        texts = [hit.text for hit in memory.recall(Cue(asked, now_ns=at(18_010)))]
        assert [text for text in texts if "three hundred" in text]
        assert not [text for text in texts if "asked" in text]
        assert memory.recall(Cue("What did I ask about the tax on the van?"))


@pytest.mark.weights
def test_what_another_said_does_not_answer_for_whom_the_cue_names(
    tmp_path: Path, mpnet: Mpnet
) -> None:
    with Memory.open(tmp_path / "memory.sqlite", embedder=mpnet) as memory:
        memory.begin(URI, START)
        memory.record(said(0, 3, "I sold my grandfather's violin to a museum.", "voice-1"))
        memory.record(said(600, 603, "We had soup and bread for supper.", "voice-2"))
        ida, bo = memory.people()
        memory.rename_person(ida.id, "Ida")
        memory.rename_person(bo.id, "Bo")
        assert "violin" in memory.recall(Cue("What did Ida do with the violin?"))[0].text
        assert memory.recall(Cue("What did Bo do with the violin?")) == []
        memory.record(said(1_200, 1_203, "I told Bo that I would tune the violin."))
        assert "tune" in memory.recall(Cue("What did Bo hear about the violin?"))[0].text
