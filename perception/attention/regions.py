"""What the gaze lies on, and how it moves: a few cheap looks a second at a small picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from firmware_bridge.packets import UInt8Image
from perception.attention.appearance import appearance
from perception.attention.proposal import propose
from perception.events import Box, RegionSeen, Work
from perception.stage import GazedFrame

WIDTH_PX = 160
PATCH_SHARE = 0.175
TEMPLATE_SHARE = 0.15
REACH_SHARE = 0.125
MEMORY_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A look that the next one is compared with: gray small picture, and gaze in it."""

    t_ns: int
    gray: UInt8Image
    x_px: float
    y_px: float


class Regions:
    """Stage: a gazed frame with ``Work.REGION`` to the region under the gaze.

    All of it works on a picture of 160 pixels in width, so that glasses may read their sensor at
    that size until attention holds.
    """

    def __init__(self) -> None:
        self.reset()

    def update(self, item: GazedFrame) -> Iterable[RegionSeen]:
        """Return the region under the gaze; nothing for a late frame or gaze beside the picture."""
        is_asked = Work.REGION in item.plan.work
        if not is_asked or (self._last is not None and item.frame.t_ns <= self._last.t_ns):
            return []
        height, width = item.frame.image.shape[:2]
        scale = WIDTH_PX / width
        x_px, y_px = item.plan.x_px * scale, item.plan.y_px * scale
        size = (WIDTH_PX, max(2, round(height * scale)))
        if not (0 <= x_px < size[0] and 0 <= y_px < size[1]):
            return []
        small = np.asarray(cv2.resize(item.frame.image, size, interpolation=cv2.INTER_AREA))
        return [self._look(item.frame.t_ns, small, x_px, y_px, scale)]

    def flush(self) -> Iterable[RegionSeen]:
        """Return nothing: every look is complete."""
        return []

    def reset(self) -> None:
        """Forget the last look."""
        self._last: _Seen | None = None

    def _look(
        self, t_ns: int, small: UInt8Image, x_px: float, y_px: float, scale: float
    ) -> RegionSeen:
        gray = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
        now, last = _Seen(t_ns, gray, x_px, y_px), self._last
        self._last = now
        if last is None or t_ns - last.t_ns > MEMORY_NS or last.gray.shape != gray.shape:
            last = now
        moved, persistence = _moved(last, now)
        turned = _turned(last, now)
        proposal = propose(small, x_px, y_px)
        return RegionSeen(
            t_ns=t_ns,
            x_px=x_px / scale,
            y_px=y_px / scale,
            box=_scaled(proposal.box, 1 / scale),
            distinctness=proposal.distinctness,
            appearance=appearance(_patch(small, x_px, y_px), small),
            since_ns=t_ns - last.t_ns,
            moved_px=(moved[0] / scale, moved[1] / scale),
            turned_px=(turned[0] / scale, turned[1] / scale),
            persistence=persistence,
        )


def _patch(small: UInt8Image, x_px: float, y_px: float) -> UInt8Image:
    half = PATCH_SHARE * WIDTH_PX / 2
    top, left = max(0, round(y_px - half)), max(0, round(x_px - half))
    return small[top : round(y_px + half) + 1, left : round(x_px + half) + 1]


def _moved(last: _Seen, now: _Seen) -> tuple[tuple[float, float], float]:
    """How what was under the gaze has moved since, and how surely it was found again."""
    if last is now:
        return (0.0, 0.0), 1.0
    half = round(TEMPLATE_SHARE * WIDTH_PX / 2)
    reach = round(REACH_SHARE * WIDTH_PX)
    height, width = now.gray.shape
    x = min(max(round(last.x_px), half), width - half - 1)
    y = min(max(round(last.y_px), half), height - half - 1)
    template = last.gray[y - half : y + half + 1, x - half : x + half + 1]
    top, left = max(0, y - half - reach), max(0, x - half - reach)
    window = now.gray[top : y + half + reach + 1, left : x + half + reach + 1]
    scores = cv2.matchTemplate(window, template, cv2.TM_CCOEFF_NORMED)
    _, best, _, (found_x, found_y) = cv2.minMaxLoc(scores)
    persistence = min(max(best, 0.0), 1.0) if math.isfinite(best) else 0.0
    return (float(found_x + left + half - x), float(found_y + top + half - y)), persistence


def _turned(last: _Seen, now: _Seen) -> tuple[float, float]:
    """How the picture as a whole has moved, as it does when the head turns."""
    if last is now:
        return 0.0, 0.0
    size = (now.gray.shape[1], now.gray.shape[0])
    window = cv2.createHanningWindow(size, cv2.CV_32F)
    before, after = (seen.gray.astype(np.float32) for seen in (last, now))
    (x_px, y_px), _ = cv2.phaseCorrelate(before, after, window)
    is_plausible = math.hypot(x_px, y_px) <= 2 * REACH_SHARE * WIDTH_PX
    return (float(x_px), float(y_px)) if is_plausible else (0.0, 0.0)


def _scaled(box: Box, by: float) -> Box:
    return Box(box.x_px * by, box.y_px * by, box.width_px * by, box.height_px * by)
