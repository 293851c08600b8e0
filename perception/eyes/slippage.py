"""Whether the glasses have moved on the head since they were calibrated."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from firmware_bridge.device import SceneCamera
from perception.eyes.calibration import Calibration, apart_deg
from perception.eyes.pupil import EyesSeen

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SlippageSettings:
    """When to warn."""

    window_ns: int = 20 * SECOND_NS
    """How far back is looked, in nanoseconds."""
    every_ns: int = SECOND_NS // 10
    """Time between the frames that count, in nanoseconds."""
    least_seen: int = 50
    """Frames without which nothing is said."""
    outside_share: float = 0.3
    """Share of pupils beyond what was calibrated that means slippage."""
    apart_deg: float = 4.0
    """How much further than during calibration the eyes' gazes lie apart after slippage."""


class Slippage:
    """Watches two signs: pupils where none were before, and eyes that disagree.

    Args:
        calibration: What is watched.
        camera: The scene camera.
        settings: When to warn.
    """

    def __init__(
        self,
        calibration: Calibration,
        camera: SceneCamera,
        settings: SlippageSettings | None = None,
    ) -> None:
        self._calibration = calibration
        self._camera = camera
        self._settings = settings or SlippageSettings()
        self._seen: deque[tuple[int, bool, float]] = deque()
        self.has_slipped = False

    def update(self, eyes: EyesSeen) -> bool:
        """Take a frame, and tell whether slippage has begun with it."""
        settings = self._settings
        if self._seen and eyes.t_ns < self._seen[-1][0] + settings.every_ns:
            return False
        open_eyes = [
            (pupil, own)
            for pupil, own in zip(eyes.pupils, self._calibration.maps, strict=False)
            if own and pupil.is_found and pupil.is_open and pupil.confidence >= 0.5
        ]
        if not open_eyes:
            return False
        outside = any(not own.covers(pupil.x_px, pupil.y_px) for pupil, own in open_eyes)
        apart = apart_deg(self._calibration.gazes(eyes), self._camera)
        self._seen.append((eyes.t_ns, outside, apart))
        while self._seen[0][0] <= eyes.t_ns - settings.window_ns:
            self._seen.popleft()
        had_slipped, self.has_slipped = self.has_slipped, self._is_off()
        return self.has_slipped and not had_slipped

    def reset(self) -> None:
        """Forget what was seen."""
        self._seen.clear()
        self.has_slipped = False

    def _is_off(self) -> bool:
        settings = self._settings
        if len(self._seen) < settings.least_seen:
            return False
        if np.mean([outside for _, outside, _ in self._seen]) > settings.outside_share:
            return True
        apart = [each for _, _, each in self._seen if np.isfinite(each)]
        if len(apart) < settings.least_seen:
            return False
        usual = self._calibration.apart_deg
        return float(np.median(apart)) > settings.apart_deg + (usual if np.isfinite(usual) else 0.0)
