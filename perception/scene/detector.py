"""EfficientDet-Lite0: everyday objects in one picture, without state."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from assets import fetch
from firmware_bridge.packets import UInt8Image
from perception.events import Box

SIDE_PX = 320
LEVELS = range(3, 8)
OCTAVES = 3
RATIOS = (1.0, 2.0, 0.5)
ANCHOR_SCALE = 3.0
NMS_IOU = 0.5
UNUSED_LABEL = "???"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Detection:
    """An object in one picture, in the pixels of that picture."""

    label: str
    box: Box
    confidence: float


class ObjectDetector:
    """Finds the 80 COCO classes with EfficientDet-Lite0 (Tan et al., CVPR 2020) on one thread.

    Args:
        min_confidence: Weaker detections are left out.

    Raises:
        AssetError: The weights have not been fetched.
    """

    def __init__(self, min_confidence: float = 0.35) -> None:
        path = fetch.path("efficientdet-lite0")
        self.min_confidence = min_confidence
        self._labels = _read_labels(path)
        self._anchors = _anchors()
        self._interpreter = Interpreter(model_path=str(path), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        outputs = {d["shape"][-1]: d["index"] for d in self._interpreter.get_output_details()}
        self._boxes, self._scores = outputs[4], outputs[len(self._labels)]

    def __reduce__(self) -> tuple[type[ObjectDetector], tuple[float]]:
        return ObjectDetector, (self.min_confidence,)

    def detect(self, image: UInt8Image) -> list[Detection]:
        """Find objects in a BGR picture of any size, the most certain first."""
        pixels, scale = _letterbox(image)
        self._interpreter.set_tensor(self._input, pixels)
        self._interpreter.invoke()
        scores: Floats = self._interpreter.get_tensor(self._scores)[0]
        best = scores.max(axis=1)
        rows = np.flatnonzero(best >= self.min_confidence)
        classes = scores[rows].argmax(axis=1)
        corners = _decode(self._interpreter.get_tensor(self._boxes)[0][rows], self._anchors[rows])
        height, width = image.shape[:2]
        corners = np.clip(corners / scale, 0, (width, height, width, height))
        boxes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
        kept = cv2.dnn.NMSBoxesBatched(
            boxes.tolist(), best[rows].tolist(), classes.tolist(), self.min_confidence, NMS_IOU
        )
        return [
            Detection(self._labels[classes[k]], Box(*map(float, boxes[k])), float(best[rows[k]]))
            for k in kept
            if self._labels[classes[k]] != UNUSED_LABEL
        ]


def _read_labels(path: Path) -> tuple[str, ...]:
    """Read the class names that the model file carries as an attached archive."""
    with zipfile.ZipFile(path) as attached:
        return tuple(attached.read("labels.txt").decode().split("\n")[:90])


def _letterbox(image: UInt8Image) -> tuple[Floats, float]:
    """Scale a picture into the top-left of the network's square, in RGB from -1 to 1."""
    scale = SIDE_PX / max(image.shape[:2])
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    pixels = np.full((1, SIDE_PX, SIDE_PX, 3), -1.0, np.float32)
    pixels[0, :height, :width] = (small[:, :, ::-1].astype(np.float32) - 127.5) / 127.5
    return pixels, scale


def _anchors() -> Floats:
    """Return the anchors as ``(center_y, center_x, height, width)``, shape ``(19206, 4)``."""
    levels: list[npt.NDArray[Any]] = []
    for level in LEVELS:
        cells = -(-SIDE_PX // 2**level)
        stride = SIDE_PX / cells
        centers = (np.arange(cells) + 0.5) * stride
        base = ANCHOR_SCALE * stride * 2.0 ** (np.repeat(np.arange(OCTAVES), len(RATIOS)) / OCTAVES)
        ratio = np.sqrt(np.tile(RATIOS, OCTAVES))
        sizes = np.stack([base / ratio, base * ratio], axis=1)
        grid = np.stack(np.meshgrid(centers, centers, indexing="ij"), axis=-1).reshape(-1, 1, 2)
        pair = np.broadcast_arrays(grid, sizes[np.newaxis])
        levels.append(np.concatenate(pair, axis=-1).reshape(-1, 4))
    return np.concatenate(levels).astype(np.float32)


def _decode(offsets: Floats, anchors: Floats) -> Floats:
    """Turn offsets to anchors into ``(left, top, right, bottom)``, network pixels."""
    center = offsets[:, :2] * anchors[:, 2:] + anchors[:, :2]
    half = np.exp(offsets[:, 2:]) * anchors[:, 2:] / 2
    return np.concatenate([center - half, center + half], axis=1)[:, [1, 0, 3, 2]]
