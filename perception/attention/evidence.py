"""What speaks for attention at one moment: eyes, region and target as one row of numbers."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample
from perception.attention.appearance import likeness
from perception.attention.look import Look
from perception.events import EyeMovement, EyeMovementKind, EyeMovementOnset, RegionSeen

SECOND_NS = 1_000_000_000
FEATURES = (
    "fixating",
    "pursuing",
    "rest_log_s",
    "lost_share",
    "speed_log_deg_s",
    "spread_half_second_log_deg",
    "spread_two_seconds_log_deg",
    "rests_in_three_seconds",
    "blinks_in_three_seconds",
    "region_known",
    "region_age_s",
    "distinctness",
    "region_size_share",
    "persistence",
    "likeness_to_last_region",
    "region_speed_log_deg_s",
    "scene_speed_log_deg_s",
    "region_in_scene_log_deg_s",
    "gaze_on_region_log_deg",
    "gaze_in_scene_log_deg",
    "gaze_in_head_log_deg",
    "on_target",
    "target_distance",
    "dwell_log_s",
    "familiar_log_s",
    "likeness_to_target",
    "dwell_share",
)
DWELL = FEATURES.index("dwell_log_s")
REGION = slice(FEATURES.index("region_known"), FEATURES.index("on_target"))

_STEP_NS = 9_000_000
_SPAN_NS = 2 * SECOND_NS
_COUNT_NS = 3 * SECOND_NS
_FRESH_NS = 800_000_000
_STEADY = (EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT)

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Between:
    """What two looks in a row say together."""

    likeness: float
    gaze_px: tuple[float, float]


class Evidence:
    """Gathers what the last seconds say. Scale free: degrees, shares and seconds.

    Args:
        camera: Turns pixels into degrees, as near its axis.
    """

    def __init__(self, camera: SceneCamera) -> None:
        self._px_per_deg = float(camera.matrix[0, 0]) * math.pi / 180
        self._area_px2 = camera.width_px * camera.height_px
        self._gaze: deque[tuple[int, float, float]] = deque()
        self._kind: EyeMovementKind | None = None
        self._onset_ns = 0
        self._onsets: deque[int] = deque()
        self._blinks: deque[int] = deque()
        self._region: RegionSeen | None = None
        self._between: _Between | None = None

    def take(self, item: GazeSample | EyeMovementOnset | EyeMovement | RegionSeen) -> None:
        """Take note of an item."""
        match item:
            case GazeSample():
                self._see(item)
            case EyeMovementOnset():
                if self._kind is None:
                    self._onset_ns = item.t_ns
                    self._onsets.append(item.t_ns)
                self._kind = item.kind
            case EyeMovement():
                self._end(item)
            case RegionSeen():
                self._look(item)

    def at(self, t_ns: int, look: Look | None) -> Floats:
        """Return the row of a time, shape ``(27,)``, in the order of :data:`FEATURES`.

        Args:
            t_ns: Not before the last item.
            look: What the gaze is on.
        """
        while self._gaze and self._gaze[0][0] < t_ns - _SPAN_NS:
            self._gaze.popleft()
        for times in (self._onsets, self._blinks):
            while times and times[0] < t_ns - _COUNT_NS:
                times.popleft()
        row = [*self._eyes(t_ns), *self._scene(t_ns), *self._target(t_ns, look)]
        return np.array(row, np.float32)

    def _see(self, gaze: GazeSample) -> None:
        if self._gaze and gaze.t_ns - self._gaze[-1][0] < _STEP_NS:
            return
        self._gaze.append((gaze.t_ns, gaze.x_px / self._px_per_deg, gaze.y_px / self._px_per_deg))

    def _end(self, movement: EyeMovement) -> None:
        if movement.kind in _STEADY:
            self._kind = None
        elif movement.kind is EyeMovementKind.BLINK:
            self._blinks.append(movement.end_ns)

    def _look(self, seen: RegionSeen) -> None:
        last, self._region = self._region, seen
        if last is None or seen.since_ns <= 0:
            self._between = None
            return
        gaze_px = (seen.x_px - last.x_px, seen.y_px - last.y_px)
        self._between = _Between(likeness(seen.appearance, last.appearance), gaze_px)

    def _eyes(self, t_ns: int) -> list[float]:
        rows = np.array(self._gaze, np.float64).reshape(-1, 3)
        seconds, places = (rows[:, 0] - t_ns) / SECOND_NS, rows[:, 1:]
        rest_s = (t_ns - self._onset_ns) / SECOND_NS if self._kind is not None else 0.0
        late = places[seconds > -0.5]
        return [
            float(self._kind is EyeMovementKind.FIXATION),
            float(self._kind is EyeMovementKind.PURSUIT),
            math.log1p(max(rest_s, 0.0)),
            float(np.isnan(late[:, 0]).mean()) if len(late) else 1.0,
            math.log1p(_speed_deg_s(seconds, places)),
            math.log1p(_spread_deg(late)),
            math.log1p(_spread_deg(places)),
            len(self._onsets) / 6,
            len(self._blinks) / 3,
        ]

    def _scene(self, t_ns: int) -> list[float]:
        seen, between = self._region, self._between
        if seen is None or t_ns - seen.t_ns > _FRESH_NS:
            return [0.0] * (REGION.stop - REGION.start)
        size = math.sqrt(min(seen.box.area_px2 / self._area_px2, 1.0))
        base = [1.0, (t_ns - seen.t_ns) / SECOND_NS, seen.distinctness, size, seen.persistence]
        if between is None:
            return [*base, 1.0, *[0.0] * 6]
        gaze, moved, turned = between.gaze_px, seen.moved_px, seen.turned_px
        span_s = seen.since_ns / SECOND_NS
        return [
            *base,
            between.likeness,
            self._log_deg(moved, (0.0, 0.0), span_s),
            self._log_deg(turned, (0.0, 0.0), span_s),
            self._log_deg(moved, turned, span_s),
            self._log_deg(gaze, moved),
            self._log_deg(gaze, turned),
            self._log_deg(gaze, (0.0, 0.0)),
        ]

    def _target(self, t_ns: int, look: Look | None) -> list[float]:
        if look is None:
            return [0.0] * (len(FEATURES) - REGION.stop)
        x_px, y_px = look.region.center_px
        half_px = math.sqrt(look.region.area_px2) / 2
        distance = math.hypot(look.x_px - x_px, look.y_px - y_px) / max(half_px, 1.0)
        seen = self._region
        is_fresh = seen is not None and t_ns - seen.t_ns <= _FRESH_NS
        alike = 0.0
        if is_fresh and seen is not None and look.appearance is not None:
            alike = likeness(seen.appearance, look.appearance)
        return [
            1.0,
            min(distance, 2.0),
            math.log1p(look.on_ns / SECOND_NS),
            math.log1p(look.familiar_ns / SECOND_NS),
            alike,
            min(look.on_ns / max(t_ns - look.start_ns, 1), 1.0),
        ]

    def _log_deg(
        self, a: tuple[float, float], b: tuple[float, float], over_s: float = 1.0
    ) -> float:
        return math.log1p(math.hypot(a[0] - b[0], a[1] - b[1]) / self._px_per_deg / over_s)


def _speed_deg_s(seconds: Rows, places: Rows) -> float:
    """Net speed of the last tenth of a second."""
    lately = (seconds > -0.1) & ~np.isnan(places[:, 0])
    if lately.sum() < 2:
        return 0.0
    times, path = seconds[lately], places[lately]
    middle = len(path) // 2
    span_s = times[middle:].mean() - times[:middle].mean()
    step = path[middle:].mean(axis=0) - path[:middle].mean(axis=0)
    return float(np.hypot(*step) / span_s)


def _spread_deg(places: Rows) -> float:
    known = places[~np.isnan(places[:, 0])]
    return float(np.hypot(*known.std(axis=0))) if len(known) > 1 else 0.0
