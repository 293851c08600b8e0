from __future__ import annotations

from dataclasses import replace

import numpy as np

from evals.data.gazed_scene import scene_of
from tests.evals.films import film


def test_the_background_is_followed_where_it_moves() -> None:
    assert np.abs(scene_of(film()).ground_px).max() < 4


def test_a_target_out_of_view_has_no_box() -> None:
    gone = film(6)
    masks = (*gone.masks[:3], np.zeros_like(gone.masks[0]), *gone.masks[4:])
    scene = scene_of(replace(gone, masks=masks))
    assert scene.boxes[3] is None
    assert np.isfinite(scene.middle_px).all()
