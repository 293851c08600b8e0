from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from memory.recall.candidates import Candidate, Pool, without_names
from memory.recall.ranking import FEATURES, FITTED, features, prior
from memory.records import Kind
from memory.rendering import quoted

S = 1_000_000_000


def candidate(number: int, text: str, kind: Kind = Kind.UTTERANCE) -> Candidate:
    start_ns = number * 10 * S
    end_ns = start_ns + 5 * S
    return Candidate(number, kind, number, start_ns, end_ns, None, 0.0, text, quoted(text))


def pool(*documents: Candidate, coverage: list[float]) -> Pool:
    count = len(documents)
    named = np.zeros(count, np.bool_)
    return Pool(documents, np.array(coverage), np.zeros(count), named, named, (), True)


def column(found: Pool, name: str) -> list[float]:
    return [float(value) for value in features(found)[:, FEATURES.index(name)]]


def test_there_is_a_weight_for_every_feature() -> None:
    found = pool(candidate(1, 'Bo said: "Yes."'), coverage=[1.0])
    assert features(found).shape == (1, len(FEATURES)) == (1, len(FITTED))


def test_an_answer_is_lifted_by_the_question_before_it() -> None:
    asked, answer, other = (
        candidate(1, 'Ida asked: "Where do you keep the spanner?"'),
        candidate(2, 'Bo said: "Behind the door."'),
        candidate(90, 'Bo said: "Behind the door."'),
    )
    found = pool(asked, answer, other, coverage=[1.0, 0.0, 0.0])
    assert column(found, "words before") == [0, 1, 0]
    assert column(found, "question") == [1, 0, 0]
    scores = features(found) @ FITTED
    assert scores[1] > scores[2]


def test_what_was_seen_has_no_neighbours_and_the_usual_length() -> None:
    said, seen = candidate(1, 'Bo said: "No."'), candidate(2, "You looked at a cup.", Kind.OBJECT)
    found = pool(said, seen, coverage=[1.0, 0.0])
    assert column(found, "words before") == [0, 0]
    assert column(found, "length") == pytest.approx([np.log1p(1), np.log1p(20)])


def test_what_is_recent_or_moving_comes_first_among_equals_only() -> None:
    documents = [candidate(1, 'Bo said: "No."'), candidate(2, 'Bo said: "No."')]
    moving = [documents[0], replace(documents[1], importance=1.0)]
    nothing, recent = np.zeros(2), np.array([0.0, 1.0])
    plain = prior(documents, set(), nothing, nothing)
    lifted = prior(moving, set(), nothing, recent)
    assert lifted[1] > plain[1] == plain[0]
    assert lifted[1] - plain[1] < FITTED[FEATURES.index("words")] / 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What did Ida Lind say of Bo's car?", "What did say of car?"),
        ("Where is ida?", "Where is ?"),
        ("Where is Idaho?", "Where is Idaho?"),
    ],
)
def test_names_are_left_to_people(text: str, expected: str) -> None:
    assert without_names(text, ["Ida Lind", "Bo"]) == expected
