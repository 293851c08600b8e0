"""Gaze samples in, fixations, saccades, smooth pursuits, blinks and noise out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample
from perception.attention.angles import Ray, angle_deg, unit_ray
from perception.attention.velocity import Glance, NoiseFloor, Velocity
from perception.events import EyeMovement, EyeMovementKind, EyeMovementOnset

FIXATION, PURSUIT = EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT
SACCADE, BLINK, NOISE = EyeMovementKind.SACCADE, EyeMovementKind.BLINK, EyeMovementKind.NOISE

MS_NS = 1_000_000
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class EyeMovementSettings:
    """Thresholds of velocity, dispersion and duration."""

    saccade_deg_s: float = 50.0
    """Speed above which the eyes jump, where gaze is free of noise, in degrees per second."""
    noise_factor: float = 3.0
    """Multiple of the running median speed that the saccade threshold never falls below."""
    saccade_limit_deg_s: float = 120.0
    """What noise may raise the saccade threshold to, in degrees per second."""
    dispersion_deg: float = 1.5
    """How far gaze may stray from its mean in a fixation's first ``least_ns``, in degrees."""
    pursuit_deg_s: float = 5.0
    """Net speed from which slow, straight movement is smooth pursuit, in degrees per second."""
    straightness: float = 0.8
    """Net over travelled angle from which a movement is straight, in [0, 1]."""
    pursuit_window_ns: int = 300 * MS_NS
    """Stretch over which net speed and straightness are measured, in nanoseconds."""
    least_ns: int = 100 * MS_NS
    """Shortest fixation or smooth pursuit, in nanoseconds."""
    spike_ns: int = 35 * MS_NS
    """Longest fast movement that is taken for noise when gaze comes back, in nanoseconds."""
    spike_deg: float = 1.0
    """How close gaze must come back after a spike, in degrees."""
    longest_saccade_ns: int = 350 * MS_NS
    """Fast movement beyond this is noise, in nanoseconds."""
    least_blink_ns: int = 50 * MS_NS
    """Loss of the eyes shorter than this is bridged, in nanoseconds."""
    longest_blink_ns: int = 500 * MS_NS
    """Loss of the eyes beyond this is noise, in nanoseconds."""
    gap_ns: int = 150 * MS_NS
    """Time without any sample that closes what is open, in nanoseconds."""
    velocity_window_ns: int = 15 * MS_NS
    """Length of the two windows whose means give the speed, in nanoseconds."""
    least_confidence: float = 0.5
    """Samples below this are lost."""


@dataclass(slots=True)
class _Run:
    """Samples in a row that belong together."""

    start_ns: int
    end_ns: int
    first: Ray
    last: Ray
    x_sum_px: float
    y_sum_px: float
    count: int = 1

    @classmethod
    def of(cls, glance: Glance) -> _Run:
        return cls(glance.t_ns, glance.t_ns, glance.ray, glance.ray, glance.x_px, glance.y_px)

    def add(self, glance: Glance) -> None:
        self.join(_Run.of(glance))

    def join(self, later: _Run) -> None:
        self.end_ns, self.last = later.end_ns, later.last
        self.x_sum_px += later.x_sum_px
        self.y_sum_px += later.y_sum_px
        self.count += later.count

    def movement(self, kind: EyeMovementKind, end_ns: int) -> EyeMovement:
        x_px, y_px = self.x_sum_px / self.count, self.y_sum_px / self.count
        amplitude_deg = angle_deg(self.first, self.last)
        return EyeMovement(kind, self.start_ns, end_ns, x_px, y_px, amplitude_deg)


@dataclass(slots=True)
class _State:
    """Everything that a reset forgets.

    Attributes:
        kind: Of ``steady`` once it has lasted long enough, else None.
        steady: The present stretch of slow samples.
        fast: Fast samples before a steady stretch that is not yet certain, or after one that is.
        trail: The slow samples of the last window.
        lost_ns: First and last sample of the present loss of the eyes.
    """

    velocity: Velocity
    floor: NoiseFloor
    last_ns: int | None = None
    glance_ns: int = 0
    kind: EyeMovementKind | None = None
    steady: _Run | None = None
    fast: _Run | None = None
    trail: deque[Glance] = field(default_factory=deque)
    lost_ns: tuple[int, int] | None = None


class EyeMovements:
    """Classifies gaze by velocity and dispersion in degrees, at any rate from 30 to 1000 Hz.

    Fast samples (I-VT, with a threshold that rises with the tracker's own noise) are saccades.
    Slow ones are a fixation once they have stayed together for 100 ms (I-DT), or smooth pursuit
    while they move on in one direction. A turning head moves gaze through the scene just as a
    pursued target does, and is reported as smooth pursuit too.

    Events come as soon as they are certain: an onset 100 ms after a fixation began, a movement
    when the next one begins. Samples that are out of order are ignored.
    """

    def __init__(self, camera: SceneCamera, settings: EyeMovementSettings | None = None) -> None:
        self._camera = camera
        self._settings = settings or EyeMovementSettings()
        self.reset()

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        window_ns = self._settings.velocity_window_ns
        start_deg_s = self._settings.saccade_deg_s / self._settings.noise_factor
        self._state = _State(Velocity(window_ns), NoiseFloor(start_deg_s / 2))

    def update(self, item: GazeSample) -> list[EyeMovementOnset | EyeMovement]:
        """Take one gaze sample and return what it makes certain."""
        state = self._state
        if state.last_ns is not None and item.t_ns <= state.last_ns:
            return []
        events: list[EyeMovementOnset | EyeMovement] = []
        if state.last_ns is not None and item.t_ns - state.last_ns > self._settings.gap_ns:
            events += self.flush()
        state.last_ns = item.t_ns
        if item.is_valid and item.confidence >= self._settings.least_confidence:
            events += self._seen(item)
        else:
            events += self._lost(item.t_ns)
        return events

    def flush(self) -> list[EyeMovementOnset | EyeMovement]:
        """Return what is still open."""
        events = list(self._close())
        if self._state.lost_ns is not None:
            events += self._closed_eyes(*self._state.lost_ns)
        self._state.lost_ns = None
        return events

    def _seen(self, item: GazeSample) -> Iterator[EyeMovementOnset | EyeMovement]:
        state = self._state
        if state.lost_ns is not None:
            yield from self._closed_eyes(state.lost_ns[0], item.t_ns)
            state.lost_ns = None
        ray = unit_ray(item.x_px, item.y_px, self._camera)
        for glance in state.velocity.push(Glance(item.t_ns, item.x_px, item.y_px, ray)):
            yield from self._take(glance)

    def _lost(self, t_ns: int) -> Iterator[EyeMovementOnset | EyeMovement]:
        state = self._state
        state.lost_ns = (state.lost_ns[0] if state.lost_ns else t_ns, t_ns)
        if t_ns - state.lost_ns[0] >= self._settings.least_blink_ns:
            yield from self._close()

    def _closed_eyes(self, start_ns: int, end_ns: int) -> Iterator[EyeMovement]:
        if end_ns - start_ns >= self._settings.least_blink_ns:
            kind = BLINK if end_ns - start_ns <= self._settings.longest_blink_ns else NOISE
            yield EyeMovement(kind, start_ns, end_ns, NAN, NAN, NAN)

    def _close(self) -> Iterator[EyeMovementOnset | EyeMovement]:
        state = self._state
        for glance in state.velocity.drain():
            yield from self._take(glance)
        if state.kind is not None and state.steady is not None:
            yield state.steady.movement(state.kind, state.steady.end_ns)
        if state.fast is not None:
            yield self._jump(state.fast, state.fast.end_ns)
        state.kind = state.steady = state.fast = None
        state.trail.clear()

    def _take(self, glance: Glance) -> Iterator[EyeMovementOnset | EyeMovement]:
        elapsed_ns = glance.t_ns - self._state.glance_ns
        self._state.glance_ns = glance.t_ns
        noise_deg_s = self._state.floor.update(glance.speed_deg_s, elapsed_ns)
        settings = self._settings
        threshold_deg_s = max(settings.saccade_deg_s, settings.noise_factor * noise_deg_s)
        if glance.speed_deg_s > min(threshold_deg_s, settings.saccade_limit_deg_s):
            yield from self._take_fast(glance)
        else:
            yield from self._take_slow(glance)

    def _take_fast(self, glance: Glance) -> Iterator[EyeMovement]:
        state = self._state
        if state.kind is None:
            self._grow_fast(state.steady)
            state.steady = None
            state.trail.clear()
        self._grow_fast(_Run.of(glance))
        if state.fast and state.fast.end_ns - state.fast.start_ns > self._settings.spike_ns:
            yield from self._end_steady(state.fast.start_ns)

    def _grow_fast(self, run: _Run | None) -> None:
        if self._state.fast is None:
            self._state.fast = run
        elif run is not None:
            self._state.fast.join(run)

    def _take_slow(self, glance: Glance) -> Iterator[EyeMovementOnset | EyeMovement]:
        state = self._state
        if state.kind is not None and state.steady and state.fast:
            if angle_deg(state.steady.last, glance.ray) <= self._settings.spike_deg:
                state.steady.join(state.fast)
                state.fast = None
            else:
                yield from self._end_steady(state.fast.start_ns)
        if state.steady is None:
            state.steady = _Run.of(glance)
        else:
            state.steady.add(glance)
        state.trail.append(glance)
        while state.trail[0].t_ns < glance.t_ns - self._settings.pursuit_window_ns:
            state.trail.popleft()
        yield from self._judge(glance)

    def _end_steady(self, end_ns: int) -> Iterator[EyeMovement]:
        state = self._state
        if state.kind is not None and state.steady is not None:
            yield state.steady.movement(state.kind, end_ns)
            state.kind = state.steady = None
            state.trail.clear()

    def _judge(self, glance: Glance) -> Iterator[EyeMovementOnset | EyeMovement]:
        """Name the steady stretch, or name it anew where fixation and pursuit change places."""
        state, settings = self._state, self._settings
        if state.steady is None or glance.t_ns - state.steady.start_ns < settings.least_ns:
            return
        kind = self._kind_now()
        if kind is None or kind is state.kind:
            return
        is_young = glance.t_ns - state.steady.start_ns <= 2 * settings.pursuit_window_ns
        if state.kind is not None and not is_young:
            yield from self._end_steady(glance.t_ns)
            state.steady = _Run.of(glance)
            state.trail.append(glance)
        if state.fast is not None:
            state.fast.last = state.steady.first
            yield self._jump(state.fast, state.steady.start_ns)
            state.fast = None
        state.kind = kind
        yield EyeMovementOnset(glance.t_ns, kind, glance.x_px, glance.y_px)

    def _jump(self, run: _Run, end_ns: int) -> EyeMovement:
        is_short = end_ns - run.start_ns <= self._settings.longest_saccade_ns
        return run.movement(SACCADE if is_short else NOISE, end_ns)

    def _is_together(self) -> bool:
        trail = self._state.trail
        mean: Ray = (
            sum(g.ray[0] for g in trail),
            sum(g.ray[1] for g in trail),
            sum(g.ray[2] for g in trail),
        )
        return all(angle_deg(g.ray, mean) <= self._settings.dispersion_deg for g in trail)

    def _kind_now(self) -> EyeMovementKind | None:
        """What the trail looks like, in favour of what it was."""
        net_deg_s, straightness = self._drift()
        settings = self._settings
        if self._state.kind is PURSUIT:
            has_stopped = net_deg_s < settings.pursuit_deg_s / 2
            return FIXATION if has_stopped or straightness < settings.straightness / 2 else PURSUIT
        if net_deg_s >= settings.pursuit_deg_s and straightness >= settings.straightness:
            return PURSUIT
        return FIXATION if self._state.kind is FIXATION or self._is_together() else None

    def _drift(self) -> tuple[float, float]:
        """Net speed in degrees per second and straightness; zeros until the window is full."""
        trail = self._state.trail
        span_ns = trail[-1].t_ns - trail[0].t_ns
        if span_ns < 0.8 * self._settings.pursuit_window_ns:
            return 0.0, 0.0
        net_deg = angle_deg(trail[0].ray, trail[-1].ray)
        marks = [trail[(len(trail) - 1) * part // 4].ray for part in range(5)]
        path_deg = sum(angle_deg(a, b) for a, b in pairwise(marks))
        return net_deg / (span_ns / 1e9), net_deg / path_deg if path_deg else 0.0
