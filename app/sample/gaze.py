"""Real eyes for the sample day, moved to where somebody would look.

The streams are four stretches of a real Pupil Labs Neon at 200 Hz, about 30 s in all. They were
**not** recorded together with the footage. What is kept: the rhythm and the length of every
fixation, the tremor and noise within it, pupils and eyelids in their order, head motion, time
stamps with their gaps. What is made: each fixation is put onto the thing that the script says is
being looked at, where it spreads as the real ones spread; drift that came from real head turns is
taken out; the jump between two fixations follows the main sequence of human saccades, because its
length differs from the real one. The stretches are repeated until the day is full, and at each
seam pupils and eyelids glide over to the next stretch. The mean of fixation positions is
hand-placed, so nothing about *what* attracts a real gaze may be measured on this recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from app.sample.script import HORIZONTAL_DEG, SIZE_PX
from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import EyeState, GazeSample, ImuSample
from firmware_bridge.recording import layout

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]


_PARTS = (("head", "1"), ("walk", "2"), ("walk", "3"), ("walk", "1"))
_STEP_NS = 5_000_000
_SEAM_NS = 800_000_000
_FIXATION = 1
_SPREAD = 0.45
_NOISE_SAMPLES = 9
_NEAR_S = 2.0
# A long saccade may begin while the real fixation was still going on.
_LEAD = 12
_PX_PER_DEG = (
    float(np.radians(1.0)) * SIZE_PX[0] / 2 / float(np.tan(np.radians(HORIZONTAL_DEG) / 2))
)
_EVENTS = np.dtype(
    [("kind", "<i4"), ("start_ns", "<i8"), ("end_ns", "<i8"), ("values", "<f4", (10,))]
)


@dataclass(frozen=True, slots=True)
class Aim:
    """What is looked at.

    Attributes:
        centre: Gives its centre for times in seconds, ``(n,)`` to ``(n, 2)``, in pixels.
        half_px: Half its width and height.
    """

    centre: Callable[[Floats], Floats]
    half_px: tuple[float, float]


Target = Callable[[float], Aim]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A stretch of the real streams; times count from its first gaze sample.

    Attributes:
        t_ns: Shape ``(n,)``.
        gaze_px: Gaze in pixels of the sample's camera, shape ``(n, 2)``.
        eyes_mm: Pupils left and right, eyelid apertures left and right, shape ``(n, 4)``.
        fixations: First sample of each and first one after it, shape ``(m, 2)``.
        imu_t_ns: Shape ``(k,)``.
        imu: Gyroscope in rad/s, acceleration in m/s2, quaternion wxyz; shape ``(k, 10)``.
    """

    t_ns: Times
    gaze_px: Floats
    eyes_mm: Floats
    fixations: npt.NDArray[np.int64]
    imu_t_ns: Times
    imu: Floats


def read_stretches(folder: Path) -> tuple[Stretch, ...]:
    """Read the streams of the asset ``footage-neon-streams``."""
    return tuple(_read_stretch(folder / name, number) for name, number in _PARTS)


def fill(stretches: tuple[Stretch, ...], duration_ns: int) -> Stretch:
    """Join and repeat stretches until they last at least ``duration_ns``."""
    joined = stretches[0]
    turn = 1
    while joined.t_ns[-1] < duration_ns:
        joined = _join(joined, stretches[turn % len(stretches)])
        turn += 1
    return joined


def move(stretch: Stretch, target: Target) -> Floats:
    """Move every fixation onto its target.

    Args:
        stretch: Real streams.
        target: Says what is looked at, for a time in seconds.

    Returns:
        Gaze in pixels, shape ``(n, 2)``.
    """
    times_s = stretch.t_ns / 1e9
    moved = stretch.gaze_px - _running_median(stretch.gaze_px)
    for first, last in stretch.fixations:
        inside = slice(first, last)
        moved[inside] = _without_drift(times_s[inside], stretch.gaze_px[inside])
    return moved + _path(stretch, times_s, target)


def packets(
    stretch: Stretch, gaze_px: Floats, start_ns: int, duration_ns: int
) -> Iterator[GazeSample | EyeState | ImuSample]:
    """Yield each stream in time order, one stream after the other."""
    end = int(np.searchsorted(stretch.t_ns, duration_ns))
    for t_ns, (x_px, y_px) in zip(stretch.t_ns[:end], gaze_px[:end], strict=True):
        yield GazeSample(start_ns + int(t_ns), float(x_px), float(y_px))
    for t_ns, eyes in zip(stretch.t_ns[:end], stretch.eyes_mm[:end], strict=True):
        yield EyeState(start_ns + int(t_ns), *(float(value) for value in eyes))
    end = int(np.searchsorted(stretch.imu_t_ns, duration_ns))
    for t_ns, row in zip(stretch.imu_t_ns[:end], stretch.imu[:end].tolist(), strict=True):
        yield ImuSample(start_ns + int(t_ns), tuple(row[:3]), tuple(row[3:6]), tuple(row[6:]))


def sample_camera() -> SceneCamera:
    """The camera that the sample pretends to have: no distortion, 103 degrees wide."""
    return SceneCamera.from_field_of_view(*SIZE_PX, HORIZONTAL_DEG)


def _read_stretch(folder: Path, number: str) -> Stretch:
    eye_times = np.fromfile(folder / f"eye_state-{number}.time", layout.TIME)
    eyes = np.fromfile(folder / f"eye_state-{number}.raw", layout.EYE_STATE)
    gaze_times = np.fromfile(folder / "gaze.time", layout.TIME)
    gaze = np.fromfile(folder / "gaze.raw", "<f4").reshape(-1, 2)
    own = np.isin(gaze_times, eye_times)
    zero_ns = eye_times[0]
    columns = [f"pupil_diameter_{side}_mm" for side in ("left", "right")]
    columns += [f"eyelid_aperture_{side}_mm" for side in ("left", "right")]
    imu_times, imu = _read_imu(folder, number)
    within = (imu_times >= zero_ns) & (imu_times <= eye_times[-1])
    return Stretch(
        t_ns=eye_times - zero_ns,
        gaze_px=_in_sample_px(gaze[own], folder.parent / "head" / "calibration.bin"),
        eyes_mm=np.stack([eyes[name].astype(np.float64) for name in columns], axis=1),
        fixations=_read_fixations(folder, number, eye_times),
        imu_t_ns=imu_times[within] - zero_ns,
        imu=imu[within],
    )


def _read_imu(folder: Path, number: str) -> tuple[Times, Floats]:
    rows = np.fromfile(folder / f"imu-{number}.raw", layout.IMU)
    names = rows.dtype.names or ()
    values = np.stack([rows[name].astype(np.float64) for name in names[1:]], axis=1)
    values[:, :3] = np.radians(values[:, :3])
    values[:, 3:6] *= layout.STANDARD_GRAVITY_M_S2
    return np.asarray(rows["timestamp_ns"], np.int64), values


def _read_fixations(folder: Path, number: str, times: Times) -> npt.NDArray[np.int64]:
    events = np.fromfile(folder / f"fixations-{number}.raw", _EVENTS)
    fixations = events[events["kind"] == _FIXATION]
    bounds = [np.searchsorted(times, fixations[name]) for name in ("start_ns", "end_ns")]
    return np.stack(bounds, axis=1).astype(np.int64)


def _in_sample_px(gaze: npt.NDArray[np.float32], calibration: Path) -> Floats:
    """Directions of the Neon's gaze as the sample's camera would show them, degree for degree."""
    neon = layout.read_calibration(calibration, layout.SCENE_SIZE_PX)
    points = gaze.astype(np.float64)[:, None, :]
    camera = sample_camera().matrix
    moved = cv2.undistortPoints(points, neon.matrix, neon.distortion, P=camera)
    return np.asarray(moved[:, 0, :], np.float64)


def _join(first: Stretch, second: Stretch) -> Stretch:
    offset_ns = first.t_ns[-1] + _STEP_NS
    glide = np.clip(1.0 - second.t_ns / _SEAM_NS, 0.0, 1.0)[:, None]
    eyes_mm = second.eyes_mm + glide * (first.eyes_mm[-1] - second.eyes_mm[0])
    return Stretch(
        t_ns=np.concatenate([first.t_ns, second.t_ns + offset_ns]),
        gaze_px=np.concatenate([first.gaze_px, second.gaze_px]),
        eyes_mm=np.concatenate([first.eyes_mm, np.maximum(eyes_mm, 0.0)]),
        fixations=np.concatenate([first.fixations, second.fixations + len(first.t_ns)]),
        imu_t_ns=np.concatenate([first.imu_t_ns, second.imu_t_ns + offset_ns]),
        imu=np.concatenate([first.imu, second.imu]),
    )


def _path(stretch: Stretch, times_s: Floats, target: Target) -> Floats:
    """Where the fixations lie, moving with their targets, joined by saccades."""
    first, *others = stretch.fixations
    path = _hold(stretch, first, times_s, target)(times_s)
    left = first[1]
    for fixation in others:
        hold = _hold(stretch, fixation, times_s, target)
        _jump(path, hold(times_s[left - _LEAD :]), stretch.gaze_px, times_s, left, fixation[0])
        left = fixation[1]
    return path


def _hold(
    stretch: Stretch, fixation: npt.NDArray[np.int64], times_s: Floats, target: Target
) -> Callable[[Floats], Floats]:
    first, last = fixation
    middle_s = float(times_s[first] + times_s[last - 1]) / 2
    near = np.abs(times_s - middle_s) <= _NEAR_S
    wandered = stretch.gaze_px[first:last].mean(axis=0) - np.median(stretch.gaze_px[near], axis=0)
    aim = target(middle_s)
    reach = np.array(aim.half_px) * _SPREAD
    shift = np.clip(wandered, -reach, reach)

    def follow(times_s: Floats) -> Floats:
        return np.asarray(aim.centre(times_s) + shift, np.float64)

    return follow


def _jump(
    path: Floats, hold: Floats, gaze_px: Floats, times_s: Floats, left: int, reached: int
) -> None:
    """Lead ``path`` over to ``hold``, in place, when the real gaze was fastest between the two.

    A minimum-jerk movement whose duration follows the main sequence (Bahill, Clark and Stark 1975):
    21 ms and 2.2 ms for each degree.
    """
    rest = path[left - _LEAD :]
    amplitude_px = float(np.hypot(*(hold[_LEAD] - rest[_LEAD])))
    duration_s = 0.021 + 0.0022 * amplitude_px / _PX_PER_DEG
    gap = slice(left - 1, max(reached, left) + 1)
    steps = np.hypot(*np.diff(gaze_px[gap], axis=0).T)
    fastest_s = times_s[gap][int(np.argmax(steps))] if len(steps) else times_s[left]
    share = np.clip((times_s[left - _LEAD :] - fastest_s) / duration_s + 0.5, 0.0, 1.0)
    progress = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
    rest += progress[:, None] * (hold - rest)


def _without_drift(times_s: Floats, gaze_px: Floats) -> Floats:
    around_px = gaze_px - gaze_px.mean(axis=0)
    since_s = times_s - times_s.mean()
    slope = since_s @ around_px / max(float(since_s @ since_s), 1e-9)
    return np.asarray(around_px - since_s[:, None] * slope, np.float64)


def _running_median(gaze_px: Floats) -> Floats:
    half = _NOISE_SAMPLES // 2
    padded = np.pad(gaze_px, ((half, half), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _NOISE_SAMPLES, axis=0)
    return np.asarray(np.median(windows, axis=-1))
