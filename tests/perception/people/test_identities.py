from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perception.events import Embedding
from perception.people import identities
from perception.people.embedding import unit
from perception.people.identities import Identities, KnownFace, same_probability


def face(direction: int, drift: float = 0.0, towards: int = 127) -> Embedding:
    vector = np.zeros(128, np.float32)
    vector[direction] = 1.0
    vector[towards] += drift
    return unit(vector)


def met(people: Identities, embedding: Embedding, *excluded: str) -> str:
    verdict = people.judge(embedding, excluded)
    people.learn(verdict.person_id, embedding)
    return verdict.person_id


def test_people_are_numbered_as_they_come_and_known_when_they_return() -> None:
    people = Identities()
    assert [met(people, face(n)) for n in (0, 1, 0, 2, 1)] == [
        "person-1",
        "person-2",
        "person-1",
        "person-3",
        "person-2",
    ]


def test_a_verdict_teaches_nothing() -> None:
    people = Identities()
    assert people.judge(face(0)) == people.judge(face(0))
    assert people.judge(face(0)).is_new


def test_known_people_are_found_and_their_ids_never_given_away() -> None:
    known = [KnownFace("person-1", face(0)), KnownFace("ada", face(1)), KnownFace("ada", face(2))]
    people = Identities(known)
    assert met(people, face(0, 0.3)) == "person-1"
    assert met(people, face(1)) == met(people, face(2)) == "ada"
    assert met(people, face(3)) == "person-2"


def test_whoever_stood_beside_it_is_excluded() -> None:
    people = Identities()
    first = met(people, face(0))
    second = met(people, face(0), first)
    assert first != second
    assert met(people, face(0), first, second) not in {first, second}


@pytest.mark.parametrize(("cosine", "is_new"), [(0.7, False), (0.46, False), (0.44, True)])
def test_likeness_decides(cosine: float, is_new: bool) -> None:
    people = Identities()
    met(people, face(0))
    other = np.sqrt(1 - cosine**2) * face(1) + cosine * face(0)
    assert people.judge(other.astype(np.float32)).is_new is is_new


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-0.5, 0.5)), max_size=40))
def test_two_known_people_are_never_merged(meetings: list[tuple[int, float]]) -> None:
    people = Identities([KnownFace("ada", face(0)), KnownFace("bo", face(1))])
    for direction, drift in meetings:
        met(people, face(direction, drift))
    assert people.judge(face(0)).person_id == "ada"
    assert people.judge(face(1)).person_id == "bo"


def test_a_crowd_is_bounded_and_named_people_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "MAX_PEOPLE", 20)
    people = Identities([KnownFace("ada", face(100))])
    ids = [met(people, face(n)) for n in range(60)]
    assert len(set(ids)) == 60, "no id is given twice"
    assert people.judge(face(100)).person_id == "ada"
    assert people.judge(face(0)).is_new
    assert len(pickle.dumps(people)) < 40_000


@pytest.mark.parametrize(
    ("person_id", "embedding", "message"),
    [
        ("", face(0), "person_id is empty"),
        ("ada", np.zeros(64, np.float32), r"\(128,\), but got \(64,\)"),
    ],
)
def test_a_known_face_is_validated(person_id: str, embedding: Embedding, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        KnownFace(person_id, embedding)


def test_probability_grows_with_likeness() -> None:
    values = [same_probability(cosine) for cosine in (-1.0, 0.0, 0.37, 0.6, 1.0)]
    assert values == sorted(values)
    assert values[0] < 0.01
    assert values[2] == pytest.approx(0.5)
    assert values[-1] > 0.99
