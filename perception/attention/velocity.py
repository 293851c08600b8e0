"""Gaze samples in, the same samples with a direction and an angular speed out."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from perception.attention.angles import Ray, angle_deg


@dataclass(frozen=True, slots=True)
class Glance:
    """One gaze sample with its direction.

    Attributes:
        ray: Direction, averaged over the window that ends with this sample.
        speed_deg_s: Angular speed around this sample.
    """

    t_ns: int
    x_px: float
    y_px: float
    ray: Ray
    speed_deg_s: float = 0.0


class Velocity:
    """Angular speed between the means of the windows before and after a sample.

    Averaging makes noisy 200 Hz gaze usable, and at a low rate each window shrinks to one sample.
    A sample is given back once its following window is complete, that is ``window_ns`` late.

    Args:
        window_ns: Length of each window.
    """

    def __init__(self, window_ns: int) -> None:
        self._window_ns = window_ns
        self._recent: deque[Glance] = deque()
        self._done_ns: int | None = None

    def push(self, glance: Glance) -> list[Glance]:
        """Take the next sample and return those whose speed is now known."""
        self._recent.append(glance)
        ready = [
            g
            for g in self._recent
            if g.t_ns <= glance.t_ns - self._window_ns
            and (self._done_ns is None or g.t_ns > self._done_ns)
        ]
        done = [self._measured(g) for g in ready]
        if done:
            self._done_ns = done[-1].t_ns
            self._drop_before(self._done_ns - self._window_ns)
        return done

    def drain(self) -> list[Glance]:
        """Return the samples that still wait, with what is known, and start afresh."""
        waiting = [g for g in self._recent if self._done_ns is None or g.t_ns > self._done_ns]
        done = [self._measured(g) for g in waiting]
        self._recent.clear()
        self._done_ns = None
        return done

    def _drop_before(self, t_ns: int) -> None:
        while len(self._recent) > 1 and self._recent[0].t_ns < t_ns:
            self._recent.popleft()

    def _measured(self, at: Glance) -> Glance:
        before = [g for g in self._recent if at.t_ns - self._window_ns < g.t_ns <= at.t_ns]
        after = [g for g in self._recent if at.t_ns < g.t_ns <= at.t_ns + self._window_ns]
        if not after:
            after = [g for g in self._recent if g.t_ns > at.t_ns][:1]
        ray, before_s = _mean(before, at.t_ns)
        if not after:
            return Glance(at.t_ns, at.x_px, at.y_px, ray)
        next_ray, after_s = _mean(after, at.t_ns)
        speed_deg_s = angle_deg(ray, next_ray) / (after_s - before_s)
        return Glance(at.t_ns, at.x_px, at.y_px, ray, speed_deg_s)


class NoiseFloor:
    """A running median of angular speed: how fast gaze seems to move while it rests.

    The estimate climbs or sinks by the same factor with each sample, so that it settles where as
    many samples lie above as below.

    Args:
        start_deg_s: The first estimate.
        factor_per_s: By how much the estimate may grow or shrink within a second.
    """

    def __init__(self, start_deg_s: float, factor_per_s: float = 8.0) -> None:
        self._median_deg_s = start_deg_s
        self._log_per_ns = math.log(factor_per_s) / 1e9

    def update(self, speed_deg_s: float, elapsed_ns: int) -> float:
        """Take one speed and the time since the one before; return the median so far."""
        step = math.exp(self._log_per_ns * min(elapsed_ns, 100_000_000))
        self._median_deg_s *= step if speed_deg_s > self._median_deg_s else 1 / step
        self._median_deg_s = max(self._median_deg_s, 0.1)
        return self._median_deg_s


def _mean(glances: list[Glance], from_ns: int) -> tuple[Ray, float]:
    """Mean direction, and mean time in seconds after ``from_ns``."""
    x = y = z = elapsed_ns = 0.0
    for glance in glances:
        x += glance.ray[0]
        y += glance.ray[1]
        z += glance.ray[2]
        elapsed_ns += glance.t_ns - from_ns
    count = len(glances)
    return (x / count, y / count, z / count), elapsed_ns / count / 1e9
