"""Things in the scene, placed in degrees, and the order in which the loop tells of them."""

from __future__ import annotations

from collections.abc import Sequence

from perception.attention.attention import Item
from perception.attention.eye_movements import EyeMovements
from perception.events import Box, FaceSeen, ObjectSeen
from tests.perception.attention.gaze import CAMERA, FOCAL_PX, SECOND_NS, START_NS, Gaze, px_of

LAG_NS = SECOND_NS // 2


def seconds(t_ns: int) -> float:
    """Time since the stream began."""
    return (t_ns - START_NS) / SECOND_NS


def box_at(x_deg: float, y_deg: float, size_deg: float = 8.0) -> Box:
    """A square box around a direction."""
    x_px, y_px = px_of(x_deg, y_deg)
    side_px = FOCAL_PX * size_deg / 57.3
    return Box(x_px - side_px / 2, y_px - side_px / 2, side_px, side_px)


def thing(
    t_s: float, label: str, box: Box, is_attended: bool = True, person: str = ""
) -> ObjectSeen | FaceSeen:
    """An object, or a face where there is no label."""
    t_ns = START_NS + round(t_s * SECOND_NS)
    if label:
        return ObjectSeen(t_ns, label, box, 0.7, is_attended)
    return FaceSeen(t_ns, 1, person, box, 0.7, is_attended)


def in_stream_order(gaze: Gaze, seen: Sequence[ObjectSeen | FaceSeen]) -> list[Item]:
    """Gaze with its eye movements, and what was seen half a second late."""
    eyes = EyeMovements(CAMERA)
    waiting = sorted(seen, key=lambda s: s.t_ns)
    items: list[Item] = []
    for sample in gaze.samples:
        while waiting and waiting[0].t_ns + LAG_NS <= sample.t_ns:
            items.append(waiting.pop(0))
        items += [*eyes.update(sample), sample]
    return [*items, *eyes.flush(), *waiting]
