"""Gaze streams drawn in degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample

CAMERA = SceneCamera.from_field_of_view(1600, 1200, 100.0)
FOCAL_PX = float(CAMERA.matrix[0, 0])
START_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000


@dataclass
class Gaze:
    """Builds a stream of gaze from rests, glides, jumps and losses; angles from the middle.

    Attributes:
        noise_deg: Standard deviation of each sample, independent, from a fixed seed.
    """

    rate_hz: float = 200.0
    noise_deg: float = 0.0
    t_s: float = 0.0
    at_deg: tuple[float, float] = (0.0, 0.0)
    samples: list[GazeSample] = field(default_factory=list)
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def rest(self, seconds: float) -> Gaze:
        return self.glide(seconds, 0.0, 0.0)

    def glide(self, seconds: float, x_deg_s: float, y_deg_s: float = 0.0) -> Gaze:
        start_s, (x_deg, y_deg) = self.t_s, self.at_deg
        for step in range(round(seconds * self.rate_hz)):
            elapsed_s = step / self.rate_hz
            self.at_deg = (x_deg + x_deg_s * elapsed_s, y_deg + y_deg_s * elapsed_s)
            self._emit()
        self.t_s = start_s + seconds
        self.at_deg = (x_deg + x_deg_s * seconds, y_deg + y_deg_s * seconds)
        return self

    def jump(self, x_deg: float, y_deg: float, deg_s: float = 300.0) -> Gaze:
        """Make a saccade at a steady speed."""
        from_x, from_y = self.at_deg
        seconds = math.hypot(x_deg - from_x, y_deg - from_y) / deg_s
        self.glide(seconds, (x_deg - from_x) / seconds, (y_deg - from_y) / seconds)
        self.at_deg = (x_deg, y_deg)
        return self

    def lose(self, seconds: float) -> Gaze:
        """Let the eyes be lost: samples come, but say nothing."""
        start_s = self.t_s
        for step in range(round(seconds * self.rate_hz)):
            t_ns = START_NS + round((start_s + step / self.rate_hz) * SECOND_NS)
            self.samples.append(GazeSample(t_ns, math.nan, math.nan, 0.0))
        self.t_s = start_s + seconds
        return self

    def skip(self, seconds: float) -> Gaze:
        """Let no samples come at all."""
        self.t_s += seconds
        return self

    def _emit(self) -> None:
        x_deg, y_deg = self.random.normal(self.at_deg, self.noise_deg)
        x_px, y_px = px_of(x_deg, y_deg)
        t_ns = START_NS + round(self.t_s * SECOND_NS)
        if self.samples and t_ns <= self.samples[-1].t_ns:
            t_ns = self.samples[-1].t_ns + round(SECOND_NS / self.rate_hz)
        self.samples.append(GazeSample(t_ns, x_px, y_px))
        self.t_s += 1.0 / self.rate_hz


def px_of(x_deg: float, y_deg: float) -> tuple[float, float]:
    """Scene pixel at angles from the middle of the picture."""
    return (
        800.0 + FOCAL_PX * math.tan(math.radians(x_deg)),
        600.0 + FOCAL_PX * math.tan(math.radians(y_deg)),
    )


def deg_of(x_px: float, y_px: float) -> tuple[float, float]:
    """Angles from the middle of the picture of a scene pixel."""
    return (
        math.degrees(math.atan((x_px - 800.0) / FOCAL_PX)),
        math.degrees(math.atan((y_px - 600.0) / FOCAL_PX)),
    )
