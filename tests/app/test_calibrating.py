from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from app import calibrating
from app.intake import Intake, Pace
from app.loop import LoopReport
from app.session import Session
from app.settings import EyeFinder, Settings, SettingsError, load_settings
from assets.errors import AttuneError
from firmware_bridge.connect import connect
from firmware_bridge.device import DeviceInfo
from firmware_bridge.packets import DeviceStatus, EyeFrame, GazeSample, SceneFrame
from firmware_bridge.recording import layout
from firmware_bridge.recording.mp4 import Mp4Writer
from firmware_bridge.recording.writer import NeonWriter
from memory.store import Memory
from perception.eyes.gaze import NOT_CALIBRATED, EyeGaze, Uncalibrated
from tests.perception.eyes.drawing import CAMERA, NINE, closed, eye, pupil_for

START_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000
RATE_HZ = 20
POINT_NS = 2 * SECOND_NS


def looked_at(t_ns: int) -> tuple[float, float]:
    return NINE[min((t_ns - START_NS) // POINT_NS, len(NINE) - 1)]


def eye_frames(count: int = 9 * 2 * RATE_HZ) -> list[EyeFrame]:
    """Two seconds on each of nine points, a blink in the middle of each."""
    frames = []
    for index in range(count):
        t_ns = START_NS + index * SECOND_NS // RATE_HZ
        pupil = pupil_for(*looked_at(t_ns))
        is_shut = index % (2 * RATE_HZ) in (20, 21, 22)
        one = closed(192, index) if is_shut else eye(pupil.x_px * 1.5, pupil.y_px * 1.5, 16, 192)
        frames.append(EyeFrame(t_ns, index, np.hstack([one, one])))
    return frames


def write_recording(folder: Path, frames: list[EyeFrame], *, with_targets: bool = True) -> Path:
    """A Neon folder with a scene and eye video, but without gaze."""
    scene = np.full((1200, 1600, 3), 90, np.uint8)
    with NeonWriter(folder, DeviceInfo("Neon", "test", START_NS, None, CAMERA)) as writer:
        for second in range(3):
            writer.add(SceneFrame(START_NS + second * SECOND_NS, second, scene))
    path = folder / f"{layout.EYES_NAME} ps1.mp4"
    with Mp4Writer(path, with_audio=False, crf=10, frame_rate_hz=RATE_HZ) as video:
        for frame in frames:
            video.add_image(frame.t_ns, frame.image)
    times = np.array([frame.t_ns for frame in frames], layout.TIME)
    path.with_suffix(".time").write_bytes(times.tobytes())
    if with_targets:
        rows = [f"{START_NS + n * POINT_NS},{x},{y}\n" for n, (x, y) in enumerate(NINE)]
        end = f"{START_NS + len(NINE) * POINT_NS},,\n"
        (folder / "targets.csv").write_text("t_ns,x_px,y_px\n" + "".join(rows) + end, "utf-8")
    return folder


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_recording(tmp_path_factory.mktemp("eyes") / "nine points", eye_frames())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(tmp_path / "store")
    settings.eye_finder = EyeFinder.THRESHOLD
    return settings


@pytest.mark.parametrize("finder", [EyeFinder.NETWORK, EyeFinder.THRESHOLD])
def test_nine_points_are_fitted_shown_and_stored(
    recording: Path, settings: Settings, finder: EyeFinder, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.eye_finder = finder
    calibration = calibrating.calibrate(settings, str(recording), None)
    assert calibration.error_deg < 2.0
    assert len(calibration.points) == 9
    assert all(point.frames == 30 for point in calibration.points), "the first half second is left"
    stored = calibrating.load(settings.calibration)
    assert repr(stored) == repr(calibrating.Stored(finder, calibration))
    output = capsys.readouterr().out
    assert f"{calibration.error_deg:.2f}°" in output
    assert "27 of 30" in output, "three frames of each point show a blink"


def test_a_recording_without_gaze_gets_it_in_the_loop(recording: Path, settings: Settings) -> None:
    calibrating.calibrate(settings, str(recording), None)
    stage = calibrating.eye_gaze(settings, CAMERA)
    assert isinstance(stage, EyeGaze)
    samples = [
        event
        for frame in eye_frames()
        for event in stage.update(frame)
        if isinstance(event, GazeSample)
    ]
    assert len(samples) == len(eye_frames())
    seen = [sample for sample in samples if sample.is_valid]
    assert len(seen) > 0.85 * len(samples)
    off = [np.hypot(s.x_px - x, s.y_px - y) for s in seen for x, y in [looked_at(s.t_ns)]]
    assert float(np.median(off)) < 40


@pytest.mark.weights
def test_the_session_takes_gaze_from_calibrated_eyes(recording: Path, settings: Settings) -> None:
    calibrating.calibrate(settings, str(recording), None)
    report, session = gone_through(recording, settings)
    assert report.taken["EyeFrame"] == len(eye_frames())
    assert len(report.timings_ms["eyes"]) == len(eye_frames())
    assert len(report.timings_ms["eye movements"]) == len(eye_frames())
    assert session.in_view.gaze_in_scene_px is not None


@pytest.mark.weights
def test_without_calibration_the_wearer_is_told(recording: Path, settings: Settings) -> None:
    report, _ = gone_through(recording, settings)
    assert not report.timings_ms["eye movements"]
    stage = calibrating.eye_gaze(settings, CAMERA)
    told = [event for frame in eye_frames(5) for event in stage.update(frame)]
    assert [event.message for event in told if isinstance(event, DeviceStatus)] == [NOT_CALIBRATED]


def gone_through(recording: Path, settings: Settings) -> tuple[LoopReport, Session]:
    with Memory.open(settings.database) as memory:
        device = connect(f"{recording}?eyes=1")
        session = Session(device, "eyes", memory, None, settings, Pace.FAST, lambda _: None)
        return session.run(), session


def test_without_targets_and_gaze_there_is_nothing_to_fit(
    tmp_path: Path, settings: Settings
) -> None:
    folder = write_recording(tmp_path / "blank", eye_frames(60), with_targets=False)
    with pytest.raises(AttuneError) as raised:
        calibrating.calibrate(settings, str(folder), None)
    assert raised.value.code == "eyes-not-seen"
    assert not settings.calibration.exists()


def test_a_recording_without_eye_video_is_refused(tmp_path: Path, settings: Settings) -> None:
    folder = write_recording(tmp_path / "no eyes", eye_frames(3))
    for path in folder.glob(f"{layout.EYES_NAME}*"):
        path.unlink()
    with pytest.raises(AttuneError) as raised:
        calibrating.calibrate(settings, str(folder), None)
    assert raised.value.code == "no-eye-frames"


def test_targets_that_were_named_must_be_there(recording: Path, settings: Settings) -> None:
    with pytest.raises(AttuneError) as raised:
        calibrating.calibrate(settings, str(recording), recording / "nowhere.csv")
    assert raised.value.code == "no-targets"


def test_nobody_has_calibrated_at_first(settings: Settings) -> None:
    assert calibrating.load(settings.calibration) is None
    assert isinstance(calibrating.eye_gaze(settings, CAMERA), Uncalibrated)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"error_deg": "much"}', b"\xff\xfe"])
def test_a_damaged_file_says_what_to_do(settings: Settings, content: bytes) -> None:
    settings.calibration.parent.mkdir(parents=True)
    settings.calibration.write_bytes(content)
    with pytest.raises(SettingsError, match="attune calibrate"):
        calibrating.load(settings.calibration)


def test_a_device_says_whether_it_sends_gaze(recording: Path) -> None:
    intake = Intake(connect(f"{recording}?eyes=1"), Pace.FAST)
    intake.open()
    intake.stop()
    assert not intake.has_gaze


def test_the_view_is_where_the_finder_is_surest(recording: Path) -> None:
    device = connect(calibrating.with_eyes(str(recording)))
    finder = calibrating.finder_of(EyeFinder.NETWORK)
    watched = asyncio.run(calibrating.watch(device, finder))
    assert watched.view_share == 1.0
    assert len(watched.eyes) == len(eye_frames())
