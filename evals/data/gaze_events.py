"""Gaze that people have labelled sample by sample: three trackers, one form."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.data.folder import DataError, part

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

FOLDER = "gaze_events"
FIXATION, SACCADE, PURSUIT, LOST, UNLABELLED = range(5)
LETTERS = "FSPB"
HMR_DEG = (130.0, 130.0)
"""Degrees of eye rotation for the width and height of the eye camera's picture, roughly."""
GAZECOM_DEG = (1280 / 26.7, 720 / 26.7)
"""Degrees for the width and height of the screen."""
LUND_CODES = {1: FIXATION, 2: SACCADE, 4: PURSUIT, 5: LOST}


@dataclass(frozen=True, slots=True, eq=False)
class GazeRecording:
    """One labelled recording.

    Attributes:
        tracker: ``hmr``, ``gazecom`` or ``lund2013``.
        name: File below the folder of gaze events.
        person: Who looked.
        stimulus: What was looked at.
        t_s: Time, shape ``(n,)``.
        x_deg: Rightwards, shape ``(n,)``.
        y_deg: Downwards, shape ``(n,)``.
        confidence: In [0, 1], shape ``(n,)``.
        labels: ``FIXATION``, ``SACCADE``, ``PURSUIT``, ``LOST`` (blink or noise) or
            ``UNLABELLED``, shape ``(n,)``.
    """

    tracker: str
    name: str
    person: str
    stimulus: str
    t_s: Floats
    x_deg: Floats
    y_deg: Floats
    confidence: Floats
    labels: Codes

    def __len__(self) -> int:
        return len(self.t_s)

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        return (len(self) - 1) / float(self.t_s[-1] - self.t_s[0])


def read_hmr() -> Iterator[GazeRecording]:
    """Read the head-mounted recordings: pupil in the eye camera, 200 Hz, both eyes of each user.

    Raises:
        DataError: ``no-data``, or ``damaged-data`` naming the file.
    """
    folder = part(FOLDER, "hmr")
    for path in sorted(folder.glob("user_*/eye_*.csv")):
        yield _read_table(path, "hmr", path.parent.name, path.stem, 200.0, HMR_DEG)


def read_gazecom() -> Iterator[GazeRecording]:
    """Read the recordings of people who watched outdoor movies on a screen, 250 Hz.

    Raises:
        DataError: ``no-data``, or ``damaged-data`` naming the file.
    """
    folder = part(FOLDER, "gazecom")
    for path in sorted(folder.glob("*/*_*.csv")):
        person, _, movie = path.stem.partition("_")
        yield _read_table(path, "gazecom", person, movie, 250.0, GAZECOM_DEG)


def read_lund(expert: str = "RA") -> Iterator[GazeRecording]:
    """Read the recordings of Andersson et al. (2017), 500 Hz: images, videos and moving dots.

    The files ``*_labelled_RA.mat`` and ``*_labelled_MN.mat`` of the folder ``annotated_data/data
    used in the article`` of github.com/richardandersson/EyeMovementDetectorEvaluation are expected
    in ``gaze_events/lund2013``. Post-saccadic oscillations count as unlabelled.

    Args:
        expert: Whose labels: ``RA`` or ``MN``.

    Raises:
        DataError: ``no-data``, or ``damaged-data`` naming the file.
    """
    folder = part(FOLDER, "lund2013")
    for path in sorted(folder.glob(f"*_labelled_{expert}.mat")):
        yield _read_lund(path)


def cut(recording: GazeRecording, start: int, end: int) -> GazeRecording:
    """Keep the samples from ``start`` to before ``end``."""
    part = slice(start, end)
    return replace(
        recording,
        t_s=recording.t_s[part],
        x_deg=recording.x_deg[part],
        y_deg=recording.y_deg[part],
        confidence=recording.confidence[part],
        labels=recording.labels[part],
    )


def _read_table(
    path: Path, tracker: str, person: str, stimulus: str, rate_hz: float, deg: tuple[float, float]
) -> GazeRecording:
    try:
        rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        numbers = np.array([row[:3] for row in rows], np.float64)
        labels = np.array([LETTERS.index(row[3]) for row in rows], np.uint8)
    except (OSError, ValueError, IndexError) as error:
        raise DataError("damaged-data", f"{path} cannot be read: {error}") from error
    return GazeRecording(
        tracker=tracker,
        name=path.relative_to(part(FOLDER)).as_posix(),
        person=person,
        stimulus=stimulus,
        t_s=np.arange(len(rows)) / rate_hz,
        x_deg=numbers[:, 0] * deg[0],
        y_deg=numbers[:, 1] * deg[1],
        confidence=np.clip(numbers[:, 2], 0.0, 1.0),
        labels=labels,
    )


def _read_lund(path: Path) -> GazeRecording:
    from scipy.io import loadmat  # an extra of evaluation

    try:
        content: Any = loadmat(path)["ETdata"][0, 0]
        rows = np.asarray(content["pos"], np.float64)
        rate_hz = float(content["sampFreq"].item())
        width_m, width_px = float(content["screenDim"][0, 0]), float(content["screenRes"][0, 0])
        distance_m = float(content["viewDist"].item())
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise DataError("damaged-data", f"{path} cannot be read: {error}") from error
    deg_px = math.degrees(math.atan2(width_m / 2, distance_m)) / (width_px / 2)
    x_px, y_px = rows[:, 3], rows[:, 4]
    is_seen = (x_px != 0.0) & (y_px != 0.0) & np.isfinite(x_px) & np.isfinite(y_px)
    person, _, stimulus = path.stem.partition("_")
    return GazeRecording(
        tracker="lund2013",
        name=path.relative_to(part(FOLDER)).as_posix(),
        person=person,
        stimulus=stimulus.partition("_labelled")[0],
        t_s=np.arange(len(rows)) / rate_hz,
        x_deg=np.where(is_seen, x_px * deg_px, np.nan),
        y_deg=np.where(is_seen, y_px * deg_px, np.nan),
        confidence=is_seen.astype(np.float64),
        labels=np.array([LUND_CODES.get(int(code), UNLABELLED) for code in rows[:, 5]], np.uint8),
    )
