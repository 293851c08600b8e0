from __future__ import annotations

import pytest

from llm.common_ground import gather
from llm.context import CurrentContext
from llm.telling import best_hit, other_side
from memory.store import Memory
from tests.llm.conftest import END_NS, S, said

TOLD = (
    "I live in Ghent.",
    "I work as a glazier.",
    "I'm allergic to walnuts.",
    "My favourite soup is leek soup.",
    "My husband is called Piet.",
)


@pytest.fixture
def told(memory: Memory) -> Memory:
    for number, text in enumerate(TOLD):
        said(memory, 200 + 10 * number, text, 1, is_wearer=True)
    memory.consolidate(END_NS)
    return memory


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("What is my job?", "glazier"),
        ("What do I do for a living?", "glazier"),
        ("Where do I live?", "Ghent"),
        ("What should I not eat?", "walnuts"),
        ("Which soup do I like best?", "leek"),
        ("What is my husband's name?", "Piet"),
    ],
)
def test_the_profile_answers_questions_about_the_wearer_in_other_words(
    told: Memory, words: str, answer: str
) -> None:
    ground = gather(told, CurrentContext(END_NS), words, END_NS)
    best = best_hit(ground)
    assert best is not None
    assert answer in best.text
    assert best in ground.own


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Where does Irma work?", "baker"),
        ("What is Irma's job?", "baker"),
        ("Where is Irma Sand from?", "Riga"),
        ("What do I do for a living?", "glazier"),
    ],
)
def test_the_profile_of_another_answers_questions_about_them(
    told: Memory, words: str, answer: str
) -> None:
    said(told, 260, "I work as a baker. I'm from Riga.", 2)
    told.consolidate(END_NS)
    ground = gather(told, CurrentContext(END_NS), words, END_NS)
    best = best_hit(ground)
    assert best is not None
    assert answer in best.text
    assert best in ground.own


@pytest.mark.parametrize("words", ["When is my birthday?", "How old am I?"])
def test_what_was_never_told_stays_unknown(told: Memory, words: str) -> None:
    assert best_hit(gather(told, CurrentContext(END_NS), words, END_NS)) is None


def test_what_was_corrected_makes_way_for_what_holds_now(told: Memory) -> None:
    said(told, 260, "I moved to Bruges, I live in Bruges now.", 1, is_wearer=True)
    told.consolidate(END_NS)
    now = gather(told, CurrentContext(END_NS), "Do I live in Ghent?", END_NS).recalled
    assert any("Bruges" in hit.text for hit in now)
    assert not any("Ghent" in hit.text for hit in now)
    past = gather(told, CurrentContext(END_NS), "Did I live in Ghent before?", END_NS).recalled
    assert any("Ghent" in hit.text for hit in past)


def test_a_contradiction_is_told_from_both_sides(told: Memory) -> None:
    said(told, 260, "I live in Bruges.", 1, is_wearer=True)
    told.consolidate(END_NS)
    ground = gather(told, CurrentContext(END_NS), "Where do I live?", END_NS)
    hit = best_hit(ground)
    assert hit is not None
    other = other_side(ground, hit)
    assert other is not None
    assert {"Ghent" in hit.text, "Ghent" in other.text} == {True, False}


def test_what_comes_next_is_no_time_that_has_passed(memory: Memory) -> None:
    said(memory, 200, "My dentist appointment is tomorrow at nine.", 1, is_wearer=True)
    words, later_ns = "When is my next dentist appointment?", END_NS + 3 * 86_400 * S
    before = gather(memory, CurrentContext(END_NS), words, END_NS)
    assert any("tomorrow" in hit.text for hit in before.recalled)
    after = gather(memory, CurrentContext(later_ns), words, later_ns)
    assert not any("tomorrow" in hit.text for hit in after.recalled)
