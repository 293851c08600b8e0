"""Sound in, utterances out: who said what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk
from perception.events import SpeechOnset, Utterance
from perception.speech.segment import WINDOW_SAMPLES, SpeechSegment, duration_ns
from perception.speech.transcriber import Transcriber, Transcript, Whisper
from perception.speech.turns import Turn, Turns
from perception.speech.voice_activity import VoiceActivity
from perception.speech.voices import Identity, Voices

_PAD_SAMPLES = AUDIO_RATE_HZ // 5
_CHUNK_SAMPLES = AUDIO_RATE_HZ // 10


class Recogniser:
    """Stage: segments of speech in, utterances out, one for each turn with words in it.

    Heavy: a segment takes about a quarter of its length on one core, more where voices change.

    Args:
        transcriber: Finds the words; Whisper base when None.
        voices: Knows who speaks; nobody is known when None.
    """

    def __init__(
        self, transcriber: Transcriber | None = None, voices: Voices | None = None
    ) -> None:
        self._transcriber = transcriber or Whisper()
        self._voices = voices or Voices()
        self._turns = Turns(self._voices.embedder)
        self._heard_until_ns: int | None = None

    def reset(self) -> None:
        """Forget the voices heard; known ones stay."""
        self._voices.reset()
        self._heard_until_ns = None

    def update(self, item: SpeechSegment) -> Iterator[Utterance]:
        """Yield what was said in a segment. A segment older than the last one is a repeat."""
        if self._heard_until_ns is not None and item.start_ns < self._heard_until_ns:
            return
        self._heard_until_ns = item.end_ns
        turns = [part for turn in self._turns.split(item) if (part := _voiced(item, turn))]
        identities = self._identify(item, turns)
        heard_until = 0
        for _, run in groupby(turns, lambda turn: _label(identities[turn.speaker])):
            same = list(run)
            whole = replace(same[0], end=same[-1].end)
            padded = slice(max(heard_until, whole.first - _PAD_SAMPLES), whole.end + _PAD_SAMPLES)
            heard_until = whole.end
            transcript = self._transcriber.transcribe(item.samples[padded])
            if transcript.text:
                yield _utterance(item, whole, transcript, identities[whole.speaker])

    def flush(self) -> Iterable[Utterance]:
        """Return nothing: each segment is finished when it comes."""
        return ()

    def _identify(self, segment: SpeechSegment, turns: Sequence[Turn]) -> dict[int, Identity]:
        """Say who each speaker of a segment is, by all that they say in it."""
        heard: dict[int, list[npt.NDArray[np.int16]]] = {}
        for turn in turns:
            heard.setdefault(turn.speaker, []).append(segment.samples[turn.first : turn.end])
        identities = self._voices.identify([np.concatenate(clips) for clips in heard.values()])
        return dict(zip(heard, identities, strict=True))


class Speech:
    """Stage: sound in, onsets and utterances out. Voice activity and recogniser in one.

    An app that must not wait runs the two apart, the recogniser on a worker thread.
    """

    def __init__(
        self,
        transcriber: Transcriber | None = None,
        voices: Voices | None = None,
        activity: VoiceActivity | None = None,
    ) -> None:
        self._activity = activity or VoiceActivity()
        self._recogniser = Recogniser(transcriber, voices)

    def reset(self) -> None:
        """Forget everything heard; known voices stay."""
        self._activity.reset()
        self._recogniser.reset()

    def update(self, item: AudioChunk) -> Iterator[SpeechOnset | Utterance]:
        """Yield an onset once speech is certain and utterances once it has ended."""
        yield from self._recognise(self._activity.update(item))

    def flush(self) -> Iterator[SpeechOnset | Utterance]:
        """Yield what was said last."""
        yield from self._recognise(self._activity.flush())

    def _recognise(
        self, heard: Iterable[SpeechOnset | SpeechSegment]
    ) -> Iterator[SpeechOnset | Utterance]:
        for event in heard:
            if isinstance(event, SpeechSegment):
                yield from self._recogniser.update(event)
            else:
                yield event


def recognise(samples: npt.NDArray[np.int16], speech: Speech, start_ns: int = 0) -> list[Utterance]:
    """Return all that is said in a whole recording, as evaluations and enrolment want it.

    Args:
        samples: int16 mono at 16 kHz, shape ``(n,)``.
        speech: Newly built or reset.
        start_ns: Time of the first sample.
    """
    heard: list[SpeechOnset | Utterance] = []
    for first in range(0, len(samples), _CHUNK_SAMPLES):
        chunk = AudioChunk(start_ns + duration_ns(first), samples[first : first + _CHUNK_SAMPLES])
        heard += speech.update(chunk)
    heard += speech.flush()
    return [event for event in heard if isinstance(event, Utterance)]


def _label(identity: Identity) -> tuple[str, bool]:
    """Return what neighbouring turns must share to be one utterance."""
    return identity.voice_id, identity.is_wearer


def _utterance(
    segment: SpeechSegment, turn: Turn, transcript: Transcript, identity: Identity
) -> Utterance:
    return Utterance(
        start_ns=segment.time_ns(turn.first),
        end_ns=segment.time_ns(turn.end),
        text=transcript.text,
        confidence=transcript.confidence,
        voice_id=identity.voice_id,
        is_wearer=identity.is_wearer,
        voice_confidence=identity.confidence,
        embedding=identity.embedding,
    )


def _voiced(segment: SpeechSegment, turn: Turn) -> Turn | None:
    """Return the turn without the silence around its voice, or None where it has no voice."""
    starts = np.flatnonzero(segment.voiced) * WINDOW_SAMPLES
    starts = starts[(starts + WINDOW_SAMPLES > turn.first) & (starts < turn.end)]
    if len(starts) == 0:
        return None
    first, end = int(starts[0]), int(starts[-1]) + WINDOW_SAMPLES
    return Turn(max(turn.first, first), min(turn.end, end), turn.speaker)
