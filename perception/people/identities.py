"""Who is who: face tracks gathered into people, one after the other."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from perception.events import Embedding
from perception.people.embedding import unit

SAME_COSINE = 0.45
EVEN_COSINE = 0.37
SLOPE = 18.0
MAX_PEOPLE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class KnownFace:
    """A face of somebody whom the wearer has named; several may belong to one person.

    Attributes:
        embedding: Unit vector, shape ``(128,)``.
    """

    person_id: str
    embedding: Embedding

    def __post_init__(self) -> None:
        if not self.person_id:
            raise ValueError("a known face must name its person, but person_id is empty")
        if self.embedding.shape != (128,):
            raise ValueError(
                f"a face embedding must have shape (128,), but got {self.embedding.shape}"
            )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who a track is.

    Attributes:
        confidence: Probability that this is right.
        is_new: Nobody seen before was like enough.
    """

    person_id: str
    confidence: float
    is_new: bool


class Identities:
    """Incremental clustering of face tracks by cosine to the mean of each person.

    A named person is also known by each face that the wearer named, however the mean may drift.
    People are never merged: a split can be mended by the wearer with one word, but two people
    taken for one spoil what is remembered of both.

    Args:
        known: Faces of people whom the wearer has named.
        same_cosine: A track at least as like somebody is that person.
    """

    def __init__(
        self,
        known: Iterable[KnownFace] = (),
        same_cosine: float = SAME_COSINE,
    ) -> None:
        self._same_cosine = same_cosine
        self._sums: dict[str, Embedding] = {}
        self._named: dict[str, list[Embedding]] = {}
        for face in known:
            self._named.setdefault(face.person_id, []).append(face.embedding)
            self.learn(face.person_id, face.embedding)
        self._founded = 0

    def judge(self, embedding: Embedding, excluded: Collection[str] = ()) -> Verdict:
        """Say who a track is, without learning from it.

        Args:
            embedding: Unit vector of the track, shape ``(128,)``.
            excluded: People whom it cannot be, since they stood beside it.
        """
        likeness = {
            person_id: max(
                float(face @ embedding) for face in (unit(total), *self._named.get(person_id, ()))
            )
            for person_id, total in self._sums.items()
            if person_id not in excluded
        }
        best = max(likeness, key=lambda person_id: likeness[person_id], default="")
        cosine = likeness.get(best, -1.0)
        if cosine >= self._same_cosine:
            return Verdict(best, same_probability(cosine), is_new=False)
        return Verdict(self._next_id(), 1.0 - same_probability(cosine), is_new=True)

    def learn(self, person_id: str, embedding: Embedding) -> None:
        """Add one track to a person, founding the person where it is new."""
        if person_id not in self._sums and len(self._sums) >= MAX_PEOPLE:
            self._forget_oldest()
        total = self._sums.pop(person_id, np.zeros(len(embedding), np.float32))
        self._sums[person_id] = total + embedding

    def _next_id(self) -> str:
        """Return the first free id after the last one founded; numbers never run backwards."""
        number = self._founded + 1
        while (person_id := f"person-{number}") in self._sums:
            number += 1
        self._founded = number - 1
        return person_id

    def _forget_oldest(self) -> None:
        """Drop whom nobody named and who has not been seen for the longest time."""
        oldest = next((person for person in self._sums if person not in self._named), None)
        if oldest is not None:
            del self._sums[oldest]


def same_probability(cosine: float) -> float:
    """Return how likely two views with this cosine show one person.

    A logistic curve through the cosine at which false matches and false splits are equally many
    among single pictures of one half of the people in LFW. It is flatter than those pairs ask for
    (slope 67), since glasses give worse views than photographers.
    """
    return 1.0 / (1.0 + math.exp(-SLOPE * (cosine - EVEN_COSINE)))
