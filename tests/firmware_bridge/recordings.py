"""Small recordings to read back, and what a device says when it is read to its end."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
import numpy.typing as npt

from firmware_bridge.connect import connect
from firmware_bridge.device import Capabilities, DeviceInfo, SceneCamera
from firmware_bridge.packets import (
    AUDIO_RATE_HZ,
    AudioChunk,
    DeviceStatus,
    EyeState,
    GazeSample,
    ImuSample,
    Packet,
    SceneFrame,
    StatusKind,
)
from firmware_bridge.recording.writer import NeonWriter

START_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000
WIDTH_PX, HEIGHT_PX = 64, 48
FRAMES, FRAME_RATE_HZ = 60, 30
GAZE_SAMPLES, GAZE_RATE_HZ = 400, 200

P = TypeVar("P", bound=Packet)


@dataclass(frozen=True)
class Played:
    """Everything that a device said."""

    info: DeviceInfo
    capabilities: Capabilities
    packets: list[Packet]

    def of(self, kind: type[P]) -> list[P]:
        return [packet for packet in self.packets if isinstance(packet, kind)]

    def news(self, kind: StatusKind) -> list[str]:
        return [status.message for status in self.of(DeviceStatus) if status.kind is kind]


def play(address: Path | str, every_px: int = 1) -> Played:
    """Read a recording to its end; its packets must come in time order.

    Of each scene picture only every so many rows and columns are kept.
    """

    def thinned(packet: Packet) -> Packet:
        if every_px == 1 or not isinstance(packet, SceneFrame):
            return packet
        return replace(packet, image=packet.image[::every_px, ::every_px].copy())

    async def read() -> Played:
        async with connect(str(address)) as device:
            packets = [thinned(packet) async for packet in device.packets()]
            return Played(device.info, device.capabilities, packets)

    played = asyncio.run(read())
    timed = [packet.t_ns for packet in played.packets if not isinstance(packet, DeviceStatus)]
    assert timed == sorted(timed)
    first, last = played.packets[0], played.packets[-1]
    assert isinstance(first, DeviceStatus)
    assert first.kind is StatusKind.CONNECTED
    assert isinstance(last, DeviceStatus)
    assert last.kind is StatusKind.ENDED
    assert last.t_ns >= max(packet.t_ns for packet in played.packets)
    return played


def tone(seconds: float) -> npt.NDArray[np.int16]:
    t_s = np.arange(round(seconds * AUDIO_RATE_HZ)) / AUDIO_RATE_HZ
    return (9000 * np.sin(2 * np.pi * 440 * t_s)).astype(np.int16)


def picture(index: int) -> npt.NDArray[np.uint8]:
    """A gray picture whose value tells its index."""
    return np.full((HEIGHT_PX, WIDTH_PX, 3), 10 + 4 * index, np.uint8)


def index_of(frame: SceneFrame) -> int:
    # Converting colours darkens blue and red by a few levels; green loses one.
    return round((float(frame.image[..., 1].mean()) - 9) / 4)


def scene(count: int = FRAMES) -> list[SceneFrame]:
    return [
        SceneFrame(START_NS + i * SECOND_NS // FRAME_RATE_HZ, i, picture(i)) for i in range(count)
    ]


def gaze(count: int = GAZE_SAMPLES) -> list[GazeSample]:
    step_ns = SECOND_NS // GAZE_RATE_HZ
    return [GazeSample(START_NS + i * step_ns, i % WIDTH_PX, i % HEIGHT_PX) for i in range(count)]


def eye_states(count: int = GAZE_SAMPLES) -> list[EyeState]:
    step_ns = SECOND_NS // GAZE_RATE_HZ
    return [EyeState(START_NS + i * step_ns, 3.0, 3.5, 9.0, 9.5) for i in range(count)]


def head_motion(count: int = 200) -> list[ImuSample]:
    turn = (1.0, 0.0, 0.0, 0.0)
    step_ns = SECOND_NS // 100
    return [
        ImuSample(START_NS + i * step_ns, (0.1, -0.2, 0.3), (0.0, 0.0, 9.80665), turn)
        for i in range(count)
    ]


def sound(seconds: float = 2.0) -> list[AudioChunk]:
    samples = tone(seconds)
    return [
        AudioChunk(START_NS + i * SECOND_NS // AUDIO_RATE_HZ, samples[i : i + 512])
        for i in range(0, len(samples), 512)
    ]


def camera() -> SceneCamera:
    matrix = np.array([[50.0, 0.0, 32.0], [0.0, 50.0, 24.0], [0.0, 0.0, 1.0]])
    return SceneCamera(WIDTH_PX, HEIGHT_PX, matrix, np.linspace(-0.1, 0.1, 8))


def write_neon(folder: Path, packets: Iterable[Packet]) -> Path:
    info = DeviceInfo("Neon", "123456", START_NS, None, camera())
    with NeonWriter(folder, info) as writer:
        for packet in sorted(packets, key=lambda packet: packet.t_ns):
            writer.add(packet)
    return folder


def neon_recording(folder: Path) -> Path:
    """Two seconds of every stream, pictures last at equal times."""
    return write_neon(folder, [*gaze(), *eye_states(), *head_motion(), *scene(), *sound()])


def write_video(path: Path, count: int = FRAMES, *, index_first: bool = True) -> Path:
    """A video as cameras and phones make it: all its index in one place."""
    options = {"movflags": "faststart"} if index_first else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=FRAME_RATE_HZ)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        stream.codec_context.options = {"crf": "10", "g": "10", "bf": "0"}
        for index in range(count):
            noise = np.random.default_rng(index).integers(-4, 5, (HEIGHT_PX, WIDTH_PX, 3))
            image = (picture(index) + noise).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def write_wav(path: Path, samples: npt.NDArray[np.int16], rate_hz: int = AUDIO_RATE_HZ) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return path


def plain_recording(folder: Path) -> Path:
    """Two seconds as a plain folder."""
    folder.mkdir(parents=True)
    write_video(folder / "scene.mp4")
    write_wav(folder / "audio.wav", tone(2.0))
    rows = [f"{sample.t_ns},{sample.x_px},{sample.y_px}\n" for sample in gaze()]
    (folder / "gaze.csv").write_text("t_ns,x,y\n" + "".join(rows), "utf-8")
    return folder
