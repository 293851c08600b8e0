from __future__ import annotations

import asyncio
import itertools
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pupil_labs.neon_recording as maker
import pytest

from firmware_bridge.connect import connect
from firmware_bridge.packets import (
    AUDIO_RATE_HZ,
    AudioChunk,
    EyeFrame,
    EyeState,
    GazeSample,
    ImuSample,
    SceneFrame,
    StatusKind,
)
from tests.firmware_bridge.recordings import (
    FRAMES,
    GAZE_SAMPLES,
    START_NS,
    Played,
    camera,
    gaze,
    index_of,
    neon_recording,
    play,
    scene,
    tone,
    write_neon,
)

GRAVITY_M_S2 = 9.80665
EVERY_PX = 8


@pytest.fixture(scope="module")
def ps1(shared_data: Path) -> Path:
    return shared_data / "glasses" / "neon" / "ps1"


@pytest.fixture(scope="module")
def walk(ps1: Path) -> Played:
    return play(f"recording:{ps1}?eyes=1", EVERY_PX)


@pytest.fixture(scope="module")
def without_video(shared_data: Path) -> Path:
    return shared_data / "glasses" / "neon" / "demo_head"


def require_agreement(folder: Path, played: Played) -> None:
    """Compare every number with the maker's own reader."""
    theirs = maker.open(folder)
    ours = played.of(GazeSample)
    assert [sample.t_ns for sample in ours] == theirs.gaze.time.tolist()
    points = [(sample.x_px, sample.y_px) for sample in ours]
    np.testing.assert_array_equal(points, np.asarray(theirs.gaze.point))
    eyes = played.of(EyeState)
    assert [state.t_ns for state in eyes] == theirs.pupil.time.tolist()
    pupils = [state.pupil_left_mm for state in eyes]
    np.testing.assert_array_equal(pupils, np.asarray(theirs.pupil.diameter_left))
    motion = played.of(ImuSample)
    assert [sample.t_ns for sample in motion] == theirs.imu.time.tolist()
    accel = np.array([sample.accel_m_s2 for sample in motion])
    np.testing.assert_allclose(accel, np.asarray(theirs.imu.acceleration) * GRAVITY_M_S2, rtol=1e-6)
    gyro = np.degrees([sample.gyro_rad_s for sample in motion])
    np.testing.assert_allclose(gyro, np.asarray(theirs.imu.angular_velocity), rtol=1e-6)
    turn = np.array([sample.quaternion_wxyz for sample in motion])[:, [1, 2, 3, 0]]
    np.testing.assert_array_equal(turn, np.asarray(theirs.imu.rotation))


def test_a_real_walk_has_every_stream_whole(walk: Played) -> None:
    assert walk.info.model == "Neon"
    assert walk.info.serial == "404641"
    assert len(walk.of(GazeSample)) == 639
    assert len(walk.of(EyeState)) == 639
    assert len(walk.of(ImuSample)) == 539
    assert len(walk.of(SceneFrame)) == 144
    assert walk.of(SceneFrame)[-1].image.shape == (1200 // EVERY_PX, 1600 // EVERY_PX, 3)
    assert sum(len(chunk.samples) for chunk in walk.of(AudioChunk)) == 77_276
    assert walk.news(StatusKind.GAP) == []
    assert walk.news(StatusKind.STREAM_MISSING) == []


def test_a_real_walk_is_in_si_units(walk: Played) -> None:
    accel = np.linalg.norm([sample.accel_m_s2 for sample in walk.of(ImuSample)], axis=1)
    assert np.median(accel) == pytest.approx(GRAVITY_M_S2, rel=0.05)
    gyro = np.linalg.norm([sample.gyro_rad_s for sample in walk.of(ImuSample)], axis=1)
    assert 0.05 < np.median(gyro) < 5
    assert 2 < np.median([state.pupil_left_mm for state in walk.of(EyeState)]) < 8
    assert {sample.confidence for sample in walk.of(GazeSample)} == {1.0}


def test_a_real_walk_agrees_with_the_makers_reader(ps1: Path, walk: Played) -> None:
    require_agreement(ps1, walk)
    theirs = maker.open(ps1)
    frames = walk.of(SceneFrame)
    assert [frame.t_ns for frame in frames] == theirs.scene.time.tolist()
    for index in (0, 71, 143):
        their_image = theirs.scene[index].bgr[::EVERY_PX, ::EVERY_PX].astype(int)
        difference = np.abs(frames[index].image - their_image)
        assert difference.max() <= 2
    chunk_ns, audio_ns = walk.of(AudioChunk)[0].t_ns, int(theirs.audio.time[0])
    assert abs(chunk_ns - audio_ns) < 1_000_000
    matrix = walk.info.camera.matrix if walk.info.camera else None
    np.testing.assert_array_equal(matrix, theirs.calibration.scene_camera_matrix)


def test_a_real_neon_knows_how_its_imu_is_mounted(walk: Played) -> None:
    assert walk.info.camera is not None
    assert walk.info.camera.scene_from_imu is not None
    # On a head held upright gravity pushes upwards, which is against the camera's y.
    pushes = [sample.accel_m_s2 for sample in walk.of(ImuSample)]
    up = walk.info.camera.scene_from_imu @ np.median(pushes, axis=0)
    assert up[1] < -0.8 * GRAVITY_M_S2


def test_real_sound_keeps_its_loudness_and_length(ps1: Path, walk: Played) -> None:
    theirs = np.concatenate([frame.to_ndarray()[0] for frame in maker.open(ps1).audio])
    ours = np.concatenate([chunk.samples for chunk in walk.of(AudioChunk)]) / 32768
    assert len(ours) / AUDIO_RATE_HZ == pytest.approx(len(theirs) / 44_100, abs=0.03)
    # What lies above 8 kHz is lost at 16 kHz, so a little less is left.
    assert 0.8 < np.std(ours) / np.std(theirs) <= 1.01


def test_real_eye_video_keeps_its_own_time(walk: Played) -> None:
    eyes = walk.of(EyeFrame)
    assert len(eyes) == 827
    assert eyes[0].image.shape == (192, 384)
    assert eyes[0].t_ns > walk.of(SceneFrame)[-1].t_ns
    assert walk.capabilities.has_eye_video


def test_eye_video_is_sent_only_when_asked_for(ps1: Path) -> None:
    async def has_eye_video(address: str) -> bool:
        async with connect(address) as device:
            return device.capabilities.has_eye_video

    assert not asyncio.run(has_eye_video(str(ps1)))
    assert asyncio.run(has_eye_video(f"{ps1}?eyes=1"))


def test_a_real_recording_without_its_video_sends_the_rest(without_video: Path) -> None:
    played = play(without_video)
    require_agreement(without_video, played)
    assert len(played.of(GazeSample)) == 1788
    assert not played.capabilities.has_scene
    assert played.of(SceneFrame) == []
    assert any("scene" in message for message in played.news(StatusKind.STREAM_MISSING))
    accel = np.linalg.norm([sample.accel_m_s2 for sample in played.of(ImuSample)], axis=1)
    assert np.median(accel) == pytest.approx(GRAVITY_M_S2, rel=0.05)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return neon_recording(tmp_path_factory.mktemp("neon") / "day")


def test_what_was_written_comes_back(written: Path) -> None:
    played = play(written)
    assert played.info.serial == "123456"
    assert played.info.started_ns == START_NS
    assert played.of(GazeSample) == gaze()
    assert [frame.t_ns for frame in played.of(SceneFrame)] == [frame.t_ns for frame in scene()]
    assert [frame.index for frame in played.of(SceneFrame)] == list(range(FRAMES))
    assert [index_of(frame) for frame in played.of(SceneFrame)] == list(range(FRAMES))
    assert played.news(StatusKind.GAP) == []
    assert played.info.camera is not None
    np.testing.assert_array_equal(played.info.camera.matrix, camera().matrix)
    np.testing.assert_array_equal(played.info.camera.distortion, camera().distortion)


def test_what_was_written_agrees_with_the_makers_reader(written: Path) -> None:
    require_agreement(written, play(written))


def test_written_sound_comes_back_in_time(written: Path) -> None:
    chunks = play(written).of(AudioChunk)
    assert all(a.end_ns == b.t_ns for a, b in itertools.pairwise(chunks))
    assert {len(chunk.samples) for chunk in chunks[:-1]} == {512}
    assert chunks[0].t_ns == START_NS
    heard = np.concatenate([chunk.samples for chunk in chunks]).astype(float)
    said = tone(2.0).astype(float)
    middle = slice(AUDIO_RATE_HZ // 2, AUDIO_RATE_HZ * 3 // 2)
    assert np.corrcoef(heard[middle], said[middle])[0, 1] > 0.99


def test_gaze_comes_before_its_picture(written: Path) -> None:
    seen = play(written).packets
    frame = next(i for i, packet in enumerate(seen) if isinstance(packet, SceneFrame))
    assert any(isinstance(packet, GazeSample) for packet in seen[:frame])


@pytest.mark.parametrize(
    ("x_px", "y_px", "confidence", "is_valid"),
    [
        (math.nan, math.nan, 1.0, False),
        (10.0, math.nan, 1.0, False),
        (-50.0, 5000.0, 1.0, True),
        (10.0, 10.0, 0.0, False),
        (10.0, 10.0, 1.0, True),
    ],
)
def test_gaze_that_is_lost_or_outside_passes_as_it_is(
    tmp_path: Path, x_px: float, y_px: float, confidence: float, is_valid: bool
) -> None:
    sample = GazeSample(START_NS, x_px, y_px, confidence)
    (back,) = play(write_neon(tmp_path / "day", [sample])).of(GazeSample)
    np.testing.assert_equal(
        (back.x_px, back.y_px, back.confidence), (float(np.float32(x_px)), y_px, confidence)
    )
    assert back.is_valid is is_valid


def test_parts_follow_each_other(written: Path, tmp_path: Path) -> None:
    later_ns = 5_000_000_000
    folder = tmp_path / "two"
    folder.mkdir()
    for path in written.iterdir():
        if "_200hz" not in path.name:
            (folder / path.name).write_bytes(path.read_bytes())
        if " ps1" in path.name:
            data = path.read_bytes()
            if path.suffix == ".time":
                data = (np.frombuffer(data, "<i8") + later_ns).tobytes()
            (folder / path.name.replace(" ps1", " ps2")).write_bytes(data)
    played = play(folder)
    frames = played.of(SceneFrame)
    assert [frame.index for frame in frames] == list(range(2 * FRAMES))
    assert frames[FRAMES].t_ns == START_NS + later_ns
    assert len(played.of(GazeSample)) == 2 * GAZE_SAMPLES
    assert any(chunk.t_ns >= START_NS + later_ns for chunk in played.of(AudioChunk))
    (pause,) = played.news(StatusKind.GAP)
    assert "sound pauses" in pause


WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from firmware_bridge.device import DeviceInfo
from firmware_bridge.recording.writer import NeonWriter
from tests.firmware_bridge.recordings import START_NS, camera, gaze, scene, sound

writer = NeonWriter(Path(sys.argv[1]), DeviceInfo("Neon", "123456", START_NS, None, camera()))
for packet in sorted([*gaze(), *scene(), *sound()], key=lambda packet: packet.t_ns):
    writer.add(packet)
print("written", flush=True)
sys.stdin.read()
"""


def test_a_killed_writer_loses_no_more_than_the_last_second(tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE_UNTIL_KILLED, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        os.kill(process.pid, signal.SIGKILL)
    played = play(folder)
    assert FRAMES - 30 <= len(played.of(SceneFrame)) <= FRAMES
    assert played.of(GazeSample) == gaze()
    assert sum(len(chunk.samples) for chunk in played.of(AudioChunk)) >= 0.9 * AUDIO_RATE_HZ
    assert any("cut" in message for message in played.news(StatusKind.GAP))
