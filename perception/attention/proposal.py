"""The extent of what the gaze lies on, whatever it is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import UInt8Image
from perception.events import Box

CROP_SHARE = 0.56
SEED_SHARE = 0.05
FALLBACK_SHARE = 0.25

_ROUNDS = 2
_COLOURS = 8 * 16 * 16
_TINY = 1e-9

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A box around what the gaze lies on.

    Attributes:
        box: In pixels of the picture.
        distinctness: How far its colours differ from those around it, in [0, 1]; 0 where nothing
            stands out, and the box is a square around the gaze.
    """

    box: Box
    distinctness: float


def propose(image: UInt8Image, x_px: float, y_px: float) -> Proposal:
    """Grow what the gaze lies on from the colours around it.

    The colours close to the gaze are played against those farther off (a likelihood ratio of two
    histograms); the connected part that holds the gaze is the seed of a second round. Class
    agnostic, and cheap enough for a picture that is 160 pixels wide.

    Args:
        image: A small picture, uint8 BGR ``(height, width, 3)``.
        x_px: Gaze inside the picture.
        y_px: Gaze inside the picture.
    """
    width = image.shape[1]
    side = round(min(CROP_SHARE * width, image.shape[0]))
    left = round(min(max(x_px - side / 2, 0), width - side))
    top = round(min(max(y_px - side / 2, 0), image.shape[0] - side))
    colours = _colours(image[top : top + side, left : left + side])
    grown = _grow(colours, x_px - left, y_px - top, SEED_SHARE * width)
    if grown is None:
        half = FALLBACK_SHARE * width / 2
        return Proposal(Box(x_px - half, y_px - half, 2 * half, 2 * half), 0.0)
    (x, y, box_width, box_height), distinctness = grown
    return Proposal(Box(left + x, top + y, box_width, box_height), distinctness)


def _colours(crop: UInt8Image) -> npt.NDArray[np.int64]:
    """Which of 2048 colours each pixel has, shape ``(height, width)``."""
    lab = cv2.cvtColor(crop, cv2.COLOR_BGR2LAB).astype(np.int64)
    chroma = np.clip((lab[:, :, 1:] - 88) // 5, 0, 15)
    return np.asarray(lab[:, :, 0] // 32 * 256 + chroma[:, :, 0] * 16 + chroma[:, :, 1], np.int64)


def _grow(
    colours: npt.NDArray[np.int64], x_px: float, y_px: float, seed_px: float
) -> tuple[tuple[int, int, int, int], float] | None:
    rows, columns = np.indices(colours.shape, np.float32)
    distance2 = (columns - x_px) ** 2 + (rows - y_px) ** 2
    inside = np.exp(-distance2 / (2 * seed_px**2))
    outside = 1 - np.exp(-distance2 / (2 * (4 * seed_px) ** 2))
    reach = np.sqrt(np.exp(-distance2 / (2 * (6 * seed_px) ** 2)))
    seat = min(max(int(y_px), 0), len(colours) - 1), min(max(int(x_px), 0), len(colours) - 1)
    found = None
    for _ in range(_ROUNDS):
        ratio, distinctness = _ratio(colours, inside, outside)
        smooth = cv2.GaussianBlur(ratio, (0, 0), 2) * reach
        labels, boxes = _parts(smooth > 0.5)
        own = int(labels[seat])
        if own == 0:
            return None
        x, y, width, height, _ = (int(value) for value in boxes[own])
        found = (x, y, width, height), distinctness
        inside = (labels == own).astype(np.float32)
        outside = 1 - inside
    return found


def _ratio(colours: npt.NDArray[np.int64], inside: Floats, outside: Floats) -> tuple[Floats, float]:
    """Probability of each pixel to be inside by its colour, and how little the two overlap."""
    own = np.bincount(colours.ravel(), inside.ravel(), _COLOURS)
    others = np.bincount(colours.ravel(), outside.ravel(), _COLOURS)
    own, others = own / max(own.sum(), _TINY), others / max(others.sum(), _TINY)
    shared = float(np.sqrt(own * others).sum())
    ratio = own / (own + others + _TINY)
    return ratio[colours].astype(np.float32), min(max(1.0 - shared, 0.0), 1.0)


def _parts(
    mask: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(closed)
    return np.asarray(labels, np.int32), np.asarray(boxes, np.int32)
