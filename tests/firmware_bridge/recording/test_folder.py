from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from firmware_bridge.device import DeviceError
from firmware_bridge.packets import (
    AUDIO_RATE_HZ,
    AudioChunk,
    GazeSample,
    Packet,
    SceneFrame,
    StatusKind,
)
from tests.firmware_bridge.recordings import (
    FRAMES,
    START_NS,
    gaze,
    index_of,
    plain_recording,
    play,
    scene,
    sound,
    tone,
    write_neon,
    write_video,
    write_wav,
)

Damage = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return plain_recording(tmp_path / "walk")


def test_video_gaze_and_sound_start_together(folder: Path) -> None:
    played = play(folder)
    assert played.info.model == "folder"
    assert played.of(GazeSample) == gaze()
    frames = played.of(SceneFrame)
    assert [index_of(frame) for frame in frames] == list(range(FRAMES))
    differences_ns = [a.t_ns - b.t_ns for a, b in zip(frames, scene(), strict=True)]
    assert max(map(abs, differences_ns)) <= 1
    chunks = played.of(AudioChunk)
    assert chunks[0].t_ns == START_NS
    np.testing.assert_array_equal(np.concatenate([chunk.samples for chunk in chunks]), tone(2.0))
    assert played.news(StatusKind.GAP) == []
    camera = played.info.camera
    assert camera is not None
    assert camera.matrix[0, 0] == pytest.approx(camera.width_px / 2)  # 90 degrees across


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("t_ns,x,y", "5,1.5,2.5", GazeSample(5, 1.5, 2.5)),
        ("y,x,t_ns,other", "2.5,1.5,5,?", GazeSample(5, 1.5, 2.5)),
        (
            "section id,timestamp [ns],gaze x [px],gaze y [px],worn",
            "a,5,1.5,2.5,1",
            GazeSample(5, 1.5, 2.5),
        ),
        ("t_ns,x,y,confidence", "5,1.5,2.5,0.25", GazeSample(5, 1.5, 2.5, 0.25)),
        ("t_ns,x,y,confidence", "5,1.5,2.5,", GazeSample(5, 1.5, 2.5, 1.0)),
        ("\ufefft_ns,x,y", "5,-10,99999", GazeSample(5, -10.0, 99_999.0)),
    ],
)
def test_known_columns_are_found_wherever_they_are(
    folder: Path, header: str, row: str, expected: GazeSample
) -> None:
    (folder / "gaze.csv").write_text(f"{header}\n{row}\n", "utf-8")
    assert play(folder).of(GazeSample) == [expected]


def test_an_empty_place_means_that_the_eyes_were_not_seen(folder: Path) -> None:
    (folder / "gaze.csv").write_text("t_ns,x,y\n5,,\n", "utf-8")
    (sample,) = play(folder).of(GazeSample)
    assert math.isnan(sample.x_px)
    assert not sample.is_valid


def test_sound_at_another_rate_is_resampled(folder: Path) -> None:
    write_wav(folder / "audio.wav", tone(3.0), rate_hz=24_000)
    samples = np.concatenate([chunk.samples for chunk in play(folder).of(AudioChunk)])
    assert len(samples) / AUDIO_RATE_HZ == pytest.approx(2.0, abs=0.01)


def test_without_a_wav_file_the_video_is_heard(folder: Path, tmp_path: Path) -> None:
    packets: list[Packet] = [*scene(), *sound()]
    neon = write_neon(tmp_path / "neon", packets)
    (neon / "Neon Scene Camera v1 ps1.mp4").rename(folder / "scene.mp4")
    (folder / "audio.wav").unlink()
    played = play(folder)
    assert played.capabilities.has_audio
    assert sum(len(chunk.samples) for chunk in played.of(AudioChunk)) >= 1.9 * AUDIO_RATE_HZ


def test_silence_is_a_recording_too(folder: Path) -> None:
    (folder / "audio.wav").unlink()
    played = play(folder)
    assert not played.capabilities.has_audio
    assert played.of(AudioChunk) == []


def gaze_file(text: str) -> Damage:
    return lambda folder: (folder / "gaze.csv").write_text(text, "utf-8")


def bytes_of(name: str, content: bytes) -> Damage:
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "code", "named"),
    [
        (gaze_file(""), "missing-column", "no header"),
        (gaze_file("time,x,y\n1,2,3\n"), "missing-column", "'t_ns'"),
        (gaze_file("t_ns,x,y\n"), "empty-recording", "gaze.csv"),
        (gaze_file("t_ns,x,y\n1,2,3\n2,left,3\n"), "damaged-gaze", "line 3"),
        (gaze_file("t_ns,x,y\n0.5,2,3\n"), "damaged-gaze", "line 2"),
        (gaze_file("t_ns,x,y,confidence\n1,2,3,1.5\n"), "damaged-gaze", "line 2"),
        (bytes_of("gaze.csv", b"\xff\xfe\x00\x80"), "damaged-gaze", "gaze.csv"),
        (bytes_of("gaze.csv", b't_ns,x,y\n1,2,"3' + b"x" * 200_000), "damaged-gaze", "gaze.csv"),
        (bytes_of("scene.mp4", b""), "unreadable-media", "scene.mp4"),
        (lambda folder: write_wav(folder / "scene.mp4", tone(1.0)), "no-pictures", "scene.mp4"),
        (bytes_of("audio.wav", b"RIFF"), "unreadable-media", "audio.wav"),
        (
            lambda folder: write_video(folder / "v.mp4").rename(folder / "audio.wav"),
            "no-sound",
            "audio.wav",
        ),
        (lambda folder: (folder / "scene.mp4").unlink(), "unknown-layout", "scene.mp4"),
        (lambda folder: (folder / "gaze.csv").unlink(), "unknown-layout", "gaze.csv"),
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


def test_gaze_out_of_order_is_sorted_and_told_once(folder: Path) -> None:
    gaze_file("t_ns,x,y\n30,3,3\n10,1,1\n20,2,2\n")(folder)
    played = play(folder)
    assert [sample.t_ns for sample in played.of(GazeSample)] == [10, 20, 30]
    (told,) = played.news(StatusKind.GAP)
    assert "out of order" in told


def test_a_cut_video_plays_what_is_left_and_is_told(folder: Path) -> None:
    path = folder / "scene.mp4"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    played = play(folder)
    assert 10 < len(played.of(SceneFrame)) < FRAMES
    (told,) = played.news(StatusKind.GAP)
    assert "scene.mp4 is cut" in told
