"""A small film with a mask, and eyes that look at it, made without any data."""

from __future__ import annotations

import numpy as np

from evals.data.davis import MaskedFilm
from evals.data.eye_traces import EyeTrace, Stay
from tests.perception.attention.pictures import HEIGHT_PX, WIDTH_PX, scene


def film(count: int = 24, step_px: float = 8.0) -> MaskedFilm:
    """A red disc that crosses the picture."""
    columns, rows = np.meshgrid(np.arange(WIDTH_PX), np.arange(HEIGHT_PX))
    places = [(150 + step_px * n, 240.0) for n in range(count)]
    pictures = tuple(scene(x_px, y_px) for x_px, y_px in places)
    masks = tuple((columns - x) ** 2 + (rows - y) ** 2 <= 60**2 for x, y in places)
    return MaskedFilm("disc", pictures, masks)


def trace() -> EyeTrace:
    """Fixations of 300 to 600 ms with some tremor, and a blink now and then."""
    random = np.random.default_rng(4)
    stays = []
    for n in range(40):
        count = int(random.integers(60, 120))
        stays.append(Stay(random.normal(0, 0.1, (count, 2)), np.ones(count), is_blink=False))
        if n % 9 == 8:
            stays.append(Stay(np.zeros((30, 2)), np.zeros(30), is_blink=True))
    return EyeTrace("somebody", 200.0, tuple(stays))
