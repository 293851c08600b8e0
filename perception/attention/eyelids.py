"""Eyelid apertures in, blinks out."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from statistics import median

from firmware_bridge.packets import EyeState

MS_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class EyelidSettings:
    """What counts as closed, and for how long in a blink."""

    closed_share: float = 0.5
    """Share of the usual aperture below which the eyes are closed, in [0, 1]."""
    least_ns: int = 50 * MS_NS
    """Shorter closure is noise, in nanoseconds."""
    longest_ns: int = 500 * MS_NS
    """Longer closure is no blink, in nanoseconds."""
    usual_every_ns: int = 100 * MS_NS
    """Between two apertures that the usual one is the median of, in nanoseconds."""
    gap_ns: int = 1_000 * MS_NS
    """Time without apertures after which nothing is known, in nanoseconds."""


@dataclass(slots=True)
class _State:
    last_ns: int | None = None
    closed_ns: int | None = None
    usual_mm: float = math.nan
    sampled_ns: int | None = None
    recent_mm: deque[float] = field(default_factory=lambda: deque(maxlen=100))


class Eyelids:
    """Finds blinks where a device measures eyelids, whose gaze may go on through closed eyes."""

    def __init__(self, settings: EyelidSettings | None = None) -> None:
        self._settings = settings or EyelidSettings()
        self._state = _State()

    def are_known(self, t_ns: int) -> bool:
        """Tell whether apertures were measured up to about a time."""
        last_ns = self._state.last_ns
        return last_ns is not None and t_ns - last_ns <= self._settings.gap_ns

    def update(self, item: EyeState) -> int | None:
        """Take the next sample.

        Returns:
            When the blink began that this sample ends, or None.
        """
        state, settings = self._state, self._settings
        aperture_mm = (item.aperture_left_mm + item.aperture_right_mm) / 2
        if not math.isfinite(aperture_mm):
            return None
        if state.last_ns is not None:
            if item.t_ns <= state.last_ns:
                return None
            if item.t_ns - state.last_ns > settings.gap_ns:
                state.closed_ns = None
        state.last_ns = item.t_ns
        self._learn(item.t_ns, aperture_mm)
        if aperture_mm < settings.closed_share * state.usual_mm:
            state.closed_ns = item.t_ns if state.closed_ns is None else state.closed_ns
            return None
        began_ns, state.closed_ns = state.closed_ns, None
        if began_ns is None:
            return None
        is_blink = settings.least_ns <= item.t_ns - began_ns <= settings.longest_ns
        return began_ns if is_blink else None

    def _learn(self, t_ns: int, aperture_mm: float) -> None:
        state = self._state
        if state.sampled_ns is None or t_ns - state.sampled_ns >= self._settings.usual_every_ns:
            state.sampled_ns = t_ns
            state.recent_mm.append(aperture_mm)
            state.usual_mm = median(state.recent_mm)
