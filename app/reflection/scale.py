"""The time axis of the ribbon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Self

from app.reflection.state import Tick
from app.widgets import words

_S = 1_000_000_000
_STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 86_400)
_MAX_TICKS = 8


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps times onto [0, 1]."""

    start_ns: int
    end_ns: int

    @classmethod
    def around(cls, intervals: Iterable[tuple[int, int]]) -> Self:
        """Cover all intervals with a margin on both sides; at least twenty seconds."""
        starts, ends = zip(*intervals, strict=True)
        start_ns, end_ns = min(starts), max(ends)
        margin_ns = max((end_ns - start_ns) // 12, (20 * _S - (end_ns - start_ns)) // 2)
        return cls(start_ns - margin_ns, end_ns + margin_ns)

    def position(self, t_ns: int) -> float:
        """Return where a time lies, clipped to the ends."""
        fraction = (t_ns - self.start_ns) / (self.end_ns - self.start_ns)
        return min(max(fraction, 0.0), 1.0)


def ticks(scale: Scale, names_days: bool, zone: tzinfo) -> tuple[Tick, ...]:
    """Choose at most eight round times; a week is marked at noon of each day with its name."""
    if names_days:
        return _days(scale, zone)
    length_s = (scale.end_ns - scale.start_ns) / _S
    step_s = next((s for s in _STEPS_S if length_s / s <= _MAX_TICKS), _STEPS_S[-1])
    offset_ns = _utc_offset_ns(scale.start_ns, zone)
    step_ns = step_s * _S
    first_ns = -(-(scale.start_ns + offset_ns) // step_ns) * step_ns - offset_ns
    return tuple(
        Tick(scale.position(t_ns), words.clock(t_ns, zone, has_seconds=step_s < 60))
        for t_ns in range(first_ns, scale.end_ns, step_ns)
    )


def _days(scale: Scale, zone: tzinfo) -> tuple[Tick, ...]:
    half_day_ns = 12 * 3600 * _S
    noons_ns = range(scale.start_ns + half_day_ns, scale.end_ns, 2 * half_day_ns)
    return tuple(
        Tick(scale.position(t_ns), f"{words.local_time(t_ns, zone):%a %-d}") for t_ns in noons_ns
    )


def _utc_offset_ns(t_ns: int, zone: tzinfo) -> int:
    offset = words.local_time(t_ns, zone).utcoffset()
    return int(offset.total_seconds()) * _S if offset else 0
