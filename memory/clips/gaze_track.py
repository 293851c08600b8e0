"""Gaze tracks: where the wearer looked while a clip runs, as CSV beside the clip.

One row per gaze sample, in time order. ``t_ns`` is Unix nanoseconds, ``clip_s`` seconds from the
clip's beginning. ``x_px`` and ``y_px`` are pixels of the scene camera's picture, which is
``scene_width_px`` by ``scene_height_px`` large and mostly larger than the clip's; they are empty
while the eyes are lost. ``movement`` is empty where the eye movement is not known.
"""

from __future__ import annotations

import csv
import io
import math
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import GazeSample
from memory.clips.media import no_space, write_file
from memory.clips.pre_roll import GazeItem
from memory.records import MemoryStoreError
from perception.events import EyeMovement, EyeMovementKind, EyeMovementOnset

COLUMNS = (
    "t_ns",
    "clip_s",
    "x_px",
    "y_px",
    "confidence",
    "movement",
    "scene_width_px",
    "scene_height_px",
)
SUFFIX = ".gaze.csv"
JOURNAL_SUFFIX = ".journal"

_NS_PER_S = 1_000_000_000

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GazeTrack:
    """The gaze of one clip; ``n`` samples in time order.

    Attributes:
        clip_s: Seconds from the clip's beginning, float64, shape ``(n,)``.
        gaze_in_scene_px: float64, shape ``(n, 2)``; NaN while the eyes are lost.
        confidence: float64, shape ``(n,)``.
        movement: Eye movement of each sample, None where it is not known.
        scene_size_px: Width and height of the scene picture, int64, shape ``(n, 2)``.
    """

    clip_s: npt.NDArray[np.float64]
    gaze_in_scene_px: npt.NDArray[np.float64]
    confidence: npt.NDArray[np.float64]
    movement: tuple[EyeMovementKind | None, ...]
    scene_size_px: npt.NDArray[np.int64]


def track_beside(clip: Path) -> Path:
    """Return where the gaze track of a clip lies."""
    return clip.with_suffix(SUFFIX)


def read_track(path: Path) -> GazeTrack:
    """Read a gaze track.

    Raises:
        MemoryStoreError: The file is no gaze track.
        OSError: It cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        try:
            return _track(table)
        except (TypeError, ValueError) as error:
            raise MemoryStoreError(
                "damaged-gaze-track", f"{path} is no gaze track: {error}"
            ) from error


class GazeTrackWriter:
    """One gaze track, written down as it happens. Times count from ``start_ns``.

    Which eye movement a sample belongs to is known only later. Until the track is finished a
    journal lies beside its place; a killed process leaves it for :func:`finish_track`.

    Args:
        path: Where the finished track goes.
        start_ns: Time zero of the clip.

    Raises:
        MemoryStoreError: The disk is full; nothing is left behind.
    """

    def __init__(self, path: Path, start_ns: int) -> None:
        self._path = path
        self._journal = journal_of(path)
        self._last_ns = start_ns - 1
        self._scene_size_px: tuple[int, int] | None = None
        with no_space(self._journal):
            path.parent.mkdir(parents=True, exist_ok=True)
            # A line at a time: a killed process loses no sample.
            self._file = self._journal.open("w", buffering=1, encoding="utf-8")
        self._note("clip", start_ns)

    def set_scene_size(self, size_px: tuple[int, int]) -> None:
        """Tell the width and height of the scene pictures from now on."""
        if size_px != self._scene_size_px:
            self._scene_size_px = size_px
            self._note("scene", *size_px)

    def add(self, item: GazeItem) -> None:
        """Append a sample, or what the eyes did or have begun to do.

        A sample that is not later than the last is left out.
        """
        match item:
            case EyeMovement():
                self._note("movement", item.start_ns, item.end_ns, item.kind.value)
            case EyeMovementOnset():
                self._note("onset", item.t_ns, item.kind.value)
            case GazeSample() if item.t_ns > self._last_ns:
                self._last_ns = item.t_ns
                self._note("gaze", item.t_ns, item.x_px, item.y_px, item.confidence)

    def finish(self, end_ns: int | None = None) -> Path | None:
        """Put the track in its place; return it, or None without a sample or a scene.

        Args:
            end_ns: Samples at this time or later are left out.

        Raises:
            MemoryStoreError: The disk is full; nothing is left behind.
        """
        try:
            with no_space(self._journal):
                self._file.close()
            return finish_track(self._path, end_ns)
        finally:
            self.abort()

    def abort(self) -> None:
        """Give the track up and remove what was written."""
        with suppress(OSError):
            self._file.close()
        self._journal.unlink(missing_ok=True)

    def _note(self, *values: object) -> None:
        try:
            with no_space(self._journal):
                self._file.write(",".join(map(str, values)) + "\n")
        except MemoryStoreError:
            self.abort()
            raise


def finish_track(path: Path, end_ns: int | None = None) -> Path | None:
    """Turn the journal of a track into the track; None without a sample or a scene.

    Args:
        path: Where the track goes.
        end_ns: Samples at this time or later are left out.

    Raises:
        MemoryStoreError: The disk is full.
    """
    journal = journal_of(path)
    if not journal.is_file():
        return None
    rows = list(_read_journal(journal).rows(end_ns))
    if rows:
        table = io.StringIO()
        csv.writer(table, lineterminator="\n").writerows([COLUMNS, *rows])
        write_file(path, table.getvalue().encode())
    journal.unlink()
    return path if rows else None


@dataclass(slots=True)
class _Journal:
    """What a journal tells.

    Attributes:
        samples: Each with the size of the scene picture.
        movements: Start, end and kind.
        begun: Since when the eyes have rested or followed, and which of the two.
    """

    start_ns: int = 0
    scene_size_px: tuple[int, int] | None = None
    samples: list[tuple[GazeSample, tuple[int, int] | None]] = field(default_factory=list)
    movements: list[tuple[int, int, EyeMovementKind]] = field(default_factory=list)
    begun: tuple[int, EyeMovementKind] | None = None

    def take(self, kind: str, *values: str) -> None:
        """Take in a line.

        Raises:
            ValueError: It is not one of ours.
        """
        match kind, values:
            case "clip", (start,):
                self.start_ns = int(start)
            case "scene", (width, height):
                self.scene_size_px = int(width), int(height)
            case "gaze", (t, x, y, confidence):
                sample = GazeSample(int(t), float(x), float(y), float(confidence))
                self.samples.append((sample, self.scene_size_px))
            case "movement", (start, end, name):
                self._take_movement(int(start), int(end), EyeMovementKind(name))
            case "onset", (t, name):
                self.begun = int(t), EyeMovementKind(name)
            case _:
                raise ValueError(f"a journal has no line {kind!r} with {len(values)} values")

    def rows(self, end_ns: int | None) -> Iterator[Row]:
        """Yield the rows before the end; what came before the first picture has its size."""
        self.movements.sort()
        first = next((size for _, size in self.samples if size), self.scene_size_px)
        for gaze, size in self.samples:
            scene = size or first
            if scene and (end_ns is None or gaze.t_ns < end_ns):
                yield self._row(gaze, scene)

    def _take_movement(self, start_ns: int, end_ns: int, kind: EyeMovementKind) -> None:
        self.movements.append((start_ns, end_ns, kind))
        if self.begun is not None and start_ns <= self.begun[0] <= end_ns:
            self.begun = None

    def _row(self, gaze: GazeSample, scene_size_px: tuple[int, int]) -> Row:
        kind = self._movement_at(gaze.t_ns)
        return (
            str(gaze.t_ns),
            f"{(gaze.t_ns - self.start_ns) / _NS_PER_S:.6f}",
            _pixels(gaze.x_px),
            _pixels(gaze.y_px),
            f"{gaze.confidence:.3f}",
            kind.value if kind else "",
            *map(str, scene_size_px),
        )

    def _movement_at(self, t_ns: int) -> EyeMovementKind | None:
        at = bisect_right(self.movements, t_ns, key=lambda movement: movement[0]) - 1
        if at >= 0 and t_ns < self.movements[at][1]:
            return self.movements[at][2]
        return self.begun[1] if self.begun is not None and t_ns >= self.begun[0] else None


def journal_of(path: Path) -> Path:
    """Return where a track is noted down until it is finished."""
    return path.with_name(path.name + JOURNAL_SUFFIX)


def _read_journal(path: Path) -> _Journal:
    """Read a journal up to where it breaks off."""
    journal = _Journal()
    with suppress(ValueError), path.open(encoding="utf-8") as file:
        for line in file:
            if not line.endswith("\n"):
                break
            kind, *values = line[:-1].split(",")
            journal.take(kind, *values)
    return journal


def _pixels(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else ""


def _track(table: csv.DictReader[str]) -> GazeTrack:
    missing = set(COLUMNS).difference(table.fieldnames or ())
    if missing:
        raise ValueError(f"it lacks {', '.join(sorted(missing))}")
    rows = list(table)

    def numbers(*names: str) -> npt.NDArray[np.float64]:
        return np.array([[float(row[n] or "nan") for n in names] for row in rows]).reshape(
            -1, len(names)
        )

    return GazeTrack(
        clip_s=numbers("clip_s")[:, 0],
        gaze_in_scene_px=numbers("x_px", "y_px"),
        confidence=numbers("confidence")[:, 0],
        movement=tuple(
            EyeMovementKind(row["movement"]) if row["movement"] else None for row in rows
        ),
        scene_size_px=numbers("scene_width_px", "scene_height_px").astype(np.int64),
    )
