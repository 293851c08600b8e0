"""Where the development data lies."""

from __future__ import annotations

import os
from pathlib import Path

from assets.errors import AttuneError

BESIDE = Path(__file__).parents[3] / "shared" / "data"


class DataError(AttuneError):
    """Development data is absent or cannot be read."""


def root() -> Path:
    """Return the folder named by ``ATTUNE_DATA``, else ``shared/data`` beside the repository.

    Raises:
        DataError: ``no-data``, naming what to set.
    """
    folder = Path(os.environ.get("ATTUNE_DATA", BESIDE))
    if not folder.is_dir():
        raise DataError(
            "no-data", f"{folder} is absent; set ATTUNE_DATA to the folder of the development data"
        )
    return folder


def part(*names: str) -> Path:
    """Return one part of the development data, such as ``part("video", "davis")``.

    Raises:
        DataError: ``no-data``.
    """
    folder = root().joinpath(*names)
    if not folder.exists():
        raise DataError("no-data", f"{folder} is absent; this evaluation needs it")
    return folder
