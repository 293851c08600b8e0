from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from app.intake import Intake, Pace
from firmware_bridge.connect import connect
from firmware_bridge.device import Capabilities, CommandName, DeviceError, DeviceInfo
from firmware_bridge.packets import GazeSample, Packet, SceneFrame
from firmware_bridge.recording.writer import NeonWriter

START_NS = 1_700_000_000_000_000_000
MS_NS = 1_000_000


def frame(t_ns: int, index: int) -> SceneFrame:
    return SceneFrame(t_ns, index, np.full((48, 64, 3), index % 256, np.uint8))


def half_a_second() -> list[Packet]:
    packets: list[Packet] = [frame(START_NS + i * 33 * MS_NS, i) for i in range(15)]
    packets += [GazeSample(START_NS + i * 5 * MS_NS, 10.0, 20.0) for i in range(100)]
    return sorted(packets, key=lambda packet: packet.t_ns)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    folder = tmp_path / "walk"
    info = DeviceInfo("Neon", "test", START_NS, None, None)
    with NeonWriter(folder, info, with_audio=False) as writer:
        for packet in half_a_second():
            writer.add(packet)
    return folder


class Glasses:
    """Live glasses that send what they are given, as fast as they can."""

    capabilities = Capabilities(True, True, True, False, False, False, False)
    info = DeviceInfo("test", "", START_NS, None, None)

    def __init__(self, packets: list[Packet]) -> None:
        self._packets = packets

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    async def packets(self) -> AsyncIterator[Packet]:
        for packet in self._packets:
            yield packet

    async def command(self, name: CommandName, **values: float) -> None:
        raise DeviceError("command-not-supported", name)


def test_a_recording_waits_and_loses_nothing(recording: Path) -> None:
    intake = Intake(connect(str(recording)), Pace.FAST, capacity=2)
    intake.open()
    taken = []
    for packet in intake.packets():
        if isinstance(packet, SceneFrame):
            time.sleep(0.005)
        taken.append(packet)
    frames = [packet for packet in taken if isinstance(packet, SceneFrame)]
    assert [packet.index for packet in frames] == list(range(15))
    assert sum(isinstance(packet, GazeSample) for packet in taken) == 100
    assert intake.read.total() == len(taken)


def test_real_pace_takes_as_long_as_the_recording(recording: Path) -> None:
    intake = Intake(connect(str(recording)), Pace.REAL)
    intake.open()
    started = time.monotonic()
    list(intake.packets())
    assert 0.4 < time.monotonic() - started < 3.0


def test_live_glasses_lose_their_oldest_frames_but_never_gaze() -> None:
    packets = half_a_second()
    intake = Intake(Glasses(packets), Pace.REAL, capacity=4)
    intake.open()
    time.sleep(0.3)
    taken = list(intake.packets())
    frames = [packet for packet in taken if isinstance(packet, SceneFrame)]
    assert [packet.index for packet in frames] == [11, 12, 13, 14]
    assert [p for p in taken if isinstance(p, GazeSample)] == [
        p for p in packets if isinstance(p, GazeSample)
    ]
    assert intake.read["SceneFrame"] - len(frames) == 11


def test_what_cannot_be_opened_is_told_at_once(tmp_path: Path) -> None:
    intake = Intake(connect(str(tmp_path / "nowhere")), Pace.FAST)
    with pytest.raises(DeviceError, match="nowhere"):
        intake.open()


def test_stopping_ends_a_long_recording_early(recording: Path) -> None:
    intake = Intake(connect(str(recording)), Pace.REAL)
    intake.open()
    packets = intake.packets()
    next(packets)
    intake.stop()
    assert len(list(packets)) < 100
