from __future__ import annotations

import ctypes.util
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from firmware_bridge import host_audio
from firmware_bridge.device import DeviceError
from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk, DeviceStatus

REPOSITORY = Path(__file__).resolve().parents[2]
RAW = ["--format=s16le", f"--rate={AUDIO_RATE_HZ}", "--channels=1", "--latency-msec=20"]
ASOUNDRC = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"

Environment = dict[str, str]


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip("run `sudo apt-get install pulseaudio pulseaudio-utils libasound2-plugins`")
    return path


def start(environment: Environment, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.firmware_bridge.sound_machine", *command],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def isolated(home: Path) -> Environment:
    return {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}


@pytest.fixture
def silent_machine(tmp_path: Path) -> Environment:
    if Path("/proc/asound/cards").exists():
        pytest.skip("this machine has sound cards; what happens without cannot be seen here")
    return {**isolated(tmp_path), "PULSE_SERVER": "unix:/nowhere"}


def test_without_a_sound_card_each_use_says_what_is_missing(silent_machine: Environment) -> None:
    assert answer(start(silent_machine, "look")) == {
        "has_speaker": False,
        "has_microphone": False,
        "speaker": "no-speaker",
        "microphone": "no-microphone",
        "play": "no-speaker",
        "listen": "no-microphone",
    }


def test_without_portaudio_the_command_that_mends_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    with pytest.raises(DeviceError, match="sudo apt-get install libportaudio2") as error:
        host_audio.require_speaker()
    assert error.value.code == "no-portaudio"
    assert not host_audio.has_speaker()
    assert not host_audio.has_microphone()


def test_falling_silent_needs_no_sound() -> None:
    host_audio.stop_playing()


class Ear:
    """A microphone that is handed chunks by a clock that the test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.microphone = host_audio.Microphone()
        self._now_ns = 1_700_000_000_000_000_000
        monkeypatch.setattr(time, "time_ns", lambda: self._now_ns)

    def take(self, after_ms: float = 32, *, overflow: bool = False) -> None:
        self._now_ns += round(after_ms * 1e6)
        flags = SimpleNamespace(input_overflow=overflow)
        self.microphone._take(np.zeros((512, 1), np.int16), 512, None, flags)

    def heard(self) -> list[AudioChunk | DeviceStatus]:
        waiting = self.microphone._heard
        return [waiting.get_nowait() for _ in range(waiting.qsize())]


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    return Ear(monkeypatch)


def test_a_busy_machine_does_not_tear_the_sound(ear: Ear) -> None:
    for after_ms in (32, 32, 300, 1, 1, 1, 1, 32, 20, 44):
        ear.take(after_ms)
    chunks = ear.heard()
    assert ear.microphone.losses == 0
    assert {b.t_ns - a.t_ns for a, b in itertools.pairwise(chunks)} == {32_000_000}


def test_a_machine_that_slept_says_so(ear: Ear) -> None:
    ear.take()
    ear.take(after_ms=60_000)
    before, told, after = ear.heard()
    assert isinstance(told, DeviceStatus)
    assert after.t_ns - before.t_ns == 60_000_000_000
    assert ear.microphone.losses == 1


def test_an_overflow_is_told_where_it_happened(ear: Ear) -> None:
    for index in range(6):
        ear.take(overflow=index == 3)
    kinds = [type(packet) for packet in ear.heard()]
    assert kinds == [*[AudioChunk] * 3, DeviceStatus, *[AudioChunk] * 3]


def test_sound_that_waits_too_long_is_lost_and_told_once(ear: Ear) -> None:
    for _ in range(1_500):
        ear.take()
    first = ear.heard()
    assert [type(packet) for packet in first] == [AudioChunk] * 1_000
    ear.take()
    told, chunk = ear.heard()
    assert isinstance(told, DeviceStatus)
    assert isinstance(chunk, AudioChunk)
    assert chunk.t_ns - first[0].t_ns == 1_500 * 32_000_000
    assert ear.microphone.losses == 1


@pytest.fixture
def machine() -> Iterator[Environment]:
    """A machine whose speaker and microphone are PulseAudio's null sinks."""
    home = Path(tempfile.mkdtemp(prefix="attune-"))  # a socket's path must be short
    (home / ".asoundrc").write_text(ASOUNDRC, "ascii")
    environment = {**isolated(home), "PULSE_SERVER": f"unix:{home}/socket"}
    with pulse_audio(home, environment):
        found = answer(start(environment, "look"))
        if not found["has_speaker"]:
            pytest.skip("run `sudo apt-get install libasound2-plugins`")
        yield environment
    shutil.rmtree(home)


@contextmanager
def pulse_audio(home: Path, environment: Environment) -> Iterator[None]:
    modules = (
        f"module-native-protocol-unix socket={home}/socket",
        "module-null-sink sink_name=speaker",
        "module-null-sink sink_name=room",
        "module-remap-source master=room.monitor source_name=microphone",
    )
    loads = [word for module in modules for word in ("-L", module)]
    server = subprocess.Popen(
        [
            tool("pulseaudio"),
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--log-level=error",
            "-n",
            *loads,
        ],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: (home / "socket").exists())
        for setting in (("set-default-sink", "speaker"), ("set-default-source", "microphone")):
            subprocess.run([tool("pactl"), *setting], env=environment, check=True)
        yield
    finally:
        server.kill()
        server.wait()


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


def rumble(seconds: float) -> npt.NDArray[np.int16]:
    """Noise without highs, which survives the server's resampling."""
    white = np.random.default_rng(1).normal(0, 1, round(seconds * AUDIO_RATE_HZ))
    low = np.convolve(white, np.hanning(16), "same")
    samples: npt.NDArray[np.int16] = (5_000 * low / low.std()).clip(-32768, 32767).astype(np.int16)
    return samples


def offset_and_likeness(
    heard: npt.NDArray[np.int16], said: npt.NDArray[np.int16]
) -> tuple[int, float]:
    """Find a piece of sound in a recording."""
    size = 1 << (len(heard) + len(said)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size))
    offset = int(np.argmax(np.fft.irfft(spectrum, size)[: len(heard)]))
    return offset, likeness(heard[offset:], said)


def likeness(heard: npt.NDArray[np.int16], said: npt.NDArray[np.int16]) -> float:
    """Correlate two pieces of sound that begin together."""
    length = min(len(heard), len(said))
    return float(np.corrcoef(heard[:length], said[:length])[0, 1])


def likenesses(heard: npt.NDArray[np.int16], said: npt.NDArray[np.int16]) -> list[float]:
    """How well each half second is heard, all at one offset if nothing was lost."""
    step = AUDIO_RATE_HZ // 2
    offset, _ = offset_and_likeness(heard, said[step : 2 * step])
    heard = heard[offset - step :]
    return [likeness(heard[i:], said[i : i + step]) for i in range(0, len(said), step)]


@contextmanager
def recorder(environment: Environment, path: Path) -> Iterator[None]:
    """Record what the speaker plays; begin once the recording runs."""
    with path.open("wb") as file:
        process = subprocess.Popen(
            [tool("parec"), "--device=speaker.monitor", *RAW], env=environment, stdout=file
        )
        try:
            wait_until(lambda: path.stat().st_size > 0)
            yield
            time.sleep(0.5)
        finally:
            process.terminate()
            process.wait()


def test_the_speaker_plays_every_sample(machine: Environment, tmp_path: Path) -> None:
    said = rumble(2.0)
    said.tofile(tmp_path / "said.raw")
    with recorder(machine, tmp_path / "heard.raw"):
        took_s = answer(start(machine, "play", str(tmp_path / "said.raw"), "0"))["took_s"]
    assert 1.9 < took_s < 10
    heard = np.fromfile(tmp_path / "heard.raw", np.int16)
    assert min(likenesses(heard, said)) > 0.9


def test_a_reply_can_be_stopped_at_once(machine: Environment, tmp_path: Path) -> None:
    rumble(20.0).tofile(tmp_path / "said.raw")
    with recorder(machine, tmp_path / "heard.raw"):
        times = answer(start(machine, "play", str(tmp_path / "said.raw"), "2"))
    assert times["stopping_s"] < 1.0
    loud = np.abs(np.fromfile(tmp_path / "heard.raw", np.int16)) > 500
    assert 0.2 < np.count_nonzero(loud) / AUDIO_RATE_HZ < 5.0


def test_the_microphone_hears_every_sample(machine: Environment, tmp_path: Path) -> None:
    said = rumble(1.5)
    said.tofile(tmp_path / "said.raw")
    process = start(machine, "listen", str(tmp_path / "heard.raw"), "4")
    assert process.stdout is not None
    assert process.stdout.readline() == "listening\n"
    subprocess.run(
        [tool("pacat"), "--device=room", *RAW, str(tmp_path / "said.raw")], env=machine, check=True
    )
    found = answer(process)
    assert found["lengths"] == [512]
    assert found["holes"] == found["losses"]
    assert abs(found["late_s"]) < 0.6
    heard = np.fromfile(tmp_path / "heard.raw", np.int16)
    assert offset_and_likeness(heard, said[AUDIO_RATE_HZ // 2 :])[1] > 0.9


def test_what_was_heard_meanwhile_can_be_forgotten(machine: Environment) -> None:
    assert answer(start(machine, "discard", "1.5"))["age_s"] < 0.6


def test_a_microphone_that_is_unplugged_is_told(machine: Environment) -> None:
    process = start(machine, "listen_until_lost")
    assert process.stdout is not None
    assert process.stdout.readline() == "listening\n"
    subprocess.run([tool("pactl"), "exit"], env=machine, check=True)
    assert answer(process) == {"code": "microphone-lost"}
