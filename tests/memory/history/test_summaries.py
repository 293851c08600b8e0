from __future__ import annotations

import pytest

from memory.history.summaries import Line, extract, fold, is_faithful

NOTES = (
    "You looked at: oven, bowl.",
    'Ruth Ambler said: "I\'m a glazier at the Leeds workshop."',
    'Olga said: "The ferry to Ohio leaves at 9."',
)


def test_a_summary_is_made_of_its_sources_own_sentences_in_their_order() -> None:
    lines = [Line(text) for text in NOTES]
    chosen = extract(lines, 110)
    assert set(chosen) < set(NOTES)
    assert list(chosen) == sorted(chosen, key=NOTES.index)
    assert sum(map(len, chosen)) <= 110


def test_what_moved_comes_before_what_did_not() -> None:
    lines = [Line("You looked at: oven, bowl."), Line("You looked at: vase, lamp.", 0.9)]
    assert extract(lines, 30) == ("You looked at: vase, lamp.",)


def test_what_is_new_comes_before_what_was_said_already() -> None:
    again = 'Olga said: "The ferry to Ohio leaves at 9, I think, the ferry to Ohio."'
    lines = [*(Line(text) for text in NOTES), Line(again)]
    assert not {NOTES[2], again} <= set(extract(lines, 160))


def test_at_least_one_sentence_is_told_however_long() -> None:
    assert extract([Line("x" * 1000)], 10) == ("x" * 1000,)
    assert extract([], 10) == ()


def test_lists_of_the_same_kind_become_one() -> None:
    lines = [Line(f"You looked at: cup, thing{n}.") for n in range(9)]
    (folded,) = fold([*lines, Line("You looked at: thing4.", 0.7)])
    assert folded.arousal == 0.7
    assert folded.text.startswith("You looked at: cup, ")
    assert "thing4" in folded.text
    assert folded.text.count(", ") == 5


def test_what_is_said_twice_is_told_once() -> None:
    assert len(fold([Line(NOTES[1]), Line(NOTES[0]), Line(NOTES[1], 0.4)])) == 2


@pytest.mark.parametrize(
    "summary",
    [
        "Ruth Ambler is a glazier at a workshop in Leeds.",
        "You looked at the oven. Olga said the ferry leaves at 9.",
        "Ruth said she's a glazier and Olga said the ferry leaves.",
    ],
)
def test_words_of_the_sources_are_faithful(summary: str) -> None:
    assert is_faithful(summary, NOTES)


@pytest.mark.parametrize(
    "summary",
    [
        pytest.param("", id="nothing"),
        pytest.param("Ruth Ambler is a plumber in Leeds.", id="word"),
        pytest.param("The ferry leaves at 10.", id="number"),
        pytest.param("Nadine is a glazier.", id="name"),
        pytest.param("Olga is a glazier.", id="somebody else's words"),
        pytest.param("Olga said she is a glazier.", id="somebody else's words, as said"),
        pytest.param("Olga from Ohio is a glazier.", id="somebody else's words, well placed"),
        pytest.param("You looked at the oven. Then you danced.", id="second sentence"),
    ],
)
def test_anything_else_is_not(summary: str) -> None:
    assert not is_faithful(summary, NOTES)
