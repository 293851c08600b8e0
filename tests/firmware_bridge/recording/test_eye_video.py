"""Plain folders with eye video, beside gaze or instead of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from firmware_bridge.device import DeviceError
from firmware_bridge.packets import EyeFrame, GazeSample, SceneFrame, StatusKind
from tests.firmware_bridge.recordings import (
    FRAMES,
    SECOND_NS,
    START_NS,
    gaze,
    plain_recording,
    play,
    write_video,
)

STEP_NS = SECOND_NS // 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two seconds of scene, and eyes that begin a second after the gaze."""
    folder = plain_recording(tmp_path / "walk")
    write_video(folder / "eyes.mp4")
    write_times(folder, [START_NS + SECOND_NS + n * STEP_NS for n in range(FRAMES)])
    return folder


def write_times(folder: Path, times_ns: list[int]) -> None:
    (folder / "eyes.csv").write_text("t_ns\n" + "".join(f"{t}\n" for t in times_ns), "utf-8")


def test_eye_frames_come_at_their_own_times_where_they_are_asked_for(folder: Path) -> None:
    played = play(f"{folder}?eyes=1")
    frames = played.of(EyeFrame)
    assert [frame.t_ns for frame in frames] == [
        START_NS + SECOND_NS + n * STEP_NS for n in range(FRAMES)
    ]
    assert frames[0].image.ndim == 2
    assert played.capabilities.has_eye_video
    assert played.of(GazeSample) == gaze()


def test_nobody_gets_eyes_unasked(folder: Path) -> None:
    played = play(folder)
    assert played.of(EyeFrame) == []
    assert not played.capabilities.has_eye_video


def test_eyes_may_stand_for_gaze(folder: Path) -> None:
    (folder / "gaze.csv").unlink()
    played = play(f"{folder}?eyes=1")
    assert not played.capabilities.has_gaze
    assert played.of(GazeSample) == []
    assert played.of(SceneFrame)[0].t_ns == played.of(EyeFrame)[0].t_ns == START_NS + SECOND_NS
    assert played.news(StatusKind.STREAM_MISSING) == ["The recording has no gaze."]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda folder: (folder / "eyes.csv").unlink(), "missing-file"),
        (lambda folder: (folder / "eyes.csv").write_text("t_ns\nsoon\n"), "damaged-times"),
        (lambda folder: (folder / "eyes.csv").write_text("when\n1\n"), "missing-column"),
        (lambda folder: (folder / "eyes.csv").write_text("t_ns\n"), "empty-recording"),
        (lambda folder: (folder / "eyes.mp4").write_bytes(b"no video"), "unreadable-media"),
    ],
)
def test_damage_is_refused(folder: Path, damage: Callable[[Path], object], code: str) -> None:
    damage(folder)
    with pytest.raises(DeviceError, match="eyes") as raised:
        play(f"{folder}?eyes=1")
    assert raised.value.code == code


def test_more_pictures_than_times_are_told(folder: Path) -> None:
    write_times(folder, [START_NS + n * STEP_NS for n in range(10)])
    played = play(f"{folder}?eyes=1")
    assert len(played.of(EyeFrame)) == 10
    assert any("more pictures than times" in text for text in played.news(StatusKind.GAP))
