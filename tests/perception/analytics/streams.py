"""Small pictures with gaze and eye movements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from firmware_bridge.packets import GazeSample, SceneFrame, UInt8Image
from perception.analytics.budget import Budget, Item
from perception.events import (
    Attending,
    EyeMovement,
    EyeMovementKind,
    EyeMovementOnset,
    FramePlan,
    Work,
)

SECOND_NS = 1_000_000_000
RATE_HZ = 30
NAN = float("nan")
SIZE_PX = (160, 120)


@dataclass(frozen=True)
class Look:
    """Eyes that rest on a place, or are lost where ``x_px`` is NaN."""

    seconds: float
    x_px: float
    y_px: float = 60.0
    kind: EyeMovementKind = EyeMovementKind.FIXATION


def picture(blur: int = 0) -> UInt8Image:
    """Noise, sharp or blurred over an odd number of pixels."""
    image = np.random.default_rng(3).integers(0, 256, (*SIZE_PX[::-1], 3)).astype(np.uint8)
    return np.asarray(cv2.blur(image, (blur, blur)), np.uint8) if blur else image


SHARP = picture()


def stream(
    *looks: Look, blurred: dict[int, UInt8Image] | None = None, attention: float = 0.9
) -> list[Item]:
    """Frames at 30 Hz; ``blurred`` puts other pictures at some of them.

    ``attention`` is its probability while the eyes are seen.
    """
    items: list[Item] = []
    index, start_s = 0, 0.0
    for look in looks:
        for n, item in enumerate(_look(look, start_s)):
            items.append(item)
            if isinstance(item, GazeSample) and look.x_px == look.x_px:
                items.append(Attending(item.t_ns, attention, 1, None))
            if n == 0 or not isinstance(item, GazeSample):
                continue
            image = (blurred or {}).get(index, SHARP)
            items.append(SceneFrame(item.t_ns + 1, index, image))
            index += 1
        start_s += look.seconds
    return items


def _look(look: Look, start_s: float) -> Iterator[GazeSample | EyeMovementOnset | EyeMovement]:
    start_ns = round(start_s * SECOND_NS)
    end_ns = round((start_s + look.seconds) * SECOND_NS)
    is_seen = look.x_px == look.x_px
    for n in range(round(look.seconds * RATE_HZ)):
        t_ns = start_ns + n * SECOND_NS // RATE_HZ
        yield GazeSample(t_ns, look.x_px, look.y_px, 1.0 if is_seen else 0.0)
        if n == 3 and is_seen:
            yield EyeMovementOnset(t_ns, look.kind, look.x_px, look.y_px)
    kind = look.kind if is_seen else EyeMovementKind.BLINK
    yield EyeMovement(kind, start_ns, end_ns - 1, look.x_px, look.y_px, 0.0)


def plans(items: list[Item]) -> list[FramePlan]:
    stage = Budget()
    return [plan for item in items for plan in stage.update(item)]


def times_s(found: list[FramePlan], work: Work) -> list[float]:
    """When an analysis is asked for."""
    return [plan.t_ns / SECOND_NS for plan in found if work in plan.work]
