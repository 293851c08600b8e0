"""Fits what tells an answer from what is about the same things.

Prints the weights as :data:`memory.recall.answers.FITTED` holds them. Run as
``python -m training.answers`` with the development data at hand. Every question of the lives that
may be looked at is asked when it is asked there: what holds its evidence answers it, nothing else
does, and nothing at all answers what is unknown. Lives are left out in turn to judge the weights.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console

from evals.data.scenario import TUNING, Question, Scenario, read_lives
from evals.day_systems import CachedEmbedder
from evals.month import Month
from llm.common_ground import gather
from llm.context import CurrentContext
from memory.database import Database
from memory.recall.answers import FEATURES, LIKELY, features
from memory.recall.candidates import pool
from memory.recall.catalogue import Catalogue
from memory.recall.embedding import Embedder, Mpnet
from memory.recall.vectors import VectorIndex
from memory.records import Cue, Hit
from memory.store import Memory

ROUNDS = 40
RIDGE = 0.5
# What is unknown is asked of seldom; a wrong answer to it weighs as much as a missed right one.
UNKNOWN_WEIGHT = 5.0
BESIDE_EVIDENCE_WEIGHT = 0.3
_NOT_OF_WORDS = frozenset({"safety", "context"})

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question with what was recalled for it.

    Attributes:
        life: It is asked in.
        features: Of each memory, shape ``(n, len(FEATURES))``.
        is_answer: Whether it holds evidence, shape ``(n,)``.
        is_known: Something that was remembered answers it.
    """

    life: str
    features: Floats
    is_answer: npt.NDArray[np.bool_]
    is_known: bool

    def weights(self) -> Floats:
        """Return how much each memory counts, shape ``(n,)``."""
        if not self.is_known:
            return np.full(len(self.is_answer), UNKNOWN_WEIGHT / len(self.is_answer))
        answers, others = self.is_answer.sum(), (~self.is_answer).sum()
        counted = np.where(
            self.is_answer, 1.0 / max(1, answers), BESIDE_EVIDENCE_WEIGHT / max(1, others)
        )
        return np.asarray(counted, np.float64)


class _Store:
    """A memory seen from outside, with the candidates behind what it recalls."""

    def __init__(self, memory: Memory, database: Database, embedder: Embedder) -> None:
        self._memory, self._database, self._embedder = memory, database, embedder
        self._catalogue, self._index = Catalogue(), VectorIndex()

    def ask(self, question: Question) -> tuple[list[Hit], Floats]:
        """Return what the companion has to choose from, and the features of each."""
        now_ns = question.at_ns
        ground = gather(self._memory, CurrentContext(now_ns), question.words, now_ns)
        cue = Cue(ground.asked.text, now_ns=now_ns)
        with self._database.read() as session:
            found = pool(session, cue, self._catalogue, self._index, self._embedder)
        places = {(d.kind, d.row_id): at for at, d in enumerate(found.documents)}
        recalled = (hit for hit in ground.recalled if hit not in ground.own)
        hits = [hit for hit in recalled if (hit.kind, hit.id) in places]
        chosen = [(places[hit.kind, hit.id], hit.score) for hit in hits]
        return hits, features(found, chosen, cue.text)


def of_life(life: Scenario, folder: Path, embedder: Embedder) -> Iterator[Asked]:
    """Yield the questions of a life."""
    with Memory.open(folder / f"{life.name}.sqlite", embedder=embedder) as memory:
        month, database = Month(life, memory), Database(memory.path)
        store = _Store(memory, database, embedder)
        for question in month.live():
            if question.category in _NOT_OF_WORDS or not question.words.endswith("?"):
                continue
            hits, found = store.ask(question)
            gold = set(question.evidence)
            is_answer = [any(month.ids_of(s) & gold for s in hit.sources) for hit in hits]
            if hits:
                is_known = not question.unanswerable
                yield Asked(life.name, found, np.array(is_answer, np.bool_), is_known)
        database.close()


def fit(questions: Sequence[Asked]) -> Floats:
    """Return the weights of a logistic regression with a ridge, shape ``(len(FEATURES),)``.

    The ridge is on features in units of their spread, and none on the constant.
    """
    told = np.concatenate([q.features for q in questions])
    answers = np.concatenate([q.is_answer for q in questions]).astype(np.float64)
    counted = np.concatenate([q.weights() for q in questions])
    spread = np.where(told.std(axis=0) > 0, told.std(axis=0), 1.0)
    scaled, ridge = told / spread, np.full(len(FEATURES), RIDGE)
    ridge[0] = 1e-6
    weights = np.zeros(len(FEATURES))
    for _ in range(ROUNDS):
        chances = 1.0 / (1.0 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (counted * (chances - answers)) + ridge * weights
        curvature = (scaled.T * (counted * chances * (1 - chances))) @ scaled + np.diag(ridge)
        weights -= np.linalg.solve(curvature, gradient)
    return np.asarray(weights / spread, np.float64)


def left_out(questions: Sequence[Asked]) -> Iterator[tuple[str, float, float, float]]:
    """Yield what comes of each life with the weights of the others.

    The shares of what is unknown and of what is known that are abstained from, and of what is known
    the share of which the likeliest memory answers.
    """
    for life in dict.fromkeys(question.life for question in questions):
        weights = fit([q for q in questions if q.life != life])
        silent: dict[bool, list[bool]] = {False: [], True: []}
        is_right: list[bool] = []
        for question in (q for q in questions if q.life == life):
            logits = question.features @ weights
            silent[question.is_known].append(bool(logits.max() < np.log(LIKELY / (1 - LIKELY))))
            if question.is_known:
                is_right.append(bool(question.is_answer[logits.argmax()]))
        unknown, known = (float(np.mean(silent[is_known])) for is_known in (False, True))
        yield life, unknown, known, float(np.mean(is_right))


def main() -> None:
    """Fit, judge and print."""
    console, embedder = Console(), CachedEmbedder(Mpnet())
    with tempfile.TemporaryDirectory() as folder:
        lives = read_lives(TUNING)
        asked = [q for life in lives for q in of_life(life, Path(folder), embedder)]
    for name, weight in zip(FEATURES, fit(asked), strict=True):
        console.print(f"{weight:8.2f}  {name}")
    for life, unknown, known, right in left_out(asked):
        console.print(
            f"{life} left out: abstains from {unknown:.2f} of the unknown and {known:.2f} of the"
            f" known, the likeliest answers {right:.2f}"
        )


if __name__ == "__main__":
    main()
