"""Real faces from the development data, and the people in them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from firmware_bridge.packets import UInt8Image


def portraits(shared_data: Path, people: int, each: int) -> dict[str, list[UInt8Image]]:
    """Return the first pictures of people who have enough of them, in order of their names."""
    folders = sorted((shared_data / "faces" / "lfw").iterdir())
    rich = [folder for folder in folders if len(list(folder.iterdir())) >= each][:people]
    return {
        folder.name: [load(path) for path in sorted(folder.iterdir())[:each]] for folder in rich
    }


def load(path: Path) -> UInt8Image:
    picture = cv2.imread(str(path))
    assert picture is not None, path
    return np.asarray(picture, np.uint8)
