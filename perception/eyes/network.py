"""The pupil by a small segmentation network with lateral inhibition."""

from __future__ import annotations

import json
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from assets.trained import weights
from firmware_bridge.packets import UInt8Image
from perception.eyes.logistic import Logistic
from perception.eyes.picture import Square, is_readable
from perception.eyes.pupil import Pupil

CELL_PX = 2
LEAST_SPREAD = 1.0

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network says of one picture, in its own pixels (128 x 128).

    Attributes:
        x: Column of the pupil's centre; NaN where no pupil stands out.
        y: Row of the pupil's centre.
        width: Across the visible pupil.
        height: Down the visible pupil.
        openness_logit: Above 0 where the eye is open.
        certainty: Mean probability inside the pupil, in [0, 1].
        rivalry: Share of all pupil-like area that lies elsewhere, in [0, 1].
    """

    x: float
    y: float
    width: float
    height: float
    openness_logit: float
    certainty: float
    rivalry: float

    @property
    def features(self) -> tuple[float, float, float, float]:
        """What confidence rests on, the constant last."""
        inside = min(max(self.certainty, 1e-3), 1 - 1e-3)
        odds = float(np.log(inside / (1 - inside)))
        return float(np.clip(self.openness_logit, -8, 8)), odds, self.rivalry, 1.0


def normalised(picture: npt.NDArray[np.generic]) -> Floats:
    """Scale a picture to mean 0 and spread 1, shape ``(1, height, width)``."""
    mean, spread = cv2.meanStdDev(picture)
    scale = 1.0 / max(float(spread[0, 0]), LEAST_SPREAD)
    return ((picture.astype(np.float32) - np.float32(mean[0, 0])) * np.float32(scale))[None]


def read_answer(mask: Floats, openness_logit: float) -> Answer:
    """Find the pupil in a mask.

    Args:
        mask: Probabilities, shape ``(64, 64)``.
        openness_logit: Passed on.
    """
    peak = float(mask.max())
    binary = (mask > min(0.5, peak / 2)).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(binary, connectivity=4)
    if peak < 0.02 or count < 2:
        return Answer(*(float("nan"),) * 4, openness_logit, peak, 1.0)
    masses = np.bincount(labels.ravel(), mask.ravel(), count)
    best = 1 + int(np.argmax(masses[1:]))
    inside = np.where(labels == best, mask, np.float32(0))
    moments = cv2.moments(inside)
    middle = (CELL_PX - 1) / 2
    return Answer(
        x=moments["m10"] / moments["m00"] * CELL_PX + middle,
        y=moments["m01"] / moments["m00"] * CELL_PX + middle,
        width=float(boxes[best, cv2.CC_STAT_WIDTH]) * CELL_PX,
        height=float(boxes[best, cv2.CC_STAT_HEIGHT]) * CELL_PX,
        openness_logit=openness_logit,
        certainty=float(masses[best] / boxes[best, cv2.CC_STAT_AREA]),
        rivalry=float(1 - masses[best] / masses[1:].sum()),
    )


class PupilNetwork:
    """Finds the pupil with the network of ``docs/models/pupil.md``, on one core.

    Raises:
        AssetError: The weights in the repository are not those of the manifest.
    """

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # A pool that spins between frames takes the core from the other stages.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(weights("pupil")), options, providers=["CPUExecutionProvider"]
        )
        self.facts = Facts.read(self._session.get_modelmeta().custom_metadata_map)

    def __reduce__(self) -> tuple[type[PupilNetwork], tuple[()]]:
        return PupilNetwork, ()

    def find(self, image: UInt8Image) -> Pupil:
        """Return the pupil; see :class:`perception.eyes.pupil.PupilFinder`."""
        if not is_readable(image):
            return Pupil()
        square = Square.of(image)
        answer = self.answer(square.image)
        x_px, y_px = square.place(answer.x, answer.y)
        return Pupil(
            x_px=x_px,
            y_px=y_px,
            width_px=answer.width * square.scale,
            height_px=answer.height * square.scale,
            openness=self.facts.openness.probability((answer.openness_logit, 1.0)),
            confidence=self.facts.confidence.probability(answer.features),
        )

    def answer(self, image: UInt8Image) -> Answer:
        """Return what the network says of a square picture, shape ``(128, 128)``."""
        mask, openness = self._session.run(None, {"picture": normalised(image)[None]})
        return read_answer(mask[0, 0], float(openness[0, 0]))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file of the weights says of itself.

    Attributes:
        subjects: Whom of MEYE it was trained on, cross-validation included.
        macs: Multiplications for one picture.
        openness: From the openness logit to a probability.
        confidence: From the answer's features to a probability.
    """

    subjects: frozenset[int]
    macs: int
    openness: Logistic
    confidence: Logistic

    @classmethod
    def read(cls, stored: dict[str, str]) -> Facts:
        """Read them from the ONNX metadata."""
        return cls(
            subjects=frozenset(json.loads(stored["subjects"])),
            macs=json.loads(stored["macs"]),
            openness=Logistic(tuple(json.loads(stored["openness"]))),
            confidence=Logistic(tuple(json.loads(stored["confidence"]))),
        )
