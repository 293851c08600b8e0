"""What one system of the attention evaluation came to, and how that is scored."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from evals.kept_video import Told
from perception.analytics.energy import EnergyModel, Usage


@dataclass(slots=True)
class Tally:
    """What one system came to, summed over videos.

    Attributes:
        told: Of each frame, whether the system says attention.
        truth: Of each frame, whether it is so.
        probability: Of each frame, where the system gives one.
        overlaps: IoU of the target's box with the mask's, on frames rightly told.
        switches: Changes of identity between such frames.
        kept: Attended frames inside what is kept.
        written: Bytes of what is kept.
        heavy: Frames given to a heavy analysis.
        usage: What the energy model is charged with.
    """

    told: list[Told] = field(default_factory=list)
    truth: list[Told] = field(default_factory=list)
    probability: list[npt.NDArray[np.float64]] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)
    switches: int = 0
    kept: int = 0
    written: int = 0
    heavy: int = 0
    usage: Usage = field(default_factory=Usage)

    def add(self, told: Told, truth: Told) -> None:
        """Take one video."""
        self.told.append(told)
        self.truth.append(truth)

    def scores(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of frames."""
        told, truth = np.concatenate(self.told), np.concatenate(self.truth)
        hits = float((told & truth).sum())
        precision, recall = hits / max(told.sum(), 1), hits / max(truth.sum(), 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)

    def joules_per_h(self, seconds: float) -> float:
        """Modelled energy of an hour like these seconds."""
        return EnergyModel().joules(self.usage.scaled(3_600 / seconds)).total_j

    def calibration_error(self) -> float | None:
        """Expected calibration error over ten bins of equal width."""
        if not self.probability:
            return None
        return expected_calibration_error(
            np.concatenate(self.probability), np.concatenate(self.truth)
        )


def f1(told: Told, truth: Told) -> float:
    """F1 of frames."""
    return 2 * float((told & truth).sum()) / max(1.0, float(told.sum() + truth.sum()))


def expected_calibration_error(
    probability: npt.NDArray[np.float64], truth: Told, bins: int = 10
) -> float:
    """Mean gap between probability and frequency, weighted by how often each occurs."""
    which = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = [
        abs(float(probability[which == k].mean()) - float(truth[which == k].mean()))
        * float((which == k).mean())
        for k in range(bins)
        if (which == k).any()
    ]
    return float(sum(gaps))
