"""Whose voice it is: the wearer's, that of somebody known, or a new one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import AUDIO_RATE_HZ
from perception.events import Embedding
from perception.speech.embedder import EMBEDDING_SIZE, VoiceEmbedder
from perception.stage import PerceptionError

WEARER_ID = "wearer"
NOBODY_ID = "voice-0"
_NEW_ID = "voice-{}"
_NEW_ID_PATTERN = re.compile(r"voice-(\d+)")
_MOST_VOICES = 200
_CONFIDENCE_SLOPE = 18.0


@dataclass(frozen=True, slots=True, eq=False)
class KnownVoice:
    """A voice that the wearer has given a name, or the wearer's own.

    Attributes:
        voice_id: ``"wearer"`` or the person's id.
        embedding: Unit vector, float32, shape ``(256,)``; see :meth:`Voices.enrol`.
    """

    voice_id: str
    embedding: Embedding

    def __post_init__(self) -> None:
        if self.embedding.shape != (EMBEDDING_SIZE,):
            raise ValueError(
                f"a voice needs an embedding of shape ({EMBEDDING_SIZE},), "
                f"but got {self.embedding.shape}"
            )
        if not self.voice_id:
            raise ValueError("a known voice needs an id")


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """When two voices are one.

    Calibrated on five LibriSpeech speakers, each enrolled by two recordings: no stranger passed
    for the wearer in 4,700 clips of 0.75 s to whole sentences; the wearer was refused in none of
    the clips from 2 s on, in 5 % at 1.5 s and in 28 % at 1 s. Strangers on one telephone line
    come as near as 0.48.

    Attributes:
        same_cosine: At least so alike to be taken for a voice heard before.
        wearer_cosine: At least so alike to be verified as the wearer.
        sure_cosine: At least so alike to be one voice with somebody who was told apart from it.
        founding_s: Less voice than this is only compared. It neither founds nor shifts a voice.
        short_cosine: At least so alike must so short a clip be to a voice to be taken for it.
    """

    same_cosine: float = 0.38
    wearer_cosine: float = 0.50
    sure_cosine: float = 0.65
    founding_s: float = 1.5
    short_cosine: float = 0.25

    def __post_init__(self) -> None:
        if not -1.0 <= self.same_cosine <= self.wearer_cosine <= 1.0:
            raise ValueError(
                "verifying the wearer must not be easier than recognising a voice, but got "
                f"{self.wearer_cosine} and {self.same_cosine}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """Whose voice a clip is taken to be.

    Attributes:
        voice_id: ``"wearer"``, a known id, ``"voice-3"``, or ``"voice-0"`` for a clip that sounds
            like nobody heard before and is too short to know the voice by again.
        confidence: Of ``voice_id``.
        is_wearer: The clip passed the stricter test for the wearer's voice.
        embedding: Unit vector of the clip.
    """

    voice_id: str
    confidence: float
    is_wearer: bool
    embedding: Embedding


@dataclass(slots=True, eq=False)
class _Voice:
    voice_id: str
    total: npt.NDArray[np.float64]
    is_fixed: bool

    @property
    def direction(self) -> npt.NDArray[np.float64]:
        return self.total / max(float(np.linalg.norm(self.total)), 1e-9)


class Voices:
    """Tells voices apart as they come, without ever changing its mind about the past.

    Known voices stay as they were enrolled. Everybody else becomes ``voice-1``, ``voice-2`` and
    so on when first heard for long enough, and each further long clip sharpens the voice.

    Args:
        known: The enrolled wearer and named people.
        embedder: Makes the vectors; built from the asset ``wespeaker`` when None.
        settings: When two voices are one.
    """

    def __init__(
        self,
        known: Sequence[KnownVoice] = (),
        embedder: VoiceEmbedder | None = None,
        settings: VoiceSettings | None = None,
    ) -> None:
        self._known = tuple(known)
        self.embedder = embedder or VoiceEmbedder()
        self.settings = settings or VoiceSettings()
        self.reset()

    def reset(self) -> None:
        """Forget all voices but the known ones."""
        self._voices = [
            _Voice(k.voice_id, k.embedding.astype(np.float64), is_fixed=True) for k in self._known
        ]
        numbers = (_NEW_ID_PATTERN.fullmatch(k.voice_id) for k in self._known)
        self._last_number = max((int(n[1]) for n in numbers if n), default=0)

    def enrol(self, samples: npt.NDArray[np.int16]) -> Embedding:
        """Return the vector by which a voice will be known.

        Args:
            samples: int16 mono at 16 kHz, shape ``(n,)``; at least 3 s of one voice, better 10 s.

        Raises:
            PerceptionError: The sample is too short.
        """
        if len(samples) < 3 * AUDIO_RATE_HZ:
            raise PerceptionError(
                "enrolment-too-short",
                f"a voice is learnt from at least 3 s, but got {len(samples)} samples at 16 kHz; "
                "speak a little longer",
            )
        return self.embedder.embed(samples)

    def identify(self, clips: Sequence[npt.NDArray[np.int16]]) -> list[Identity]:
        """Say whose voices these are, and learn from those that are long enough.

        Args:
            clips: int16 mono at 16 kHz, shape ``(n,)`` each, of people who were told apart where
                they spoke, e.g. in one conversation. They are not made one again without
                being very much alike: one telephone line makes all its voices similar.
        """
        embeddings = [self.embedder.embed(clip) for clip in clips]
        matches = self._match(embeddings)
        return [
            self._settle(embedding, len(clip) / AUDIO_RATE_HZ, *match)
            for embedding, clip, match in zip(embeddings, clips, matches, strict=True)
        ]

    def _match(self, embeddings: Sequence[Embedding]) -> list[tuple[_Voice | None, float]]:
        """Return for each embedding its voice and cosine, the closest pairs first served."""
        matches: list[tuple[_Voice | None, float]] = [(None, -1.0)] * len(embeddings)
        if not self._voices or not embeddings:
            return matches
        directions = np.array([voice.direction for voice in self._voices])
        cosines = np.array(embeddings, np.float64) @ directions.T
        for _ in embeddings:
            clip, voice = np.unravel_index(int(np.argmax(cosines)), cosines.shape)
            matches[clip] = self._voices[voice], float(cosines[clip, voice])
            is_unsure = cosines[:, voice] < self.settings.sure_cosine
            cosines[is_unsure, voice] = -1.0
            cosines[clip] = -np.inf
        return matches

    def _settle(
        self, embedding: Embedding, seconds: float, voice: _Voice | None, cosine: float
    ) -> Identity:
        if seconds < self.settings.founding_s:
            if voice is None or cosine < self.settings.short_cosine:
                return Identity(NOBODY_ID, 1.0 - self._probability(cosine), False, embedding)
        elif voice is None or cosine < self.settings.same_cosine:
            voice_id = self._found(embedding, seconds)
            return Identity(voice_id, 1.0 - self._probability(cosine), False, embedding)
        elif not voice.is_fixed:
            voice.total = voice.total + embedding * seconds
        is_wearer = voice.voice_id == WEARER_ID and cosine >= self.settings.wearer_cosine
        return Identity(voice.voice_id, self._probability(cosine), is_wearer, embedding)

    def _found(self, embedding: Embedding, seconds: float) -> str:
        fresh = [voice for voice in self._voices if not voice.is_fixed]
        if len(fresh) >= _MOST_VOICES:
            self._voices.remove(min(fresh, key=lambda v: float(np.linalg.norm(v.total))))
        self._last_number += 1
        voice_id = _NEW_ID.format(self._last_number)
        total = embedding.astype(np.float64) * seconds
        self._voices.append(_Voice(voice_id, total, is_fixed=False))
        return voice_id

    def _probability(self, cosine: float) -> float:
        """Return how likely two clips this much alike are one voice."""
        return 1.0 / (1.0 + math.exp(-_CONFIDENCE_SLOPE * (cosine - self.settings.same_cosine)))
