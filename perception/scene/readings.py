"""One line read many times: which reading to believe."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_CONFIDENT = 0.999
PART_SUPPORT = 0.5
LEAST_SUPPORT = 0.25


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line was read as, once."""

    t_ns: int
    text: str
    confidence: float


class Readings:
    """Lets the readings of a line vote, since a hand, a glare or a blur spoils single ones.

    Args:
        span_ns: Readings older than this no longer count.
        alike: Likeness of two texts, in [0, 1], from which they are the same line.
        most: Readings kept at once.
    """

    def __init__(self, span_ns: int = 30_000_000_000, alike: float = 0.7, most: int = 64) -> None:
        self._span_ns = span_ns
        self._alike = alike
        self._kept: deque[Reading] = deque(maxlen=most)

    def clear(self) -> None:
        """Forget every reading."""
        self._kept.clear()

    def settle(self, reading: Reading) -> Reading:
        """Take one more reading and return what the line says by all of them.

        The text with the most support wins, the latest among equals. A part of a text supports it
        by half, since lines are cut off more often than made up. Confidence grows with every
        reading of the line, so that what is settled later stands above what was settled before.
        """
        self._kept.append(reading)
        since_ns = reading.t_ns - self._span_ns
        alike = [
            other
            for other in reversed(self._kept)
            if other.t_ns >= since_ns and self._are_alike(other.text, reading.text)
        ]
        texts = dict.fromkeys(other.text for other in alike)
        text = max(texts, key=lambda text: sum(o.confidence * _support(o, text) for o in alike))
        doubts = (1.0 - o.confidence * max(_support(o, text), LEAST_SUPPORT) for o in alike)
        return Reading(reading.t_ns, text, min(1.0 - math.prod(doubts), MOST_CONFIDENT))

    def _are_alike(self, first: str, second: str) -> bool:
        one, two = first.casefold(), second.casefold()
        return SequenceMatcher(None, one, two, autojunk=False).ratio() >= self._alike


def _support(reading: Reading, text: str) -> float:
    """Return how far a reading speaks for a text, from 0 to 1."""
    if reading.text == text:
        return 1.0
    return PART_SUPPORT if reading.text in text else 0.0
