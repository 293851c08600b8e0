"""How alike two summaries are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from memory.stems import stems
from perception.events import Embedding

if TYPE_CHECKING:
    # Loading the network's library takes a second that a store without it saves.
    from memory.recall.embedding import Embedder

_KEPT = 4096


class Likeness:
    """The cosine of two summaries: of their vectors, or without an embedder of their words.

    Args:
        embedder: Turns sentences into unit vectors.
    """

    def __init__(self, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Embedding] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Compute vectors ahead, so that no transaction waits for the network."""
        if self._embedder is None:
            return
        if len(self._vectors) > _KEPT:
            self._vectors.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        for text, vector in zip(new, self._embedder.embed(new), strict=True):
            self._vectors[text] = vector

    def between(self, first: str, second: str) -> float:
        """Return how alike two texts are, 1 for the same text."""
        if first == second:
            return 1.0
        if self._embedder is None:
            return _cosine(set(stems(first)), set(stems(second)))
        self.learn((first, second))
        return float(self._vectors[first] @ self._vectors[second])


def _cosine(first: set[str], second: set[str]) -> float:
    """Return the cosine of two bags of words in which each word counts once."""
    if not first or not second:
        return 0.0
    return len(first & second) / math.sqrt(len(first) * len(second))
