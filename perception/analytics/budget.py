"""What to compute: which scene frames get which heavy analysis."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import cv2

from firmware_bridge.packets import GazeSample, SceneFrame
from perception.events import (
    Attending,
    EyeMovement,
    EyeMovementKind,
    EyeMovementOnset,
    FramePlan,
    TextSeen,
    Work,
)

MS_NS = 1_000_000
NAN = float("nan")
STEADY = (EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT)
Item = SceneFrame | GazeSample | EyeMovementOnset | EyeMovement | Attending | TextSeen


@dataclass(frozen=True, slots=True)
class BudgetSettings:
    """How often each analysis may run, by what the eyes do."""

    region_ns: int = 190 * MS_NS
    """Between two looks at the region under resting gaze, in nanoseconds."""
    attending: float = 0.25
    """Probability of attention from which a frame is worth a heavy analysis, in [0, 1]."""
    attended_ns: int = 700 * MS_NS
    """How long after attention a frame still is, in nanoseconds."""
    objects_ns: int = 500 * MS_NS
    """Between two searches for objects while attention holds, in nanoseconds."""
    objects_new_ns: int = 200 * MS_NS
    """The same, where gaze has come to rest at another place, in nanoseconds."""
    faces_held_ns: int = 200 * MS_NS
    """Between two searches for faces while attention holds, in nanoseconds."""
    faces_idle_ns: int = 1_000 * MS_NS
    """Between two searches for faces otherwise, in nanoseconds."""
    text_ns: int = 1_000 * MS_NS
    """Between two readings, in nanoseconds."""
    text_found_ns: int = 500 * MS_NS
    """The same, after writing was found: several readings make up for a misread one."""
    text_memory_ns: int = 5_000 * MS_NS
    """How long after a find there is taken to be more to read, in nanoseconds."""
    text_dwell_ns: int = 600 * MS_NS
    """Stay of gaze in one region from which there may be something to read, in nanoseconds."""
    sharp_ns: int = 500 * MS_NS
    """Span of which a sharp frame is chosen for reading, in nanoseconds."""
    sharp_share: float = 0.9
    """A frame is read when it is this sharp beside the sharpest of that span, in [0, 1]."""
    gaze_ns: int = 100 * MS_NS
    """Age from which a gaze sample says nothing about a frame, in nanoseconds."""
    place_share: float = 0.06
    """Move of gaze that makes another place, as a share of the frame's width."""
    region_share: float = 0.25
    """Side of the region that is read in, as a share of the frame's width."""


@dataclass(frozen=True, slots=True)
class _Point:
    t_ns: int
    x_px: float
    y_px: float

    def is_near(self, other: _Point, reach_px: float) -> bool:
        """Tell whether another point lies within a square around this one."""
        return max(abs(self.x_px - other.x_px), abs(self.y_px - other.y_px)) <= reach_px


class Budget:
    """Stage: one plan per scene frame, decided by stream time and eye movements alone.

    MemX's cascade (arXiv 2105.00916): the eyes are always followed; the region under the gaze is
    looked at once gaze rests; objects are sought while attention holds, and writing where gaze
    stays for longer, in the sharpest frame at hand. Faces are looked for all the time, but seldom,
    since people matter before they are looked at.

    Args:
        settings: How often what may run.
    """

    def __init__(self, settings: BudgetSettings | None = None) -> None:
        self.settings = settings or BudgetSettings()
        self.reset()

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        self._frame_ns = -1
        self._found_ns = -self.settings.text_memory_ns
        self._gaze: _Point | None = None
        self._eyes_ns = -1
        self._is_resting = False
        self._attended_ns: int | None = None
        self._dwell: _Point | None = None
        self._rested_ns = 0
        self._looked: _Point | None = None
        self._last_ns: dict[Work, int] = {}
        self._sharpness: deque[tuple[int, float]] = deque()

    def update(self, item: Item) -> Iterator[FramePlan]:
        """Yield the plan of a scene frame; take note of everything else."""
        match item:
            case GazeSample():
                if item.is_valid and (self._gaze is None or item.t_ns > self._gaze.t_ns):
                    self._gaze = _Point(item.t_ns, item.x_px, item.y_px)
            case EyeMovementOnset():
                self._move_eyes(item.t_ns, is_resting=True)
            case EyeMovement() if item.kind in STEADY:
                self._move_eyes(item.end_ns, is_resting=False)
            case Attending() if item.probability >= self.settings.attending:
                self._attended_ns = max(self._attended_ns or item.t_ns, item.t_ns)
            case TextSeen():
                self._found_ns = max(self._found_ns, item.t_ns)
            case SceneFrame():
                if item.t_ns > self._frame_ns:
                    self._frame_ns = item.t_ns
                    yield self._plan(item)

    def flush(self) -> Iterator[FramePlan]:
        """Yield nothing: each frame has its plan."""
        yield from ()

    def _move_eyes(self, t_ns: int, *, is_resting: bool) -> None:
        if t_ns >= self._eyes_ns:
            self._eyes_ns, self._is_resting = t_ns, is_resting

    def _plan(self, frame: SceneFrame) -> FramePlan:
        gaze = self._gaze_at(frame.t_ns)
        work = set(self._due(frame, gaze))
        for kind in work:
            self._last_ns[kind] = frame.t_ns
        if Work.OBJECTS in work:
            self._looked = gaze
        x_px, y_px = (gaze.x_px, gaze.y_px) if gaze else (NAN, NAN)
        return FramePlan(frame.t_ns, frozenset(work), x_px, y_px)

    def _gaze_at(self, t_ns: int) -> _Point | None:
        is_known = self._gaze is not None and abs(t_ns - self._gaze.t_ns) <= self.settings.gaze_ns
        return self._gaze if is_known else None

    def _due(self, frame: SceneFrame, gaze: _Point | None) -> Iterator[Work]:
        resting_at = gaze if self._is_resting else None
        is_attended = self._is_attended(frame.t_ns)
        is_held = resting_at is not None and is_attended
        # A target can be too fast for eyes that rest on it, but not for those that know it.
        is_worth_it = gaze is not None and (self._is_resting or is_attended)
        if is_worth_it and self._waited(Work.REGION, frame.t_ns, self.settings.region_ns):
            yield Work.REGION
        every_ns = self.settings.faces_held_ns if is_held else self.settings.faces_idle_ns
        if self._waited(Work.FACES, frame.t_ns, every_ns):
            yield Work.FACES
        if resting_at is not None:
            if is_held and self._is_worth_a_look(frame, resting_at):
                yield Work.OBJECTS
            if self._is_readable(frame, resting_at):
                yield Work.TEXT

    def _is_attended(self, t_ns: int) -> bool:
        is_known = self._attended_ns is not None
        return is_known and t_ns - (self._attended_ns or 0) <= self.settings.attended_ns

    def _is_worth_a_look(self, frame: SceneFrame, gaze: _Point) -> bool:
        reach_px = self.settings.place_share * frame.width_px
        is_same = self._looked is not None and self._looked.is_near(gaze, reach_px)
        every_ns = self.settings.objects_ns if is_same else self.settings.objects_new_ns
        return self._waited(Work.OBJECTS, frame.t_ns, every_ns)

    def _is_readable(self, frame: SceneFrame, gaze: _Point) -> bool:
        """Tell whether gaze has stayed for long, and no frame of late was much sharper."""
        settings = self.settings
        half_px = settings.region_share * frame.width_px / 2
        stayed_ns = frame.t_ns - self._dwell_at(gaze, frame.t_ns, half_px).t_ns
        has_found = frame.t_ns - self._found_ns < settings.text_memory_ns
        every_ns = settings.text_found_ns if has_found else settings.text_ns
        soon_ns = every_ns - settings.sharp_ns
        if not self._waited(Work.TEXT, frame.t_ns, soon_ns):
            return False
        sharpness = self._sharpness_at(frame, gaze, round(half_px))
        sharpest = max(value for _, value in self._sharpness)
        has_waited = self._waited(Work.TEXT, frame.t_ns, every_ns)
        is_sharp = 0.0 < sharpness >= settings.sharp_share * sharpest
        return has_waited and is_sharp and stayed_ns >= settings.text_dwell_ns

    def _dwell_at(self, gaze: _Point, t_ns: int, half_px: float) -> _Point:
        """Return where and since when gaze has stayed in one region."""
        was_away = t_ns - self._rested_ns > self.settings.text_dwell_ns
        if self._dwell is None or was_away or not self._dwell.is_near(gaze, half_px):
            self._dwell = _Point(t_ns, gaze.x_px, gaze.y_px)
            self._sharpness.clear()
        self._rested_ns = t_ns
        return self._dwell

    def _waited(self, kind: Work, t_ns: int, every_ns: int) -> bool:
        return kind not in self._last_ns or t_ns - self._last_ns[kind] >= every_ns

    def _sharpness_at(self, frame: SceneFrame, gaze: _Point, half_px: int) -> float:
        """Variance of the Laplacian around gaze; 0 where gaze lies outside the picture."""
        left, top = round(gaze.x_px) - half_px, round(gaze.y_px) - half_px
        rows = slice(max(0, top), max(0, top + 2 * half_px))
        columns = slice(max(0, left), max(0, left + 2 * half_px))
        crop = frame.image[rows, columns]
        sharpness = 0.0
        if crop.size:
            gray = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
            sharpness = float(cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_16S))[1].item() ** 2)
        self._sharpness.append((frame.t_ns, sharpness))
        while frame.t_ns - self._sharpness[0][0] > self.settings.sharp_ns:
            self._sharpness.popleft()
        return sharpness
