from __future__ import annotations

import asyncio
import math
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from firmware_bridge.connect import connect
from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample, ImuSample, Packet, SceneFrame
from firmware_bridge.recording.layout import SCENE_FROM_IMU
from perception.attention.angles import Ray, angle_deg, unit_ray
from perception.attention.head_motion import HeadMotion

START_NS = 1_700_000_000_000_000_000
MS_NS = 1_000_000
STILL = (0.0, 0.0, 9.81)
AHEAD: Ray = (0.0, 0.0, 1.0)
NAN = float("nan")

Floats = npt.NDArray[np.float64]


def rotation(about: Floats) -> Floats:
    matrix: Floats = cv2.Rodrigues(np.asarray(about, np.float64))[0]
    return matrix


def rate_rad_s(t_s: float) -> Floats:
    """A head that nods and shakes at up to 100 degrees per second."""
    return np.radians(
        [60 * math.sin(6 * t_s), 80 * math.cos(4 * t_s), 20 * math.sin(9 * t_s)], dtype=np.float64
    )


def shaking(seconds: float, rate_hz: float = 110.0) -> Iterator[ImuSample]:
    for step in range(round(seconds * rate_hz)):
        t_s = step / rate_hz
        x, y, z = (SCENE_FROM_IMU.T @ rate_rad_s(t_s)).tolist()
        yield ImuSample(START_NS + round(t_s * 1e9), (x, y, z), STILL)


def scene_from_world(t_s: float, steps_hz: float = 20_000.0) -> Floats:
    turned = np.eye(3)
    for step in range(round(t_s * steps_hz)):
        turned = turned @ rotation(rate_rad_s((step + 0.5) / steps_hz) / steps_hz)
    return turned.T


def followed(motion: HeadMotion, t_s: float) -> Ray:
    """Where a thing, seen straight ahead at the start, is taken to be later."""
    x, y, z = (scene_from_world(t_s) @ AHEAD).tolist()
    return motion.world((x, y, z), START_NS + round(t_s * 1e9))


@pytest.mark.parametrize("t_s", [0.3, 0.777, 0.99])
def test_a_still_thing_stays_while_the_head_turns(t_s: float) -> None:
    motion = HeadMotion(SCENE_FROM_IMU)
    for sample in shaking(1.0):
        motion.turn(sample)
    assert angle_deg(followed(motion, t_s), AHEAD) < 0.1


def test_motion_that_comes_later_than_gaze_is_foreseen() -> None:
    motion = HeadMotion(SCENE_FROM_IMU)
    for sample in shaking(0.97):
        motion.turn(sample)
    assert angle_deg(followed(motion, 0.99), AHEAD) < 0.3


def test_without_motion_directions_stay() -> None:
    motion = HeadMotion(SCENE_FROM_IMU)
    assert motion.world((0.1, 0.2, 0.9), START_NS) == (0.1, 0.2, 0.9)
    unknown = HeadMotion(None)
    for sample in shaking(0.5):
        unknown.turn(sample)
    assert unknown.world((0.1, 0.2, 0.9), START_NS + 400 * MS_NS) == (0.1, 0.2, 0.9)


def test_damaged_and_late_samples_change_nothing() -> None:
    clean, disturbed = HeadMotion(SCENE_FROM_IMU), HeadMotion(SCENE_FROM_IMU)
    for sample in shaking(0.8):
        clean.turn(sample)
        disturbed.turn(sample)
        disturbed.turn(replace(sample, t_ns=sample.t_ns + 1, gyro_rad_s=(NAN, 0.0, math.inf)))
        disturbed.turn(replace(sample, t_ns=sample.t_ns - 3_600_000 * MS_NS))
    at_ns = START_NS + 700 * MS_NS
    assert disturbed.world(AHEAD, at_ns) == clean.world(AHEAD, at_ns)


def test_a_gap_is_bridged_for_a_moment_only() -> None:
    motion = HeadMotion(np.eye(3))
    motion.turn(ImuSample(START_NS, (0.0, 1.0, 0.0), STILL))
    bridged = motion.world(AHEAD, START_NS + 100 * MS_NS)
    assert angle_deg(bridged, AHEAD) == pytest.approx(math.degrees(0.1))
    assert motion.world(AHEAD, START_NS + 10_000 * MS_NS) == bridged
    motion.turn(ImuSample(START_NS + 10_000 * MS_NS, (0.0, 1.0, 0.0), STILL))
    assert motion.world(AHEAD, START_NS + 10_000 * MS_NS) == pytest.approx(bridged)


def test_an_hour_neither_grows_nor_blows_up() -> None:
    motion = HeadMotion(SCENE_FROM_IMU)
    samples = list(shaking(10.0))
    for start_ns in range(0, 3_600_000 * MS_NS, 40_000 * MS_NS):
        for sample in samples:
            motion.turn(replace(sample, t_ns=sample.t_ns + start_ns))
    assert len(pickle.dumps(motion)) < 20_000
    last_ns = samples[-1].t_ns + start_ns
    assert np.linalg.norm(motion.world(AHEAD, last_ns)) == pytest.approx(1.0, abs=1e-9)
    # What lies before all that is remembered gets the oldest orientation.
    assert np.linalg.norm(motion.world(AHEAD, START_NS)) == pytest.approx(1.0, abs=1e-9)
    motion.reset()
    assert motion.world(AHEAD, last_ns) == AHEAD


def read(folder: Path) -> tuple[SceneCamera, list[Packet]]:
    async def play() -> tuple[SceneCamera | None, list[Packet]]:
        async with connect(f"recording:{folder}") as device:
            return device.info.camera, [packet async for packet in device.packets()]

    camera, packets = asyncio.run(play())
    assert camera is not None
    return camera, packets


def directions(camera: SceneCamera, packets: list[Packet]) -> tuple[Floats, Floats, Floats]:
    """Gaze in stream order: times in seconds, directions in the scene, and in the world."""
    motion = HeadMotion(camera.scene_from_imu)
    rows = []
    for packet in packets:
        if isinstance(packet, ImuSample):
            motion.turn(packet)
        elif isinstance(packet, GazeSample):
            ray = unit_ray(packet.x_px, packet.y_px, camera)
            rows.append((packet.t_ns / 1e9, *ray, *motion.world(ray, packet.t_ns)))
    table = np.array(rows)
    return table[:, 0], table[:, 1:4], table[:, 4:]


def speeds_deg_s(t_s: Floats, rays: Floats) -> Floats:
    """Speed of the straight line fitted to each 100 ms, above the tremor and noise of gaze."""
    half = 10
    speeds = []
    for middle in range(half, len(t_s) - half):
        part = slice(middle - half, middle + half + 1)
        since_s = t_s[part] - t_s[part].mean()
        speed = np.linalg.norm(since_s @ rays[part]) / (since_s @ since_s)
        speeds.append(math.degrees(float(speed)))
    return np.array(speeds)


def test_real_fixations_are_steadier_in_a_frame_that_does_not_turn(shared_data: Path) -> None:
    folder = shared_data / "glasses" / "neon" / "demo_head"
    fields = [("kind", "<i4"), ("start_ns", "<i8"), ("end_ns", "<i8"), ("values", "<f4", (10,))]
    events = np.fromfile(folder / "fixations ps1.raw", np.dtype(fields))
    t_s, scene, world = directions(*read(folder))
    in_scene, in_world = [], []
    for fixation in events[events["kind"] == 1]:
        inside = (t_s >= fixation["start_ns"] / 1e9) & (t_s < fixation["end_ns"] / 1e9)
        in_scene.append(speeds_deg_s(t_s[inside], scene[inside]))
        in_world.append(speeds_deg_s(t_s[inside], world[inside]))
    ratio = np.median(np.concatenate(in_world)) / np.median(np.concatenate(in_scene))
    assert ratio < 0.7


def test_a_real_room_stands_still_in_a_frame_that_does_not_turn(shared_data: Path) -> None:
    camera, packets = read(shared_data / "glasses" / "neon" / "ps1")
    motion = HeadMotion(camera.scene_from_imu)
    before: tuple[int, npt.NDArray[np.uint8]] | None = None
    in_scene, in_world = [], []
    for packet in packets:
        if isinstance(packet, ImuSample):
            motion.turn(packet)
        elif isinstance(packet, SceneFrame):
            gray = cv2.resize(cv2.cvtColor(packet.image, cv2.COLOR_BGR2GRAY), (800, 600))
            if before is not None:
                t_ns, picture = before
                for old_px, new_px in corners_followed(picture, gray):
                    old, new = unit_ray(*old_px, camera), unit_ray(*new_px, camera)
                    in_scene.append(angle_deg(old, new))
                    moved = angle_deg(motion.world(old, t_ns), motion.world(new, packet.t_ns))
                    in_world.append(moved)
            before = packet.t_ns, np.asarray(gray, np.uint8)
    assert np.median(in_world) / np.median(in_scene) < 0.5


def corners_followed(
    old: npt.NDArray[np.uint8], new: npt.NDArray[np.uint8]
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield some corners in two pictures of half size, in pixels of the full ones."""
    corners = cv2.goodFeaturesToTrack(old, 40, 0.01, 20)
    found, status, _ = cv2.calcOpticalFlowPyrLK(old, new, corners, None)
    for a, b, is_found in zip(corners[:, 0], found[:, 0], status[:, 0], strict=True):
        if is_found:
            yield (2 * float(a[0]), 2 * float(a[1])), (2 * float(b[0]), 2 * float(b[1]))
