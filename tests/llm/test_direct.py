from __future__ import annotations

import pytest

from llm.common_ground import CommonGround
from llm.context import CurrentContext
from llm.cues import read_question
from llm.direct import direct_answer
from llm.hearing import Hearing
from memory.records import Hit, Kind, Source

PLUMS = 'You said: "I\'m putting the plums into the garden shed."'
YOURS = "You said you were putting the plums into the garden shed."
CRATE = 'On the crate you looked at was written: HOLLOWAY PLUMS. You said then: "Look."'
IRMA = 'Irma said: "I\'m a clerk at the harbour office."'
ROWS = {PLUMS: Kind.UTTERANCE, CRATE: Kind.TEXT, IRMA: Kind.FACT}


def ground(words: str, *texts: str, hearing: Hearing | None = None) -> CommonGround:
    hits = tuple(
        Hit(ROWS[text], number, 0, text, 1.0, None, ()) for number, text in enumerate(texts)
    )
    asked = read_question(words, [], (), "", 0)
    return CommonGround(0, words, asked, CurrentContext(0), hits, heard=hearing or Hearing())


@pytest.mark.parametrize(
    ("words", "texts", "expected"),
    [
        (
            "Where in the shed are the plums?",
            (PLUMS, CRATE),
            "You said you were putting the plums into the garden shed.",
        ),
        ("What was written on the crate?", (PLUMS, CRATE), "It said HOLLOWAY PLUMS."),
        ("Where is the harbour clerk?", (IRMA,), "Irma is a clerk at the harbour office."),
    ],
)
def test_the_one_memory_that_holds_the_question_is_the_answer(
    words: str, texts: tuple[str, ...], expected: str
) -> None:
    answer = direct_answer(ground(words, *texts))
    assert answer is not None
    assert answer.text == expected


def test_the_question_that_a_fact_answers_counts_as_its_words() -> None:
    stated = {Source(Kind.FACT, 0): frozenset({("Irma", "works as", "clerk")})}
    asked = ground("Where does Irma work?", IRMA)
    assert direct_answer(asked) is None
    answer = direct_answer(ground("Where does Irma work?", IRMA, hearing=Hearing(stated=stated)))
    assert answer is not None
    assert "harbour office" in answer.text


@pytest.mark.parametrize(
    "words",
    [
        "Why did I put the plums into the shed?",
        "Did I put the plums into the shed?",
        "When did I put the plums there?",
        "Where did I last put the plums?",
        "Where did I put the pears?",
        "And where did I put them?",
        "What is this crate?",
        "I put the plums there.",
    ],
)
def test_other_questions_are_the_models(words: str) -> None:
    assert direct_answer(ground(words, PLUMS, CRATE)) is None


def test_two_memories_that_hold_it_are_the_models() -> None:
    twice = ground("Where in the shed are the plums?", PLUMS, PLUMS)
    assert direct_answer(twice) is None


def test_what_was_heard_badly_is_the_models() -> None:
    hearing = Hearing({Source(Kind.UTTERANCE, 0): 0.5})
    assert direct_answer(ground("Where in the shed are the plums?", PLUMS, hearing=hearing)) is None
