"""Eye movements and what lies under them in, attention episodes and snippet bounds out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample
from perception.attention.carry import Carry
from perception.attention.engagement import Engagement, Judge
from perception.attention.evidence import Evidence
from perception.attention.hindsight import Hindsight, Late
from perception.attention.look import BLEND, Look, Seen, around, blended, moved
from perception.attention.snippets import Snippets, SnippetSettings
from perception.attention.targets import Targets
from perception.events import (
    Attending,
    AttentionEpisode,
    Box,
    EyeMovement,
    EyeMovementKind,
    EyeMovementOnset,
    FaceSeen,
    ObjectSeen,
    RegionSeen,
    SnippetClosed,
    SnippetOpened,
)

MS_NS = 1_000_000
STEADY = (EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT)
TICK_NS = 40 * MS_NS
Item = GazeSample | EyeMovementOnset | EyeMovement | RegionSeen | Seen
Out = Attending | AttentionEpisode | SnippetOpened | SnippetClosed


@dataclass(frozen=True, slots=True)
class AttentionSettings:
    """When looking becomes attending."""

    hold: float = 0.25
    """Probability from which attention is held, in [0, 1]. For a calibrated one, half of the F1
    that can be reached is best for F1 (Lipton et al., arXiv 1402.1892); below it, looks are kept
    that a memory would miss."""
    doubt: float = 0.15
    """Probability below which held attention is doubted, in [0, 1]."""
    least_ns: int = 250 * MS_NS
    """Gaze on one thing before which it cannot be attended to, in nanoseconds."""
    unseen_ns: int = 600 * MS_NS
    """The same where its region has not been seen, as with a camera that is off."""
    away_ns: int = 700 * MS_NS
    """Gaze elsewhere or eyes closed that ends an episode, in nanoseconds."""
    doubt_ns: int = 300 * MS_NS
    """Doubt that ends an episode, in nanoseconds."""
    change_ns: int = 600 * MS_NS
    """Another recognised thing at the same place for this long is a change, in nanoseconds."""
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
    pause_ns: int = 1_000 * MS_NS
    """Time without gaze after which evidence starts afresh, in nanoseconds."""
    smallest_share: float = 0.08
    """Side below which a proposed region is not believed, as a share of the width."""
    snippets: SnippetSettings = field(default_factory=SnippetSettings)
    """What is kept around attention."""


class Attention:
    """Attention to one thing after the other, and the snippets that are worth keeping.

    MemX's cascade (arXiv 2105.00916): the onset of a fixation or pursuit makes a candidate, the
    scene is looked at where the eyes rest, and a network judges 25 times a second from the eyes,
    the region and the target whether this is attention. Gaze elsewhere for longer than a
    look-away, another thing, or lasting doubt ends it. The target is the smallest recognised box
    under the gaze, else the region that stands out there. It moves with the eyes while they are
    steady, and is known again by its looks when gaze comes back. Boxes may come later than the
    gaze that found them.

    What reacts to attention hears of it at once; what is kept of it is settled in hindsight, three
    seconds later.

    Args:
        camera: Gives the size of the scene picture and its angles.
        settings: Durations and sizes.
        judge: Says how probable attention is; the network where it is left out.
        hindsight: Says how probable it was, late; the network where it is left out.

    Raises:
        AssetError: The weights of the network are damaged.
    """

    def __init__(
        self,
        camera: SceneCamera,
        settings: AttentionSettings | None = None,
        judge: Judge | None = None,
        hindsight: Judge | None = None,
    ) -> None:
        self._settings = settings or AttentionSettings()
        self._camera = camera
        self._width_px = camera.width_px
        self._area_px2 = camera.width_px * camera.height_px
        self._judge = judge or Engagement()
        self._late = Late(hindsight or Hindsight())
        self.reset()

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        self._now_ns: int | None = None
        self._tick_ns = 0
        self._probability = 0.0
        self._on: Look | None = None
        self._held: Look | None = None
        self._is_certain = False
        self._candidate: Look | None = None
        self._former: Look | None = None
        self._strange: Seen | None = None
        self._judge.reset()
        self._late.reset()
        self._evidence = Evidence(self._camera)
        self._targets = Targets()
        self._path = Carry(self._settings.late_ns)
        self._snippets = Snippets(self._settings.snippets, from_ns=0)

    def update(self, item: Item) -> Iterator[Out]:
        """Yield what an item makes certain."""
        t_ns = item.end_ns if isinstance(item, EyeMovement) else item.t_ns
        if self._now_ns is not None and t_ns < self._now_ns - self._settings.late_ns:
            return
        if isinstance(item, EyeMovementOnset | EyeMovement | RegionSeen):
            self._evidence.take(item)
        match item:
            case GazeSample() if self._now_ns is None or t_ns > self._now_ns:
                yield from self._look(item)
            case EyeMovementOnset():
                self._path.rest()
                self._consider(item)
            case EyeMovement() if item.kind in STEADY:
                self._end_steady(item)
            case RegionSeen():
                self._recall(item)
            case ObjectSeen() | FaceSeen() if item.is_attended:
                yield from self._recognise(item)

    def flush(self) -> Iterator[Out]:
        """Yield the episode and the snippet that are still open."""
        yield from self._leave()
        self._candidate = None
        if self._now_ns is not None:
            yield from self._settle(self._now_ns)

    def _look(self, gaze: GazeSample) -> Iterator[Out]:
        if self._now_ns is None:
            self._snippets = Snippets(self._settings.snippets, from_ns=gaze.t_ns)
        step_ns = gaze.t_ns - (self._now_ns or gaze.t_ns)
        if self._now_ns is None or step_ns > self._settings.pause_ns:
            yield from self._start_afresh(gaze.t_ns)
        self._now_ns = gaze.t_ns
        held = self._held
        if held is not None and self._is_left(held):
            is_doubted = self._on is held and not self._is_away(held)
            yield from self._leave()
            self._candidate = self._successor(held, gaze.t_ns) if is_doubted else self._candidate
        if self._candidate is not None and self._is_left(self._candidate):
            self._drop_candidate()
        if gaze.is_valid:
            self._carry(*self._path.follow(gaze))
            self._dwell(gaze, step_ns)
        self._evidence.take(gaze)
        yield from self._judge_until(gaze.t_ns)
        self._ascertain()

    def _start_afresh(self, t_ns: int) -> Iterator[Out]:
        if self._now_ns is not None:
            yield from self._settle(self._now_ns)
        self._tick_ns = t_ns
        self._probability, self._on = 0.0, None
        self._judge.reset()
        self._evidence = Evidence(self._camera)

    def _dwell(self, gaze: GazeSample, step_ns: int) -> None:
        """Count gaze for the thing that it is on; back on the held one, the candidate goes."""
        self._on = None
        if self._held is not None and self._is_on(self._held, gaze):
            self._drop_candidate()
            self._on = self._held
        elif self._candidate is not None and self._is_on(self._candidate, gaze):
            self._on = self._candidate
        if self._on is not None:
            self._on.on_ns += step_ns
            self._on.last_ns, self._on.x_px, self._on.y_px = gaze.t_ns, gaze.x_px, gaze.y_px

    def _judge_until(self, t_ns: int) -> Iterator[Out]:
        while self._tick_ns + TICK_NS <= t_ns:
            self._tick_ns += TICK_NS
            row = self._evidence.at(self._tick_ns, self._on)
            self._probability = self._judge.step(row)
            look = self._on
            if look is not None and self._probability >= self._settings.doubt:
                look.believed_ns = self._tick_ns
            target_id, box = (look.target_id, self._box_of(look)) if look else (0, None)
            yield Attending(self._tick_ns, self._probability, target_id, box)
            yield from self._confirm()
            for judged in self._late.take(self._tick_ns, row):
                yield from self._snippets.judge(self._tick_ns, judged)

    def _settle(self, t_ns: int) -> Iterator[Out]:
        """Judge what still waits for hindsight, which ends at ``t_ns``."""
        for judged in self._late.flush():
            yield from self._snippets.judge(t_ns, judged)
        yield from self._snippets.close(t_ns)

    def _confirm(self) -> Iterator[Out]:
        look = self._candidate
        if look is None or look is not self._on or look.on_ns < self._settings.least_ns:
            return
        is_unseen = look.target_id == 0 and look.on_ns < self._settings.unseen_ns
        if is_unseen or self._probability < self._settings.hold:
            return
        yield from self._leave()
        self._held, self._candidate = look, None

    def _ascertain(self) -> None:
        """A look that has lasted may be worth a snippet."""
        look = self._held
        least_ns = self._settings.snippets.least_ns
        if look is None or self._is_certain or look.last_ns - look.start_ns < least_ns:
            return
        is_same = self._former is not None and look.is_same_thing(self._former)
        self._snippets.attend(look, is_same)
        self._is_certain = True

    def _leave(self) -> Iterator[Out]:
        look, self._held, self._strange = self._held, None, None
        if look is None:
            return
        is_certain, self._is_certain = self._is_certain, False
        self._let_go(look)
        look.last_ns = max(look.start_ns, min(look.last_ns, look.believed_ns))
        if is_certain:
            self._former = look
            yield look.episode(self._settings.snippets.full_ns)

    def _successor(self, look: Look, t_ns: int) -> Look:
        """A new look from ``t_ns`` on, where the old one is."""
        return Look(
            start_ns=t_ns,
            last_ns=t_ns,
            x_px=look.x_px,
            y_px=look.y_px,
            region=look.region,
            target_id=look.target_id,
            familiar_ns=look.familiar_ns + look.on_ns,
            appearance=look.appearance,
        )

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
        self._drop_candidate()
        self._candidate = self._on = look

    def _drop_candidate(self) -> None:
        look, self._candidate = self._candidate, None
        if look is not None:
            self._let_go(look)

    def _let_go(self, look: Look) -> None:
        self._on = None if self._on is look else self._on
        self._remember(look)

    def _remember(self, look: Look) -> None:
        """Keep its thing in mind if gaze was on it for longer than in passing."""
        target = look.target()
        if target is not None and target.dwell_ns >= self._settings.least_ns:
            self._targets.remember(target)

    def _recall(self, seen: RegionSeen) -> None:
        """Give a region to the look of its time, and know its thing again."""
        look = self._look_at(seen.t_ns)
        if look is None:
            return
        if look.target_id == 0:
            look.known_as(self._targets.identify(seen.appearance, seen.t_ns))
        look.resemble(seen)
        self._remember(look)
        self._fit(look, seen)
        if look is self._candidate and self._held and look.target_id == self._held.target_id:
            self._return(look, self._held)

    def _return(self, look: Look, held: Look) -> None:
        """Gaze is back on the held thing, which has moved while the eyes were elsewhere."""
        held.region, held.x_px, held.y_px = look.region, look.x_px, look.y_px
        held.last_ns, held.on_ns = look.last_ns, held.on_ns + look.on_ns
        held.believed_ns = max(held.believed_ns, look.believed_ns)
        self._candidate = None
        self._on = held if self._on is look else self._on

    def _fit(self, look: Look, seen: RegionSeen) -> None:
        """Draw the region of a look to what stands out there, unless something is recognised."""
        last = look.sightings[-1] if look.sightings else None
        is_recognised = last is not None and seen.t_ns - last.t_ns < self._settings.believed_ns
        side_px = math.sqrt(seen.box.area_px2)
        is_plain = seen.distinctness == 0.0
        if is_recognised or is_plain or side_px < self._settings.smallest_share * self._width_px:
            return
        look.region = blended(look.region, self._brought_forward(seen.box, seen.t_ns), BLEND)

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
            and seen.t_ns - self._strange.t_ns >= self._settings.change_ns
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
        """Tell whether gaze has been elsewhere for long, or attention in doubt."""
        doubted_ns = look.last_ns - look.believed_ns if look is self._held else 0
        return doubted_ns > self._settings.doubt_ns or self._is_away(look)

    def _is_away(self, look: Look) -> bool:
        return self._now_ns is not None and self._now_ns - look.last_ns > self._settings.away_ns

    def _end_steady(self, movement: EyeMovement) -> None:
        """Take back what was carried since the eyes left, before that was known."""
        for look in (self._held, self._candidate):
            if look is not None:
                look.rest(movement)
        x_px, y_px = self._path.leave(movement.end_ns)
        self._carry(-x_px, -y_px)

    def _carry(self, x_px: float, y_px: float) -> None:
        for look in (self._held, self._candidate, self._former):
            if look is not None:
                look.region = moved(look.region, x_px, y_px)

    def _brought_forward(self, box: Box, t_ns: int) -> Box:
        return moved(box, *self._path.since(t_ns))

    def _box_of(self, look: Look) -> Box:
        """The box last recognised, brought forward, or the region."""
        last = look.sightings[-1] if look.sightings else None
        if last is None or self._tick_ns - last.t_ns > self._settings.believed_ns:
            return look.region
        return self._brought_forward(last.box, last.t_ns)
