"""Things in the scene, placed in degrees, and the order in which the loop tells of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perception.attention.attention import Item
from perception.attention.eye_movements import EyeMovements
from perception.events import Box, FaceSeen, ObjectSeen, RegionSeen
from tests.perception.attention.gaze import CAMERA, FOCAL_PX, SECOND_NS, START_NS, Gaze, px_of

LAG_NS = SECOND_NS // 2
REGION_LAG_NS = SECOND_NS // 10


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


def region(t_s: float, looks: int, x_deg: float, y_deg: float) -> RegionSeen:
    """What lies under the gaze; things that look alike have the same number."""
    x_px, y_px = px_of(x_deg, y_deg)
    return RegionSeen(
        t_ns=START_NS + round(t_s * SECOND_NS),
        x_px=x_px,
        y_px=y_px,
        box=box_at(x_deg, y_deg, 10.0),
        distinctness=0.6,
        appearance=np.eye(1, 384, looks, dtype=np.float32)[0],
        since_ns=SECOND_NS // 5,
        moved_px=(0.0, 0.0),
        turned_px=(0.0, 0.0),
        persistence=0.9,
    )


def due_ns(seen: ObjectSeen | FaceSeen | RegionSeen) -> int:
    """When the loop takes up what was seen."""
    return seen.t_ns + (REGION_LAG_NS if isinstance(seen, RegionSeen) else LAG_NS)


def in_stream_order(gaze: Gaze, seen: Sequence[ObjectSeen | FaceSeen | RegionSeen]) -> list[Item]:
    """Gaze with its eye movements, and what was seen half a second late, regions a tenth."""
    eyes = EyeMovements(CAMERA)
    waiting = sorted(seen, key=due_ns)
    items: list[Item] = []
    for sample in gaze.samples:
        while waiting and due_ns(waiting[0]) <= sample.t_ns:
            items.append(waiting.pop(0))
        items += [*eyes.update(sample), sample]
    return [*items, *eyes.flush(), *waiting]
