"""Sound in, utterances out: who said what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import AudioChunk
from perception.events import SpeechOnset, Utterance
from perception.speech.segment import WINDOW_SAMPLES, SpeechSegment
from perception.speech.transcriber import Transcriber, Whisper
from perception.speech.turns import Turn, Turns
from perception.speech.voice_activity import VoiceActivity
from perception.speech.voices import Voices


class Recogniser:
    """Stage: segments of speech in, utterances out, one for each turn with words in it.

    Heavy: a segment takes about a fifth of its length on one core.

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
        for turn in self._turns.split(item):
            yield from self._understand(item, turn)

    def flush(self) -> Iterable[Utterance]:
        """Return nothing: each segment is finished when it comes."""
        return ()

    def _understand(self, segment: SpeechSegment, turn: Turn) -> Iterator[Utterance]:
        voiced = _voiced_part(segment, turn)
        if voiced is None:
            return
        transcript = self._transcriber.transcribe(segment.samples[turn.first : turn.end])
        if not transcript.text:
            return
        identity = self._voices.identify(segment.samples[voiced.first : voiced.end])
        yield Utterance(
            start_ns=segment.time_ns(voiced.first),
            end_ns=segment.time_ns(voiced.end),
            text=transcript.text,
            confidence=transcript.confidence,
            voice_id=identity.voice_id,
            is_wearer=identity.is_wearer,
            voice_confidence=identity.confidence,
            embedding=identity.embedding,
        )


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


def _voiced_part(segment: SpeechSegment, turn: Turn) -> Turn | None:
    """Return the turn without the silence before and after its voice, or None without any."""
    starts: npt.NDArray[np.int64] = np.flatnonzero(segment.voiced) * WINDOW_SAMPLES
    starts = starts[(starts + WINDOW_SAMPLES > turn.first) & (starts < turn.end)]
    if len(starts) == 0:
        return None
    return Turn(max(turn.first, int(starts[0])), min(turn.end, int(starts[-1]) + WINDOW_SAMPLES))
