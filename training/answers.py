"""Fits what tells an answer from what is about the same things.

Prints the weights as :data:`memory.recall.answers.FITTED` holds them. Run as
``python -m training.answers`` with the development data at hand. Every question of the life that
may be looked at is asked when it is asked there: what holds its evidence answers it, nothing else
does, and nothing at all answers what is unknown. Questions of conversations, and those of another
conversation put to them in its people's names, keep the weights of meaning and words in place.
Weeks are left out in turn to judge the weights by.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console

from evals.data.locomo import ANSWERABLE, read_locomo
from evals.data.scenario import TUNING, Question, read_lives
from evals.day_systems import CachedEmbedder
from evals.month import Month
from evals.recall_store import Store
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

HITS = 5
ROUNDS = 40
RIDGE = 0.5
# What is unknown is asked of seldom; a wrong answer to it weighs as much as a missed right one.
UNKNOWN_WEIGHT = 3.0
BESIDE_EVIDENCE_WEIGHT = 0.3
CONVERSATION_WEIGHT = 0.05
_NOT_OF_WORDS = frozenset({"safety", "context"})

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question with what was recalled for it.

    Attributes:
        group: What is left out together.
        features: Of each memory, shape ``(n, len(FEATURES))``.
        is_answer: Whether it holds evidence, shape ``(n,)``.
        is_known: Something that was remembered answers it.
    """

    group: str
    features: Floats
    is_answer: npt.NDArray[np.bool_]
    is_known: bool
    weight: float = 1.0

    def weights(self) -> Floats:
        """Return how much each memory counts, shape ``(n,)``."""
        if not self.is_known:
            return np.full(len(self.is_answer), UNKNOWN_WEIGHT * self.weight / len(self.is_answer))
        answers, others = self.is_answer.sum(), (~self.is_answer).sum()
        counted = np.where(
            self.is_answer, 1.0 / max(1, answers), BESIDE_EVIDENCE_WEIGHT / max(1, others)
        )
        return np.asarray(self.weight * counted, np.float64)


class _Store:
    """A memory seen from outside, with the candidates behind what it recalls."""

    def __init__(self, memory: Memory, database: Database, embedder: Embedder) -> None:
        self._memory, self._database, self._embedder = memory, database, embedder
        self._catalogue, self._index = Catalogue(), VectorIndex()

    def ask(self, words: str) -> tuple[list[Hit], Floats]:
        """Return what is recalled, and the features of each."""
        cue = Cue(words, limit=HITS)
        return self._told(self._memory.recall(cue), cue)

    def ask_as_wearer(self, question: Question) -> tuple[list[Hit], Floats]:
        """Return what the companion has to choose from, and the features of each."""
        now_ns = question.at_ns
        ground = gather(self._memory, CurrentContext(now_ns), question.words, now_ns)
        cue = Cue(ground.asked.text, now_ns=now_ns)
        return self._told([h for h in ground.recalled if h not in ground.own], cue)

    def _told(self, hits: Sequence[Hit], cue: Cue) -> tuple[list[Hit], Floats]:
        with self._database.read() as session:
            found = pool(session, cue, self._catalogue, self._index, self._embedder)
        places = {(d.kind, d.row_id): at for at, d in enumerate(found.documents)}
        hits = [hit for hit in hits if (hit.kind, hit.id) in places]
        return hits, features(found, [places[hit.kind, hit.id] for hit in hits], cue.text)


def of_life(folder: Path, embedder: Embedder) -> Iterator[Asked]:
    """Yield the questions of the lives that may be looked at, a group a week."""
    for life in read_lives(TUNING):
        with Memory.open(folder / "life.sqlite", embedder=embedder) as memory:
            month, database = Month(life, memory), Database(memory.path)
            store = _Store(memory, database, embedder)
            for question in month.live():
                if question.category in _NOT_OF_WORDS or not question.words.endswith("?"):
                    continue
                hits, found = store.ask_as_wearer(question)
                gold = set(question.evidence)
                is_answer = [any(month.ids_of(s) & gold for s in hit.sources) for hit in hits]
                if hits:
                    week = f"week {(question.at.day - 1) // 7 + 1}"
                    is_known = not question.unanswerable
                    yield Asked(week, found, np.array(is_answer, np.bool_), is_known)
            database.close()


def of_conversations(folder: Path, embedder: CachedEmbedder) -> Iterator[Asked]:
    """Yield the questions of conversations, and those of the next in the names of this one."""
    conversations = read_locomo()
    for number, conversation in enumerate(conversations):
        other = conversations[(number + 1) % len(conversations)]
        remembered = Store.remember(conversation, folder, embedder)
        store = _Store(remembered.memory, remembered.database, embedder)
        own = [(q.text, q.evidence) for q in conversation.questions if q.kind in ANSWERABLE]
        names = dict(zip(other.speakers, conversation.speakers, strict=True))
        asked = [q.text for q in other.questions if q.kind in ANSWERABLE]
        foreign = [(_renamed(text, names), frozenset[str]()) for text in asked]
        for text, evidence in (*own, *foreign):
            hits, found = store.ask(text)
            lines = (remembered.lines.get(hit.id) for hit in hits)
            is_answer = [line is not None and line.id in evidence for line in lines]
            if hits:
                answers = np.array(is_answer, np.bool_)
                known = bool(evidence)
                yield Asked(conversation.name, found, answers, known, CONVERSATION_WEIGHT)
        remembered.close()


def _renamed(text: str, names: dict[str, str]) -> str:
    pattern = rf"\b(?:{'|'.join(map(re.escape, names))})\b"
    return re.sub(pattern, lambda match: names[match[0]], text)


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


def left_out(life: Sequence[Asked], conversations: Sequence[Asked]) -> tuple[float, float]:
    """Return the shares of what is unknown and known that are abstained from, by weeks left out."""
    silent: dict[bool, list[bool]] = {False: [], True: []}
    for week in sorted({q.group for q in life}):
        weights = fit([q for q in (*life, *conversations) if q.group != week])
        for question in life:
            if question.group == week:
                chances = 1.0 / (1.0 + np.exp(-question.features @ weights))
                silent[question.is_known].append(bool(chances.max() < LIKELY))
    return float(np.mean(silent[False])), float(np.mean(silent[True]))


def main() -> None:
    """Fit, judge and print."""
    console, embedder = Console(), CachedEmbedder(Mpnet())
    with tempfile.TemporaryDirectory() as folder:
        life = list(of_life(Path(folder), embedder))
        conversations = list(of_conversations(Path(folder), embedder))
    for name, weight in zip(FEATURES, fit([*life, *conversations]), strict=True):
        console.print(f"{weight:8.2f}  {name}")
    unknown, known = left_out(life, conversations)
    console.print(f"weeks left out: abstains from {unknown:.2f} of the unknown, {known:.2f} known")


if __name__ == "__main__":
    main()
