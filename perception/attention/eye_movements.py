"""Gaze and head motion in, fixations, saccades, smooth pursuits, blinks and noise out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample, ImuSample
from perception.attention.angles import Ray, Unrolled, angle_deg, unit_ray
from perception.attention.classifier import GAP_NS, LOST, GazeClassifier, kind_of_loss
from perception.attention.head_motion import HeadMotion
from perception.events import EyeMovement, EyeMovementKind, EyeMovementOnset

MS_NS = 1_000_000
NAN = float("nan")
STEADY = (EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT)
KINDS = (EyeMovementKind.FIXATION, EyeMovementKind.SACCADE, EyeMovementKind.PURSUIT)
Out = EyeMovementOnset | EyeMovement


@dataclass(frozen=True, slots=True)
class EyeMovementSettings:
    """From when on an eye movement is told; what it is, the network says."""

    onset_ns: int = 100 * MS_NS
    """How long the eyes have rested, or followed, when an onset is told, in nanoseconds."""
    least_steady_ns: int = 60 * MS_NS
    """Shortest fixation or smooth pursuit, in nanoseconds."""
    least_loss_ns: int = 50 * MS_NS
    """Shortest blink or noise, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """One gaze sample; ``ray`` is its direction beside the head's motion, None if it was lost."""

    t_ns: int
    x_px: float
    y_px: float
    ray: Ray | None


@dataclass(slots=True)
class _Run:
    """Samples in a row of one class."""

    label: int
    start_ns: int
    end_ns: int
    first: Ray | None
    last: Ray | None
    x_sum_px: float = 0.0
    y_sum_px: float = 0.0
    count: int = 0
    is_told: bool = False

    @classmethod
    def of(cls, label: int, sample: _Sample, former: _Run | None) -> _Run:
        """Start a run; a saccade starts where the eyes rested before."""
        is_jump = label == KINDS.index(EyeMovementKind.SACCADE)
        before = former.last if former and is_jump else None
        run = cls(label, sample.t_ns, sample.t_ns, before, before)
        run.add(sample)
        return run

    def add(self, sample: _Sample) -> None:
        self.end_ns = sample.t_ns
        if sample.ray is not None:
            self.first = self.first or sample.ray
            self.last = sample.ray
            self.x_sum_px += sample.x_px
            self.y_sum_px += sample.y_px
            self.count += 1

    def movement(self, kind: EyeMovementKind, end_ns: int) -> EyeMovement:
        if kind not in KINDS or self.first is None or self.last is None or not self.count:
            return EyeMovement(kind, self.start_ns, end_ns, NAN, NAN, NAN)
        x_px, y_px = self.x_sum_px / self.count, self.y_sum_px / self.count
        amplitude_deg = angle_deg(self.first, self.last)
        return EyeMovement(kind, self.start_ns, end_ns, x_px, y_px, amplitude_deg)


class EyeMovements:
    """Tells what the eyes do, by a network that labels gaze beside the motion of the head.

    Each sample has its label at most 50 ms later. An onset is told 100 ms after a fixation or
    pursuit began, a movement when the next one has begun. Without head motion, a turning head moves
    gaze through the scene just as a pursued target does, and is reported as smooth pursuit too.

    Samples that are out of order are ignored; nothing bridges a gap of 150 ms.

    Args:
        camera: Gives the angles between pixels, and how its head motion is measured.
        settings: From when on a movement is told.

    Raises:
        AssetError: The weights are missing or changed.
    """

    def __init__(self, camera: SceneCamera, settings: EyeMovementSettings | None = None) -> None:
        self._camera = camera
        self._settings = settings or EyeMovementSettings()
        self.reset()

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        self._head = HeadMotion(self._camera.scene_from_imu)
        self._classifier = GazeClassifier()
        self._unrolled = Unrolled()
        self._waiting: deque[_Sample] = deque()
        self._run: _Run | None = None
        self._last_ns: int | None = None

    def update(self, item: GazeSample | ImuSample) -> list[Out]:
        """Take one sample of gaze or head motion and return what it makes certain."""
        if isinstance(item, ImuSample):
            self._head.turn(item)
            return []
        if self._last_ns is not None and item.t_ns <= self._last_ns:
            return []
        events: list[Out] = []
        if self._last_ns is not None and item.t_ns - self._last_ns > GAP_NS:
            events += self.flush()
        self._last_ns = item.t_ns
        for label in self._classified(item):
            events += self._take(label)
        return [*events, *self._onset(item.t_ns)]

    def flush(self) -> list[Out]:
        """Return what is still open."""
        events: list[Out] = []
        for label in self._classifier.flush():
            events += self._take(label)
        if self._run is not None and self._last_ns is not None:
            events += self._onset(self._last_ns)
            events += self._ended(self._run, self._run.end_ns)
        self._run = None
        return events

    def _classified(self, item: GazeSample) -> list[int]:
        ray, x_deg, y_deg = None, NAN, NAN
        if item.is_valid:
            seen = unit_ray(item.x_px, item.y_px, self._camera)
            ray = self._head.world(seen, item.t_ns)
            x_deg, y_deg = self._unrolled.to(ray)
        self._waiting.append(_Sample(item.t_ns, item.x_px, item.y_px, ray))
        return self._classifier.push(
            np.array([item.t_ns]),
            np.array([x_deg]),
            np.array([y_deg]),
            np.array([item.confidence]),
        )

    def _take(self, label: int) -> Iterator[Out]:
        sample, former = self._waiting.popleft(), self._run
        if former is not None and former.label == label:
            former.add(sample)
            return
        self._run = _Run.of(label, sample, former)
        if former is not None:
            if former.label == KINDS.index(EyeMovementKind.SACCADE):
                former.last = sample.ray or former.last
            yield from self._ended(former, sample.t_ns)

    def _onset(self, now_ns: int) -> Iterator[EyeMovementOnset]:
        """Tell that the eyes rest or follow, once they have done so for long enough."""
        run, settings = self._run, self._settings
        if run is None or run.is_told or run.label == LOST or KINDS[run.label] not in STEADY:
            return
        is_long = run.end_ns - run.start_ns >= settings.least_steady_ns
        if is_long and run.count and now_ns - run.start_ns >= settings.onset_ns:
            run.is_told = True
            x_px, y_px = run.x_sum_px / run.count, run.y_sum_px / run.count
            yield EyeMovementOnset(now_ns, KINDS[run.label], x_px, y_px)

    def _ended(self, run: _Run, end_ns: int) -> Iterator[EyeMovement]:
        """Tell of a movement, unless it was too short to be one."""
        if run.label == LOST:
            if end_ns - run.start_ns >= self._settings.least_loss_ns:
                yield run.movement(kind_of_loss(end_ns - run.start_ns), end_ns)
        elif KINDS[run.label] not in STEADY or run.is_told:
            yield run.movement(KINDS[run.label], end_ns)
