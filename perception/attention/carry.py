"""How far steady eyes have carried what they look at through the picture."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from firmware_bridge.packets import GazeSample


@dataclass(frozen=True, slots=True)
class _Step:
    t_ns: int
    x_px: float
    y_px: float


class Carry:
    """Sums up the way of steady gaze, so that a box can be brought from one time to another.

    A pursued target and a turning head both move gaze through the picture, and the target with it.

    Args:
        memory_ns: How far back a box may be.
    """

    def __init__(self, memory_ns: int) -> None:
        self._memory_ns = memory_ns
        self._steps: deque[_Step] = deque()
        self._gaze: GazeSample | None = None
        self._is_steady = False

    def rest(self) -> None:
        """From now on the eyes are steady."""
        self._is_steady = True

    def follow(self, gaze: GazeSample) -> tuple[float, float]:
        """Take valid gaze; return by how much it has carried what it is on, in pixels."""
        last = self._steps[-1] if self._steps else _Step(gaze.t_ns, 0.0, 0.0)
        x_px = y_px = 0.0
        if self._is_steady and self._gaze is not None:
            x_px, y_px = gaze.x_px - self._gaze.x_px, gaze.y_px - self._gaze.y_px
        self._gaze = gaze
        self._steps.append(_Step(gaze.t_ns, last.x_px + x_px, last.y_px + y_px))
        while self._steps[0].t_ns < gaze.t_ns - self._memory_ns:
            self._steps.popleft()
        return x_px, y_px

    def leave(self, end_ns: int) -> tuple[float, float]:
        """The eyes were steady until ``end_ns`` only; return what was carried since by mistake."""
        self._is_steady = False
        x_px, y_px = self.since(end_ns)
        if self._steps:
            last = self._steps[-1]
            self._steps[-1] = _Step(last.t_ns, last.x_px - x_px, last.y_px - y_px)
        return x_px, y_px

    def since(self, t_ns: int) -> tuple[float, float]:
        """Return how far it has been carried since a time; zeros beyond memory."""
        step = next((step for step in reversed(self._steps) if step.t_ns <= t_ns), None)
        if step is None:
            return 0.0, 0.0
        return self._steps[-1].x_px - step.x_px, self._steps[-1].y_px - step.y_px
