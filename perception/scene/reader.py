"""PP-OCRv6 through RapidOCR: lines of writing in one picture, without state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from rapidocr import RapidOCR

from assets import fetch
from firmware_bridge.packets import UInt8Image
from perception.events import Box

MIN_SIDE_PX = 800
CONTRAST_LIMIT = 3.0
CONTRAST_TILES = (8, 8)

Quads = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of writing in the pixels of its picture.

    Attributes:
        corners_px: From the top-left of the first letter clockwise, shape ``(4, 2)``.
    """

    text: str
    corners_px: Quads
    confidence: float

    @property
    def box(self) -> Box:
        """The upright rectangle around the line."""
        left, top = self.corners_px.min(axis=0)
        right, bottom = self.corners_px.max(axis=0)
        return Box(float(left), float(top), float(right - left), float(bottom - top))


class Reader:
    """Reads lines of writing on one thread.

    Local contrast is levelled first, since print on things in the hand is often red on yellow or
    lies half in the shade.

    Args:
        min_confidence: Weaker lines are left out.

    Raises:
        AssetError: The weights have not been fetched.
    """

    def __init__(self, min_confidence: float = 0.8) -> None:
        folder = fetch.path("ocr")
        self.min_confidence = min_confidence
        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.text_score": 0.0,
                "Det.model_path": str(folder / "det.onnx"),
                "Rec.model_path": str(folder / "rec.onnx"),
                "Cls.model_path": str(folder / "cls.onnx"),
                "Det.thresh": 0.2,
                "Det.box_thresh": 0.3,
                "Det.unclip_ratio": 2.0,
                "Det.use_dilation": False,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def __reduce__(self) -> tuple[type[Reader], tuple[float]]:
        return Reader, (self.min_confidence,)

    def read(self, image: UInt8Image) -> list[Line]:
        """Read a BGR picture of any size, the most certain line first."""
        scale = max(1.0, MIN_SIDE_PX / min(image.shape[:2]))
        large = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        lines = self._lines(_level_contrast(large))
        return [
            Line(line.text, line.corners_px / scale, line.confidence)
            for line in _distinct(lines)
            if line.confidence >= self.min_confidence
        ]

    def _lines(self, image: UInt8Image) -> list[Line]:
        result: Any = self._engine(image)
        if result.txts is None or result.boxes is None:
            return []
        found = zip(result.txts, result.boxes, result.scores, strict=True)
        return [
            Line(text.strip(), np.asarray(corners, np.float64), float(score))
            for text, corners, score in found
        ]


def _level_contrast(image: UInt8Image) -> UInt8Image:
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)
    lab[:, :, 0] = cv2.createCLAHE(CONTRAST_LIMIT, CONTRAST_TILES).apply(lab[:, :, 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR), np.uint8)


def _distinct(lines: list[Line]) -> list[Line]:
    """Return the lines, the most certain first, without a second reading of the same line."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.confidence):
        x_px, y_px = line.box.center_px
        if not any(other.box.contains(x_px, y_px) for other in kept):
            kept.append(line)
    return kept
