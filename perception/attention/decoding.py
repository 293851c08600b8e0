"""Probabilities per step in, labels that do not flicker out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

Costs = Sequence[Sequence[float]]

_GONE = float("-inf")


class FixedLag:
    """The most likely sequence of labels, each settled a fixed number of steps later.

    Viterbi's forward pass with a cost for each change of label. A settled label is never
    contradicted: paths that would have it otherwise are dropped.

    Args:
        costs: Of changing from one label (row) to another (column), in nats; 0 for staying.
        lag: Steps that are awaited before a label is settled.
    """

    def __init__(self, costs: Costs, lag: int) -> None:
        self._from = list(zip(*costs, strict=True))
        self._labels = range(len(costs))
        self._lag = lag
        self._scores = [0.0] * len(costs)
        self._steps: deque[list[int]] = deque()

    def push(self, log_probabilities: Iterable[Sequence[float]]) -> list[int]:
        """Take steps, each with one number per label; return the labels that are settled now."""
        settled = []
        for step in log_probabilities:
            self._advance(step)
            if len(self._steps) > self._lag:
                settled.append(self._settle())
        return settled

    def flush(self) -> list[int]:
        """Settle what is left."""
        settled = []
        while self._steps:
            settled.append(self._settle())
        return settled

    def _advance(self, step: Sequence[float]) -> None:
        scores, parents = [], []
        for label in self._labels:
            reached = [s - c for s, c in zip(self._scores, self._from[label], strict=True)]
            best = max(reached)
            parents.append(reached.index(best))
            scores.append(best + step[label])
        best = max(scores)
        self._scores = [score - best for score in scores]
        self._steps.append(parents)

    def _settle(self) -> int:
        """Settle the oldest step by the best path, and drop the paths that disagree."""
        ancestors = list(self._labels)
        for parents in list(self._steps)[:0:-1]:
            ancestors = [parents[label] for label in ancestors]
        self._steps.popleft()
        settled = ancestors[self._scores.index(max(self._scores))]
        self._scores = [
            score if ancestor == settled else _GONE
            for score, ancestor in zip(self._scores, ancestors, strict=True)
        ]
        return settled
