"""The second judgement of attention: what it was, once it is seen what came after."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assets import trained
from perception.attention.engagement import Judge
from perception.attention.evidence import FEATURES
from perception.attention.network import TemporalNetwork, Weights

WEIGHTS = "attention-late"
ATTENDING = 1

Floats = npt.NDArray[np.float32]


class Hindsight:
    """A temporal convolutional network over evidence that answers a fixed lag late.

    The eyes tell afterwards what they could not tell at the time: a rest that never ends was a
    thought, one that another rest close by follows was a look. A fixed-lag smoother (Anderson and
    Moore, Optimal Filtering, 1979, ch. 7), learned rather than derived. What is kept can wait for
    it, because the pictures wait in the pre-roll; what reacts to attention cannot.

    Args:
        path: Weights in numpy's format; those of the repository where it is left out.

    Raises:
        AssetError: The weights of the repository are damaged.
        ValueError: The weights are for other evidence.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or trained.weights(WEIGHTS)
        with np.load(path) as stored:
            known = tuple(str(name) for name in stored["features"])
        if known != FEATURES:
            raise ValueError(f"the network was trained on {known}, but the evidence is {FEATURES}")
        self._weights = Weights.load(path)
        self.reset()

    @property
    def delay(self) -> int:
        """How many ticks ago the tick lies that an answer is about."""
        return self._weights.delay

    def step(self, row: Floats) -> float:
        """Take the evidence of the next tick, shape ``(27,)``; judge the one ``delay`` ago."""
        return float(np.exp(self._network(row[None])[0, ATTENDING]))

    def reset(self) -> None:
        """Forget all ticks so far."""
        self._network = TemporalNetwork(self._weights)


@dataclass(frozen=True, slots=True)
class Judged:
    """One tick in hindsight."""

    t_ns: int
    probability: float


class Late:
    """Brings late answers together with the ticks that they are about.

    Args:
        judge: Answers late.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._row: Floats | None = None
        self.reset()

    def take(self, t_ns: int, row: Floats) -> Iterator[Judged]:
        """Take a tick; yield the one that is judged now."""
        self._ticks.append(t_ns)
        self._row = row
        probability = self._judge.step(row)
        if len(self._ticks) > self._judge.delay:
            yield Judged(self._ticks.popleft(), probability)

    def flush(self) -> Iterator[Judged]:
        """Judge what still waits, as if everything stayed as it was last; then start afresh."""
        early = self._judge.delay - len(self._ticks)
        if self._row is not None:
            answers = [self._judge.step(self._row) for _ in range(self._judge.delay)]
            for probability in answers[max(0, early) :]:
                yield Judged(self._ticks.popleft(), probability)
        self.reset()

    def reset(self) -> None:
        """Forget all ticks so far."""
        self._ticks: deque[int] = deque()
        self._row = None
        self._judge.reset()
