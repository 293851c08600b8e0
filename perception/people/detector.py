"""YuNet: faces in one picture, without state."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from assets import fetch
from firmware_bridge.packets import UInt8Image
from perception.events import Box
from perception.scene.region import Region

MAX_SIDE_PX = 640
MIN_FACE_PX = 24
NMS_IOU = 0.3
MAX_FACES = 50
X_COLUMNS = (0, 4, 6, 8, 10, 12)
Y_COLUMNS = (1, 5, 7, 9, 11, 13)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face in one picture, in the pixels of that picture.

    Attributes:
        landmarks_px: Right eye, left eye, nose, right and left corner of the mouth, each from the
            seen person's own side; shape ``(5, 2)``.
        confidence: The detector's score.
    """

    box: Box
    landmarks_px: Floats
    confidence: float

    def __post_init__(self) -> None:
        if self.landmarks_px.shape != (5, 2):
            raise ValueError(
                f"face landmarks must have shape (5, 2), but got {self.landmarks_px.shape}"
            )

    @property
    def side_px(self) -> float:
        """The shorter side of the box."""
        return min(self.box.width_px, self.box.height_px)


class FaceDetector:
    """Finds faces with YuNet (Wu et al., Machine Intelligence Research 2023).

    A picture is searched at no more than 640 pixels, since YuNet looks for faces of 10 to 300
    pixels; around the gaze a larger one is also searched at full resolution.

    Args:
        min_confidence: Weaker detections are left out. At 0.8 the walkers of a street scene, whose
            heads are ten pixels high, give a false face in one frame of fifty.

    Raises:
        AssetError: The weights have not been fetched.
    """

    def __init__(self, min_confidence: float = 0.8) -> None:
        self.min_confidence = min_confidence
        self._network = cv2.FaceDetectorYN.create(
            str(fetch.path("yunet")), "", (320, 320), min_confidence, NMS_IOU, MAX_FACES
        )

    def __reduce__(self) -> tuple[type[FaceDetector], tuple[float]]:
        return FaceDetector, (self.min_confidence,)

    def detect(
        self, image: UInt8Image, x_px: float = float("nan"), y_px: float = float("nan")
    ) -> list[Face]:
        """Find faces of at least 24 pixels, the most certain first.

        Args:
            image: BGR, any size.
            x_px: Gaze in the picture; NaN when unknown.
            y_px: Gaze in the picture; NaN when unknown.
        """
        scale = min(1.0, MAX_SIDE_PX / max(image.shape[:2]))
        rows = self._search(image, scale)
        if scale < 1.0:
            region = Region.around(image, x_px, y_px, MAX_SIDE_PX)
            if region is not None:
                rows = np.concatenate([rows, self._search_region(region, image)])
        faces = [_to_face(row) for row in _without_repeats(rows, self.min_confidence)]
        return [face for face in faces if face.side_px >= MIN_FACE_PX]

    def _search(self, image: UInt8Image, scale: float) -> Floats:
        """Return YuNet's rows (box, five landmarks, score) in the pixels of ``image``."""
        small = image
        if scale < 1.0:
            small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        self._network.setInputSize((small.shape[1], small.shape[0]))
        rows = self._network.detect(small)[1]
        if rows is None:
            return np.empty((0, 15), np.float32)
        rows[:, :14] /= scale
        return np.asarray(rows, np.float32)

    def _search_region(self, region: Region, image: UInt8Image) -> Floats:
        rows = self._search(region.image, 1.0)
        rows[:, X_COLUMNS] += region.left_px
        rows[:, Y_COLUMNS] += region.top_px
        whole = [not region.cuts(Box(*map(float, row[:4])), image) for row in rows]
        return np.asarray(rows[np.array(whole, bool)], np.float32)


def _without_repeats(rows: Floats, min_confidence: float) -> Floats:
    if not len(rows):
        return rows
    kept = cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 14].tolist(), min_confidence, NMS_IOU)
    return np.asarray(rows[np.asarray(kept, int)], np.float32)


def _to_face(row: Floats) -> Face:
    confidence = min(1.0, float(row[14]))
    return Face(Box(*map(float, row[:4])), row[4:14].reshape(5, 2), confidence)
