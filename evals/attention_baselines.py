"""Simpler ways to tell attention: eyes alone, saliency alone, dwell in place of the network."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from evals.data.gazed_video import GazedVideo, frame_ns
from firmware_bridge.packets import UInt8Image
from perception.attention.evidence import DWELL
from perception.events import EyeMovement, EyeMovementKind, EyeMovementOnset

STEADY = (EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT)
SALIENCY_PX = 64
SECOND_NS = 1_000_000_000

Told = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


class Dwell:
    """In place of the network: what gaze has been on for long enough is attended to.

    Args:
        hold_s: How long that is.
    """

    def __init__(self, hold_s: float = 0.6) -> None:
        self._least = math.log1p(hold_s)

    @property
    def delay(self) -> int:
        """None."""
        return 0

    def step(self, row: Floats) -> float:
        """Return 1 from the hold time on, else 0."""
        return float(row[DWELL] >= self._least)

    def reset(self) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class EyesAlone:
    """Attention is a fixation or smooth pursuit that lasts, short breaks bridged.

    Attributes:
        hold_s: How long it must have lasted.
        bridge_s: Longest break.
    """

    hold_s: float
    bridge_s: float

    def tell(self, eyes: Sequence[EyeMovementOnset | EyeMovement], video: GazedVideo) -> Told:
        """Tell of each frame whether it is attended, from what is known by then."""
        told = np.zeros(video.frames, bool)
        for start_ns, end_ns in self._spells(eyes, frame_ns(video.frames)):
            from_ns = start_ns + self.hold_s * SECOND_NS
            times = _frame_of(from_ns), _frame_of(end_ns + self.bridge_s * SECOND_NS)
            told[max(0, times[0]) : max(0, times[1])] |= end_ns > from_ns
        return told

    def _spells(
        self, eyes: Sequence[EyeMovementOnset | EyeMovement], until_ns: int
    ) -> list[tuple[int, int]]:
        """Stretches of steady eyes, those with short breaks between them joined."""
        steady = [
            (e.start_ns, e.end_ns) for e in eyes if isinstance(e, EyeMovement) and e.kind in STEADY
        ]
        joined: list[tuple[int, int]] = []
        for start_ns, end_ns in steady:
            if joined and start_ns - joined[-1][1] <= self.bridge_s * SECOND_NS:
                joined[-1] = joined[-1][0], end_ns
            else:
                joined.append((start_ns, min(end_ns, until_ns)))
        return joined


@dataclass(frozen=True, slots=True)
class SaliencyAlone:
    """Attention is gaze on what is salient in the picture, whatever the eyes do.

    The spectral residual of Hou and Zhang (CVPR 2007), every frame, over the last half second.

    Attributes:
        least: Share of the picture that must be less salient than what the gaze is on.
    """

    least: float

    def tell(self, ranks: npt.NDArray[np.float64]) -> Told:
        """Tell of each frame, from :func:`saliency_at_gaze`."""
        return np.asarray(ranks >= self.least)


def saliency_at_gaze(video: GazedVideo, over: int = 12) -> npt.NDArray[np.float64]:
    """Return the rank of the gaze in each picture's saliency, mean of the last frames."""
    maps = [spectral_residual(picture) for picture in video.scene.pictures]
    ranks = np.zeros(video.frames)
    width, height = video.camera.width_px, video.camera.height_px
    for number in range(video.frames):
        gaze = video.gaze[min(len(video.gaze) - 1, number * len(video.gaze) // video.frames)]
        if not gaze.is_valid or not (0 <= gaze.x_px < width and 0 <= gaze.y_px < height):
            continue
        salient = maps[video.scene.index(number)]
        row, column = int(gaze.y_px * SALIENCY_PX / height), int(gaze.x_px * SALIENCY_PX / width)
        ranks[number] = float((salient < salient[row, column]).mean())
    kernel = np.ones(over) / over
    return np.asarray(np.convolve(ranks, kernel)[: video.frames], np.float64)


def spectral_residual(picture: UInt8Image) -> npt.NDArray[np.float64]:
    """Return the saliency of a picture, shape ``(64, 64)`` (Hou and Zhang 2007, eq. 6-9)."""
    size = (SALIENCY_PX, SALIENCY_PX)
    gray = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    spectrum = np.fft.fft2(gray.astype(np.float64))
    log_amplitude = np.log(np.abs(spectrum) + 1e-9)
    residual = log_amplitude - cv2.blur(log_amplitude, (3, 3))
    salient = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    return np.asarray(cv2.GaussianBlur(salient, (0, 0), 2.5), np.float64)


def grid() -> list[EyesAlone]:
    """The hold times and bridges that eyes alone may be tuned to."""
    holds_s = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 1.8, 2.5, 3.5)
    bridges_s = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
    return [EyesAlone(*both) for both in itertools.product(holds_s, bridges_s)]


def _frame_of(t_ns: float) -> int:
    """The first frame at or after a time."""
    return math.ceil((t_ns - frame_ns(0)) * 24 / SECOND_NS)
