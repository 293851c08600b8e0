from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from perception.speech.embedder import VoiceEmbedder
from perception.speech.segment import SpeechSegment, duration_ns
from perception.speech.turns import Turn, Turns
from perception.speech.voice_activity import VoiceActivity
from tests.perception.speech.audio import Sound, load, phone, segments, silence

pytestmark = pytest.mark.weights


def segment(sound: Sound, probability: float = 1.0) -> SpeechSegment:
    windows = -(-len(sound) // 512)
    probabilities = np.full(windows, probability, np.float32)
    return SpeechSegment(0, duration_ns(len(sound)), sound, probabilities)


@pytest.fixture(scope="module")
def turns(embedder: VoiceEmbedder) -> Turns:
    return Turns(embedder)


@pytest.mark.parametrize(
    ("length_s", "probability"), [(0.3, 1.0), (2.4, 1.0), (6.0, 0.0)], ids=["blip", "short", "mute"]
)
def test_what_cannot_be_split_is_one_turn(
    turns: Turns, length_s: float, probability: float
) -> None:
    sound = silence(length_s)
    assert turns.split(segment(sound, probability)) == [Turn(0, len(sound), 0)]


def test_one_voice_is_one_turn(turns: Turns) -> None:
    sound = phone(21.9, 27.4)
    assert turns.split(segment(sound)) == [Turn(0, len(sound), 0)]


@pytest.mark.parametrize(("first", "second"), [(0, 1), (3, 1)])
def test_speakers_without_a_pause_are_cut_apart(
    turns: Turns, shared_data: Path, first: int, second: int
) -> None:
    folders = sorted((shared_data / "speech" / "speakers").iterdir())
    a, b = (load(sorted(folders[i].glob("*.flac"))[0])[6_400:] for i in (first, second))
    a, b = a[: 3 * 16_000], b[: 3 * 16_000]
    one, two = turns.split(segment(np.concatenate([a, b])))
    assert one.speaker != two.speaker
    assert abs(one.end - len(a)) < 0.6 * 16_000
    assert (one.first, one.end, two.end) == (0, two.first, len(a) + len(b))


def test_a_telephone_talk_goes_to_and_fro(turns: Turns) -> None:
    (talk,) = segments(phone(12.4, 21.6), VoiceActivity())
    parts = turns.split(talk)
    assert [turn.speaker for turn in parts] == [0, 1, 0]
    assert parts[0].first == 0
    assert parts[-1].end == len(talk.samples)
    ends_s = [12.4 + talk.time_ns(turn.end) / 1e9 for turn in parts[:-1]]
    assert ends_s == pytest.approx([14.3, 17.8], abs=0.6)
