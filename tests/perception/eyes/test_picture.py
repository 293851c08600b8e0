from __future__ import annotations

import numpy as np
import pytest

from perception.eyes.picture import Square, eyes_of, is_readable


@pytest.mark.parametrize(
    ("height", "width", "count"),
    [(192, 384, 2), (240, 640, 2), (128, 128, 1), (240, 320, 1), (400, 640, 1), (192, 385, 2)],
)
def test_wide_frames_show_two_eyes(height: int, width: int, count: int) -> None:
    frame = np.arange(height * width, dtype=np.int64).reshape(height, width).astype(np.uint8)
    eyes = eyes_of(frame)
    assert len(eyes) == count
    assert {eye.shape for eye in eyes} == {(height, width // count)}
    assert np.array_equal(eyes[0][:, 0], frame[:, 0])
    assert np.array_equal(eyes[-1][:, -1], frame[:, -1])


def test_a_square_leads_back_to_the_picture() -> None:
    picture = np.zeros((192, 240), np.uint8)
    picture[90:102, 130:142] = 255
    square = Square.of(picture)
    rows, columns = np.nonzero(square.image > 127)
    place = square.place(float(columns.mean()), float(rows.mean()))
    assert place == pytest.approx((135.5, 95.5), abs=0.6)


def test_a_picture_of_the_right_size_is_not_touched() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (128, 128), np.uint8)
    square = Square.of(picture)
    assert np.array_equal(square.image, picture)
    assert square.place(3.25, 7.5) == (3.25, 7.5)


def test_black_frames_are_not_readable() -> None:
    assert not is_readable(np.zeros((128, 128), np.uint8))
    assert not is_readable(np.zeros((8, 8), np.uint8))
    assert is_readable(np.random.default_rng(0).integers(0, 50, (64, 64), np.uint8))
