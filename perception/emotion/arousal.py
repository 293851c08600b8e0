"""Pupils and eyelids in, the wearer's arousal out."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import median

from firmware_bridge.packets import EyeState

MS_NS = 1_000_000
SECOND_NS = 1_000 * MS_NS
USUAL = 0.35
"""Arousal of a wearer whose pupils are as they usually are."""


@dataclass(frozen=True, slots=True)
class ArousalSettings:
    """How pupils and eyelids are read."""

    least_pupil_mm: float = 1.5
    """Diameter below which no pupil was seen, in millimetres."""
    largest_pupil_mm: float = 9.0
    """Diameter above which no pupil was seen, in millimetres."""
    closed_share: float = 0.5
    """Share of the usual aperture below which the eyes blink, in [0, 1]."""
    blink_ns: int = 150 * MS_NS
    """Pupils are not believed for this long after a blink, in nanoseconds."""
    bin_ns: int = 100 * MS_NS
    """Time between two levels, in nanoseconds."""
    recent_ns: int = 500 * MS_NS
    """What is averaged into a level, in nanoseconds."""
    baseline_ns: int = 60 * SECOND_NS
    """What a level is compared with, in nanoseconds."""
    warm_up_ns: int = 10 * SECOND_NS
    """Of the baseline that must be known before there are levels, in nanoseconds."""
    spread_floor_mm: float = 0.12
    """Least spread of pupil and aperture that is taken for usual, in millimetres."""
    lid_weight: float = 0.3
    """How much a wide eye counts beside a wide pupil."""
    light_mm_per_octave: float = 0.35
    """Dilation that half the light explains, in millimetres."""


@dataclass(frozen=True, slots=True)
class Level:
    """Arousal at one time, calm 0 to excited 1; ``USUAL`` is usual."""

    t_ns: int
    arousal: float


class Baseline:
    """The usual value of a slow signal: median and spread of its means over whole seconds."""

    def __init__(self, length_ns: int, spread_floor: float) -> None:
        self._length_ns = length_ns
        self._spread_floor = spread_floor
        self._seconds: deque[tuple[int, float]] = deque()
        self._second_ns = 0
        self._sum = 0.0
        self._count = 0
        self._median = math.nan
        self._spread = spread_floor

    @property
    def known_ns(self) -> int:
        """How much of the signal the baseline stands on."""
        return len(self._seconds) * SECOND_NS

    @property
    def median(self) -> float:
        """The usual value, NaN in the first second."""
        return self._median

    def deviation(self, value: float) -> float:
        """How many spreads a value lies above the usual one; 0 while that is unknown."""
        return (value - self._median) / self._spread if self._seconds else 0.0

    def update(self, t_ns: int, value: float) -> None:
        """Take the next value."""
        if self._count and t_ns - self._second_ns >= SECOND_NS:
            self._seconds.append((self._second_ns, self._sum / self._count))
            self._sum, self._count = 0.0, 0
            self._settle(t_ns)
        if not self._count:
            self._second_ns = t_ns
        self._sum += value
        self._count += 1

    def _settle(self, t_ns: int) -> None:
        while self._seconds and t_ns - self._seconds[0][0] > self._length_ns:
            self._seconds.popleft()
        if not self._seconds:
            return
        values = [value for _, value in self._seconds]
        self._median = median(values)
        # 1.4826 turns the median absolute deviation into a normal standard deviation.
        spread = 1.4826 * median(abs(value - self._median) for value in values)
        self._spread = max(spread, self._spread_floor)


class _Recent:
    """The mean of a signal over the last moments."""

    def __init__(self, length_ns: int) -> None:
        self._length_ns = length_ns
        self._values: deque[tuple[int, float]] = deque()

    def update(self, t_ns: int, value: float) -> float:
        self._values.append((t_ns, value))
        while t_ns - self._values[0][0] >= self._length_ns:
            self._values.popleft()
        return sum(value for _, value in self._values) / len(self._values)


class Arousal:
    """Arousal as pupils that are wider than usual, light and blinks accounted for.

    Pupils widen with arousal, pleasant or not, within about a second, and with darkness. The
    usual size is a running median of one minute; dilation that darkness explains is taken off.
    Eyes that are opened wider than usual add a little.

    Args:
        settings: How pupils and eyelids are read.
    """

    def __init__(self, settings: ArousalSettings | None = None) -> None:
        self.settings = settings or ArousalSettings()
        s = self.settings
        self._pupil = Baseline(s.baseline_ns, s.spread_floor_mm)
        self._lid = Baseline(s.baseline_ns, s.spread_floor_mm)
        self._light = Baseline(s.baseline_ns, 1.0)
        self._recent_pupil = _Recent(s.recent_ns)
        self._recent_lid = _Recent(s.recent_ns)
        self._recent_light = _Recent(SECOND_NS)
        self._darker_octaves = 0.0
        self._t_ns = -1
        self._blind_until_ns = -1
        self._bin: list[tuple[float, float]] = []
        self._bin_ns = 0

    def see(self, t_ns: int, brightness: float) -> None:
        """Take the brightness of the scene.

        Args:
            t_ns: When; times must rise.
            brightness: Mean of a picture's pixels in [0, 255], gamma encoded as cameras send it.
        """
        octaves = 2.2 * math.log2(max(brightness, 1.0) / 255.0)
        self._light.update(t_ns, octaves)
        now = self._recent_light.update(t_ns, octaves)
        self._darker_octaves = max(0.0, self._light.median - now) if self._light.known_ns else 0.0

    def update(self, item: EyeState) -> Level | None:
        """Take one sample; return the level ten times a second, once the baseline is known."""
        if item.t_ns <= self._t_ns:
            return None
        self._t_ns = item.t_ns
        pupil_mm = self._pupil_of(item)
        aperture_mm = _mean(item.aperture_left_mm, item.aperture_right_mm)
        if math.isnan(pupil_mm) or self._is_closed(aperture_mm):
            self._blind_until_ns = item.t_ns + self.settings.blink_ns
            self._bin.clear()
        if item.t_ns < self._blind_until_ns:
            return None
        return self._collect(item.t_ns, pupil_mm, aperture_mm)

    def _pupil_of(self, item: EyeState) -> float:
        s = self.settings
        sizes = (
            size if s.least_pupil_mm <= size <= s.largest_pupil_mm else math.nan
            for size in (item.pupil_left_mm, item.pupil_right_mm)
        )
        return _mean(*sizes)

    def _is_closed(self, aperture_mm: float) -> bool:
        return aperture_mm < self.settings.closed_share * self._lid.median

    def _collect(self, t_ns: int, pupil_mm: float, aperture_mm: float) -> Level | None:
        if self._bin and t_ns - self._bin_ns >= self.settings.bin_ns:
            level = self._level(t_ns, self._bin)
            self._bin.clear()
        else:
            level = None
        if not self._bin:
            self._bin_ns = t_ns
        self._bin.append((pupil_mm, aperture_mm))
        return level

    def _level(self, t_ns: int, samples: list[tuple[float, float]]) -> Level | None:
        pupil_mm = sum(pupil for pupil, _ in samples) / len(samples)
        lids_mm = [lid for _, lid in samples if not math.isnan(lid)]
        dark_mm = self.settings.light_mm_per_octave * self._darker_octaves
        wide = self._pupil.deviation(self._recent_pupil.update(t_ns, pupil_mm) - dark_mm)
        self._pupil.update(t_ns, pupil_mm)
        if lids_mm:
            lid_mm = sum(lids_mm) / len(lids_mm)
            lid = self._lid.deviation(self._recent_lid.update(t_ns, lid_mm))
            self._lid.update(t_ns, lid_mm)
            wide += self.settings.lid_weight * min(max(lid, -2.0), 2.0)
        if self._pupil.known_ns < self.settings.warm_up_ns:
            return None
        return Level(t_ns, 1.0 / (1.0 + math.exp(-0.6 * (min(max(wide, -9.0), 9.0) - 1.0))))


def _mean(left: float, right: float) -> float:
    """Mean of both eyes, the one that is known, or NaN."""
    if math.isnan(left):
        return right
    return left if math.isnan(right) else (left + right) / 2
