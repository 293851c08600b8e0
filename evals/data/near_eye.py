"""MEYE: infrared pictures of one eye, pupils drawn, blinks marked (Mazziotti et al. 2021)."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import cv2
import numpy as np
import numpy.typing as npt

from evals.data.folder import DataError, part

Images = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

PUPIL_RED = 255


@dataclass(frozen=True, slots=True, eq=False)
class NearEye:
    """Pictures of eyes, in no order of time.

    Attributes:
        images: Gray, shape ``(n, 128, 128)``.
        masks: Where the pupil is drawn, shape ``(n, 128, 128)``. Some subjects have it drawn
            smaller than it is seen.
        has_eye: An eye is in the picture, shape ``(n,)``.
        is_blink: The lids are closed or closing, shape ``(n,)``. In some subjects the pupil can
            still be seen then and is not drawn.
        subjects: Who it is, shape ``(n,)``.
    """

    images: Images
    masks: Flags
    has_eye: Flags
    is_blink: Flags
    subjects: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, chosen: Flags | npt.NDArray[np.int64]) -> NearEye:
        return NearEye(
            self.images[chosen],
            self.masks[chosen],
            self.has_eye[chosen],
            self.is_blink[chosen],
            self.subjects[chosen],
        )

    @property
    def is_open(self) -> Flags:
        """The eye is open and its pupil drawn, shape ``(n,)``: where a centre can be judged."""
        return self.has_eye & ~self.is_blink & self.masks.any(axis=(1, 2))

    def of(self, subjects: Collection[int]) -> NearEye:
        """Keep some subjects."""
        return self[np.isin(self.subjects, list(subjects))]

    def without(self, subjects: Collection[int]) -> NearEye:
        """Leave some subjects out."""
        return self[~np.isin(self.subjects, list(subjects))]


def read_near_eye() -> NearEye:
    """Read every annotated picture of the MEYE set.

    Raises:
        DataError: ``no-data``, or ``damaged-data`` naming the file.
    """
    folder = part("eyes", "meye")
    with (folder / "annotations.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [Path(row["filename"]).stem for row in rows]
    masks = _pictures(folder / "masks.zip", [f"masks/{name}.png" for name in names])
    return NearEye(
        images=_pictures(folder / "frames.zip", [f"frames/{name}.jpg" for name in names])[..., 0],
        masks=masks[..., 2] == PUPIL_RED,
        has_eye=np.array([row["eye"] == "1" for row in rows]),
        is_blink=np.array([row["blink"] == "1" for row in rows]),
        subjects=np.array([int(row["sub"]) for row in rows]),
    )


def centres_px(masks: Flags) -> npt.NDArray[np.float64]:
    """Return the column and row of each mask's centre of mass, shape ``(n, 2)``; NaN for none."""
    area = masks.sum(axis=(1, 2)).astype(np.float64)
    area[area == 0] = np.nan
    columns = (masks.sum(axis=1) * np.arange(masks.shape[2])).sum(axis=1)
    rows = (masks.sum(axis=2) * np.arange(masks.shape[1])).sum(axis=1)
    return np.stack([columns / area, rows / area], axis=1)


def _pictures(path: Path, members: list[str]) -> Images:
    try:
        with ZipFile(path) as archive:
            return np.stack([_picture(archive.read(member)) for member in members])
    except (KeyError, OSError, BadZipFile, ValueError, cv2.error) as error:
        raise DataError("damaged-data", f"{path} cannot be read: {error}") from error


def _picture(data: bytes) -> Images:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("a picture is damaged")
    return np.asarray(picture, np.uint8)
