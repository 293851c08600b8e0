"""SFace: a face as a unit vector, and how far a view of it can be trusted."""

from __future__ import annotations

import cv2
import numpy as np

from assets import fetch
from firmware_bridge.packets import UInt8Image
from perception.events import Embedding
from perception.people.detector import Face, FaceDetector

SIDE_PX = 112
SHARP_VARIANCE = 150.0
STORED_CROP_BORDER = 0.3
STORED_CROP_MIN_CONFIDENCE = 0.6


class FaceEmbedder:
    """Turns aligned faces into 128-d unit vectors with SFace (Zhong et al., IEEE TIP 2021).

    Raises:
        AssetError: The weights have not been fetched.
    """

    def __init__(self) -> None:
        self._network = cv2.FaceRecognizerSF.create(str(fetch.path("sface")), "")

    def __reduce__(self) -> tuple[type[FaceEmbedder], tuple[()]]:
        return FaceEmbedder, ()

    def align(self, image: UInt8Image, face: Face) -> UInt8Image:
        """Cut a face out, upright, as BGR ``(112, 112, 3)``."""
        row = np.zeros((1, 15), np.float32)
        row[0, 4:14] = face.landmarks_px.ravel()
        return np.asarray(self._network.alignCrop(image, row), np.uint8)

    def embed(self, aligned: UInt8Image) -> Embedding:
        """Return the unit vector of an aligned face, shape ``(128,)``."""
        return unit(self._network.feature(aligned)[0])


def embed_face(image: UInt8Image) -> Embedding | None:
    """Return the unit vector of the largest face in a stored picture, or None without a face.

    Args:
        image: BGR, for instance the thumbnail of somebody whom the wearer names now. It may be
            cut tightly around the face.

    Raises:
        AssetError: The weights have not been fetched.
    """
    border = round(STORED_CROP_BORDER * max(image.shape[:2]))
    padded = cv2.copyMakeBorder(image, *(border,) * 4, cv2.BORDER_REPLICATE)
    faces = FaceDetector(STORED_CROP_MIN_CONFIDENCE).detect(padded)
    if not faces:
        return None
    embedder = FaceEmbedder()
    return embedder.embed(embedder.align(padded, max(faces, key=lambda face: face.box.area_px2)))


def unit(vector: Embedding) -> Embedding:
    """Scale a vector to length one."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def quality(face: Face, aligned: UInt8Image) -> float:
    """Rate a view of a face from 0 to 1: large, sharp, frontal and surely a face.

    An average of views weighted by it beats a plain one, since blurred and turned views drift
    towards everybody's.
    """
    gray = cv2.cvtColor(aligned, cv2.COLOR_BGR2GRAY)
    sharpness = min(1.0, float(cv2.Laplacian(gray, cv2.CV_64F).var()) / SHARP_VARIANCE)
    size = min(1.0, face.side_px / SIDE_PX)
    return face.confidence * frontality(face) * float(np.sqrt(size * sharpness))


def frontality(face: Face) -> float:
    """Return 1 for a nose midway between the eyes, 0 for one at or beyond an eye."""
    right_eye, left_eye, nose = face.landmarks_px[:3]
    across = left_eye - right_eye
    length2 = float(across @ across)
    if length2 == 0.0:
        return 0.0
    position = float((nose - right_eye) @ across) / length2
    return max(0.0, 1.0 - 2.0 * abs(position - 0.5))
