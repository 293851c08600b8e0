"""Eye movements and what lies under them in, attention episodes and snippet bounds out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample
from perception.attention.look import Look, Seen, around, moved
from perception.attention.snippets import Snippets, SnippetSettings
from perception.events import (
    AttentionEpisode,
    Box,
    EyeMovement,
    EyeMovementKind,
    EyeMovementOnset,
    FaceSeen,
    ObjectSeen,
    SnippetClosed,
    SnippetOpened,
)

MS_NS = 1_000_000
STEADY = (EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT)
Item = GazeSample | EyeMovementOnset | EyeMovement | Seen
Out = AttentionEpisode | SnippetOpened | SnippetClosed


@dataclass(frozen=True, slots=True)
class AttentionSettings:
    """When looking becomes attending."""

    hold_ns: int = 600 * MS_NS
    """Gaze on one thing that makes it attended to, in nanoseconds."""
    away_ns: int = 700 * MS_NS
    """Gaze elsewhere, or eyes closed, that ends an episode, in nanoseconds."""
    full_ns: int = 3_000 * MS_NS
    """Gaze on one thing from which confidence is highest, in nanoseconds."""
    onset_ns: int = 100 * MS_NS
    """How long the eyes have rested when an onset is told, in nanoseconds."""
    region_share: float = 0.25
    """Side of the region around gaze where nothing is recognised, as a share of the width."""
    margin_share: float = 0.03
    """How far outside a recognised thing gaze still counts, as a share of the width."""
    largest_share: float = 0.12
    """Boxes above this share of the picture do not tell where the gaze is."""
    believed_ns: int = 700 * MS_NS
    """How long a box is preferred to a larger one around it, in nanoseconds."""
    late_ns: int = 2_000 * MS_NS
    """Items that are later than this are ignored, in nanoseconds."""
    snippets: SnippetSettings = field(default_factory=SnippetSettings)
    """What is kept around attention."""


@dataclass(frozen=True, slots=True)
class _Step:
    """How far the steady eyes have carried what they look at, summed up to a time."""

    t_ns: int
    x_px: float
    y_px: float


class Attention:
    """Dwell on the same thing becomes attention, attention becomes a snippet.

    MemX's cascade (arXiv 2105.00916) with thresholds in place of its network: the onset of a
    fixation or pursuit makes a candidate, gaze that stays on the same thing confirms it, gaze
    elsewhere for longer than a look-away, or on another thing for long enough, ends it. The thing
    is the smallest recognised box under the gaze, else a region around it. It moves with the eyes
    while they are steady, since a pursued target and a turning head both move gaze through the
    picture. Boxes may come later than the gaze that found them.

    Args:
        camera: Gives the size of the scene picture.
        settings: Durations and sizes.
    """

    def __init__(self, camera: SceneCamera, settings: AttentionSettings | None = None) -> None:
        self._settings = settings or AttentionSettings()
        self._width_px = camera.width_px
        self._area_px2 = camera.width_px * camera.height_px
        self.reset()

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        self._now_ns: int | None = None
        self._gaze: GazeSample | None = None
        self._is_steady = False
        self._held: Look | None = None
        self._candidate: Look | None = None
        self._former: Look | None = None
        self._strange: Seen | None = None
        self._path: deque[_Step] = deque()
        self._snippets = Snippets(self._settings.snippets, from_ns=0)

    def update(self, item: Item) -> Iterator[Out]:
        """Yield what an item makes certain."""
        t_ns = item.end_ns if isinstance(item, EyeMovement) else item.t_ns
        if self._now_ns is not None and t_ns < self._now_ns - self._settings.late_ns:
            return
        match item:
            case GazeSample() if self._now_ns is None or t_ns > self._now_ns:
                yield from self._look(item)
            case EyeMovementOnset():
                self._is_steady = True
                self._consider(item)
            case EyeMovement() if item.kind in STEADY:
                self._end_steady(item)
            case ObjectSeen() | FaceSeen() if item.is_attended:
                yield from self._recognise(item)

    def flush(self) -> Iterator[Out]:
        """Yield the episode and the snippet that are still open."""
        yield from self._leave()
        self._candidate = None
        if self._now_ns is not None:
            yield from self._snippets.cut(self._now_ns)

    def _look(self, gaze: GazeSample) -> Iterator[Out]:
        if self._now_ns is None:
            self._snippets = Snippets(self._settings.snippets, from_ns=gaze.t_ns)
        step_ns = gaze.t_ns - (self._now_ns or gaze.t_ns)
        self._now_ns = gaze.t_ns
        if self._held is not None and self._is_left(self._held):
            yield from self._leave()
        if self._candidate is not None and self._is_left(self._candidate):
            self._candidate = None
        if gaze.is_valid:
            self._follow(gaze)
            self._dwell(gaze, step_ns)
            self._gaze = gaze
            yield from self._confirm()
        if self._snippets.is_full(gaze.t_ns):
            yield from self._cut()
        if self._held is None:
            candidate_ns = self._candidate.start_ns if self._candidate else gaze.t_ns
            yield from self._snippets.rest(min(gaze.t_ns, candidate_ns))

    def _dwell(self, gaze: GazeSample, step_ns: int) -> None:
        """Count gaze for the thing that it is on; back on the held one, the candidate goes."""
        if self._held is not None and self._is_on(self._held, gaze):
            self._candidate = None
            look = self._held
        elif self._candidate is not None and self._is_on(self._candidate, gaze):
            look = self._candidate
        else:
            return
        look.on_ns += step_ns
        look.last_ns, look.x_px, look.y_px = gaze.t_ns, gaze.x_px, gaze.y_px

    def _confirm(self) -> Iterator[Out]:
        look = self._candidate
        if look is None or self._now_ns is None or look.on_ns < self._settings.hold_ns:
            return
        yield from self._leave()
        self._held, self._candidate = look, None
        is_same = self._former is not None and look.is_same_thing(self._former)
        yield from self._snippets.attend(self._now_ns, look.start_ns, is_same)
        look.start_ns = max(look.start_ns, self._snippets.start_ns)

    def _leave(self) -> Iterator[Out]:
        look, self._held, self._strange = self._held, None, None
        if look is not None:
            self._former = look
            episode = look.episode(self._settings.full_ns)
            self._snippets.add(episode)
            yield episode

    def _cut(self) -> Iterator[Out]:
        """Close a snippet that has become too long; attention to the same thing goes on."""
        look = self._held
        yield from self._leave()
        if self._now_ns is not None:
            yield from self._snippets.cut(self._now_ns)
            if look is not None:
                self._candidate = self._successor(look, self._now_ns)

    def _successor(self, look: Look, t_ns: int) -> Look:
        """A new look from ``t_ns`` on, where the old one is."""
        return Look(t_ns, t_ns, look.x_px, look.y_px, look.region)

    def _consider(self, onset: EyeMovementOnset) -> None:
        """Make a candidate of what the eyes have come to rest on, unless it is known."""
        here = GazeSample(onset.t_ns, onset.x_px, onset.y_px)
        known = (look for look in (self._held, self._candidate) if look is not None)
        if any(self._is_on(look, here) for look in known):
            return
        start_ns = onset.t_ns - self._settings.onset_ns
        side_px = self._settings.region_share * self._width_px
        region = around(onset.x_px, onset.y_px, side_px, side_px)
        look = Look(start_ns, onset.t_ns, onset.x_px, onset.y_px, region)
        look.on_ns = self._settings.onset_ns
        self._candidate = look

    def _recognise(self, seen: Seen) -> Iterator[Out]:
        """Give a box to the look of its time; another thing for long enough ends the look."""
        look = self._look_at(seen.t_ns)
        if look is None:
            return
        if not look.is_other_thing(seen):
            if look is self._held and look.confirms(seen):
                self._strange = None
            self._adopt(look, seen)
        elif look is self._held and self._strange is None:
            self._strange = seen
        elif (
            look is self._held
            and self._strange
            and seen.t_ns - self._strange.t_ns >= self._settings.hold_ns
        ):
            yield from self._change(look, self._strange, seen)

    def _change(self, look: Look, first: Seen, second: Seen) -> Iterator[Out]:
        """The gaze has stayed, but what lies there is another thing since ``first``."""
        successor = self._successor(look, first.t_ns)
        successor.last_ns = max(look.last_ns, first.t_ns)
        successor.on_ns = successor.last_ns - first.t_ns
        look.last_ns = max(look.start_ns, min(look.last_ns, first.t_ns))
        yield from self._leave()
        self._candidate = successor
        self._adopt(successor, first)
        self._adopt(successor, second)
        yield from self._confirm()

    def _look_at(self, t_ns: int) -> Look | None:
        """The look that gaze was part of at a time; boxes tell of the recent past."""
        looks = (look for look in (self._candidate, self._held) if look is not None)
        return next((look for look in looks if look.start_ns <= t_ns <= look.last_ns), None)

    def _adopt(self, look: Look, seen: Seen) -> None:
        last = look.sightings[-1] if look.sightings else None
        is_fresh = last is not None and seen.t_ns - last.t_ns < self._settings.believed_ns
        look.see(seen)
        is_wider = last is not None and seen.box.area_px2 > 1.5 * last.box.area_px2
        if seen.box.area_px2 <= self._settings.largest_share * self._area_px2 and not (
            is_fresh and is_wider
        ):
            look.region = self._brought_forward(seen.box, seen.t_ns)

    def _is_on(self, look: Look, gaze: GazeSample) -> bool:
        margin_px = self._settings.margin_share * self._width_px
        return look.region.contains(gaze.x_px, gaze.y_px, margin_px)

    def _is_left(self, look: Look) -> bool:
        return self._now_ns is not None and self._now_ns - look.last_ns > self._settings.away_ns

    def _follow(self, gaze: GazeSample) -> None:
        """Carry the regions along with steady eyes."""
        last = self._path[-1] if self._path else _Step(gaze.t_ns, 0.0, 0.0)
        x_px = y_px = 0.0
        if self._is_steady and self._gaze is not None:
            x_px, y_px = gaze.x_px - self._gaze.x_px, gaze.y_px - self._gaze.y_px
            self._carry(x_px, y_px)
        self._path.append(_Step(gaze.t_ns, last.x_px + x_px, last.y_px + y_px))
        while self._path[0].t_ns < gaze.t_ns - self._settings.late_ns:
            self._path.popleft()

    def _end_steady(self, movement: EyeMovement) -> None:
        """Take back what was carried since the eyes left, before that was known."""
        self._is_steady = False
        for look in (self._held, self._candidate):
            if look is not None:
                look.rest(movement)
        x_px, y_px = self._carried_since(movement.end_ns)
        self._carry(-x_px, -y_px)
        if self._path:
            last = self._path[-1]
            self._path[-1] = _Step(last.t_ns, last.x_px - x_px, last.y_px - y_px)

    def _carry(self, x_px: float, y_px: float) -> None:
        for look in (self._held, self._candidate, self._former):
            if look is not None:
                look.region = moved(look.region, x_px, y_px)

    def _carried_since(self, t_ns: int) -> tuple[float, float]:
        step = next((step for step in reversed(self._path) if step.t_ns <= t_ns), None)
        if step is None:
            return 0.0, 0.0
        return self._path[-1].x_px - step.x_px, self._path[-1].y_px - step.y_px

    def _brought_forward(self, box: Box, t_ns: int) -> Box:
        return moved(box, *self._carried_since(t_ns))
