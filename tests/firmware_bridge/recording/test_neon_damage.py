"""Each kind of damage that docs/recordings.md lists for a Neon recording."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from firmware_bridge.device import DeviceError
from firmware_bridge.packets import AudioChunk, GazeSample, Packet, SceneFrame, StatusKind
from tests.firmware_bridge.recordings import (
    FRAMES,
    GAZE_SAMPLES,
    HEIGHT_PX,
    START_NS,
    WIDTH_PX,
    gaze,
    index_of,
    neon_recording,
    play,
    scene,
    sound,
    tone,
    write_neon,
    write_video,
    write_wav,
)

SCENE = "Neon Scene Camera v1 ps1"
Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = neon_recording(tmp_path_factory.mktemp("whole") / "day")
    for path in folder.glob("*_200hz*"):
        path.unlink()
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "day"))


def cut(name: str, size: int) -> Damage:
    """Keep the first bytes, or with a negative size all but the last."""
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:size])


def replaced(name: str, content: bytes) -> Damage:
    return lambda folder: (folder / name).write_bytes(content)


def removed(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def with_flipped_byte(name: str) -> Damage:
    def damage(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[100] ^= 0xFF
        (folder / name).write_bytes(data)

    return damage


def video_cut_by(size: int) -> Damage:
    """What a camera leaves that lost its power: the index comes last and takes 1 kB."""

    def damage(folder: Path) -> None:
        path = write_video(folder / f"{SCENE}.mp4", index_first=False)
        path.write_bytes(path.read_bytes()[:-size])

    return damage


def emptied(folder: Path) -> None:
    for path in [*folder.glob("*.raw"), *folder.glob("*.time")]:
        path.write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "code", "named"),
    [
        (replaced("info.json", b'{"start_time": '), "damaged-info", "info.json"),
        (replaced("info.json", b"\xff\xfe\x00"), "damaged-info", "info.json"),
        (replaced("info.json", b"[]"), "damaged-info", "info.json"),
        (cut("gaze ps1.time", -3), "damaged-time-file", "gaze ps1.time"),
        (cut(f"{SCENE}.time", -1), "damaged-time-file", f"{SCENE}.time"),
        (removed("gaze ps1.time"), "missing-file", "gaze ps1.time"),
        (removed(f"{SCENE}.time"), "missing-file", f"{SCENE}.time"),
        (replaced("imu.dtype", b"[('gyro_x', "), "damaged-dtype-file", "imu.dtype"),
        (replaced("imu.dtype", b"[('gyro_x', 'float32')]"), "damaged-dtype-file", "gyro_y"),
        (cut("calibration.bin", 500), "damaged-calibration", "calibration.bin"),
        (with_flipped_byte("calibration.bin"), "damaged-calibration", "checksum"),
        (replaced(f"{SCENE}.mp4", b""), "unreadable-media", f"{SCENE}.mp4"),
        (replaced(f"{SCENE}.mp4", b"not a video" * 99), "unreadable-media", f"{SCENE}.mp4"),
        (video_cut_by(3_000), "unreadable-media", f"{SCENE}.mp4"),
        (video_cut_by(600), "no-pictures", f"{SCENE}.mp4"),
        (
            lambda folder: write_wav(folder / f"{SCENE}.mp4", tone(1.0)),
            "no-pictures",
            f"{SCENE}.mp4",
        ),
        (emptied, "empty-recording", "day"),
        (removed("info.json"), "unknown-layout", "day"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    folder: Path, damage: Damage, code: str, named: str
) -> None:
    damage(folder)
    with pytest.raises(DeviceError) as error:
        play(folder)
    assert error.value.code == code
    assert named in error.value.message


def shuffled_times(name: str, size: int) -> Damage:
    """Swap two neighbours a third of the way in, as a phone does that writes from two threads."""

    def damage(folder: Path) -> None:
        for path in (folder / f"{name}.time", folder / f"{name}.raw"):
            if path.exists():
                rows = np.frombuffer(path.read_bytes(), f"V{size if path.suffix == '.raw' else 8}")
                order = np.arange(len(rows))
                order[[20, 21]] = order[[21, 20]]
                path.write_bytes(rows[order].tobytes())

    return damage


def half_of(name: str) -> Damage:
    return lambda folder: cut(name, (folder / name).stat().st_size // 2)(folder)


@pytest.mark.parametrize(
    ("damage", "kind", "told", "gaze_left"),
    [
        pytest.param(
            shuffled_times("gaze ps1", 8), StatusKind.GAP, "out of order", GAZE_SAMPLES, id="gaze"
        ),
        pytest.param(cut("gaze ps1.time", -80), StatusKind.GAP, "390 times", 390, id="times"),
        pytest.param(cut("gaze ps1.raw", -80), StatusKind.GAP, "390 samples", 390, id="rows"),
        pytest.param(cut("gaze ps1.raw", -3), StatusKind.GAP, "399 samples", 399, id="half a row"),
        pytest.param(
            shuffled_times(SCENE, 0), StatusKind.GAP, "out of order", GAZE_SAMPLES, id="pictures"
        ),
        pytest.param(
            replaced(f"{SCENE}.mp4", b"version https://git-lfs.github.com/spec/v1\n"),
            StatusKind.STREAM_MISSING,
            "only a pointer",
            GAZE_SAMPLES,
            id="pointer",
        ),
        pytest.param(
            removed(f"{SCENE}.mp4"),
            StatusKind.STREAM_MISSING,
            "no scene video",
            GAZE_SAMPLES,
            id="no video",
        ),
        pytest.param(
            removed("gaze ps1.raw"), StatusKind.STREAM_MISSING, "no gaze", 0, id="no gaze"
        ),
        pytest.param(
            half_of(f"{SCENE}.mp4"), StatusKind.GAP, "cut or damaged", GAZE_SAMPLES, id="cut video"
        ),
        pytest.param(
            cut(f"{SCENE}.time", -80), StatusKind.GAP, "more pictures", GAZE_SAMPLES, id="no times"
        ),
    ],
)
def test_what_can_be_mended_is_told_once(
    folder: Path, damage: Damage, kind: StatusKind, told: str, gaze_left: int
) -> None:
    damage(folder)
    played = play(folder)
    assert len(played.of(GazeSample)) == gaze_left
    assert sum(told in message for message in played.news(kind)) == 1


def test_gaze_out_of_order_comes_back_sorted(folder: Path) -> None:
    shuffled_times("gaze ps1", 8)(folder)
    assert play(folder).of(GazeSample) == gaze()


def test_a_cut_video_plays_what_is_left(folder: Path) -> None:
    half_of(f"{SCENE}.mp4")(folder)
    played = play(folder)
    frames = played.of(SceneFrame)
    assert 20 <= len(frames) < FRAMES
    assert [index_of(frame) for frame in frames] == [frame.index for frame in frames]
    assert played.of(AudioChunk)


def test_a_hole_in_a_video_keeps_the_rest_in_time(folder: Path) -> None:
    write_video(folder / f"{SCENE}.mp4")
    data = bytearray((folder / f"{SCENE}.mp4").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2_000] = bytes(2_000)
    (folder / f"{SCENE}.mp4").write_bytes(data)
    played = play(folder)
    times_ns = [frame.t_ns for frame in scene()]
    frames = played.of(SceneFrame)
    assert frames[-1].index == FRAMES - 1
    assert [frame.t_ns for frame in frames] == [times_ns[frame.index] for frame in frames]
    assert (len(frames) < FRAMES) == any("damaged" in m for m in played.news(StatusKind.GAP))


def test_more_pictures_than_times_are_left_out(folder: Path) -> None:
    cut(f"{SCENE}.time", -80)(folder)
    assert len(play(folder).of(SceneFrame)) == FRAMES - 10


def test_a_short_worn_file_means_worn(folder: Path) -> None:
    replaced("worn ps1.raw", bytes([0]) * 10)(folder)
    played = play(folder)
    confidences = [sample.confidence for sample in played.of(GazeSample)]
    assert any("worn ps1.raw ends early" in told for told in played.news(StatusKind.GAP))
    assert confidences == [0.0] * 10 + [1.0] * (GAZE_SAMPLES - 10)


def test_without_a_calibration_the_camera_is_guessed(folder: Path) -> None:
    removed("calibration.bin")(folder)
    camera = play(folder).info.camera
    assert camera is not None
    assert (camera.width_px, camera.height_px) == (WIDTH_PX, HEIGHT_PX)
    across_deg = 2 * np.degrees(np.arctan(WIDTH_PX / 2 / camera.matrix[0, 0]))
    assert across_deg == pytest.approx(103)


def test_a_pause_in_the_sound_is_told(tmp_path: Path) -> None:
    """A hole between two parts, because the writer fills a hole within one with silence."""
    pause_ns = 3_000_000_000
    packets: list[Packet] = [*scene(), *sound()]
    folder = write_neon(tmp_path / "day", packets)
    for path in list(folder.glob("* ps1.*")):
        data = path.read_bytes()
        if path.suffix == ".time":
            data = (np.frombuffer(data, "<i8") + pause_ns).tobytes()
        (folder / path.name.replace("ps1", "ps2")).write_bytes(data)
    played = play(folder)
    (told,) = (message for message in played.news(StatusKind.GAP))
    assert "The sound pauses for" in told
    second = [chunk for chunk in played.of(AudioChunk) if chunk.t_ns >= START_NS + pause_ns]
    assert second[0].t_ns == START_NS + pause_ns
