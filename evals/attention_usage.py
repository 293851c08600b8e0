"""What each system of the attention evaluation switches on, reads out and computes."""

from __future__ import annotations

from functools import cache

import numpy as np

from assets import fetch
from evals.cascade import Passed
from evals.data.davis import RATE_HZ
from evals.data.gazed_video import GazedVideo, frame_ns
from evals.kept_video import Spans, Told, length_s
from evals.macs import tflite_macs
from perception.analytics.energy import Usage
from perception.attention.regions import WIDTH_PX
from perception.events import EyeMovement, Work

OBJECTS_HZ = 2
"""What the budget asks for while attention holds: objects in two views."""

_EYE_PX = 192 * 192


def eyes_alone_usage(video: GazedVideo, told: Told, spans: Spans, cpu_s: float) -> Usage:
    """The camera is on for what is kept, and objects are sought while attention is told."""
    on_s = length_s(spans)
    encoded_px = on_s * RATE_HZ / 2 * video.camera.width_px * video.camera.height_px
    return _eyes_usage(video) + Usage(
        scene_camera_s=on_s,
        scene_standby_s=video.frames / RATE_HZ - on_s,
        scene_pixels=encoded_px,
        encoded_pixels=encoded_px,
        macs=told.sum() / RATE_HZ * OBJECTS_HZ * 2 * detector_macs(),
        cpu_s=cpu_s,
    )


def whole_usage(video: GazedVideo) -> Usage:
    """Eyes, and every picture read out and encoded as for a recording."""
    pixels = video.frames * video.camera.width_px * video.camera.height_px
    return _eyes_usage(video) + Usage(
        scene_camera_s=video.frames / RATE_HZ, scene_pixels=pixels, encoded_pixels=pixels / 2
    )


def cascade_usage(video: GazedVideo, passed: Passed, spans: Spans, cpu_s: float) -> Usage:
    """The camera is on while the eyes rest and over each snippet; looks are small.

    All that it sees is read out and encoded, as pictures wait for hindsight before they are sent.
    """
    steady = [
        (e.start_ns, e.end_ns)
        for e in passed.eyes
        if isinstance(e, EyeMovement) and e.kind.value in ("fixation", "smooth pursuit")
    ]
    times = np.array([frame_ns(n) for n in range(video.frames)])
    is_on = np.zeros(video.frames, bool)
    for start_ns, end_ns in (*steady, *spans):
        is_on |= (times >= start_ns) & (times < end_ns)
    full_px = video.camera.width_px * video.camera.height_px
    small_px = WIDTH_PX**2 * video.camera.height_px / video.camera.width_px
    on_s = float(is_on.sum()) / RATE_HZ
    encoded_px = on_s * RATE_HZ / 2 * full_px
    return _eyes_usage(video) + Usage(
        scene_camera_s=on_s,
        scene_standby_s=video.frames / RATE_HZ - on_s,
        scene_pixels=encoded_px + passed.analysed[Work.REGION] * small_px + passed.heavy * full_px,
        encoded_pixels=encoded_px,
        macs=passed.analysed[Work.OBJECTS] * 2 * detector_macs(),
        cpu_s=cpu_s,
    )


@cache
def detector_macs() -> int:
    """Multiply-accumulates of one view of the object detector."""
    return tflite_macs(fetch.path("efficientdet-lite0"))


def _eyes_usage(video: GazedVideo) -> Usage:
    seconds = video.frames / RATE_HZ
    return Usage(
        eye_camera_s=2 * seconds, led_s=2 * seconds, eye_pixels=2 * len(video.gaze) * _EYE_PX
    )
