"""Whatever is written comes back, whatever its values and times."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.device import DeviceError, DeviceInfo
from firmware_bridge.packets import (
    EyeFrame,
    EyeState,
    GazeSample,
    ImuSample,
    Packet,
    SceneFrame,
)
from firmware_bridge.recording import layout
from firmware_bridge.recording.writer import NeonWriter
from tests.firmware_bridge.recordings import (
    FRAMES,
    START_NS,
    camera,
    gaze,
    neon_recording,
    picture,
    play,
    scene,
    write_neon,
)

T = TypeVar("T", bound=Packet)

values = st.floats(width=32, allow_infinity=False)
angles = st.floats(-100, 100, width=32)
steps_ns = st.lists(st.integers(1, 2_000_000_000), min_size=1, max_size=8)


@st.composite
def streams(draw: st.DrawFn, make: Callable[[int, st.DrawFn], T]) -> list[T]:
    times_ns = START_NS + np.cumsum(draw(steps_ns))
    return [make(int(t_ns), draw) for t_ns in times_ns]


def some_gaze(t_ns: int, draw: st.DrawFn) -> GazeSample:
    confidence = draw(st.sampled_from([0, 51, 204, 255])) / 255
    return GazeSample(t_ns, draw(values), draw(values), confidence)


def some_eyes(t_ns: int, draw: st.DrawFn) -> EyeState:
    return EyeState(t_ns, *(draw(values) for _ in range(4)))


def some_motion(t_ns: int, draw: st.DrawFn) -> ImuSample:
    gyro, accel = ((draw(angles), draw(angles), draw(angles)) for _ in range(2))
    turn = (draw(angles), draw(angles), draw(angles), draw(angles))
    return ImuSample(t_ns, gyro, accel, turn)


def numbers(packet: Packet) -> list[float]:
    match packet:
        case GazeSample():
            return [packet.x_px, packet.y_px, packet.confidence]
        case EyeState():
            return [
                packet.pupil_left_mm,
                packet.pupil_right_mm,
                packet.aperture_left_mm,
                packet.aperture_right_mm,
            ]
        case ImuSample():
            return [*packet.gyro_rad_s, *packet.accel_m_s2, *packet.quaternion_wxyz]
    raise AssertionError(packet)


def require_same(back: Sequence[Packet], written: Sequence[Packet]) -> None:
    assert [packet.t_ns for packet in back] == [packet.t_ns for packet in written]
    for ours, theirs in zip(back, written, strict=True):
        np.testing.assert_allclose(numbers(ours), numbers(theirs), rtol=1e-6, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(streams(some_gaze), streams(some_eyes), streams(some_motion))
def test_numbers_come_back(
    gaze: list[GazeSample], eyes: list[EyeState], motion: list[ImuSample]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        played = play(write_neon(Path(folder) / "day", [*gaze, *eyes, *motion]))
    require_same(played.of(GazeSample), gaze)
    require_same(played.of(EyeState), eyes)
    require_same(played.of(ImuSample), motion)


@settings(max_examples=15, deadline=None)
@given(steps_ns, st.lists(st.integers(0, 60), min_size=8, max_size=8))
def test_pictures_come_back_at_their_exact_times(steps: list[int], shades: list[int]) -> None:
    times_ns = (START_NS + np.cumsum(steps)).tolist()
    written: list[Packet] = [
        SceneFrame(t_ns, i, picture(shades[i])) for i, t_ns in enumerate(times_ns)
    ]
    with tempfile.TemporaryDirectory() as folder:
        frames = play(write_neon(Path(folder) / "day", written)).of(SceneFrame)
    assert [frame.t_ns for frame in frames] == times_ns
    for frame, shade in zip(frames, shades, strict=False):
        assert frame.image.mean() == pytest.approx(10 + 4 * shade, abs=5)


def test_eye_pictures_come_back_when_asked_for(tmp_path: Path) -> None:
    shades = [0, 64, 128, 255]
    written: list[Packet] = [
        EyeFrame(START_NS + i * 5_000_000, i, np.full((192, 384), shade, np.uint8))
        for i, shade in enumerate(shades)
    ]
    folder = write_neon(tmp_path / "day", written)
    frames = play(f"recording:{folder}?eyes=1").of(EyeFrame)
    assert [frame.t_ns for frame in frames] == [packet.t_ns for packet in written]
    assert [round(float(frame.image.mean())) for frame in frames] == pytest.approx(shades, abs=2)


@pytest.mark.parametrize("scene_from_imu", [None, np.eye(3), layout.SCENE_FROM_IMU])
def test_how_the_imu_is_mounted_comes_back(
    tmp_path: Path, scene_from_imu: npt.NDArray[np.float64] | None
) -> None:
    mounted = replace(camera(), scene_from_imu=scene_from_imu)
    with NeonWriter(tmp_path / "day", DeviceInfo("Neon", "1", START_NS, None, mounted)) as writer:
        for packet in gaze():
            writer.add(packet)
    back = play(tmp_path / "day").info.camera
    assert back is not None
    np.testing.assert_array_equal(back.scene_from_imu, scene_from_imu)


def test_a_mounting_that_is_no_rotation_is_refused(tmp_path: Path) -> None:
    folder = neon_recording(tmp_path / "day")
    info = json.loads((folder / "info.json").read_bytes())
    mirrored = np.diag([1.0, 1.0, -1.0]).tolist()
    (folder / "info.json").write_text(json.dumps(info | {"scene_from_imu": mirrored}))
    with pytest.raises(DeviceError, match=r"info\.json.*rotation"):
        play(folder)


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for name in ("first", "second"):
        folder = neon_recording(tmp_path / name)
        contents.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert contents[0] == contents[1]


def writer(folder: Path) -> NeonWriter:
    return NeonWriter(folder, DeviceInfo("Neon", "", START_NS, None, None))


@pytest.mark.parametrize("second_ns", [START_NS, START_NS - 1])
def test_a_stream_that_goes_back_is_refused(tmp_path: Path, second_ns: int) -> None:
    with writer(tmp_path / "day") as recording:
        recording.add(GazeSample(START_NS, 1.0, 1.0))
        recording.add(EyeState(START_NS - 5, math.nan, math.nan))
        with pytest.raises(DeviceError) as error:
            recording.add(GazeSample(second_ns, 1.0, 1.0))
    assert error.value.code == "out-of-order"
    assert len(play(tmp_path / "day").of(GazeSample)) == 1


@pytest.mark.parametrize(
    ("sizes", "code"),
    [([(48, 64), (64, 48)], "image-size-changed"), ([(47, 64)], "odd-image-size")],
)
def test_a_picture_of_another_size_is_refused(
    tmp_path: Path, sizes: list[tuple[int, int]], code: str
) -> None:
    images = [np.zeros((*size, 3), np.uint8) for size in sizes]
    with writer(tmp_path / "day") as recording:
        for index, image in enumerate(images[:-1]):
            recording.add(SceneFrame(START_NS + index, index, image))
        with pytest.raises(DeviceError) as error:
            recording.add(SceneFrame(START_NS + len(images), len(images), images[-1]))
    assert error.value.code == code


def test_a_folder_with_files_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(DeviceError) as error:
        writer(tmp_path)
    assert error.value.code == "folder-not-empty"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """A folder that vanishes stands for every way in which a disk can fail."""
    folder = tmp_path / "day"
    recording = writer(folder)
    for sample in gaze(10):
        recording.add(sample)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with pytest.raises(DeviceError) as error:
        recording.close()
    assert error.value.code == "cannot-write"


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    recording = writer(tmp_path / "day")
    for frame in scene():
        recording.add(frame)
    recording.close()
    recording.close()
    assert len(play(tmp_path / "day").of(SceneFrame)) == FRAMES
