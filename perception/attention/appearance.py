"""What lies under the gaze in numbers that tell it from the rest of the scene."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import UInt8Image
from perception.events import Embedding

BINS = (6, 8, 8)
SIDE_PX = 32
SCENE_PX = 48

_RARITY_FLOOR = 1e-3
# CIELAB as OpenCV writes it into bytes; chroma beyond 40 of its 128 levels is rare outdoors.
_FROM = np.array([[0.0], [88.0], [88.0]])
_PER_LEVEL = np.array([[BINS[0] / 256], [BINS[1] / 80], [BINS[2] / 80]])
_LAST = np.array(BINS)[:, None] - 1
_CORNERS = np.array([[[(d >> k) & 1] for k in range(3)] for d in range(8)])
_STRIDES = np.array([BINS[1] * BINS[2], BINS[2], 1])

Floats = npt.NDArray[np.float64]


def appearance(patch: UInt8Image, scene: UInt8Image) -> Embedding:
    """Describe a patch by its colours, each weighted by how rare it is in the scene.

    A histogram in CIELAB with linear interpolation between bins, Hellinger-mapped, so that the
    dot product of two descriptions is a likeness in [0, 1]. It ignores where in the patch a
    colour lies: things turn, and gaze wanders over them.

    Args:
        patch: What lies under the gaze, uint8 BGR ``(height, width, 3)``; its middle counts most.
        scene: The whole picture; some fifty columns of it are enough.

    Returns:
        Unit vector, float32, shape ``(384,)``.
    """
    square = cv2.resize(patch, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    step = max(1, scene.shape[1] // SCENE_PX)
    common = _histogram(np.ascontiguousarray(scene[::step, ::step]), None)
    rare = _histogram(square, _MIDDLE) / np.sqrt(common + _RARITY_FLOOR)
    described = np.sqrt(rare)
    return np.asarray(described / np.linalg.norm(described), np.float32)


def likeness(a: Embedding, b: Embedding) -> float:
    """Return how alike two descriptions are, in [0, 1]."""
    return float(np.clip(a @ b, 0.0, 1.0))


def _histogram(image: UInt8Image, weights: Floats | None) -> Floats:
    """Colours of a picture, summing up to 1, shape ``(384,)``."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).reshape(-1, 3).astype(np.float64).T
    places = (lab - _FROM) * _PER_LEVEL - 0.5
    low = np.floor(places)
    share = places - low
    each = np.ones(lab.shape[1]) if weights is None else weights
    counts = np.zeros(int(np.prod(BINS)))
    for corner in _CORNERS:
        bins = np.clip(low + corner, 0, _LAST)
        part = np.where(corner, share, 1.0 - share)
        index = (_STRIDES @ bins).astype(np.int64)
        counts += np.bincount(index, part[0] * part[1] * part[2] * each, len(counts))
    return np.asarray(counts / counts.sum(), np.float64)


def _middle() -> Floats:
    """Weights that sink from the middle of a patch to its corners, shape ``(1024,)``."""
    offset = (np.arange(SIDE_PX) - (SIDE_PX - 1) / 2) / (SIDE_PX / 2)
    distance2 = offset[:, None] ** 2 + offset[None, :] ** 2
    return np.clip(1.2 - distance2, 0.0, 1.0).ravel()


_MIDDLE = _middle()
