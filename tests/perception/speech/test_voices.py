from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from perception.events import Embedding
from perception.speech.embedder import VoiceEmbedder
from perception.speech.voices import KnownVoice, Voices, VoiceSettings
from perception.stage import PerceptionError
from tests.perception.speech.audio import Sound, load, phone, silence

pytestmark = pytest.mark.weights
Clip = Callable[[int, int], Sound]


@pytest.fixture(scope="module")
def clip(shared_data: Path) -> Clip:
    """Returns the nth recording of the nth speaker."""
    speakers = sorted((shared_data / "speech" / "speakers").iterdir())

    def read(speaker: int, recording: int) -> Sound:
        return load(sorted(speakers[speaker].glob("*.flac"))[recording])

    return read


def seconds(sound: Sound, length: float) -> Sound:
    return sound[6_400 : 6_400 + int(length * 16_000)]


def test_embedding_is_a_unit_vector(embedder: VoiceEmbedder) -> None:
    for sound in (phone(12.4, 14.2), phone(12.4, 12.5), silence(1)):
        vector = embedder.embed(sound)
        assert vector.shape == (256,)
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_embedding_does_not_depend_on_the_batch(embedder: VoiceEmbedder) -> None:
    clips = [phone(12.4, 13.9), phone(14.5, 16.0)]
    alone = np.stack([embedder.embed(clip) for clip in clips])
    assert np.allclose(embedder.embed_all(clips), alone, atol=1e-4)


def test_ten_pairs_of_strangers_are_told_apart(embedder: VoiceEmbedder, clip: Clip) -> None:
    vectors = np.stack([embedder.embed(seconds(clip(s, r), 3)) for s in range(5) for r in (4, 5)])
    alike = vectors @ vectors.T
    same = [alike[2 * s, 2 * s + 1] for s in range(5)]
    other = [alike[2 * a, 2 * b] for a, b in itertools.combinations(range(5), 2)]
    assert min(same) > max(other)


def test_people_who_come_back_keep_their_voice(embedder: VoiceEmbedder, clip: Clip) -> None:
    voices = Voices(embedder=embedder)
    order = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (2, 1)]
    ids = [voices.identify([seconds(clip(s, r), 4)])[0].voice_id for s, r in order]
    assert ids == ["voice-1", "voice-2", "voice-1", "voice-3", "voice-2", "voice-1", "voice-3"]


def test_only_the_wearer_is_the_wearer(embedder: VoiceEmbedder, clip: Clip) -> None:
    enrolment = np.concatenate([seconds(clip(0, r), 5) for r in range(2)])
    wearer = KnownVoice("wearer", Voices(embedder=embedder).enrol(enrolment))
    voices = Voices([wearer], embedder)
    own = [voices.identify([seconds(clip(0, r), 2)])[0] for r in range(3, 6)]
    others = [voices.identify([seconds(clip(s, 0), 2)])[0] for s in range(1, 5)]
    assert all(i.is_wearer and i.voice_id == "wearer" and i.confidence > 0.7 for i in own)
    assert not any(i.is_wearer or i.voice_id == "wearer" for i in others)


def test_a_short_clip_is_compared_only(embedder: VoiceEmbedder, clip: Clip) -> None:
    voices = Voices(embedder=embedder)
    short, other = seconds(clip(0, 0), 1), seconds(clip(1, 0), 1)
    assert voices.identify([short])[0].voice_id == "voice-0"
    voices.identify([seconds(clip(0, 0), 5)])
    (known,) = voices.identify([short])
    assert known.voice_id == "voice-1"
    assert voices.identify([other])[0].voice_id == "voice-0"
    assert voices.identify([seconds(clip(1, 0), 5)])[0].voice_id == "voice-2"


def test_a_short_reply_to_the_wearer_is_not_the_wearers(
    embedder: VoiceEmbedder, clip: Clip
) -> None:
    wearer = KnownVoice("wearer", embedder.embed(clip(0, 0)))
    own, reply = Voices([wearer], embedder).identify(
        [seconds(clip(0, 1), 3), seconds(clip(1, 0), 1)]
    )
    assert own.is_wearer
    assert (reply.voice_id, reply.is_wearer) == ("voice-0", False)


def test_told_apart_voices_stay_apart(embedder: VoiceEmbedder) -> None:
    voices = Voices(embedder=embedder, settings=VoiceSettings(same_cosine=0.1))
    diane, sheila = voices.identify([phone(12.4, 14.2), phone(14.5, 17.7)])
    assert (diane.voice_id, sheila.voice_id) == ("voice-1", "voice-2")
    later = voices.identify([phone(24.0, 27.4), phone(18.0, 21.4)])
    assert [identity.voice_id for identity in later] == ["voice-2", "voice-1"]


def test_one_known_voice_is_given_once(embedder: VoiceEmbedder) -> None:
    known = KnownVoice("sheila", embedder.embed(phone(22.0, 27.3)))
    clips = [phone(14.5, 17.7), phone(18.0, 21.4)]
    for order in (clips, clips[::-1]):
        ids = [identity.voice_id for identity in Voices([known], embedder).identify(order)]
        assert sorted(ids) == ["sheila", "voice-1"]
        assert ids.index("sheila") == (0 if order is clips else 1)


def test_new_ids_never_collide_with_known_ones(embedder: VoiceEmbedder) -> None:
    stranger = np.eye(256, dtype=np.float32)
    known = [KnownVoice("voice-7", stranger[0]), KnownVoice("person-9", stranger[1])]
    voices = Voices(known, embedder)
    for _ in range(2):
        assert voices.identify([phone(12.4, 14.2)])[0].voice_id == "voice-8"
        voices.reset()


def test_nobody_speaks(embedder: VoiceEmbedder) -> None:
    assert Voices(embedder=embedder).identify([]) == []


def test_enrolment_needs_three_seconds(embedder: VoiceEmbedder) -> None:
    with pytest.raises(PerceptionError, match="at least 3 s"):
        Voices(embedder=embedder).enrol(phone(12.4, 14.2))


def vector(size: int) -> Embedding:
    return np.zeros(size, np.float32)


def test_values_are_validated() -> None:
    with pytest.raises(ValueError, match=r"\(256,\)"):
        KnownVoice("anna", vector(128))
    with pytest.raises(ValueError, match="id"):
        KnownVoice("", vector(256))
    with pytest.raises(ValueError, match="easier"):
        VoiceSettings(wearer_cosine=0.2)
