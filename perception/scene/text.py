"""Writing that the wearer looks at."""

from __future__ import annotations

from collections.abc import Iterable

from firmware_bridge.packets import UInt8Image
from perception.events import FramePlan, TextSeen, Work
from perception.scene.reader import Line, Reader
from perception.scene.readings import Reading, Readings
from perception.scene.region import Region, attended_box
from perception.stage import GazedFrame

REGION_SHARE = 0.5
GAZE_MARGIN_SHARE = 0.05
MIN_CHARACTERS = 3
MIN_VARIETY = 0.4
STROKES = ({"1"}, {"i"}, {"l"})


class Text:
    """Stage: a gazed frame with ``Work.TEXT`` to the lines of writing around the gaze.

    Without a gaze there is nothing attended to read, so nothing is read.

    Args:
        min_confidence: Weaker lines are left out.

    Raises:
        AssetError: The weights have not been fetched.
    """

    def __init__(self, min_confidence: float = 0.8) -> None:
        self._reader = Reader(min_confidence)
        self._readings = Readings()
        self._last_ns = -1

    def update(self, item: GazedFrame) -> Iterable[TextSeen]:
        """Return what is written around the gaze, as all readings of late have it.

        Nothing is returned for a late frame.
        """
        if item.frame.t_ns <= self._last_ns:
            return []
        self._last_ns = item.frame.t_ns
        if Work.TEXT not in item.plan.work:
            return []
        return self._read(item.frame.image, item.plan)

    def flush(self) -> Iterable[TextSeen]:
        """Return nothing: every frame stands alone."""
        return []

    def reset(self) -> None:
        """Forget which frame came last and what was read."""
        self._last_ns = -1
        self._readings.clear()

    def _read(self, image: UInt8Image, plan: FramePlan) -> list[TextSeen]:
        side_px = round(REGION_SHARE * image.shape[1])
        region = Region.around(image, plan.x_px, plan.y_px, side_px)
        if region is None:
            return []
        lines = [line for line in self._reader.read(region.image) if is_writing(line)]
        boxes = [region.to_scene(line.box) for line in lines]
        attended = attended_box(boxes, plan.x_px, plan.y_px, GAZE_MARGIN_SHARE * image.shape[1])
        settled = [
            self._readings.settle(Reading(plan.t_ns, line.text, line.confidence)) for line in lines
        ]
        return [
            TextSeen(plan.t_ns, line.text, box, line.confidence, is_attended=box is attended)
            for line, box in zip(settled, boxes, strict=True)
        ]


def is_writing(line: Line) -> bool:
    """Tell words and numbers from ornaments, which read as "mmmm", "111" or one or two signs."""
    characters = [character for character in line.text.casefold() if character.isalnum()]
    if set(characters) in STROKES:
        return False
    if len(characters) < MIN_CHARACTERS or len(characters) < len(line.text.replace(" ", "")) / 2:
        return False
    return len(characters) < 4 or len(set(characters)) / min(len(characters), 8) >= MIN_VARIETY
