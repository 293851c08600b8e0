"""Spoken questions through this machine's microphone, outside of any recording."""

from __future__ import annotations

from collections.abc import Iterator

from app.settings import Settings
from app.stages import enrolled_voices
from firmware_bridge.host_audio import Microphone
from firmware_bridge.packets import AudioChunk
from memory.store import Memory
from perception.events import Utterance
from perception.speech.recogniser import Speech
from perception.speech.transcriber import Whisper
from perception.speech.voices import KnownVoice

PATIENCE_NS = 10_000_000_000


class Ear:
    """Hears whole utterances, and knows the wearer's voice among them.

    Raises:
        AssetError: Weights have not been fetched.
        SettingsError: The wearer's voice cannot be read.
    """

    def __init__(self, memory: Memory, settings: Settings) -> None:
        voices = [KnownVoice(key, embedding) for key, embedding in memory.known_voices()]
        self._speech = Speech(
            Whisper(threads=settings.sensing.speech_threads),
            enrolled_voices(voices, settings.wearer_voice),
        )

    def hear(self, microphone: Microphone) -> Iterator[Utterance]:
        """Yield what is said until the microphone is closed."""
        for packet in microphone:
            if isinstance(packet, AudioChunk):
                for event in self._speech.update(packet):
                    if isinstance(event, Utterance):
                        yield event

    def hear_one(self) -> Utterance | None:
        """Return the next thing said, or None when nobody speaks for a while.

        Raises:
            DeviceError: There is no microphone.
        """
        self._speech.reset()
        with Microphone() as microphone:
            deadline_ns = None
            for packet in microphone:
                deadline_ns = deadline_ns or packet.t_ns + PATIENCE_NS
                if isinstance(packet, AudioChunk):
                    said = [e for e in self._speech.update(packet) if isinstance(e, Utterance)]
                    if said:
                        return said[0]
                if packet.t_ns > deadline_ns:
                    break
        return None
