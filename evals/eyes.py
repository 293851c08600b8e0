"""How exactly is the pupil found, and are blinks seen, on people never trained on?

Three finders over the same pictures, as they are and under fixed disturbances. Only subjects count
that the network's file does not name as its own; all three were tuned on those it names.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from evals.data.folder import DataError
from evals.data.near_eye import NearEye, centres_px, read_near_eye
from evals.disturbances import DISTURBANCES, disturbed
from evals.report import Cell, EvalReport
from perception.eyes.detectors import PupilDetectors
from perception.eyes.finder import ThresholdFinder
from perception.eyes.network import PupilNetwork
from perception.eyes.pupil import Pupil, PupilFinder
from perception.stage import PerceptionError

NEAR_PX = 3.0
CENTRE_SHARE, DISTURBED_SHARE, BLINK_F1 = 0.99, 0.95, 0.93
FINDER_MS, NETWORK_MS = 1.0, 3.0
BINS = 10
FINDERS: dict[str, Callable[[], PupilFinder]] = {
    "network": PupilNetwork,
    "threshold": ThresholdFinder,
    "pupil-detectors": PupilDetectors,
}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What one finder says of pictures; arrays of shape ``(n,)``.

    Attributes:
        apart_px: Distance of the centre to the drawn one; infinite where none was found.
        is_open: The eye is open, says the finder.
        confidence: Of the finder.
        iou: Of the found ellipse's box and the drawn one's.
        times_ms: Wall time of each call.
    """

    apart_px: npt.NDArray[np.float64]
    is_open: npt.NDArray[np.bool_]
    confidence: npt.NDArray[np.float64]
    iou: npt.NDArray[np.float64]
    times_ms: npt.NDArray[np.float64]


def run() -> EvalReport:
    """Measure every finder on every subject that was left out.

    Raises:
        DataError: The pictures are absent, or all of people whom the network has seen.
    """
    cv2.setNumThreads(1)
    network = PupilNetwork()
    left_out = read_near_eye().without(network.facts.subjects)
    if not left_out.is_open.any():
        raise DataError(
            "no-subject-left-out",
            f"every open eye is of a subject that the network has seen: "
            f"{sorted(network.facts.subjects)}; put pictures of others into eyes/meye",
        )
    hard = {name: disturbed(left_out, name) for name in DISTURBANCES}
    found: dict[str, dict[str, Found]] = {}
    for name in FINDERS:
        try:
            finder = FINDERS[name]()
        except PerceptionError:
            continue
        found[name] = {"": find_all(finder, left_out)}
        found[name] |= {kind: find_all(finder, data) for kind, data in hard.items()}
    missing = [name for name in FINDERS if name not in found]
    return EvalReport(
        name="eyes",
        claim="Pupils and blinks on near-eye pictures of people never trained on",
        columns=COLUMNS,
        rows=tuple(
            [_row(name, left_out, each, network.facts.macs) for name, each in found.items()]
            + [(name, "not installed", *(None,) * (len(COLUMNS) - 2)) for name in missing]
            + [row for name in found for row in _subject_rows(name, left_out, found[name])]
        ),
        verdicts=_verdicts(left_out, found),
        notes=(
            f"{len(left_out)} pictures of subjects {sorted(set(left_out.subjects.tolist()))}; "
            f"{int(left_out.is_open.sum())} open eyes with a drawn pupil, "
            f"{int(left_out.is_blink.sum())} blinks",
            "within: share of open eyes with the centre within 3 px; px: median distance; F1, "
            "precision and recall: of blinks; the four disturbances and their mean: within 3 px; "
            "ECE: expected calibration error of confidence, disturbed pictures included",
            "IoU of boxes: some subjects' pupils are drawn smaller than they are seen",
            "ms: median of one call on one core, scaling and reading out included",
        ),
    )


COLUMNS = (
    "finder",
    "who",
    "within",
    "px",
    "F1",
    "prec.",
    "recall",
    "IoU",
    *DISTURBANCES,
    "all four",
    "ECE",
    "ms",
    "MMAC",
)


def find_all(finder: PupilFinder, data: NearEye) -> Found:
    """Run one finder over pictures and hold it against what is drawn."""
    times_ms, pupils = [], []
    for image in data.images:
        started = time.perf_counter()
        pupils.append(finder.find(image))
        times_ms.append((time.perf_counter() - started) * 1_000)
    places = np.array([(pupil.x_px, pupil.y_px) for pupil in pupils])
    apart = np.hypot(*(places - centres_px(data.masks)).T)
    return Found(
        apart_px=np.where(np.isfinite(apart), apart, np.inf),
        is_open=np.array([pupil.is_open for pupil in pupils]),
        confidence=np.array([pupil.confidence for pupil in pupils]),
        iou=np.array([_iou(*pair) for pair in zip(pupils, data.masks, strict=True)]),
        times_ms=np.array(times_ms),
    )


def near_share(found: Found, data: NearEye) -> float:
    """Return the share of open eyes whose centre is found within 3 px."""
    return float((found.apart_px[data.is_open] <= NEAR_PX).mean())


def blink_scores(found: Found, data: NearEye) -> tuple[float, float, float]:
    """Return F1, precision and recall of blinks, picture by picture."""
    said, true = ~found.is_open[data.has_eye], data.is_blink[data.has_eye]
    hits = int((said & true).sum())
    precision, recall = hits / max(1, int(said.sum())), hits / max(1, int(true.sum()))
    return 2 * hits / max(1, int(said.sum() + true.sum())), precision, recall


def calibration_error(founds: list[Found], data: NearEye) -> float:
    """Return the expected calibration error of confidence (Guo et al. 2017, equation 3)."""
    confidence = np.concatenate([found.confidence for found in founds])
    is_right = np.concatenate([data.is_open & (found.apart_px <= NEAR_PX) for found in founds])
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(is_right[bins == each].mean() - confidence[bins == each].mean()) * (bins == each).mean()
        for each in np.unique(bins)
    ]
    return float(sum(gaps))


def _row(name: str, data: NearEye, found: dict[str, Found], macs: int) -> tuple[Cell, ...]:
    plain = found[""]
    shares = [near_share(found[kind], data) for kind in DISTURBANCES]
    return (
        name,
        "all",
        near_share(plain, data),
        float(np.median(plain.apart_px[data.is_open])),
        *blink_scores(plain, data),
        float(plain.iou[data.is_open].mean()),
        *shares,
        float(np.mean(shares)),
        calibration_error(list(found.values()), data),
        float(np.median(plain.times_ms)),
        macs / 1e6 if name == "network" else None,
    )


def _subject_rows(name: str, data: NearEye, found: dict[str, Found]) -> list[tuple[Cell, ...]]:
    rows = []
    for subject in np.unique(data.subjects):
        own = data.subjects == subject
        part = {kind: _only(each, own) for kind, each in found.items()}
        rows.append((name, str(subject), *_row(name, data[own], part, 0)[2:-1], None))
    return rows


def _only(found: Found, own: npt.NDArray[np.bool_]) -> Found:
    return Found(
        found.apart_px[own],
        found.is_open[own],
        found.confidence[own],
        found.iou[own],
        found.times_ms[own],
    )


def _verdicts(data: NearEye, found: dict[str, dict[str, Found]]) -> dict[str, bool]:
    network, threshold = found["network"], found["threshold"]
    shares = [near_share(network[kind], data) for kind in DISTURBANCES]
    return {
        "network within 3 px on 99 % of open eyes": near_share(network[""], data) >= CENTRE_SHARE,
        "network within 3 px on 95 % when disturbed": sum(shares) >= DISTURBED_SHARE * len(shares),
        "network blink F1 at least 0.93": blink_scores(network[""], data)[0] >= BLINK_F1,
        "network under 3 ms": float(np.median(network[""].times_ms)) < NETWORK_MS,
        "threshold under 1 ms": float(np.median(threshold[""].times_ms)) < FINDER_MS,
    }


def _iou(pupil: Pupil, mask: npt.NDArray[np.bool_]) -> float:
    """Return the overlap of the found box and the drawn one; NaN where nothing is drawn."""
    if not mask.any():
        return float("nan")
    if not pupil.is_found:
        return 0.0
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    left, top = pupil.x_px - pupil.width_px / 2, pupil.y_px - pupil.height_px / 2
    across = min(left + pupil.width_px, x + width - 0.5) - max(left, x - 0.5)
    down = min(top + pupil.height_px, y + height - 0.5) - max(top, y - 0.5)
    shared = max(0.0, across) * max(0.0, down)
    return float(shared / (pupil.width_px * pupil.height_px + width * height - shared))
