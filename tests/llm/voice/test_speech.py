from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from llm.voice.hibari import HibariVoice
from llm.voice.speech import Speech, VoiceError
from llm.voice.wav import write_wav


def tone(rate_hz: int) -> Speech:
    return Speech((np.sin(np.arange(rate_hz)) * 1000).astype(np.int16), rate_hz)


def test_speech_of_several_parts_becomes_one_file(tmp_path: Path) -> None:
    part = tone(8000)
    assert write_wav(tmp_path / "reply.wav", [part, part]) == 2.0
    with wave.open(str(tmp_path / "reply.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        samples = np.frombuffer(file.readframes(16000), np.int16)
    assert np.array_equal(samples, np.concatenate([part.samples, part.samples]))


@pytest.mark.parametrize("parts", [[], [tone(8000), tone(16000)]])
def test_a_file_needs_speech_of_one_rate(parts: list[Speech], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one rate"):
        write_wav(tmp_path / "reply.wav", parts)
    assert not (tmp_path / "reply.wav").exists()


def test_speech_says_what_is_wrong_with_its_samples() -> None:
    with pytest.raises(ValueError, match=r"int16 \(n,\), but got float64 \(3,\)"):
        Speech(np.zeros(3), 8000)  # type: ignore[arg-type]


def test_a_voice_without_weights_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    with pytest.raises(VoiceError, match="attune assets fetch hibari") as caught:
        HibariVoice()
    assert caught.value.code == "voice-missing"


@pytest.mark.weights
def test_the_voice_speaks_each_sentence_and_always_alike() -> None:
    voice = HibariVoice()
    first, second = voice.speak("The shed is open. Bring the plums.")
    assert first.rate_hz == 24_000
    assert 0.5 < first.duration_s < 3.0
    assert np.abs(second.samples).max() > 1000
    again, _ = voice.speak("The shed is open. Bring the plums.")
    assert np.array_equal(first.samples, again.samples)
    assert list(voice.speak(" ")) == []
