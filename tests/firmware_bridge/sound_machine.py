"""Uses the sound of a machine in a process of its own, whose environment names the devices.

PortAudio looks for devices once per process, so a test cannot change them under itself.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading
import time
from pathlib import Path

import numpy as np

from firmware_bridge import host_audio
from firmware_bridge.device import DeviceError
from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk


def look() -> dict[str, object]:
    """What is there, and what is said where nothing is."""
    found: dict[str, object] = {
        "has_speaker": host_audio.has_speaker(),
        "has_microphone": host_audio.has_microphone(),
    }
    silence = np.zeros(160, np.int16)
    for name, use in (
        ("speaker", host_audio.require_speaker),
        ("microphone", host_audio.require_microphone),
        ("play", lambda: host_audio.play(silence, AUDIO_RATE_HZ)),
        ("listen", lambda: host_audio.Microphone().__enter__()),
    ):
        try:
            found[name] = str(use())
        except DeviceError as error:
            found[name] = error.code
    return found


def play(path: str, stop_after_s: str) -> dict[str, object]:
    """Play a raw file and say for how long; stop it early if asked to."""
    samples = np.fromfile(path, np.int16)
    thread = threading.Thread(target=host_audio.play, args=(samples, AUDIO_RATE_HZ))
    start_s = time.monotonic()
    thread.start()
    stop_s = start_s
    if float(stop_after_s):
        time.sleep(float(stop_after_s))
        stop_s = time.monotonic()
        host_audio.stop_playing()
    thread.join()
    return {"took_s": time.monotonic() - start_s, "stopping_s": time.monotonic() - stop_s}


def listen(path: str, seconds: str) -> dict[str, object]:
    """Record so many seconds after saying that sound comes in."""
    chunks: list[AudioChunk] = []
    with host_audio.Microphone() as microphone:
        for packet in microphone:
            if not chunks:
                print("listening", flush=True)
            if isinstance(packet, AudioChunk):
                chunks.append(packet)
            if len(chunks) * 512 >= float(seconds) * AUDIO_RATE_HZ:
                break
        losses = microphone.losses
    end_ns = time.time_ns()
    np.concatenate([chunk.samples for chunk in chunks]).tofile(Path(path))
    return {
        "lengths": sorted({len(chunk.samples) for chunk in chunks}),
        "holes": sum(a.end_ns != b.t_ns for a, b in itertools.pairwise(chunks)),
        "losses": losses,
        "late_s": (end_ns - chunks[-1].end_ns) / 1e9,
    }


def listen_until_lost() -> dict[str, object]:
    """Listen until the microphone is gone."""
    with host_audio.Microphone() as microphone:
        try:
            for count, _ in enumerate(microphone):
                if count == 0:
                    print("listening", flush=True)
        except DeviceError as error:
            return {"code": error.code}
    return {"code": ""}


def discard(waiting_s: str) -> dict[str, object]:
    """Let sound wait, forget it, and say how old the next sound is."""
    with host_audio.Microphone() as microphone:
        sound = iter(microphone)
        next(sound)
        time.sleep(float(waiting_s))
        microphone.discard()
        now_ns = time.time_ns()
        chunk = next(packet for packet in sound if isinstance(packet, AudioChunk))
    return {"age_s": (now_ns - chunk.end_ns) / 1e9}


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    commands = {f.__name__: f for f in (look, play, listen, listen_until_lost, discard)}
    print(json.dumps(commands[command](*arguments)), flush=True)
