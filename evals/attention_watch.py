"""What stands around a judge and a detector to see what they answer and take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from perception.attention.engagement import Judge
from perception.events import ObjectSeen
from perception.stage import GazedFrame


@dataclass(slots=True)
class Heard:
    """Passes a judge's answers on, and keeps them.

    Attributes:
        answers: One for each tick, and those that the end asked for.
    """

    judge: Judge
    answers: list[float] = field(default_factory=list)

    @property
    def delay(self) -> int:
        """As the judge's."""
        return self.judge.delay

    def step(self, row: npt.NDArray[np.float32]) -> float:
        """Answer as the judge does."""
        self.answers.append(self.judge.step(row))
        return self.answers[-1]

    def reset(self) -> None:
        """Forget as the judge does; what was answered is kept."""
        self.judge.reset()


@dataclass(slots=True)
class Timed:
    """Counts the processor time of a detector, which an accelerator would take over."""

    detect: Callable[[GazedFrame], Iterable[ObjectSeen]]
    cpu_s: float = 0.0

    def __call__(self, item: GazedFrame) -> Iterable[ObjectSeen]:
        """Detect as it does."""
        started_s = time.process_time()
        found = list(self.detect(item))
        self.cpu_s += time.process_time() - started_s
        return found
