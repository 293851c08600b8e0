"""What to compute: which scene frames get which heavy analysis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from firmware_bridge.packets import GazeSample, SceneFrame
from perception.events import EyeMovement, EyeMovementKind, EyeMovementOnset, FramePlan, Work

MS_NS = 1_000_000
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class BudgetSettings:
    """How often each analysis may run, by what the eyes do."""

    objects_ns: int = 500 * MS_NS
    """Between two searches for objects while gaze rests, in nanoseconds."""
    faces_held_ns: int = 200 * MS_NS
    """Between two searches for faces while gaze rests, in nanoseconds."""
    faces_idle_ns: int = 1_000 * MS_NS
    """Between two searches for faces otherwise, in nanoseconds."""
    text_ns: int = 2_000 * MS_NS
    """Between two readings, in nanoseconds."""
    text_dwell_ns: int = 600 * MS_NS
    """Rest of gaze from which there may be something to read, in nanoseconds."""
    gaze_ns: int = 100 * MS_NS
    """Age from which a gaze sample says nothing about a frame, in nanoseconds."""
    crop_share: float = 0.25
    """Side of the crop whose sharpness is judged, as a share of the frame's width."""
    sharp_share: float = 0.9
    """A frame is read when it is this sharp beside the sharpest one lately, in [0, 1]."""


class Budget:
    """Stage: one plan per scene frame, decided by stream time and eye movements alone.

    MemX's cascade: the eyes are always followed, the scene is looked at once gaze rests, and read
    only where gaze rests for long.

    Args:
        settings: How often what may run.
    """

    def __init__(self, settings: BudgetSettings | None = None) -> None:
        self.settings = settings or BudgetSettings()
        self.reset()

    def reset(self) -> None:
        """Forget everything seen."""
        self._gaze: GazeSample | None = None
        self._frame_ns = -1
        self._resting_since_ns: int | None = None
        self._last_ns: dict[Work, int] = {}
        self._sharpest = 0.0

    def update(
        self, item: SceneFrame | GazeSample | EyeMovementOnset | EyeMovement
    ) -> Iterator[FramePlan]:
        """Yield the plan of a scene frame; take note of everything else."""
        match item:
            case GazeSample() if item.is_valid:
                self._gaze = item
            case EyeMovementOnset():
                if self._resting_since_ns is None:
                    self._resting_since_ns = item.t_ns
                    self._last_ns.pop(Work.OBJECTS, None)
                    self._sharpest = 0.0
            case EyeMovement() if item.kind in (EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT):
                pass
            case EyeMovement():
                self._resting_since_ns = None
            case SceneFrame() if item.t_ns > self._frame_ns:
                self._frame_ns = item.t_ns
                yield self._plan(item)
            case _:
                pass

    def flush(self) -> Iterator[FramePlan]:
        """Yield nothing: each frame has its plan."""
        yield from ()

    def _plan(self, frame: SceneFrame) -> FramePlan:
        x_px, y_px = self._gaze_at(frame.t_ns)
        work = {kind for kind in Work if self._is_due(kind, frame, x_px, y_px)}
        for kind in work:
            self._last_ns[kind] = frame.t_ns
        return FramePlan(frame.t_ns, frozenset(work), x_px, y_px)

    def _gaze_at(self, t_ns: int) -> tuple[float, float]:
        if self._gaze is None or abs(t_ns - self._gaze.t_ns) > self.settings.gaze_ns:
            return NAN, NAN
        return self._gaze.x_px, self._gaze.y_px

    def _is_due(self, kind: Work, frame: SceneFrame, x_px: float, y_px: float) -> bool:
        is_resting = self._resting_since_ns is not None and np.isfinite(x_px)
        if kind is Work.FACES:
            every = self.settings.faces_held_ns if is_resting else self.settings.faces_idle_ns
            return self._waited(kind, frame.t_ns, every)
        if not is_resting:
            return False
        if kind is Work.OBJECTS:
            return self._waited(kind, frame.t_ns, self.settings.objects_ns)
        return self._is_readable(frame, x_px, y_px)

    def _is_readable(self, frame: SceneFrame, x_px: float, y_px: float) -> bool:
        assert self._resting_since_ns is not None  # noqa: S101 - asked only while gaze rests
        if frame.t_ns - self._resting_since_ns < self.settings.text_dwell_ns:
            return False
        sharpness = self._sharpness(frame, x_px, y_px)
        self._sharpest = max(self._sharpest, sharpness)
        is_sharp = sharpness >= self.settings.sharp_share * self._sharpest
        return is_sharp and self._waited(Work.TEXT, frame.t_ns, self.settings.text_ns)

    def _waited(self, kind: Work, t_ns: int, every_ns: int) -> bool:
        return kind not in self._last_ns or t_ns - self._last_ns[kind] >= every_ns

    def _sharpness(self, frame: SceneFrame, x_px: float, y_px: float) -> float:
        half = round(self.settings.crop_share * frame.width_px / 2)
        left, top = max(0, round(x_px) - half), max(0, round(y_px) - half)
        crop = frame.image[top : top + 2 * half, left : left + 2 * half]
        if crop.size == 0:
            return 0.0
        gray = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
        return float(cv2.Laplacian(gray, cv2.CV_64F).var())
