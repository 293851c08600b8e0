from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from firmware_bridge.connect import connect
from firmware_bridge.device import CommandName, Device, DeviceError
from firmware_bridge.packets import DeviceStatus, GazeSample, Packet, SceneFrame
from tests.firmware_bridge.recordings import (
    GAZE_SAMPLES,
    neon_recording,
    plain_recording,
    play,
)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return neon_recording(tmp_path_factory.mktemp("a:b") / "day")


@pytest.mark.parametrize("address", ["{}", "recording:{}", "{}?eyes=1", "recording:{}?eyes=1"])
def test_a_recording_has_an_address(day: Path, address: str) -> None:
    assert len(play(address.format(day)).of(GazeSample)) == GAZE_SAMPLES


def test_a_path_may_begin_at_home(
    day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(day.parent))
    assert play("recording:~/day").info.model == "Neon"


def test_both_layouts_are_told_apart(day: Path, tmp_path: Path) -> None:
    assert play(day).info.model == "Neon"
    assert play(plain_recording(tmp_path / "plain")).info.model == "folder"


@pytest.mark.parametrize("address", ["rtsp://192.168.1.2", "uvc:0,1", "ble:Frame", "sim:/tmp/x"])
def test_other_devices_are_refused_with_what_is_supported(address: str) -> None:
    with pytest.raises(DeviceError, match="recording:PATH") as error:
        connect(address)
    assert error.value.code == "scheme-not-supported"


def test_an_unknown_option_is_refused(day: Path) -> None:
    with pytest.raises(DeviceError, match="eyes=1") as error:
        connect(f"recording:{day}?speed=2")
    assert error.value.code == "unknown-option"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (None, "no-such-recording"),
        ([], "unknown-layout"),
        (["info.player.json", "world.mp4", "gaze.pldata"], "unknown-layout"),
        (["recording.vrs"], "unknown-layout"),
        (["info.json"], "unknown-layout"),
        (["info.json", "gaze_positions.csv"], "unknown-layout"),
    ],
)
def test_a_foreign_folder_is_refused_by_name(
    tmp_path: Path, files: list[str] | None, code: str
) -> None:
    folder = tmp_path / "foreign"
    if files is not None:
        folder.mkdir()
        for name in files:
            (folder / name).write_bytes(b"{}")
    with pytest.raises(DeviceError, match="foreign") as error:
        play(folder)
    assert error.value.code == code


def test_a_file_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "walk.mp4").write_bytes(b"")
    with pytest.raises(DeviceError) as error:
        play(tmp_path / "walk.mp4")
    assert error.value.code == "no-such-recording"


def test_a_device_speaks_only_while_open(day: Path) -> None:
    device = connect(str(day))
    with pytest.raises(DeviceError) as error:
        _ = device.info
    assert error.value.code == "not-open"


def test_a_recording_takes_no_commands(day: Path) -> None:
    async def ask() -> None:
        async with connect(str(day)) as device:
            await device.command(CommandName.PAUSE)

    with pytest.raises(DeviceError, match="pause") as error:
        asyncio.run(ask())
    assert error.value.code == "command-not-supported"


def test_packets_start_anew_at_each_call_and_may_be_left_early(day: Path) -> None:
    async def first(device: Device, count: int) -> list[Packet]:
        taken: list[Packet] = []
        async for packet in device.packets():
            taken.append(packet)
            if len(taken) == count:
                break
        return taken

    async def twice() -> tuple[list[Packet], list[Packet]]:
        async with connect(str(day)) as device:
            return await first(device, 50), await first(device, 500)

    early, later = asyncio.run(twice())
    assert [packet.t_ns for packet in later[:50]] == [packet.t_ns for packet in early]
    assert isinstance(later[0], DeviceStatus)
    assert any(isinstance(packet, SceneFrame) for packet in later)


def test_the_event_loop_stays_free_while_a_recording_is_read(day: Path) -> None:
    async def count_turns() -> int:
        turns, is_done = 0, False

        async def turn() -> None:
            nonlocal turns
            while not is_done:
                turns += 1
                await asyncio.sleep(0)

        other = asyncio.create_task(turn())
        async with connect(str(day)) as device:
            async for _ in device.packets():
                pass
        is_done = True
        await other
        return turns

    assert asyncio.run(count_turns()) > 50
