"""Spoken replies: written as WAV always, played where a sound card exists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from firmware_bridge import host_audio
from llm.voice.speech import Speech
from llm.voice.wav import write_wav


class SpokenReply:
    """The sound of one reply, as it comes."""

    def __init__(self, is_played: bool) -> None:
        self.speech: list[Speech] = []
        self._is_played = is_played

    def add(self, speech: tuple[Speech, ...]) -> None:
        """Play the sound of a sentence to its end, where it can be played."""
        self.speech += speech
        if self._is_played:
            for stretch in speech:
                host_audio.play(stretch.samples, stretch.rate_hz)


class ReplySound:
    """Where replies are heard.

    Attributes:
        is_played: There is a sound card, and it is wanted.

    Args:
        folder: Takes one WAV file per reply.
        is_wanted: Play where there is a sound card.
    """

    def __init__(self, folder: Path, is_wanted: bool) -> None:
        self.folder = folder
        self.is_played = is_wanted and host_audio.has_speaker()

    @contextmanager
    def reply(self, t_ns: int) -> Iterator[SpokenReply]:
        """Take the sound of one reply; its WAV file is named after the time of the question."""
        spoken = SpokenReply(self.is_played)
        yield spoken
        if spoken.speech:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_wav(self.path(t_ns), spoken.speech)

    def path(self, t_ns: int) -> Path:
        """Return the WAV file of the reply to a question."""
        name = datetime.fromtimestamp(t_ns / 1e9, UTC).strftime("%Y%m%dT%H%M%S")
        return self.folder / f"{name}.wav"
