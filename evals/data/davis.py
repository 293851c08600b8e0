"""DAVIS 2016: short films of the real world, with the mask of one thing in every picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from evals.data.folder import DataError, part
from firmware_bridge.packets import UInt8Image

FOLDER = ("video", "davis")
RESOLUTION = "480p"
RATE_HZ = 24

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MaskedFilm:
    """One sequence.

    Attributes:
        pictures: uint8 BGR ``(height, width, 3)`` each.
        masks: Where the thing is, bool ``(height, width)`` each.
    """

    name: str
    pictures: tuple[UInt8Image, ...]
    masks: tuple[Mask, ...]

    def __len__(self) -> int:
        return len(self.pictures)


def davis_names() -> tuple[str, ...]:
    """Return the sequences at hand, sorted.

    Raises:
        DataError: ``no-data``.
    """
    folder = part(*FOLDER, "JPEGImages", RESOLUTION)
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_dir()))


def read_davis(name: str) -> MaskedFilm:
    """Read one sequence into memory, some 1.6 MB for each picture.

    Raises:
        DataError: ``no-data``, or ``damaged-data`` naming the file.
    """
    pictures = sorted(part(*FOLDER, "JPEGImages", RESOLUTION, name).glob("*.jpg"))
    masks = part(*FOLDER, "Annotations", RESOLUTION, name)
    read = [_read(path, cv2.IMREAD_COLOR) for path in pictures]
    drawn = [_read(masks / f"{path.stem}.png", cv2.IMREAD_GRAYSCALE) > 127 for path in pictures]
    if not read:
        raise DataError("no-data", f"{name} of DAVIS has no pictures")
    return MaskedFilm(name, tuple(read), tuple(drawn))


def _read(path: Path, mode: int) -> UInt8Image:
    image = cv2.imread(str(path), mode)
    if image is None:
        raise DataError("damaged-data", f"{path} cannot be read")
    return np.asarray(image, np.uint8)
