"""One look: gaze on one thing, what it is taken to be, and when it was steadiest."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

import numpy as np

from perception.attention.targets import Target
from perception.events import (
    AttentionEpisode,
    Box,
    Embedding,
    EyeMovement,
    FaceSeen,
    ObjectSeen,
    RegionSeen,
)

FACE, PERSON = "face", "person"
SAME_IOU = 0.3
BLEND = 0.4
Seen = ObjectSeen | FaceSeen
Span = tuple[int, int]


def label_of(seen: Seen) -> str:
    """Return what was recognised, in a word."""
    return FACE if isinstance(seen, FaceSeen) else seen.label


def around(x_px: float, y_px: float, width_px: float, height_px: float) -> Box:
    """Return a box with its centre at a point."""
    return Box(x_px - width_px / 2, y_px - height_px / 2, width_px, height_px)


def moved(box: Box, by_x_px: float, by_y_px: float) -> Box:
    """Return a box moved by an offset."""
    return Box(box.x_px + by_x_px, box.y_px + by_y_px, box.width_px, box.height_px)


def blended(box: Box, other: Box, share: float) -> Box:
    """Return a box that lies ``share`` of the way from one to another."""
    kept = 1.0 - share
    return Box(
        kept * box.x_px + share * other.x_px,
        kept * box.y_px + share * other.y_px,
        kept * box.width_px + share * other.width_px,
        kept * box.height_px + share * other.height_px,
    )


@dataclass(slots=True)
class Look:
    """Gaze on one thing so far.

    Attributes:
        region: Where gaze counts as being on the thing.
        last_ns: The last gaze on it.
        on_ns: For how long gaze was on it in all.
        believed_ns: When it was last taken for attention.
        target_id: Which thing it is, 0 until its region was seen.
        familiar_ns: For how long gaze had been on the same thing before this look.
        appearance: Mean appearance of its region, a unit vector.
        rests: Start and end of each fixation or pursuit on it, with its mean gaze.
        sightings: What the gaze lay on in the last frames that were looked at.
        votes: How surely each label was seen, summed over frames.
    """

    start_ns: int
    last_ns: int
    x_px: float
    y_px: float
    region: Box
    on_ns: int = 0
    believed_ns: int = 0
    target_id: int = 0
    familiar_ns: int = 0
    appearance: Embedding | None = None
    rests: deque[tuple[int, int, float, float]] = field(default_factory=lambda: deque(maxlen=128))
    sightings: deque[Seen] = field(default_factory=lambda: deque(maxlen=32))
    votes: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def label(self) -> str:
        """What was seen most surely, or an empty string."""
        return max(self.votes, key=lambda label: self.votes[label], default="")

    @property
    def person_id(self) -> str:
        """Whose face was seen last, or an empty string."""
        faces = (seen.person_id for seen in reversed(self.sightings) if isinstance(seen, FaceSeen))
        return next((person_id for person_id in faces if person_id), "")

    def rest(self, movement: EyeMovement) -> None:
        """Take note of a fixation or pursuit, as far as it fell into this look."""
        start_ns = max(movement.start_ns, self.start_ns)
        end_ns = min(movement.end_ns, self.last_ns)
        if end_ns > start_ns:
            self.rests.append((start_ns, end_ns, movement.x_px, movement.y_px))

    def resemble(self, seen: RegionSeen) -> None:
        """Take how its region looks in one frame into the mean."""
        if self.appearance is None:
            self.appearance = seen.appearance
            return
        mean = (1 - BLEND) * self.appearance + BLEND * seen.appearance
        self.appearance = np.asarray(mean / np.linalg.norm(mean), np.float32)

    def known_as(self, target: Target) -> None:
        """Take it for a target, which may have been looked at before."""
        self.target_id, self.familiar_ns = target.id, target.dwell_ns
        self.appearance = target.appearance

    def target(self) -> Target | None:
        """Return what is to be remembered of its thing; None while its region was not seen."""
        if self.appearance is None:
            return None
        dwell_ns = self.familiar_ns + self.on_ns
        return Target(self.target_id, self.appearance, dwell_ns, self.last_ns)

    def see(self, seen: Seen) -> None:
        """Take what the gaze lay on in one frame; of a frame's boxes the smallest counts."""
        last = self.sightings[-1] if self.sightings else None
        if last is not None and last.t_ns == seen.t_ns:
            if last.box.area_px2 <= seen.box.area_px2:
                return
            self.sightings.pop()
            self.votes[label_of(last)] -= last.confidence
        self.sightings.append(seen)
        self.votes[label_of(seen)] += seen.confidence

    def is_other_thing(self, seen: Seen) -> bool:
        """Tell whether a box under the gaze is another thing than what was seen so far.

        Two known people are. So are two labels whose boxes differ much; two labels for one box
        are a detector in doubt, and a face belongs to the person around it.
        """
        if not self.sightings:
            return False
        if isinstance(seen, FaceSeen) and seen.person_id and self.person_id:
            return seen.person_id != self.person_id
        last = self.sightings[-1]
        labels = {label_of(seen), label_of(last)}
        return len(labels - {FACE, PERSON}) + bool(labels & {FACE, PERSON}) > 1 and (
            seen.box.iou(last.box) < SAME_IOU
        )

    def confirms(self, seen: Seen) -> bool:
        """Tell whether a box under the gaze bears the label of the one before."""
        return bool(self.sightings) and label_of(seen) == label_of(self.sightings[-1])

    def is_same_thing(self, former: Look) -> bool:
        """Tell whether gaze has come back to what a former look was on."""
        if self.person_id and former.person_id and self.person_id != former.person_id:
            return False
        if self.target_id and self.target_id == former.target_id:
            return True
        if not (self.sightings and former.sightings):
            return former.region.contains(self.x_px, self.y_px)
        is_close = self.sightings[-1].box.iou(former.sightings[-1].box) >= SAME_IOU
        return is_close and self.label == former.label

    def is_within(self, span: Span) -> bool:
        """Tell whether some of it lies between two times."""
        return self.start_ns < span[1] and self.last_ns > span[0]

    def episode(self, full_ns: int, within: Span | None = None) -> AttentionEpisode:
        """Sum up; confidence grows with the share of time on the thing, up to ``full_ns``.

        Args:
            full_ns: Gaze on it from which confidence is highest.
            within: Start and end of what is summed up; all of it where it is left out.
        """
        from_ns, until_ns = within or (self.start_ns, self.last_ns)
        start_ns = min(max(self.start_ns, from_ns), until_ns)
        end_ns = max(start_ns, min(self.last_ns, until_ns))
        key_ns, x_px, y_px = self._steadiest(start_ns, end_ns)
        share = min(1.0, self.on_ns / max(1, self.last_ns - self.start_ns))
        return AttentionEpisode(
            start_ns=start_ns,
            end_ns=end_ns,
            key_ns=key_ns,
            x_px=x_px,
            y_px=y_px,
            box=self._box_at(key_ns, x_px, y_px),
            label=self.label,
            confidence=share * (0.5 + 0.5 * min(1.0, self.on_ns / full_ns)),
            target_id=self.target_id,
        )

    def _steadiest(self, start_ns: int, end_ns: int) -> tuple[int, float, float]:
        """Middle and mean gaze of the longest fixation or pursuit between two times."""
        clipped = ((max(a, start_ns), min(b, end_ns), x, y) for a, b, x, y in self.rests)
        known = [rest for rest in clipped if rest[1] > rest[0]]
        if not known:
            return (start_ns + end_ns) // 2, self.x_px, self.y_px
        first_ns, last_ns, x_px, y_px = max(known, key=lambda rest: rest[1] - rest[0])
        return (first_ns + last_ns) // 2, x_px, y_px

    def _box_at(self, t_ns: int, x_px: float, y_px: float) -> Box:
        """The sighting closest to a time, or the region put around the gaze of that time."""
        fitting = (seen for seen in self.sightings if label_of(seen) == self.label)
        nearest = min(fitting, key=lambda seen: abs(seen.t_ns - t_ns), default=None)
        if nearest is not None:
            return nearest.box
        return around(x_px, y_px, self.region.width_px, self.region.height_px)
