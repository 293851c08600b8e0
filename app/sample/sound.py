"""Sound of the sample day: real voices from the footage, the wearer's lines from a synthesiser."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from hibari import Hibari

from app.sample.script import Clip, Line, Script, Sound, frame_ns
from assets.fetch import path
from firmware_bridge.packets import AUDIO_RATE_HZ

Samples = npt.NDArray[np.int16]

_SPOKEN_ABOVE = 0.01
_MARGIN_S = 0.05
# A fixed seed gives the same breath noise, so that the recording is the same bytes each time.
_SEED = 7


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line with the times at which it is really heard.

    Attributes:
        by: Key of the speaker.
    """

    by: str
    text: str
    start_ns: int
    end_ns: int


class Voice:
    """The wearer's voice."""

    def __init__(self) -> None:
        self._engine = Hibari(threads=1, model=str(path("hibari")))

    def say(self, text: str) -> Samples:
        """Int16 mono 16 kHz, cut to 50 ms before the first and after the last sound."""
        wave_24k = self._engine(text, seed=_SEED)
        loud = np.flatnonzero(np.abs(wave_24k) > _SPOKEN_ABOVE)
        margin = round(_MARGIN_S * Hibari.sample_rate)
        cut = wave_24k[max(0, loud[0] - margin) : loud[-1] + margin]
        frame = av.AudioFrame.from_ndarray(cut[None, :].astype(np.float32), "fltp", "mono")
        frame.sample_rate = Hibari.sample_rate
        return _resampled([frame])


def read_sound(file: Path) -> Samples:
    """Decode any sound file or film to int16 mono 16 kHz."""
    with av.open(str(file)) as container:
        return _resampled(list(container.decode(audio=0)))


def mix_day(script: Script, voice: Voice) -> tuple[Samples, tuple[Spoken, ...]]:
    """Mix all clips.

    Args:
        script: The day.
        voice: Says the wearer's lines.

    Returns:
        The day as int16 mono 16 kHz, and every line with its time from the start of the day.

    Raises:
        ValueError: Two lines overlap, or one runs over the end of its clip.
    """
    track = np.zeros(_samples(script.duration_ns), np.int16)
    lines: list[Spoken] = []
    for clip, first in zip(script.clips, script.starts(), strict=True):
        start_ns = frame_ns(first)
        place = track[_samples(start_ns) : _samples(start_ns + frame_ns(clip.frames))]
        if clip.sound:
            _lay(place, _excerpt(clip.sound), 0)
        lines += sorted(
            (_speak(clip, line, voice, place, start_ns) for line in clip.said),
            key=lambda line: line.start_ns,
        )
    _require_turns(lines)
    return track, tuple(lines)


def write_voice(script: Script, voice: Voice, file: Path) -> None:
    """Write the sentence from which the wearer's voice is learnt, as a 16 kHz WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(AUDIO_RATE_HZ)
        out.writeframes(voice.say(script.wearer_voice).tobytes())
    file.write_bytes(content.getvalue())


def _speak(clip: Clip, line: Line, voice: Voice, place: Samples, clip_ns: int) -> Spoken:
    start_ns = clip_ns + round(line.at_s * 1e9)
    if line.end_s is not None:
        return Spoken(line.by, line.text, start_ns, clip_ns + round(line.end_s * 1e9))
    samples = voice.say(line.text)
    at = _samples(round(line.at_s * 1e9))
    if at + len(samples) > len(place):
        raise ValueError(f"{clip.name}: {line.text!r} runs over the end of the clip")
    _lay(place, samples, at)
    return Spoken(line.by, line.text, start_ns, start_ns + _duration_ns(len(samples)))


def _excerpt(sound: Sound) -> Samples:
    file = path(sound.asset) / sound.file if sound.file else path(sound.asset)
    samples = read_sound(file)[_samples(round(sound.start_s * 1e9)) :]
    louder = samples * 10.0 ** (sound.gain_db / 20.0)
    return np.asarray(np.clip(np.round(louder), -32768, 32767), np.int16)


def _lay(place: Samples, samples: Samples, at: int) -> None:
    part = samples[: len(place) - at]
    place[at : at + len(part)] = part


def _require_turns(lines: list[Spoken]) -> None:
    for before, after in pairwise(lines):
        if after.start_ns < before.end_ns:
            raise ValueError(f"{after.text!r} begins before {before.text!r} has ended")


def _resampled(frames: list[av.AudioFrame]) -> Samples:
    resampler = av.AudioResampler("s16", "mono", AUDIO_RATE_HZ)
    blocks = [block for frame in [*frames, None] for block in resampler.resample(frame)]
    return np.concatenate([np.asarray(block.to_ndarray()[0], np.int16) for block in blocks])


def _samples(duration_ns: int) -> int:
    return duration_ns * AUDIO_RATE_HZ // 1_000_000_000


def _duration_ns(samples: int) -> int:
    return samples * 1_000_000_000 // AUDIO_RATE_HZ
