"""Eye movements and what lies under them in, attention episodes and snippet bounds out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample
from perception.events import (
    AttentionEpisode,
    Box,
    EyeMovement,
    EyeMovementOnset,
    FaceSeen,
    ObjectSeen,
    SnippetClosed,
    SnippetOpened,
)

MS_NS = 1_000_000
FACE = "face"
Seen = ObjectSeen | FaceSeen
Item = GazeSample | EyeMovementOnset | EyeMovement | Seen
Out = AttentionEpisode | SnippetOpened | SnippetClosed


@dataclass(frozen=True, slots=True)
class AttentionSettings:
    """When looking becomes attending, and what is kept around it."""

    confirm_ns: int = 600 * MS_NS
    """Gaze on one thing that makes it attended to, in nanoseconds."""
    away_ns: int = 700 * MS_NS
    """Gaze elsewhere, or eyes closed, that ends an episode, in nanoseconds."""
    full_ns: int = 3_000 * MS_NS
    """Gaze on one thing from which confidence is highest, in nanoseconds."""
    region_share: float = 0.25
    """Side of the region around gaze where nothing is recognised, as a share of the width."""
    margin_share: float = 0.03
    """How far outside a recognised thing gaze still counts, as a share of the width."""
    pre_roll_ns: int = 1_000 * MS_NS
    """Kept before the first look, in nanoseconds."""
    post_roll_ns: int = 1_000 * MS_NS
    """Kept after the last look, in nanoseconds."""
    longest_ns: int = 20_000 * MS_NS
    """A snippet is closed and a new one opened after this, in nanoseconds."""
    seen_ns: int = 1_200 * MS_NS
    """How long a box in the scene is believed, in nanoseconds."""


@dataclass(slots=True)
class _Look:
    """Gaze on one thing so far."""

    start_ns: int
    last_ns: int
    box: Box
    x_px: float
    y_px: float
    on_ns: int = 0
    key_ns: int = 0
    labels: Counter[str] = field(default_factory=Counter)


class Attention:
    """Stage: dwell on the same thing becomes attention, attention becomes a snippet.

    MemX's cascade (arXiv 2105.00916) with thresholds in place of its network: a fixation or
    pursuit makes a candidate, gaze that stays on the same thing confirms it, gaze elsewhere for
    longer than a look-away ends it. Boxes may arrive a little later than the gaze that found them.

    Args:
        camera: Gives the size of the scene picture.
        settings: Durations and sizes.
    """

    def __init__(self, camera: SceneCamera, settings: AttentionSettings | None = None) -> None:
        self.settings = settings or AttentionSettings()
        self._width_px, self._height_px = camera.width_px, camera.height_px
        self.reset()

    def reset(self) -> None:
        """Forget everything seen."""
        self._t_ns = -1
        self._gaze: GazeSample | None = None
        self._seen: deque[Seen] = deque(maxlen=64)
        self._look: _Look | None = None
        self._snippet_ns: int | None = None
        self._episodes: list[AttentionEpisode] = []

    def update(self, item: Item) -> Iterator[Out]:
        """Yield what an item completes."""
        match item:
            case GazeSample():
                if item.t_ns > self._t_ns:
                    yield from self._gazed(item)
            case EyeMovementOnset():
                if self._look is None:
                    self._look = self._candidate(item.t_ns, item.x_px, item.y_px)
            case ObjectSeen() | FaceSeen():
                self._seen.append(item)
                self._recognise(item)
            case _:
                pass

    def flush(self) -> Iterator[Out]:
        """Yield the episode and the snippet that are still open."""
        yield from self._leave()
        yield from self._close(self._t_ns)

    def _gazed(self, gaze: GazeSample) -> Iterator[Out]:
        step_ns = gaze.t_ns - self._t_ns if self._t_ns >= 0 else 0
        self._t_ns, self._gaze = gaze.t_ns, gaze
        look = self._look
        if look is not None and gaze.is_valid and self._is_on(look, gaze):
            look.on_ns += min(step_ns, self.settings.away_ns)
            look.last_ns = gaze.t_ns
            look.x_px, look.y_px = gaze.x_px, gaze.y_px
            yield from self._held(look)
        elif look is not None and gaze.t_ns - look.last_ns > self.settings.away_ns:
            yield from self._leave()
        yield from self._keep_bounds(gaze.t_ns)

    def _held(self, look: _Look) -> Iterator[Out]:
        if look.on_ns < self.settings.confirm_ns:
            return
        if not look.key_ns:
            look.key_ns = look.last_ns
        if self._snippet_ns is None:
            self._snippet_ns = look.start_ns - self.settings.pre_roll_ns
            yield SnippetOpened(look.last_ns, self._snippet_ns)

    def _keep_bounds(self, t_ns: int) -> Iterator[Out]:
        if self._snippet_ns is None:
            return
        if t_ns - self._snippet_ns > self.settings.longest_ns:
            yield from self._leave()
            yield from self._close(t_ns)
        elif self._look is None and self._episodes:
            end_ns = self._episodes[-1].end_ns + self.settings.post_roll_ns
            if t_ns >= end_ns:
                yield from self._close(end_ns)

    def _leave(self) -> Iterator[Out]:
        look, self._look = self._look, None
        if look is None or not look.key_ns:
            return
        label = max(look.labels, key=lambda name: look.labels[name], default="")
        confidence = min(1.0, 0.5 + 0.5 * look.on_ns / self.settings.full_ns)
        episode = AttentionEpisode(
            look.start_ns,
            look.last_ns,
            look.key_ns,
            look.x_px,
            look.y_px,
            look.box,
            label,
            confidence,
        )
        self._episodes.append(episode)
        yield episode

    def _close(self, end_ns: int) -> Iterator[Out]:
        if self._snippet_ns is not None and self._episodes:
            yield SnippetClosed(self._snippet_ns, end_ns, tuple(self._episodes))
            self._snippet_ns, self._episodes = None, []

    def _candidate(self, t_ns: int, x_px: float, y_px: float) -> _Look:
        side_px = self.settings.region_share * self._width_px
        box = Box(x_px - side_px / 2, y_px - side_px / 2, side_px, side_px)
        look = _Look(t_ns, t_ns, box, x_px, y_px)
        for seen in self._seen:
            if t_ns - seen.t_ns < self.settings.seen_ns and self._covers(seen.box, x_px, y_px):
                self._adopt(look, seen)
        return look

    def _recognise(self, seen: Seen) -> None:
        look = self._look
        if look is not None and self._covers(seen.box, look.x_px, look.y_px):
            self._adopt(look, seen)

    def _adopt(self, look: _Look, seen: Seen) -> None:
        """Take a recognised thing for what is looked at, unless it is nearly the whole view."""
        if seen.box.area_px2 < 0.6 * self._width_px * self._height_px:
            look.box = seen.box
            look.labels[FACE if isinstance(seen, FaceSeen) else seen.label] += 1

    def _is_on(self, look: _Look, gaze: GazeSample) -> bool:
        return self._covers(look.box, gaze.x_px, gaze.y_px)

    def _covers(self, box: Box, x_px: float, y_px: float) -> bool:
        return box.contains(x_px, y_px, self.settings.margin_share * self._width_px)
