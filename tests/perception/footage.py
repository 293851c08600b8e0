"""Frames of the sample footage and gazed frames made of any picture."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from assets import fetch
from firmware_bridge.packets import SceneFrame, UInt8Image
from perception.events import FramePlan, Work
from perception.stage import GazedFrame

SECOND_NS = 1_000_000_000
NAN = float("nan")


def pictures(asset: str, every_s: float, start_s: float = 0.0, count: int = 8) -> list[UInt8Image]:
    """Decode frames of a clip, fitted into the 800 x 600 pixels of the sample."""
    return list(_decoded(asset, every_s, start_s, count))


def _decoded(asset: str, every_s: float, start_s: float, count: int) -> Iterator[UInt8Image]:
    video = cv2.VideoCapture(str(fetch.path(asset)))
    fps = video.get(cv2.CAP_PROP_FPS)
    wanted = [round((start_s + n * every_s) * fps) for n in range(count)]
    for index in range(wanted[-1] + 1):
        found, picture = video.read()
        assert found, f"{asset} ends at frame {index}"
        if index in wanted:
            yield fitted(np.asarray(picture, np.uint8))


def fitted(picture: UInt8Image, width_px: int = 800, height_px: int = 600) -> UInt8Image:
    """Scale a picture into a black frame, centred."""
    scale = min(width_px / picture.shape[1], height_px / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale)
    frame = np.zeros((height_px, width_px, 3), np.uint8)
    top, left = (height_px - small.shape[0]) // 2, (width_px - small.shape[1]) // 2
    frame[top : top + small.shape[0], left : left + small.shape[1]] = small
    return frame


def gazed(
    picture: UInt8Image, t_ns: int, *work: Work, x_px: float = NAN, y_px: float = NAN
) -> GazedFrame:
    """Give a picture its time, its gaze and what to look for in it."""
    frame = SceneFrame(t_ns, t_ns // 33_333_333, picture)
    return GazedFrame(frame, FramePlan(t_ns, frozenset(work), x_px, y_px))
