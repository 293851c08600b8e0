"""The ribbon's course: height and thickness along the time shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.reflection.state import RibbonPoint

MIN_WIDTH = 0.035


@dataclass(frozen=True, slots=True)
class Sample:
    """The ribbon at one position.

    Attributes:
        x: Position in [0, 1].
        height: Valence, from -1 to 1; 0 where nothing was felt.
        thickness: Arousal, in [0, 1]; 0 where nothing was felt.
        nearest: Index of the feeling that shapes it most, or None between feelings.
    """

    x: float
    height: float
    thickness: float
    nearest: int | None


def course(points: Sequence[RibbonPoint], steps: int = 240) -> list[Sample]:
    """Return the ribbon from left to right.

    Each feeling lifts or lowers the ribbon by its valence with a bump as wide as it lasted, or
    as wide as can be seen; where bumps meet, their weighted mean counts, so that none is
    exaggerated.
    """
    return [_sample(k / steps, points) for k in range(steps + 1)]


def _sample(x: float, points: Sequence[RibbonPoint]) -> Sample:
    weights = [_bump(x, point) for point in points]
    total = sum(weights)
    if total < 0.02:
        return Sample(x, 0.0, 0.0, None)
    reach = min(total, max(weights) if len(points) == 1 else 1.0)
    height = sum(w * p.valence for w, p in zip(weights, points, strict=True)) / total
    thickness = sum(w * p.arousal for w, p in zip(weights, points, strict=True)) / total
    return Sample(x, height * reach, thickness * reach, weights.index(max(weights)))


def _bump(x: float, point: RibbonPoint) -> float:
    half = max(point.end - point.start, MIN_WIDTH) / 2
    middle = (point.start + point.end) / 2
    beyond = max(0.0, abs(x - middle) - half * 0.6) / (half * 0.9)
    return math.exp(-(beyond**2) * 2.0)
