"""What spoils pictures of eyes, drawn from fixed seeds: glare, lashes, blur and little light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from evals.data.near_eye import NearEye

SEED = 20_201_120
Picture = npt.NDArray[np.uint8]
Disturbance = Callable[[Picture, np.random.Generator], Picture]


def glare(picture: Picture, random: np.random.Generator) -> Picture:
    """Six round reflections of 2 to 6 px, one of them within reach of the picture's middle."""
    spoiled = picture.copy()
    side = len(picture)
    for spot in range(6):
        spread = 0.18 if spot == 0 else 0.30
        column, row = (side / 2 + random.normal(0, spread * side, 2)).astype(int).tolist()
        cv2.circle(spoiled, (column, row), int(random.integers(2, 7)), 250, -1, cv2.LINE_AA)
    return spoiled


def lashes(picture: Picture, random: np.random.Generator) -> Picture:
    """Twelve dark hairs that hang from the upper third, 1 or 2 px thick."""
    spoiled = picture.copy()
    side = len(picture)
    dark = int(picture.min()) + 10
    for column in np.linspace(0.1, 0.9, 12) * side:
        begin = np.array([column, random.uniform(0.15, 0.35) * side])
        bend = random.normal(0, 0.08, 2) * side
        reach = np.array([random.normal(0, 0.10), random.uniform(0.15, 0.35)]) * side
        hair = [begin, begin + reach / 2 + bend, begin + reach]
        thick = int(random.integers(1, 3))
        cv2.polylines(spoiled, [np.array(hair, np.int32)], False, dark, thick, cv2.LINE_AA)
    return spoiled


def blur(picture: Picture, random: np.random.Generator) -> Picture:
    """Out of focus by 1.5 to 2.5 px."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), random.uniform(1.5, 2.5)), np.uint8)


def low_light(picture: Picture, random: np.random.Generator) -> Picture:
    """A quarter of the light, with the noise of a sensor at its limit (3 gray levels)."""
    dim = picture * 0.25 + random.normal(0, 3.0, picture.shape)
    return np.clip(np.round(dim), 0, 255).astype(np.uint8)


DISTURBANCES: dict[str, Disturbance] = {
    "glare": glare,
    "lashes": lashes,
    "blur": blur,
    "low light": low_light,
}


def disturbed(data: NearEye, name: str) -> NearEye:
    """Spoil every picture in one way; the same pictures always come out the same."""
    random = np.random.default_rng([SEED, list(DISTURBANCES).index(name)])
    spoil = DISTURBANCES[name]
    return replace(data, images=np.stack([spoil(image, random) for image in data.images]))
