"""Objects in view, and which of them the wearer looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firmware_bridge.packets import UInt8Image
from perception.events import Box, FramePlan, ObjectSeen, Work
from perception.scene.detector import Detection, ObjectDetector
from perception.scene.region import Region, attended_box
from perception.stage import GazedFrame

REGION_SHARE = 0.4
GAZE_MARGIN_SHARE = 0.015
DUPLICATE_SHARE = 0.7


class Objects:
    """Stage: a gazed frame with ``Work.OBJECTS`` to the objects seen in it.

    It looks twice: at the whole frame for the place, and at a square around the gaze for things
    too small to be found in the whole frame.

    Args:
        min_confidence: Weaker detections are left out.

    Raises:
        AssetError: The weights have not been fetched.
    """

    def __init__(self, min_confidence: float = 0.35) -> None:
        self._detector = ObjectDetector(min_confidence)
        self._last_ns = -1

    def update(self, item: GazedFrame) -> Iterable[ObjectSeen]:
        """Return what is in the frame, the most certain first; nothing for a late frame."""
        if item.frame.t_ns <= self._last_ns:
            return []
        self._last_ns = item.frame.t_ns
        if Work.OBJECTS not in item.plan.work:
            return []
        return self._look(item.frame.image, item.plan)

    def flush(self) -> Iterable[ObjectSeen]:
        """Return nothing: every frame stands alone."""
        return []

    def reset(self) -> None:
        """Forget which frame came last."""
        self._last_ns = -1

    def _look(self, image: UInt8Image, plan: FramePlan) -> list[ObjectSeen]:
        found = self._detector.detect(image)
        side_px = round(REGION_SHARE * max(image.shape[:2]))
        region = Region.around(image, plan.x_px, plan.y_px, side_px)
        if region is not None:
            found += _whole_in(region, image, self._detector.detect(region.image))
        objects = list(_distinct(found))
        margin_px = GAZE_MARGIN_SHARE * image.shape[1]
        boxes = [detection.box for detection in objects]
        attended = attended_box(boxes, plan.x_px, plan.y_px, margin_px)
        return [
            ObjectSeen(plan.t_ns, d.label, d.box, d.confidence, is_attended=d.box is attended)
            for d in objects
        ]


def _whole_in(region: Region, image: UInt8Image, found: Iterable[Detection]) -> Iterator[Detection]:
    """Yield what the region shows completely, in scene pixels; the frame shows the rest."""
    for detection in found:
        box = region.to_scene(detection.box)
        if not region.cuts(box, image):
            yield Detection(detection.label, box, detection.confidence)


def _distinct(found: list[Detection]) -> Iterator[Detection]:
    """Yield the detections, the most certain first, without a second view of the same object."""
    kept: list[Detection] = []
    for detection in sorted(found, key=lambda d: -d.confidence):
        same = (other for other in kept if other.label == detection.label)
        if all(_overlap(other.box, detection.box) < DUPLICATE_SHARE for other in same):
            kept.append(detection)
            yield detection


def _overlap(a: Box, b: Box) -> float:
    """Return which share of the smaller box the other one covers."""
    shared = a.iou(b) * (a.area_px2 + b.area_px2) / (1.0 + a.iou(b))
    return shared / max(min(a.area_px2, b.area_px2), 1.0)
