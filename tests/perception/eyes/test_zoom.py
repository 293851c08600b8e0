from __future__ import annotations

import numpy as np
import pytest

from firmware_bridge.packets import UInt8Image
from perception.eyes.network import PupilNetwork
from perception.eyes.pupil import Pupil
from perception.eyes.zoom import Zoomed, best_share
from tests.perception.eyes.drawing import Picture, eye


def far_off(border_px: int) -> Picture:
    """An eye with a wide border of face around."""
    return np.pad(eye(64, 66, 12), border_px, mode="edge")


def test_places_are_those_of_the_whole_picture() -> None:
    found = Zoomed(PupilNetwork(), 0.5).find(far_off(64))
    assert (found.x_px, found.y_px) == pytest.approx((128, 130), abs=1.0)


def test_a_near_eye_is_looked_at_whole_and_a_far_one_in_the_middle() -> None:
    assert best_share(SureOf(128), [np.zeros((128, 128), np.uint8)]) == 1.0
    assert best_share(SureOf(128), [np.zeros((192, 384), np.uint8)]) == 0.5
    assert best_share(SureOf(128), [np.zeros((256, 256), np.uint8)]) == 0.5
    assert best_share(SureOf(0), [np.zeros((256, 256), np.uint8)]) == 1.0, "nothing is gained"


class SureOf:
    """A finder that is sure of pictures up to a size."""

    def __init__(self, side_px: int) -> None:
        self.side_px = side_px

    def find(self, image: UInt8Image) -> Pupil:
        return Pupil(confidence=0.9 if max(image.shape) <= self.side_px else 0.4)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5])
def test_a_share_is_a_share(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        Zoomed(PupilNetwork(), share)
