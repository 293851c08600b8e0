"""Pictures of the sample day, all of one size and rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from app.sample.script import FRAME_RATE_HZ, SIZE_PX, Clip, Heading
from firmware_bridge.packets import UInt8Image

# The photograph is shown like a film, at the field of view of the clips around it.
_PHOTO_HORIZONTAL_DEG = 75.0

Maps = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]


def clip_pictures(clip: Clip, file: Path) -> Iterator[UInt8Image]:
    """Yield ``clip.frames`` pictures, uint8 BGR ``(600, 800, 3)``.

    A film keeps its speed: each picture is the newest of the film at that time. Black bars fill
    what it does not cover. An all-round photograph is turned as ``clip.headings`` say.
    """
    if clip.headings:
        yield from _turned_photo(clip, file)
        return
    with av.open(str(file)) as container:
        yield from _held(_film(container), clip.frames)


def fit(image: UInt8Image) -> UInt8Image:
    """Scale into the sample's size, keeping the proportions."""
    width_px, height_px = SIZE_PX
    scale = min(width_px / image.shape[1], height_px / image.shape[0])
    inner = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.zeros((height_px, width_px, 3), np.uint8)
    top, left = (height_px - inner.shape[0]) // 2, (width_px - inner.shape[1]) // 2
    canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return canvas


def _film(container: av.container.InputContainer) -> Iterator[tuple[float, UInt8Image]]:
    stream = container.streams.video[0]
    step_s = float(1 / stream.average_rate) if stream.average_rate else 1 / FRAME_RATE_HZ
    zero_s: float | None = None
    for index, frame in enumerate(container.decode(stream)):
        t_s = frame.time if frame.time is not None else index * step_s
        zero_s = t_s if zero_s is None else zero_s
        yield t_s - zero_s, np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def _held(film: Iterator[tuple[float, UInt8Image]], count: int) -> Iterator[UInt8Image]:
    # Half a millisecond absorbs the rounding of container clocks.
    _, image = next(film)
    shown, upcoming = fit(image), next(film, None)
    for index in range(count):
        t_s = index / FRAME_RATE_HZ + 0.0005
        newest = None
        while upcoming is not None and upcoming[0] <= t_s:
            newest, upcoming = upcoming[1], next(film, None)
        if newest is not None:
            shown = fit(newest)
        yield shown


def _turned_photo(clip: Clip, file: Path) -> Iterator[UInt8Image]:
    photo = np.asarray(cv2.imread(str(file)), np.uint8)
    for index in range(clip.frames):
        maps = _view(heading(clip.headings, index / FRAME_RATE_HZ), photo.shape[1], photo.shape[0])
        view = cv2.remap(photo, *maps, interpolation=cv2.INTER_AREA, borderMode=cv2.BORDER_WRAP)
        yield np.asarray(view, np.uint8)


def heading(keys: Sequence[Heading], t_s: float) -> tuple[float, float]:
    """Yaw and pitch in degrees, easing in and out between the keys as a head does."""
    times = np.array([key.t_s for key in keys])
    after = int(np.clip(np.searchsorted(times, t_s), 1, len(keys) - 1))
    start, end = keys[after - 1], keys[after]
    share = float(np.clip((t_s - start.t_s) / (end.t_s - start.t_s), 0.0, 1.0))
    eased = share * share * (3.0 - 2.0 * share)
    return (
        start.yaw_deg + eased * (end.yaw_deg - start.yaw_deg),
        start.pitch_deg + eased * (end.pitch_deg - start.pitch_deg),
    )


def _view(direction: tuple[float, float], photo_width: int, photo_height: int) -> Maps:
    """Where each pixel of a pinhole camera lies in an equirectangular photograph."""
    width_px, height_px = SIZE_PX
    focal_px = width_px / 2 / np.tan(np.radians(_PHOTO_HORIZONTAL_DEG) / 2)
    x, y = np.meshgrid(np.arange(width_px) - width_px / 2, np.arange(height_px) - height_px / 2)
    yaw, pitch = np.radians(direction)
    up = -y * np.cos(pitch) + focal_px * np.sin(pitch)
    ahead = focal_px * np.cos(pitch) + y * np.sin(pitch)
    longitude = np.arctan2(x, ahead) + yaw
    latitude = np.arctan2(up, np.hypot(x, ahead))
    column = (longitude / (2 * np.pi) + 0.5) % 1.0 * photo_width
    row = (0.5 - latitude / np.pi) * photo_height
    return column.astype(np.float32), row.astype(np.float32)
