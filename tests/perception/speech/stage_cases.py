"""The two halves of speech, on a telephone talk; their composition adds nothing of its own."""

from __future__ import annotations

from assets import fetch
from firmware_bridge.packets import AudioChunk
from perception.speech.recogniser import Recogniser
from perception.speech.segment import SpeechSegment
from perception.speech.transcriber import Whisper
from perception.speech.voice_activity import VoiceActivity, VoiceActivitySettings
from tests.perception.speech.audio import chunks, phone, segments
from tests.perception.stage_suite import StageCase


def _small_whisper() -> Whisper:
    return Whisper(fetch.path("whisper-tiny.en"), threads=1)


def _sound() -> list[AudioChunk]:
    return list(chunks(phone(19.9, 21.9)))


def _segments() -> list[SpeechSegment]:
    settings = VoiceActivitySettings(max_segment_ns=1_600_000_000)
    return segments(phone(18.5, 21.6), VoiceActivity(settings))


CASES = [
    StageCase("voice activity", VoiceActivity, _sound, is_heavy=True),
    StageCase("recogniser", lambda: Recogniser(_small_whisper()), _segments, is_heavy=True),
]
