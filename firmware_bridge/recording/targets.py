"""What the wearer was shown during a calibration: ``targets.csv``."""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.device import DeviceError

TARGETS = "targets.csv"
COLUMNS = ("t_ns", "x_px", "y_px")


@dataclass(frozen=True, slots=True)
class Target:
    """A place that the wearer was asked to look at.

    Attributes:
        start_ns: When it was shown.
        end_ns: When the next one was shown, or nothing any more.
        x_px: Column in the scene picture.
        y_px: Row in the scene picture.
    """

    start_ns: int
    end_ns: int
    x_px: float
    y_px: float


def read_targets(path: Path) -> list[Target]:
    """Read the targets in order of time.

    Each row says what is shown from its time on; an empty place ends the one before. The last
    row's place is never ended by another and therefore left out.

    Raises:
        DeviceError: The file is missing, or a row is no target; the message names it.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            _require_columns(path, reader.fieldnames or ())
            rows = [_row(path, line, row) for line, row in enumerate(reader, 2)]
    except FileNotFoundError as error:
        raise DeviceError(
            "no-targets", f"{path} is missing; it names what was shown when (docs/recordings.md)"
        ) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DeviceError("damaged-targets", f"{path} cannot be read: {error}") from error
    rows.sort()
    return [
        Target(start_ns, end_ns, x_px, y_px)
        for (start_ns, x_px, y_px), (end_ns, _, _) in itertools.pairwise(rows)
        if math.isfinite(x_px) and math.isfinite(y_px)
    ]


def _require_columns(path: Path, header: Sequence[str]) -> None:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise DeviceError(
            "missing-column",
            f"{path} needs the columns {', '.join(COLUMNS)}, but lacks {', '.join(missing)}",
        )


def _row(path: Path, line: int, row: dict[str, str]) -> tuple[int, float, float]:
    try:
        return int(row["t_ns"]), float(row["x_px"] or math.nan), float(row["y_px"] or math.nan)
    except (TypeError, ValueError) as error:
        raise DeviceError(
            "damaged-targets", f"{path}, line {line} is no target: {error}; mend it"
        ) from error
