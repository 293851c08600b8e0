from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.intake import Intake, Pace
from app.loop import SensingLoop
from app.settings import load_settings
from app.stages import Stages, build_stages
from firmware_bridge.connect import connect
from firmware_bridge.device import DeviceInfo
from firmware_bridge.packets import AudioChunk, GazeSample, ImuSample, SceneFrame
from firmware_bridge.recording.writer import NeonWriter
from memory.store import Memory
from perception.events import Work

pytestmark = pytest.mark.weights
START_NS = 1_700_000_000_000_000_000
FRAME_NS = 33_333_333


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Two seconds of noise that the eyes rest on."""
    noise = np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8)
    folder = tmp_path / "walk"
    with NeonWriter(folder, DeviceInfo("Neon", "test", START_NS, None, None)) as writer:
        for index in range(60):
            t_ns = START_NS + index * FRAME_NS
            writer.add(SceneFrame(t_ns, index, noise))
            writer.add(AudioChunk(t_ns, np.zeros(533, np.int16)))
        for sample in range(400):
            writer.add(GazeSample(START_NS + sample * 5_000_000, 160.0, 120.0))
        for sample in range(200):
            still = (0.0, 0.0, 9.81)
            writer.add(ImuSample(START_NS + sample * 10_000_000, (0.0, 0.0, 0.0), still))
    return folder


@pytest.fixture
def stages(tmp_path: Path) -> Iterator[Stages]:
    settings = load_settings(tmp_path / "store")
    with Memory.open(settings.database) as memory:
        yield build_stages(None, memory, settings)


def loop_over(recording: Path, stages: Stages, passed: list[object]) -> SensingLoop:
    intake = Intake(connect(str(recording)), Pace.FAST)
    intake.open()
    return SensingLoop(intake, stages, load_settings().sensing, [passed.append])


def test_every_packet_is_taken_and_some_frames_are_analysed(
    recording: Path, stages: Stages
) -> None:
    passed: list[object] = []
    report = loop_over(recording, stages, passed).run()
    assert report.taken["SceneFrame"] == 60
    assert report.taken["GazeSample"] == 400
    assert len(report.timings_ms["eye movements"]) == 400 + report.taken["ImuSample"] == 600
    assert not any(report.lost.values())
    assert 0 < report.heavy_frames < 60
    assert report.analysed[Work.FACES] == len(report.timings_ms["faces"])


def test_while_paused_nothing_is_seen_or_heard(recording: Path, stages: Stages) -> None:
    passed: list[object] = []
    loop = loop_over(recording, stages, passed)
    loop.is_paused = True
    report = loop.run()
    assert report.taken["SceneFrame"] == 60
    assert passed == []
    assert report.heavy_frames == 0


def test_what_a_stage_raises_is_raised_and_the_lanes_end(
    recording: Path, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(item: object) -> list[object]:
        raise RuntimeError("the model broke")

    monkeypatch.setattr(stages.faces, "update", fail)
    before = set(threading.enumerate())
    with pytest.raises(RuntimeError, match="the model broke"):
        loop_over(recording, stages, []).run()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lane-")]
    for thread in set(threading.enumerate()) - before:
        thread.join(5.0)
    assert set(threading.enumerate()) <= before, "the reader, which was still ending, has ended"
