"""Small scenes: a coloured disc on a patterned ground."""

from __future__ import annotations

import cv2
import numpy as np

from firmware_bridge.packets import SceneFrame, UInt8Image
from perception.events import FramePlan, Work
from perception.stage import GazedFrame

WIDTH_PX, HEIGHT_PX = 640, 480
RED, BLUE = (40, 40, 220), (220, 90, 30)
FRAME_NS = 200_000_000


def scene(
    x_px: float, y_px: float, colour: tuple[int, int, int] = RED, turn_px: int = 0
) -> UInt8Image:
    """A disc of 120 pixels on grass that has moved by ``turn_px``."""
    random = np.random.default_rng(5)
    coarse = random.integers(0, 195, (HEIGHT_PX // 8, WIDTH_PX // 8, 3)).astype(np.uint8)
    coarse[:, :, 1] += 60
    ground = cv2.resize(coarse, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC)
    ground = np.roll(ground, turn_px, axis=1)
    cv2.circle(ground, (round(x_px), round(y_px)), 60, colour, -1)
    return np.asarray(ground, np.uint8)


def gazed_scene(number: int, image: UInt8Image, x_px: float, y_px: float) -> GazedFrame:
    """A picture with the region under a gaze asked for."""
    t_ns = number * FRAME_NS
    plan = FramePlan(t_ns, frozenset({Work.REGION}), x_px, y_px)
    return GazedFrame(SceneFrame(t_ns, number, image), plan)
