from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from perception.events import Work
from perception.scene.objects import Objects
from perception.scene.text import Text
from perception.stage import GazedFrame
from tests.perception.footage import SECOND_NS, gazed, pictures
from tests.perception.stage_suite import StageCase


@cache
def objects_items() -> list[GazedFrame]:
    frames = pictures("footage-cup", every_s=0.5, count=3)
    return [
        gazed(frame, n * SECOND_NS // 2, *([Work.OBJECTS] if n != 1 else []), x_px=400, y_px=300)
        for n, frame in enumerate(frames)
    ]


@cache
def text_items() -> list[GazedFrame]:
    sign = np.full((240, 320, 3), 230, np.uint8)
    cv2.putText(sign, "PLATFORM 7", (90, 130), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (20, 20, 120), 2)
    return [
        gazed(sign, n * SECOND_NS, *([Work.TEXT] if n == 1 else []), x_px=160, y_px=125)
        for n in range(3)
    ]


CASES = [
    StageCase("objects", build=Objects, items=objects_items, is_heavy=True),
    StageCase("text", build=Text, items=text_items, is_heavy=True),
]
