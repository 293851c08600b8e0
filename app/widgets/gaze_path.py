"""What a gaze track shows at each time of a clip; plain values, drawn by the player."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from memory.clips.gaze_track import GazeTrack, read_track
from memory.records import MemoryStoreError
from perception.events import EyeMovementKind

TRAIL_S = 1.5
FULL_REST_S = 1.2

# Gaze is noisy within a fixation: its median over this long is what is drawn.
_STEP_S = 0.04
# The classifiers take samples below this for lost, too.
_LEAST_CONFIDENCE = 0.5
# Shorter losses of the eyes are bridged, as are the pauses of a slow eye tracker.
_LEAST_GAP_S = 0.1
_GAP_PERIODS = 2.5
_STEADY = (EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A piece of the trail.

    Attributes:
        points: From old to new, in shares of the picture's width and height from its top-left.
        age: Of its newer end, from 0 for now to 1 for about to vanish.
    """

    points: tuple[Point, Point]
    age: float


@dataclass(frozen=True, slots=True)
class GazeMark:
    """What to draw at one time.

    Attributes:
        point: Gaze, in shares of the picture's width and height from its top-left.
        rest: How long the eyes have rested on or followed something, from 0 to 1.
        trail: Where gaze came from, old to new.
    """

    point: Point
    rest: float
    trail: tuple[Stroke, ...]


class GazePath:
    """The path of the gaze through one clip."""

    def __init__(self, track: GazeTrack) -> None:
        share = track.gaze_in_scene_px / track.scene_size_px
        is_seen = np.isfinite(share).all(axis=1) & (track.confidence >= _LEAST_CONFIDENCE)
        seen_s = track.clip_s[is_seen]
        self._times_s, self._points = _medians(seen_s, share[is_seen])
        self._clip_s = track.clip_s
        self._rest_from_s = _rest_from(track)
        period_s = float(np.median(np.diff(seen_s))) if len(seen_s) > 1 else 0.0
        self._gap_s = max(_LEAST_GAP_S, _GAP_PERIODS * period_s)

    def at(self, clip_s: float) -> GazeMark | None:
        """Return what to draw at a time, or None while the eyes are lost."""
        end = int(np.searchsorted(self._times_s, clip_s + _STEP_S / 2, side="right"))
        if end == 0 or clip_s - self._times_s[end - 1] > self._gap_s:
            return None
        start = int(np.searchsorted(self._times_s, clip_s - TRAIL_S, side="right"))
        strokes = (self._stroke(i, clip_s) for i in range(start, end - 1))
        trail = tuple(stroke for stroke in strokes if stroke is not None)
        return GazeMark(self._point(end - 1), self._rest(clip_s), trail)

    def _stroke(self, i: int, clip_s: float) -> Stroke | None:
        """Return the line from one point to the next, or None across a loss of the eyes."""
        if self._times_s[i + 1] - self._times_s[i] > self._gap_s:
            return None
        age = max(0.0, clip_s - float(self._times_s[i + 1])) / TRAIL_S
        return Stroke((self._point(i), self._point(i + 1)), age)

    def _point(self, i: int) -> Point:
        return float(self._points[i, 0]), float(self._points[i, 1])

    def _rest(self, clip_s: float) -> float:
        i = int(np.searchsorted(self._clip_s, clip_s, side="right")) - 1
        since_s = float(self._rest_from_s[max(i, 0)])
        return 0.0 if math.isnan(since_s) else min(1.0, max(0.0, clip_s - since_s) / FULL_REST_S)


def outside(start: Point, end: Point, center: Point, radius: float) -> tuple[Point, Point] | None:
    """Return the part of a line that comes before a circle; None where it begins in there."""
    away = (start[0] - center[0], start[1] - center[1])
    along = (end[0] - start[0], end[1] - start[1])
    a = along[0] ** 2 + along[1] ** 2
    b = away[0] * along[0] + away[1] * along[1]
    c = away[0] ** 2 + away[1] ** 2 - radius**2
    if c <= 0:
        return None
    inside = b * b - a * c
    if a == 0 or b >= 0 or inside <= 0:
        return start, end
    share = min(1.0, (-b - math.sqrt(inside)) / a)
    return start, (start[0] + share * along[0], start[1] + share * along[1])


def gaze_path(track: Path | None) -> GazePath | None:
    """Return the path in a file, or None where it is missing or unreadable."""
    if track is None:
        return None
    try:
        return GazePath(read_track(track))
    except (MemoryStoreError, OSError):
        return None


def _medians(
    times_s: npt.NDArray[np.float64], points: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return mean time and median point of each step that holds a sample."""
    steps = np.floor(times_s / _STEP_S)
    bounds = np.flatnonzero(np.diff(steps)) + 1
    parts = [part for part in np.split(np.arange(len(steps)), bounds) if len(part)]
    middles = np.array([times_s[part].mean() for part in parts])
    medians = np.array([np.median(points[part], axis=0) for part in parts])
    return middles, medians.reshape(-1, 2)


def _rest_from(track: GazeTrack) -> npt.NDArray[np.float64]:
    """Return since when the eyes have been steady at each sample; NaN while they are not."""
    since_s = np.full(len(track.clip_s), np.nan)
    for i, kind in enumerate(track.movement):
        if kind in _STEADY:
            goes_on = i > 0 and track.movement[i - 1] is kind
            since_s[i] = since_s[i - 1] if goes_on else track.clip_s[i]
    return since_s
