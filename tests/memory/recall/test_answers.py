from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from memory.recall.answers import FEATURES, FITTED, LIKELY, chances, features
from memory.recall.candidates import Candidate, Pool
from memory.records import Kind
from tests.memory.recall.test_ranking import candidate

ABOUT_IT = 0.5
"""A cosine that many a sentence about the same things reaches, whether it answers or not."""
FIT = 7.0
"""In points of the ranking, what the first of what is recalled often reaches."""


def pool(*documents: Candidate, names: tuple[str, ...] = ()) -> Pool:
    count = len(documents)
    meaning, nobody = np.full(count, ABOUT_IT), np.zeros(count, np.bool_)
    return Pool(documents, np.zeros(count), meaning, nobody, nobody, names, True)


def chance(question: str, text: str, names: tuple[str, ...] = ()) -> float:
    document = candidate(1, text)
    return chances(pool(document, names=names), [(document, FIT)], question)[0]


def test_there_is_a_weight_for_every_feature() -> None:
    found = pool(candidate(1, 'Bo said: "Yes."'))
    assert features(found, [(0, FIT)], "Is it?").shape == (1, len(FEATURES)) == (1, len(FITTED))


@pytest.mark.parametrize(
    ("question", "text", "is_likely"),
    [
        ("What did the roof cost?", 'Piet said: "The roof was mended in June."', False),
        ("What did the roof cost?", 'Piet said: "The roof was four hundred euros."', True),
        ("What did the flight cost?", 'Piet said: "The flight leaves at six."', False),
        ("Is my brother a baker?", 'Piet said: "My brother is a baker."', False),
        ("Am I allergic to nuts?", 'Piet said: "I am allergic to nuts."', False),
        ("Am I allergic to nuts?", 'You said: "I am allergic to nuts."', True),
        ("Where is my key?", 'Piet said: "Your key is on the hook."', True),
        ("When is the play?", 'Ida said: "The play is long."', False),
        ("When is the play?", 'Ida said: "The play is in May."', True),
        ("How long is the rope?", 'Ida said: "The rope costs eighty."', False),
    ],
)
def test_what_is_about_the_same_things_need_not_answer(
    question: str, text: str, is_likely: bool
) -> None:
    assert (chance(question, text) >= LIKELY) is is_likely


def test_what_was_asked_before_lends_its_words_to_the_answer() -> None:
    question = "What does the ferry to the island cost?"
    asked = candidate(1, 'You asked: "What is the ferry to the island?"')
    answer, alone = candidate(2, 'Piet said: "Twelve."'), candidate(90, 'Piet said: "Twelve."')
    found = replace(pool(asked, answer, alone), has_vectors=False)
    lent, bare = chances(found, [(answer, FIT), (alone, FIT)], question)
    assert lent > bare


def test_a_sign_is_nobodys_own() -> None:
    sign = candidate(1, "On what you looked at was written: MY BIKE SHOP", Kind.TEXT)
    found = features(pool(sign), [(0, FIT)], "Where is my bike?")
    assert not found[0, FEATURES.index("of another")]


def test_what_fits_less_than_another_is_less_likely_to_answer() -> None:
    one, other = candidate(1, 'Piet said: "In May."'), candidate(90, 'Piet said: "In June."')
    best, second = chances(pool(one, other), [(one, FIT), (other, FIT - 2)], "When is the play?")
    assert best > second
