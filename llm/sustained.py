"""Sustained attention: the wearer keeps looking at one thing."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice

import numpy as np

from memory.recall.embedding import Embedder
from perception.events import Embedding

WINDOW_NS = 180 * 1_000_000_000
EVERY_NS = 10 * 1_000_000_000
LEAST, MOST = 5, 10
SHARE, COSINE = 0.6, 0.8


class SustainedAttention:
    """OS-1's rule (arXiv 2311.18251) over the labels of what the wearer looks at.

    Of at most ten labels of the last 180 s, and at least five, 60 % must have a cosine above 0.8
    to the first. OS-1 captions a picture every ten seconds, so one label is kept per ten seconds;
    the first is the latest, which the companion would speak about.

    Args:
        embedder: Tells how close two labels are; without one they must be the same.
    """

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder
        self._seen: deque[tuple[int, str]] = deque(maxlen=MOST)
        self._vectors: dict[str, Embedding] = {}

    def see(self, t_ns: int, label: str) -> None:
        """Take in what the wearer looks at."""
        if not self._seen or t_ns - self._seen[-1][0] >= EVERY_NS:
            self._seen.append((t_ns, label))

    def topic(self, now_ns: int) -> str | None:
        """Return what attention has stayed with, or None."""
        labels = [label for t_ns, label in reversed(self._seen) if now_ns - t_ns < WINDOW_NS]
        labels = list(islice(labels, MOST))
        if len(labels) < LEAST or self._share(labels) < SHARE:
            return None
        return labels[0]

    def _share(self, labels: Sequence[str]) -> float:
        close = sum(self._cosine(label, labels[0]) > COSINE for label in labels)
        return close / len(labels)

    def _cosine(self, label: str, first: str) -> float:
        if label == first or self._embedder is None:
            return float(label == first)
        return float(np.dot(self._vector(label), self._vector(first)))

    def _vector(self, label: str) -> Embedding:
        if label not in self._vectors:
            assert self._embedder is not None  # noqa: S101 - the caller has looked
            self._vectors = {label: v for label, v in self._vectors.items() if self._knows(label)}
            self._vectors[label] = self._embedder.embed([label])[0]
        return self._vectors[label]

    def _knows(self, label: str) -> bool:
        return any(label == seen for _, seen in self._seen)
