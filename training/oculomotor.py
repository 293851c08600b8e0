"""Simulated gaze with true labels: what eyes do, and what trackers make of it.

Saccades follow the main sequence (Bahill et al. 1975) with a skewed velocity profile and a damped
oscillation at the end; between them the eyes drift and tremble, follow targets with a gain below
one and catch-up saccades, or are hidden by the lids. A tracker then adds coloured noise, filters,
quantises and loses samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from evals.data.gaze_events import FIXATION, LOST, PURSUIT, SACCADE, GazeRecording

Floats = npt.NDArray[np.float64]
RATE_HZ = 1000
DRAWN_SHARE = 0.08
"""Gaze of straight lines without noise, as test signals and artificial eyes have it."""
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody looks in one situation; a pair is a median and a spread of its logarithm.

    Attributes:
        fixation_ms: Duration.
        pursuit_ms: Duration.
        saccade_deg: Amplitude.
        pursuit_deg_s: Speed of a followed target.
        drift_deg_s: Speed while fixating; more than the eye's own where the head sways.
        pursuit_share: Probability that a target is followed rather than fixated.
        blink_hz: Blinks per second.
        direct_share: Probability that a steady phase turns into the next without a saccade.
    """

    fixation_ms: tuple[float, float]
    pursuit_ms: tuple[float, float]
    saccade_deg: tuple[float, float]
    pursuit_deg_s: tuple[float, float]
    drift_deg_s: tuple[float, float]
    pursuit_share: float
    blink_hz: float
    direct_share: float


SCREEN = Habits((270, 0.55), (290, 0.6), (3.5, 0.9), (9.0, 0.5), (1.0, 0.7), 0.20, 0.15, 0.05)
PICTURES = Habits((240, 0.45), (300, 0.4), (3.5, 0.8), (8.0, 0.5), (0.8, 0.7), 0.0, 0.15, 0.0)
TARGETS = Habits((250, 0.5), (700, 0.7), (2.5, 0.8), (11.0, 0.6), (0.8, 0.6), 0.80, 0.10, 0.3)
GLASSES = Habits((350, 0.5), (500, 0.6), (7.0, 0.9), (10.0, 0.5), (2.0, 0.7), 0.15, 0.20, 0.10)
SITUATIONS = (SCREEN, SCREEN, SCREEN, PICTURES, TARGETS, GLASSES)


class _Trace:
    """Gaze at 1000 Hz, as it grows phase by phase."""

    def __init__(self, habits: Habits, random: Random) -> None:
        self.habits, self.random = habits, random
        self.is_drawn = random.random() < DRAWN_SHARE
        self.at_deg = np.zeros(2)
        self.parts: list[Floats] = []
        self.labels: list[npt.NDArray[np.uint8]] = []
        self.seen: list[npt.NDArray[np.bool_]] = []

    @property
    def length(self) -> int:
        return sum(len(part) for part in self.labels)

    def drawn(self, pair: tuple[float, float], least: float, most: float) -> float:
        value = pair[0] * np.exp(self.random.normal(0.0, pair[1]))
        return float(np.clip(value, least, most))

    def add(self, offsets_deg: Floats, label: int, is_seen: bool = True) -> None:
        """Append places relative to the present one, shape ``(n, 2)``."""
        if len(offsets_deg) == 0:
            return
        self.parts.append(self.at_deg + offsets_deg)
        self.at_deg = self.parts[-1][-1].copy()
        self.labels.append(np.full(len(offsets_deg), label, np.uint8))
        self.seen.append(np.full(len(offsets_deg), is_seen))

    def direction(self) -> Floats:
        angle = self.random.uniform(0, 2 * np.pi)
        if self.random.random() < 0.5:
            angle = self.random.choice([0.0, np.pi]) + self.random.normal(0, 0.25)
        return np.array([np.cos(angle), np.sin(angle)])

    def fixate(self) -> None:
        count = int(self.drawn(self.habits.fixation_ms, 60, 3000))
        if self.is_drawn:
            self.add(np.zeros((count, 2)), FIXATION)
            return
        speed = self.drawn(self.habits.drift_deg_s, 0.1, 4.0)
        wander = _wandering(self.random, count, speed, 60.0)
        drift = np.cumsum(wander, axis=0) / RATE_HZ
        bias = self.direction() * min(self.random.exponential(0.6 * speed), 4.0)
        drift += bias * np.arange(count)[:, None] / RATE_HZ
        self._twitch(drift)
        self.add(drift, FIXATION)

    def _twitch(self, drift_deg: Floats) -> None:
        """Microsaccades belong to a fixation."""
        for _ in range(self.random.poisson(0.5 * len(drift_deg) / RATE_HZ)):
            at = int(self.random.integers(0, len(drift_deg)))
            jump = _jump(self.random, float(self.random.uniform(0.05, 0.35)))
            jump = jump[: len(drift_deg) - at]
            direction = self.direction()
            drift_deg[at : at + len(jump)] += jump[:, None] * direction
            drift_deg[at + len(jump) :] += jump[-1] * direction

    def pursue(self) -> None:
        count = int(self.drawn(self.habits.pursuit_ms, 90, 4000))
        speed = self.drawn(self.habits.pursuit_deg_s, 3.0, 45.0)
        velocity = np.outer(np.ones(count), self.direction()) * speed
        if self.is_drawn:
            self.add(np.cumsum(velocity, axis=0) / RATE_HZ, PURSUIT)
            return
        velocity = self._bent(velocity)
        gain = self.random.uniform(0.8, 1.05)
        velocity = velocity * gain + _wandering(self.random, count, 0.12 * speed + 0.3, 80.0)
        rise = self.random.uniform(10, 90)
        velocity *= (1 - np.exp(-np.arange(1, count + 1) / rise))[:, None]
        way = np.cumsum(velocity, axis=0) / RATE_HZ
        self._catch_up(way, velocity)

    def _bent(self, velocity: Floats) -> Floats:
        """Let a target turn, or swing, on half of its ways."""
        count = len(velocity)
        kind = self.random.random()
        if kind < 0.25:
            angle = np.cumsum(np.full(count, self.random.normal(0, 1.5) / RATE_HZ))
            x, y = velocity[:, 0], velocity[:, 1]
            return np.stack(
                [x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], 1
            )
        if kind < 0.5:
            phase = self.random.uniform(0, 2 * np.pi)
            swing = self.random.uniform(0.1, 0.5)
            wave = np.cos(2 * np.pi * swing * np.arange(count) / RATE_HZ + phase)
            return np.asarray(velocity * (1.0 + 0.5 * wave)[:, None])
        return velocity

    def _catch_up(self, way_deg: Floats, velocity: Floats) -> None:
        at = 0
        while at < len(way_deg):
            wait = int(self.random.exponential(700)) + 120
            part = way_deg[at : at + wait]
            before = way_deg[at - 1] if at else np.zeros(2)
            self.add(part - before, PURSUIT)
            at += wait
            if at < len(way_deg) - 60:
                ahead = velocity[at] / (np.linalg.norm(velocity[at]) + 1e-6)
                sign = 1.0 if self.random.random() < 0.85 else -1.0
                self.saccade(float(self.random.uniform(0.5, 2.5)), ahead * sign)

    def saccade(self, amplitude_deg: float | None = None, direction: Floats | None = None) -> None:
        size = amplitude_deg or self.drawn(self.habits.saccade_deg, 0.4, 45.0)
        home = -self.at_deg / (np.linalg.norm(self.at_deg) + 1e-6)
        reach = 8.0 if self.habits.saccade_deg[0] < 8 else 25.0
        if direction is None:
            pull = min(1.0, float(np.linalg.norm(self.at_deg)) / reach)
            direction = self.direction() * (1 - 0.7 * pull) + home * pull
            direction = direction / (np.linalg.norm(direction) + 1e-6)
        if self.is_drawn:
            way = np.arange(0.0, size, self.random.uniform(0.15, 0.4))
            self.add(np.append(way[1:], size)[:, None] * direction, SACCADE)
            return
        jump = _jump(self.random, size)
        side = np.array([-direction[1], direction[0]])
        curve = self.random.normal(0, 0.03) * size * np.sin(np.linspace(0, np.pi, len(jump)))
        self.add(jump[:, None] * direction + curve[:, None] * side, SACCADE)
        if self.random.random() < 0.7:
            self._oscillate(size, direction)

    def _oscillate(self, size: float, direction: Floats) -> None:
        """The lens swings after the eye has stopped; raters end the saccade within it."""
        count = int(self.random.uniform(12, 35))
        time = np.arange(1, count + 1)
        height = size**0.6 * abs(self.random.normal(0, 0.06))
        period, decay = self.random.uniform(14, 30), self.random.uniform(5, 14)
        swing = height * np.sin(2 * np.pi * time / period) * np.exp(-time / decay)
        offsets = swing[:, None] * direction * self.random.choice([1.0, -1.0])
        cut = int(self.random.uniform(0.0, 0.7) * count)
        start = self.at_deg.copy()
        self.add(offsets[:cut], SACCADE)
        self.at_deg = start
        self.add(offsets[cut:], FIXATION)

    def blink(self) -> None:
        down, up = (int(self.random.uniform(20, 70)) for _ in range(2))
        closed = int(self.drawn((110, 0.5), 30, 900))
        depth = self.random.uniform(0.5, 12.0)
        sink = np.array([self.random.normal(0, 0.3), self.random.choice([1.0, 1.0, -0.6])]) * depth
        ramp = np.linspace(0, 1, down + 1)[1:, None] ** 1.5 * sink
        is_lost = self.random.random() < 0.75
        start = self.at_deg.copy()
        self.add(ramp, LOST)
        shake = _wandering(self.random, closed, 40.0, 20.0) / 20.0
        self.add(shake, LOST, is_seen=not is_lost)
        self.at_deg = start
        self.add(np.linspace(1, 0, up + 1)[1:, None] ** 1.5 * sink, LOST)

    def be_lost(self) -> None:
        """The tracker loses the eye, or finds it where it is not."""
        count = int(self.drawn((120, 0.8), 15, 1200))
        start = self.at_deg.copy()
        if self.random.random() < 0.6:
            self.add(np.zeros((count, 2)), LOST, is_seen=False)
        else:
            jumps = self.random.normal(0, self.random.uniform(2, 12), (count // 8 + 1, 2))
            self.add(np.repeat(jumps, 8, axis=0)[:count], LOST)
        self.at_deg = start

    def run(self, milliseconds: int) -> None:
        is_pursuit = False
        while self.length < milliseconds:
            if self.random.random() > self.habits.direct_share:
                self.saccade()
                is_pursuit = self.random.random() < self.habits.pursuit_share
            else:
                is_pursuit = not is_pursuit and self.habits.pursuit_share > 0
            before = self.length
            self.pursue() if is_pursuit else self.fixate()
            seconds = (self.length - before) / RATE_HZ
            if self.random.random() < self.habits.blink_hz * seconds:
                self.blink()
                self.fixate()
            elif self.random.random() < 0.04 * seconds:
                self.be_lost()


def simulate(seconds: float, random: Random) -> GazeRecording:
    """Return one recording of somebody in some situation, seen by some tracker."""
    habits = SITUATIONS[int(random.integers(len(SITUATIONS)))]
    trace = _Trace(habits, random)
    milliseconds = round(seconds * RATE_HZ)
    trace.run(milliseconds + 1000)
    start = int(random.integers(0, 1000))
    chosen = slice(start, start + milliseconds)
    at_deg = np.concatenate(trace.parts)[chosen]
    labels = _told_by_raters(np.concatenate(trace.labels)[chosen], random)
    seen = np.concatenate(trace.seen)[chosen]
    if trace.is_drawn:
        level = 0.0 if random.random() < 0.7 else 0.05
    elif habits is GLASSES:
        at_deg = at_deg + _bursts(random, len(at_deg))
        level = 0.05
    else:
        level = float(np.exp(random.uniform(np.log(0.004), np.log(0.3))))
    return _tracked(at_deg, labels, seen, level, random)


def _told_by_raters(labels: npt.NDArray[np.uint8], random: Random) -> npt.NDArray[np.uint8]:
    """Give the steady phase after an oscillation its label, and widen saccades a little."""
    labels = labels.copy()
    starts = np.flatnonzero(np.diff(labels.astype(int), prepend=-1))
    ends = np.append(starts[1:], len(labels))
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        is_swing = labels[start] == FIXATION and end - start < 36
        if is_swing and place + 1 < len(starts) and place and labels[start - 1] == SACCADE:
            labels[start:end] = labels[end] if labels[end] != SACCADE else FIXATION
    return labels


def _tracked(
    at_deg: Floats,
    labels: npt.NDArray[np.uint8],
    seen: npt.NDArray[np.bool_],
    level_deg: float,
    random: Random,
) -> GazeRecording:
    """Sample at a rate, filter, add noise, quantise."""
    rate_hz = float(np.exp(random.uniform(np.log(100), np.log(1000))))
    if random.random() < 0.5:
        rate_hz = float(random.choice([120.0, 200.0, 250.0, 300.0, 500.0, 1000.0]))
    at_deg = at_deg + level_deg * _coloured(random, len(at_deg), rate_hz)
    width = int(random.choice([1, 1, 1, 3, 7, 12, 20]))
    if width > 1:
        padded = np.pad(at_deg, ((width, 0), (0, 0)), mode="edge")
        sums = np.cumsum(padded, axis=0)
        at_deg = (sums[width:] - sums[:-width]) / width
        labels = np.concatenate([np.repeat(labels[:1], width // 2), labels])[: len(labels)]
    t_s = np.arange(0.0, len(at_deg) / RATE_HZ - 1e-3, 1.0 / rate_hz)
    index = np.minimum((t_s * RATE_HZ).round().astype(int), len(at_deg) - 1)
    sampled, is_seen = at_deg[index], seen[index]
    if random.random() < 0.3:
        grain = float(np.exp(random.uniform(np.log(0.005), np.log(0.05))))
        sampled = np.round(sampled / grain) * grain
    confidence = np.where(is_seen, 1.0, 0.0)
    if random.random() < 0.25:
        doubt = np.where(labels[index] == LOST, random.uniform(0.2, 1.0), random.uniform(0.7, 1.0))
        confidence = np.clip(doubt + random.normal(0, 0.08, len(index)), 0.05, 1.0) * is_seen
    return GazeRecording(
        "simulated",
        "simulated",
        "nobody",
        "nothing",
        t_s,
        np.where(is_seen, sampled[:, 0], np.nan),
        np.where(is_seen, sampled[:, 1], np.nan),
        confidence,
        labels[index],
    )


def _jump(random: Random, amplitude_deg: float) -> Floats:
    """The way of a saccade from 0 to its amplitude, each ms."""
    duration = (2.2 * amplitude_deg + 21.0) * np.exp(random.normal(0, 0.15))
    count = max(6, round(duration))
    skew = random.uniform(0.75, 1.0)
    phase = (np.arange(1, count + 1) / count) ** skew
    return np.asarray(amplitude_deg * phase**3 * (10 - 15 * phase + 6 * phase**2))


def _wandering(random: Random, count: int, size: float, memory: float) -> Floats:
    """Noise that forgets over ``memory`` steps, standard deviation ``size`` in all, ``(n, 2)``."""
    keep = float(np.exp(-1.0 / memory))
    white = random.normal(0, np.sqrt(1 - keep**2), (count + 1, 2))
    white[0] /= np.sqrt(1 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], white, axis=0)[1:] * size / np.sqrt(2))


def _bursts(random: Random, count: int) -> Floats:
    """What gaze estimated from two eye cameras does: wide tails, and worse at times, ``(n, 2)``.

    A new value comes every 5 ms.
    """
    values = count // 5 + 1
    level_deg = np.exp(random.uniform(np.log(0.08), np.log(0.4)))
    swell = np.exp(_wandering(random, values, 0.7, 40.0)[:, :1])
    tails = np.sqrt(2.0 / np.maximum(random.gamma(2.0, 1.0, (values, 1)), 0.05))
    noise = level_deg * swell * tails * random.normal(0, 1, (values, 2))
    return np.asarray(np.repeat(noise, 5, axis=0)[:count])


def _coloured(random: Random, count: int, rate_hz: float) -> Floats:
    """A mixture of white and slow noise with unit size, ``(n, 2)``."""
    white = random.normal(0, 1, (count, 2))
    slow = _wandering(random, count, np.sqrt(2), random.uniform(2, 40) * RATE_HZ / rate_hz)
    share = random.uniform(0, 1) if random.random() < 0.6 else 0.0
    return np.asarray(np.sqrt(1 - share) * white + np.sqrt(share) * slow)
