"""Unit vectors in one byte per dimension: a quarter of the memory, and of the time to go through.

Each vector has its own step, so that its largest component takes the whole range. A product of two
codes is exact in integers; against the product of the vectors it is off by at most the two rounding
errors, which for sentence vectors is a few thousandths. Enough to choose whom to compare exactly.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import simsimd

from memory.recall.catalogue import Mask

_LEVELS = 127
_LEAST_ROOM = 1024
_BLOCK = 128

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


class Codes:
    """The codes of vectors, each in the row of its id."""

    def __init__(self) -> None:
        self._codes = np.zeros((0, 0), np.int8)
        self._steps = np.zeros(0, np.float32)
        self._end = 0

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """Keep vectors, shape ``(n, dimensions)``, in place of those that the ids had."""
        self._end = max(self._end, int(ids.max()) + 1)
        if self._end > len(self._codes):
            self._grow(max(_LEAST_ROOM, self._end, 2 * len(self._codes)), vectors.shape[1])
        self._codes[ids], self._steps[ids] = _coded(vectors)

    def drop(self, ids: Ids) -> None:
        """Overwrite what is kept of these ids."""
        known = ids[ids < self._end]
        self._codes[known], self._steps[known] = 0, 0

    def nearest(self, query: Vectors, among: Mask | None, limit: int) -> Ids:
        """Return the ids of the likely closest vectors, of equal ones the newest.

        Args:
            query: Unit vector, shape ``(dimensions,)``.
            among: Which ids to look at; all without it.
            limit: At most so many.
        """
        codes, steps = self._codes[: self._end], self._steps[: self._end]
        held = steps > 0
        if among is not None:
            held[len(among) :] = False
            held[: len(among)] &= among[: len(held)]
        if not held.any():
            return np.zeros(0, np.int64)
        code, _ = _coded(query[None])
        products = simsimd.cdist(code, codes, metric="dot", out_dtype="float32")
        scores = np.asarray(products, np.float32)[0] * steps
        scores[~held] = -np.inf
        return _largest(scores, limit)

    def _grow(self, room: int, dimensions: int) -> None:
        codes, steps = np.zeros((room, dimensions), np.int8), np.zeros(room, np.float32)
        if len(self._codes):
            codes[: len(self._codes)], steps[: len(self._steps)] = self._codes, self._steps
        self._codes, self._steps = codes, steps


def _coded(vectors: Vectors) -> tuple[npt.NDArray[np.int8], Vectors]:
    """Return vectors as codes, and what one step of a code is worth in each."""
    steps = np.maximum(np.abs(vectors).max(axis=1) / _LEVELS, np.finfo(np.float32).tiny)
    return np.rint(vectors / steps[:, None]).astype(np.int8), steps.astype(np.float32)


def _largest(scores: Vectors, limit: int) -> Ids:
    """Return where the largest scores are, largest first, of equal ones the last first."""
    # Sorting all would take longer than the products. Each of the highest blocks holds a score
    # that reaches the lowest of their peaks, so that enough scores do.
    peaks = np.maximum.reduceat(scores, np.arange(0, len(scores), _BLOCK))
    threshold = np.partition(peaks, -limit)[-limit] if limit < len(peaks) else -np.inf
    ids = np.flatnonzero((scores >= threshold) & (scores > -np.inf))
    return ids[np.lexsort((-ids, -scores[ids]))][:limit]
