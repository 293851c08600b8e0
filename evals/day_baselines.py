"""Baselines of the month: sentences ranked by one method, the first of them quoted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from evals.data.scenario import WEARER, Doing, Happening, Scenario
from evals.day_systems import NOTES, Answer, Lived
from llm.grounding import UNKNOWN
from memory.recall.embedding import Embedder, Vectors
from memory.stems import COMMON, WORD


class Ranker(Protocol):
    """Ranks texts by how well they fit a question."""

    def add(self, text: str) -> None:
        """Take one more text."""
        ...

    def best(self, words: str, limit: int) -> list[int]:
        """Return the positions of the texts that fit best, best first."""
        ...


@dataclass(frozen=True, slots=True)
class TextsOnly:
    """A baseline: everything said, read and felt so far as sentences, ranked by one method.

    The reply is the first of them, word for word.
    """

    ranker: Callable[[], Ranker]

    def live(self, scenario: Scenario) -> Lived:
        """Answer each question from the sentences before it."""
        ranker, answers = self.ranker(), {}
        told: list[tuple[str, str]] = []
        named: dict[str, str] = {}
        waiting = list(reversed(scenario.happenings))
        for question in scenario.questions:
            while waiting and waiting[-1].end_ns <= question.at_ns:
                happening = waiting.pop()
                if happening.doing is Doing.NAMES:
                    named[happening.who] = scenario.names[happening.who]
                else:
                    told.append((happening.id, _sentence(happening, named)))
                    ranker.add(told[-1][1])
            best = [told[position] for position in ranker.best(question.words, NOTES)]
            answers[question.id] = Answer(
                notes=tuple(text for _, text in best),
                shown=tuple(frozenset({event_id}) for event_id, _ in best),
                reply=best[0][1] if best else UNKNOWN,
            )
        return Lived(answers)


def _sentence(happening: Happening, named: Mapping[str, str]) -> str:
    speaker = "You" if happening.who == WEARER else named.get(happening.who, "Someone")
    text = happening.text.replace("\n", " / ")
    match happening.doing:
        case Doing.SAYS:
            return f'{speaker} said: "{text}"'
        case Doing.READS:
            return f"You read: {text}."
        case Doing.FEELS:
            return f"You seemed {text}: {happening.cause}."
        case _:
            return f"You saw a {text}."


class Bm25:
    """Full text with Porter's stems, ranked by BM25 (Robertson and Zaragoza 2009)."""

    def __init__(self) -> None:
        self._texts = sqlite3.connect(":memory:")
        self._texts.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'porter')")

    def add(self, text: str) -> None:
        """Take one more text."""
        self._texts.execute("INSERT INTO texts (text) VALUES (?)", (text,))

    def best(self, words: str, limit: int) -> list[int]:
        """Return the positions of the texts that share rare words with the question."""
        meaningful = [word for word in WORD.findall(words) if word.casefold() not in COMMON]
        terms = " OR ".join(f'"{word}"' for word in meaningful)
        if not terms:
            return []
        found = self._texts.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank, rowid LIMIT ?",
            (terms, limit),
        )
        return [row[0] - 1 for row in found]


class Dense:
    """Sentence vectors, ranked by cosine; something always fits."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: list[Vectors] = []

    def add(self, text: str) -> None:
        """Take one more text."""
        self._vectors.append(self._embedder.embed([text]))

    def best(self, words: str, limit: int) -> list[int]:
        """Return the positions of the texts nearest in meaning."""
        if not self._vectors:
            return []
        cosines = np.concatenate(self._vectors) @ self._embedder.embed([words])[0]
        return [int(position) for position in np.argsort(-cosines, kind="stable")[:limit]]
