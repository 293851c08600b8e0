from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app.sample.picture import clip_pictures, fit, heading
from app.sample.script import Clip, Heading


def clip(duration_s: float, headings: list[Heading] | None = None) -> Clip:
    return Clip.model_validate(
        {
            "name": "c",
            "asset": "a",
            "description": "d",
            "duration_s": duration_s,
            "headings": headings or [],
            "looks": [[0.0, "x"]],
            "thing": [{"label": "x", "kind": "object", "path": [[0.0, 0, 0, 1, 1]]}],
        }
    )


def film(file: Path, rate_hz: int, frames: int) -> None:
    """Every picture is gray and 8 levels brighter than the one before."""
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=rate_hz, options={"crf": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.time_base = Fraction(1, rate_hz)
        for index in range(frames):
            image = np.full((48, 64, 3), 40 + 8 * index, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("rate_hz", [10, 15, 30, 60])
def test_films_keep_their_speed(tmp_path: Path, rate_hz: int) -> None:
    file = tmp_path / "film.mp4"
    film(file, rate_hz, 20)
    duration_s = 20 / rate_hz
    pictures = list(clip_pictures(clip(duration_s), file))
    grays = [float(image[300, 400, 0]) for image in pictures]
    levels = [round((gray - grays[0]) / 8) for gray in grays]
    assert levels == [min(19, int(index / 30 * rate_hz + 1e-6)) for index in range(len(pictures))]


def test_the_last_picture_holds_when_the_film_ends_early(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    film(file, 30, 5)
    pictures = list(clip_pictures(clip(1.0), file))
    assert len(pictures) == 30
    assert np.array_equal(pictures[4], pictures[-1])


@pytest.mark.parametrize(
    ("shape", "covered"),
    [
        ((480, 640), (0, 600, 0, 800)),
        ((720, 1280), (75, 525, 0, 800)),
        ((600, 600), (0, 600, 100, 700)),
    ],
)
def test_fit_keeps_proportions(shape: tuple[int, int], covered: tuple[int, int, int, int]) -> None:
    image = fit(np.full((*shape, 3), 200, np.uint8))
    top, bottom, left, right = covered
    assert image.shape == (600, 800, 3)
    assert np.all(image[top:bottom, left:right] == 200)
    assert image.sum(dtype=np.int64) == (bottom - top) * (right - left) * 200 * 3


@pytest.mark.parametrize(
    ("t_s", "yaw_deg"),
    [(-1.0, 0.0), (0.0, 0.0), (1.0, 45.0), (2.0, 90.0), (3.0, 60.0), (9.0, 30.0)],
)
def test_a_head_turns_from_key_to_key(t_s: float, yaw_deg: float) -> None:
    keys = [Heading(t_s=t, yaw_deg=yaw, pitch_deg=0) for t, yaw in ((0, 0), (2, 90), (4, 30))]
    assert heading(keys, t_s)[0] == pytest.approx(yaw_deg)


def test_a_photograph_is_seen_where_the_head_points(tmp_path: Path) -> None:
    photo = np.zeros((360, 720, 3), np.uint8)
    yaw_deg, pitch_deg = 60, -20
    cv2.circle(photo, ((yaw_deg + 180) * 2, (90 - pitch_deg) * 2), 6, (255, 255, 255), -1)
    cv2.imwrite(str(tmp_path / "photo.png"), photo)
    keys = [Heading(t_s=t, yaw_deg=yaw_deg, pitch_deg=pitch_deg) for t in (0.0, 1.0)]
    (view, *_) = clip_pictures(clip(0.1, keys), tmp_path / "photo.png")
    rows, columns = np.nonzero(view[:, :, 0] > 128)
    assert columns.mean() == pytest.approx(400, abs=4)
    assert rows.mean() == pytest.approx(300, abs=4)
