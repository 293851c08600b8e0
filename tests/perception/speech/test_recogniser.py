from __future__ import annotations

import numpy as np
import pytest

from perception.events import SpeechOnset, Utterance
from perception.speech.embedder import VoiceEmbedder
from perception.speech.recogniser import Recogniser, Speech, recognise
from perception.speech.transcriber import Whisper
from perception.speech.voice_activity import VoiceActivity
from perception.speech.voices import KnownVoice, Voices
from tests.perception.speech.audio import chunks, noise, phone, segments, silence
from tests.perception.stage_suite import plain

pytestmark = pytest.mark.weights
SECOND_NS = 1_000_000_000


@pytest.fixture(scope="module")
def talk(whisper: Whisper, embedder: VoiceEmbedder) -> list[Utterance]:
    return recognise(phone(12.4, 17.9), Speech(whisper, Voices(embedder=embedder)), SECOND_NS)


def said_by(talk: list[Utterance], voice_id: str) -> str:
    return " ".join(u.text for u in talk if u.voice_id == voice_id)


def test_each_says_her_own_words(talk: list[Utterance]) -> None:
    assert {u.voice_id for u in talk} == {"voice-1", "voice-2"}
    assert "Diane" in said_by(talk, "voice-1")
    assert "originally from Chicago." in said_by(talk, "voice-2")


def test_utterances_are_in_order_and_in_time(talk: list[Utterance]) -> None:
    bounds = [t for u in talk for t in (u.start_ns, u.end_ns)]
    assert bounds == sorted(bounds)
    assert bounds[0] >= SECOND_NS
    assert bounds[-1] <= 6.5 * SECOND_NS


def test_nobody_is_the_wearer_unless_enrolled(talk: list[Utterance]) -> None:
    assert not any(u.is_wearer for u in talk)


def test_the_wearer_is_known_by_the_voice(whisper: Whisper, embedder: VoiceEmbedder) -> None:
    wearer = KnownVoice("wearer", embedder.embed(phone(22.0, 27.3)))
    speech = Speech(whisper, Voices([wearer], embedder))
    sheila, diane = recognise(phone(14.4, 20.2), speech)
    assert sheila.is_wearer
    assert sheila.voice_id == "wearer"
    assert not diane.is_wearer
    assert diane.voice_id == "voice-1"


def test_a_single_word_is_an_utterance(whisper: Whisper, embedder: VoiceEmbedder) -> None:
    (utterance,) = recognise(phone(6.9, 8.25), Speech(whisper, Voices(embedder=embedder)))
    assert utterance.text.strip("?.! ").lower().startswith("hello")


def test_halves_do_what_the_whole_does(whisper: Whisper, embedder: VoiceEmbedder) -> None:
    sound = phone(18.5, 21.6)
    speech = Speech(whisper, Voices(embedder=embedder))
    together = [event for chunk in chunks(sound) for event in speech.update(chunk)]
    together += speech.flush()
    recogniser = Recogniser(whisper, Voices(embedder=embedder))
    apart = [u for s in segments(sound, VoiceActivity()) for u in recogniser.update(s)]
    assert isinstance(together[0], SpeechOnset)
    assert plain(together[1:]) == plain(apart)


def test_noise_says_nothing(whisper: Whisper, embedder: VoiceEmbedder) -> None:
    sound = np.concatenate([silence(2), noise(3, 500), silence(2)])
    assert recognise(sound, Speech(whisper, Voices(embedder=embedder))) == []
