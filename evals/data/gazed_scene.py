"""Scenes to look at: a film with what is in it, and where that is in each picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from evals.data.davis import RATE_HZ, MaskedFilm
from evals.data.eye_traces import smooth
from firmware_bridge.packets import UInt8Image
from perception.events import Box

WIDTH_PX = 854

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A film with what may be looked at in it, ready to be played to and fro.

    Attributes:
        pictures: One round of the film, uint8 BGR.
        middle_px: Middle of the target in each, shape ``(n, 2)``.
        spread_px: Its spread along each axis, shape ``(n, 2)``.
        boxes: Around the target; None while it is out of view.
        ground_px: How far the background has moved since the first picture, shape ``(n, 2)``.
        marks_px: Points that may draw the eyes, in the first picture's place of the background,
            shape ``(k, 2)``.
        reach_px: How far from the middle of the target the eyes are elsewhere.
    """

    name: str
    pictures: tuple[UInt8Image, ...]
    middle_px: Floats
    spread_px: Floats
    boxes: tuple[Box | None, ...]
    ground_px: Floats
    marks_px: Floats
    reach_px: Floats

    def index(self, frame: int) -> int:
        """Which picture is shown as a frame, to and fro."""
        last = len(self.pictures) - 1
        return last - abs(last - frame % (2 * last))

    def at(self, path: Floats, t_s: Floats) -> Floats:
        """A path at times in seconds, ``(m,)`` to ``(m, 2)``, straight between frames."""
        frames = np.maximum(t_s * RATE_HZ, 0.0)
        low = np.floor(frames).astype(np.int64)
        share = (frames - low)[:, None]
        last = len(self.pictures) - 1
        first, second = (last - np.abs(last - (low + k) % (2 * last)) for k in (0, 1))
        return np.asarray(path[first] * (1 - share) + path[second] * share, np.float64)


def scene_of(film: MaskedFilm) -> Scene:
    """Measure where the target is and how the background moves."""
    middle: list[tuple[float, float]] = []
    spread: list[tuple[float, float]] = []
    boxes: list[Box | None] = []
    for mask in film.masks:
        rows, columns = np.nonzero(mask)
        if len(rows) == 0:
            boxes.append(None)
            middle.append(middle[-1] if middle else (mask.shape[1] / 2, mask.shape[0] / 2))
            spread.append(spread[-1] if spread else (1.0, 1.0))
            continue
        left, top = float(columns.min()), float(rows.min())
        right, bottom = float(columns.max()) + 1, float(rows.max()) + 1
        boxes.append(Box(left, top, right - left, bottom - top))
        middle.append((float(columns.mean()), float(rows.mean())))
        spread.append((float(columns.std()), float(rows.std())))
    ground = _ground(film)
    return Scene(
        name=film.name,
        pictures=film.pictures,
        middle_px=smooth(np.array(middle), 1.0),
        spread_px=smooth(np.array(spread), 1.0),
        boxes=tuple(boxes),
        ground_px=ground,
        marks_px=_marks(film.pictures[0]),
        reach_px=2.2 * smooth(np.array(spread), 1.0) + 0.04 * WIDTH_PX,
    )


def _marks(picture: UInt8Image, count: int = 60) -> Floats:
    """Corners in and around the first picture; those around come into view as it moves."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    corners = cv2.goodFeaturesToTrack(gray, count, 0.01, 25)
    inside = np.asarray(corners, np.float64).reshape(-1, 2)
    size = np.array([picture.shape[1], picture.shape[0]])
    moves = [np.array([x, y]) * size for x in (-1, 0, 1) for y in (-1, 0, 1)]
    return np.concatenate([inside + move for move in moves])


def _ground(film: MaskedFilm) -> Floats:
    """How far the background has moved since the first picture, shape ``(n, 2)``."""
    steps = [np.zeros(2), *(_step(film, k) for k in range(1, len(film)))]
    return np.asarray(np.cumsum(steps, axis=0), np.float64)


def _step(film: MaskedFilm, k: int) -> Floats:
    before, after = (_half(film.pictures[n]) for n in (k - 1, k))
    off = 1 - cv2.dilate(film.masks[k - 1][::2, ::2].astype(np.uint8), np.ones((13, 13)))
    corners = cv2.goodFeaturesToTrack(before, 150, 0.01, 5, mask=off)
    if corners is None:
        return np.zeros(2)
    found, known, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, None)
    moves = 2 * (found - corners).reshape(-1, 2)[known.ravel() == 1]
    return np.asarray(np.median(moves, axis=0) if len(moves) else np.zeros(2), np.float64)


def _half(picture: UInt8Image) -> UInt8Image:
    gray = cv2.cvtColor(picture[::2, ::2], cv2.COLOR_BGR2GRAY)
    return np.asarray(gray, np.uint8)
