"""Drawn eyes, frames of them, and an eye that looks at known places."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import EyeFrame
from perception.eyes.calibration import Look
from perception.eyes.pupil import EyesSeen, Pupil

SECOND_NS = 1_000_000_000
START_NS = 1_700_000_000 * SECOND_NS
CAMERA = SceneCamera.from_field_of_view(1600, 1200, 90.0)
NINE = [(x, y) for y in (250.0, 600.0, 950.0) for x in (300.0, 800.0, 1300.0)]
FIVE = [NINE[index] for index in (0, 2, 4, 6, 8)]

Picture = npt.NDArray[np.uint8]


def eye(x: float, y: float, radius: float = 11.0, side: int = 128, seed: int = 0) -> Picture:
    """An open eye whose pupil's centre lies at a place, both in pixels of the picture."""
    scale = side / 128
    picture = np.full((side, side), 150, np.uint8)
    middle, size = (side // 2, side // 2), (int(58 * scale), int(38 * scale))
    cv2.ellipse(picture, middle, size, 0, 0, 360, 190, -1)
    for around, shade in ((28.0 * scale, 95), (radius * scale, 35)):
        cv2.circle(picture, fixed(x, y), round(around * 16), shade, -1, cv2.LINE_AA, 4)
    cv2.circle(picture, fixed(x - 5 * scale, y - 4 * scale), round(1.5 * scale * 16), 250, -1, 8, 4)
    noise = np.random.default_rng(seed).normal(0, 3, picture.shape)
    soft = cv2.GaussianBlur(picture, (0, 0), 0.8 * scale) + noise
    return np.asarray(np.clip(np.round(soft), 0, 255), np.uint8)


def fixed(x: float, y: float) -> tuple[int, int]:
    """A place in sixteenths of a pixel, as OpenCV draws it."""
    return round(x * 16), round(y * 16)


def closed(side: int = 128, seed: int = 0) -> Picture:
    """A lid with a dark line of lashes."""
    picture = np.full((side, side), 150, np.uint8)
    cv2.ellipse(picture, (side // 2, side // 3), (side // 2, side // 3), 0, 20, 160, 90, 3)
    noise = np.random.default_rng(seed).normal(0, 3, picture.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(picture, (0, 0), 2) + noise, 0, 255), np.uint8)


def frame(index: int, *eyes: Picture, rate_hz: float = 20.0) -> EyeFrame:
    """Eyes side by side as one frame."""
    return EyeFrame(START_NS + round(index / rate_hz * 1e9), index, np.hstack(eyes))


def pupil_for(x_px: float, y_px: float, shift_px: tuple[float, float] = (0.0, 0.0)) -> Pupil:
    """Where the pupil is when the eye looks at a scene pixel: a smooth, slightly bent map."""
    across, down = (x_px - 800) / 800, (y_px - 600) / 600
    x = 64 + 22 * across + 3 * across * down - 2 * across**2
    y = 66 + 15 * down - 2 * down**2 + 1.5 * across
    return Pupil(x + shift_px[0], y + shift_px[1], 20, 20, openness=0.99, confidence=0.95)


def looks(
    places: Sequence[tuple[float, float]],
    noise_px: float = 0.15,
    frames: int = 20,
    eyes: int = 2,
    seed: int = 1,
) -> list[Look]:
    """Frames of a wearer who looks at each place in turn."""
    random = np.random.default_rng(seed)
    found = []
    for point, place in enumerate(places):
        for step in range(frames):
            t_ns = START_NS + (point * frames + step) * SECOND_NS // 20
            shifts = random.normal(0, noise_px, (eyes, 2))
            pupils = tuple(pupil_for(*place, (float(x), float(y))) for x, y in shifts)
            found.append(Look(EyesSeen(t_ns, 128 * eyes, 128, pupils), point, *place))
    return found
