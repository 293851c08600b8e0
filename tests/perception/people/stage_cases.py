from __future__ import annotations

from functools import cache

from perception.events import Work
from perception.people.faces import Faces
from perception.stage import GazedFrame
from tests.perception.footage import SECOND_NS, gazed, pictures
from tests.perception.stage_suite import StageCase


@cache
def faces_items() -> list[GazedFrame]:
    frames = pictures("footage-jon-1", every_s=0.3, count=5)
    return [
        gazed(frame, n * SECOND_NS * 3 // 10, Work.FACES, x_px=400, y_px=280)
        for n, frame in enumerate(frames)
    ]


CASES = [StageCase("faces", build=Faces, items=faces_items, is_heavy=True)]
