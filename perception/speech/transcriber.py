"""From sound to words."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from assets import fetch
from firmware_bridge.packets import AUDIO_RATE_HZ
from perception.stage import PerceptionError

_FILES = ("model.bin", "config.json", "tokenizer.json")
_TOKENS_PER_SECOND = 12
_LONGEST_SAMPLES = 29 * AUDIO_RATE_HZ
_SILENCE_SAMPLES = 8 * AUDIO_RATE_HZ
_BEAM = 5
_LOOP_COMPRESSION = 2.4
_SILENCE_PROBABILITY = 0.6
_LEAST_LOG_PROBABILITY = -1.3


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said.

    Attributes:
        text: The words with punctuation, empty where nothing was understood.
        confidence: Geometric mean of the tokens' probabilities.
    """

    text: str
    confidence: float


SILENCE = Transcript("", 0.0)


class Transcriber(Protocol):
    """Anything that turns speech into words, the same sound always into the same words."""

    def transcribe(self, samples: npt.NDArray[np.int16]) -> Transcript:
        """Return what is said in int16 mono at 16 kHz, at most 29 s, shape ``(n,)``."""
        ...


class Whisper:
    """Whisper on CTranslate2: the best of five beams, without chance or memory between calls.

    What Whisper makes up is dropped: words over what it takes for silence, words that it hardly
    believes in itself, and words that go round in circles even when no three may be repeated.

    Args:
        model: Folder of a CTranslate2 model; the asset ``whisper-base`` when None.
        vocabulary: Names that may be said; they bias the spelling.
        threads: Cores that one call may use.

    Raises:
        AssetError: The asset has not been fetched.
        PerceptionError: The folder does not hold a whole model.
    """

    def __init__(
        self, model: Path | None = None, *, vocabulary: Sequence[str] = (), threads: int = 2
    ) -> None:
        self._folder = model or fetch.path("whisper-base")
        self._vocabulary = ", ".join(vocabulary) or None
        self._threads = threads
        self._load()

    def _load(self) -> None:
        # Without its own tokenizer the library would ask the network for one.
        missing = [name for name in _FILES if not (self._folder / name).is_file()]
        if missing:
            raise PerceptionError(
                "incomplete-model",
                f"the speech model in {self._folder} lacks {', '.join(missing)}; "
                "run `attune assets fetch whisper-base`",
            )
        self._model = WhisperModel(
            str(self._folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=self._threads,
            local_files_only=True,
        )
        self._tokenizer = Tokenizer(
            self._model.hf_tokenizer, self._model.model.is_multilingual, "transcribe", "en"
        )

    def __getstate__(self) -> dict[str, Any]:
        loaded = ("_model", "_tokenizer")
        return {key: value for key, value in vars(self).items() if key not in loaded}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._load()

    def transcribe(self, samples: npt.NDArray[np.int16]) -> Transcript:
        """Return what is said.

        Args:
            samples: int16 mono at 16 kHz, at most 29 s, shape ``(n,)``.

        Raises:
            PerceptionError: The sound is longer than Whisper can take in.
        """
        if len(samples) > _LONGEST_SAMPLES:
            raise PerceptionError(
                "speech-too-long",
                f"Whisper takes in {_LONGEST_SAMPLES} samples at once, but got {len(samples)}; "
                "cut the speech into shorter segments",
            )
        encoded = self._model.encode(self._features(samples))
        reading = self._read(encoded, len(samples))
        if reading.is_loop:
            reading = self._read(encoded, len(samples), no_repeat_ngram_size=3)
        return SILENCE if reading.is_made_up else Transcript(reading.text, reading.confidence)

    def _features(self, samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
        """Return the log mel spectrum of the speech and a little silence, shape ``(80, frames)``.

        Whisper was trained on 30 s and needs silence behind short speech, but eight seconds of it
        serve as well as all the rest, and the encoder's work grows with every second.
        """
        heard = np.pad(samples, (0, min(_SILENCE_SAMPLES, _LONGEST_SAMPLES - len(samples))))
        spectrum = self._model.feature_extractor(heard.astype(np.float32) / 32768)
        # The encoder halves the frame rate.
        return np.asarray(spectrum[:, : spectrum.shape[1] // 2 * 2], np.float32)

    def _read(self, encoded: Any, samples: int, no_repeat_ngram_size: int = 0) -> _Reading:  # noqa: ANN401
        prompt = self._model.get_prompt(
            self._tokenizer, [], without_timestamps=True, hotwords=self._vocabulary
        )
        tokens = 16 + _TOKENS_PER_SECOND * samples // AUDIO_RATE_HZ
        (result,) = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=_BEAM,
            max_length=min(len(prompt) + tokens, self._model.max_length),
            no_repeat_ngram_size=no_repeat_ngram_size,
            return_scores=True,
            return_no_speech_prob=True,
        )
        ids = result.sequences_ids[0]
        # The score is a mean over the tokens without the end-of-text token it includes.
        log_probability = result.scores[0] * len(ids) / (len(ids) + 1)
        return _Reading(self._tokenizer.decode(ids).strip(), log_probability, result.no_speech_prob)


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    log_probability: float
    no_speech_probability: float

    @property
    def confidence(self) -> float:
        return min(1.0, math.exp(self.log_probability))

    @property
    def is_loop(self) -> bool:
        data = self.text.encode()
        return len(data) > _LOOP_COMPRESSION * len(zlib.compress(data))

    @property
    def is_made_up(self) -> bool:
        is_unsure = self.log_probability < _LEAST_LOG_PROBABILITY
        is_silence = self.no_speech_probability > _SILENCE_PROBABILITY
        is_wordless = not any(character.isalnum() for character in self.text)
        return self.is_loop or is_unsure or is_silence or is_wordless
