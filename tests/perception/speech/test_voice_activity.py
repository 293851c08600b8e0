from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from perception.events import SpeechOnset
from perception.speech.segment import SpeechSegment, duration_ns
from perception.speech.voice_activity import VoiceActivity, VoiceActivitySettings
from tests.perception.speech.audio import Sound, chunks, noise, phone, segments, silence

pytestmark = pytest.mark.weights
SECOND_NS = 1_000_000_000


@pytest.fixture(scope="module")
def activity() -> VoiceActivity:
    return VoiceActivity()


def hum(seconds: float) -> Sound:
    t = np.arange(int(seconds * 16_000)) / 16_000
    return (4_000 * np.sin(2 * np.pi * 120 * t)).astype(np.int16)


@pytest.mark.parametrize(
    "sound",
    [silence(5), noise(5, 30), noise(5, 3_000), hum(5)],
    ids=["silence", "hiss", "roar", "hum"],
)
def test_no_speech_is_found_where_nobody_speaks(activity: VoiceActivity, sound: Sound) -> None:
    assert segments(sound, activity) == []


@pytest.mark.parametrize("gain", [0.02, 0.2, 1.0, 3.0])
def test_speech_is_found_however_loud(activity: VoiceActivity, gain: float) -> None:
    sound = phone(12.4, 17.8).astype(np.float32) * gain
    (segment,) = segments(np.clip(sound, -32_768, 32_767).astype(np.int16), activity)
    assert segment.end_ns - segment.start_ns > 5 * SECOND_NS


def test_segment_holds_the_voice_and_its_surroundings(activity: VoiceActivity) -> None:
    speech = phone(18.0, 21.5)
    (segment,) = segments(np.concatenate([silence(2), speech, silence(2)]), activity)
    assert 1.6 < segment.start_ns / SECOND_NS < 2.05
    assert 5.4 < segment.end_ns / SECOND_NS < 5.85
    assert duration_ns(len(segment.samples)) == segment.end_ns - segment.start_ns


def test_onset_comes_early_and_once(activity: VoiceActivity) -> None:
    activity.reset()
    sound = np.concatenate([silence(1), phone(18.0, 21.5), silence(1)])
    events, onset_seen_ns = [], 0
    for chunk in chunks(sound, length=320):
        for event in activity.update(chunk):
            events.append(event)
            if isinstance(event, SpeechOnset):
                onset_seen_ns = chunk.end_ns
    onset, segment = events
    assert isinstance(onset, SpeechOnset)
    assert isinstance(segment, SpeechSegment)
    assert segment.start_ns <= onset.t_ns < onset_seen_ns < segment.end_ns
    assert onset_seen_ns - onset.t_ns < 0.5 * SECOND_NS


@pytest.mark.parametrize("length", [160, 333, 16_000, 200_000])
def test_chunk_length_changes_nothing(activity: VoiceActivity, length: int) -> None:
    sound = phone(12.4, 21.5)
    expected = segments(sound, activity)
    activity.reset()
    events = [e for chunk in chunks(sound, length=length) for e in activity.update(chunk)]
    heard = [e for e in [*events, *activity.flush()] if isinstance(e, SpeechSegment)]
    assert [(s.start_ns, s.end_ns) for s in heard] == [(s.start_ns, s.end_ns) for s in expected]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(heard, expected, strict=True))


def test_long_speech_is_cut_without_loss() -> None:
    settings = VoiceActivitySettings(max_segment_ns=4 * SECOND_NS)
    sound = phone(21.9, 30.0)
    pieces = segments(sound, VoiceActivity(settings))
    assert len(pieces) >= 3
    assert all(s.end_ns - s.start_ns <= 4 * SECOND_NS for s in pieces)
    assert all(a.end_ns == b.start_ns for a, b in pairwise(pieces))
    together = np.concatenate([s.samples for s in pieces])
    first = pieces[0].start_ns * 16_000 // SECOND_NS
    heard = min(len(together), len(sound) - first)
    assert np.array_equal(together[:heard], sound[first : first + heard])


def test_gap_ends_a_segment(activity: VoiceActivity) -> None:
    activity.reset()
    sound = phone(12.4, 17.8)
    half = len(sound) // 2
    events = [e for c in chunks(sound[:half]) for e in activity.update(c)]
    later = chunks(sound[half:], start_ns=600 * SECOND_NS)
    events += [e for c in later for e in activity.update(c)]
    events += activity.flush()
    first, second = (e for e in events if isinstance(e, SpeechSegment))
    assert first.end_ns < 3 * SECOND_NS
    assert second.start_ns >= 600 * SECOND_NS


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pad_ns": -1}, "pad"),
        ({"pad_ns": 600_000_000}, "pad"),
        ({"max_segment_ns": 29_000_000_000}, "28 s"),
        ({"min_voice_ns": 21_000_000_000}, "least voice"),
    ],
)
def test_settings_are_validated(changes: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        VoiceActivitySettings(**changes)
