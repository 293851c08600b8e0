"""MPNet on the CPU: sentences to the mean of what each of their tokens comes to mean."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import ctranslate2
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 768
MAX_TOKENS = 256
MOST_TOGETHER = 32
"""Sentences of one pass: more take memory and are no faster."""

FIRST_POSITION = 2
"""MPNet's positions 0 and 1 are those of padding."""

# CTranslate2 wants words beside the weights. Given the numbers of words it never looks them up.
_WORDS: Final = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}
_CONFIG: Final = {"layer_norm_epsilon": 1e-5, **_WORDS}


class MpnetEncoder:
    """The encoder of MPNet (Song et al. 2020), converted by :mod:`assets.conversion`.

    Args:
        model: The file of the converted weights.
        tokenizer: Splits a sentence into tokens.
        threads: Of one pass. What comes out is the same with any number.
    """

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        with model.open("rb") as weights:
            self._encoder = ctranslate2.Encoder(
                model.parent.name,
                intra_threads=threads,
                files={
                    "model.bin": weights,
                    "config.json": json.dumps(_CONFIG).encode(),
                    "vocabulary.json": json.dumps(list(_WORDS.values())).encode(),
                },
            )

    def means(self, texts: Sequence[str]) -> Vectors:
        """Return the mean over the tokens of each text, shape ``(n, 768)``."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        found = np.empty((len(tokens), DIMENSIONS), np.float32)
        for together in _equally_long(tokens):
            found[together] = self._pass([tokens[at] for at in together])
        return found

    def _pass(self, tokens: list[list[int]]) -> Vectors:
        positions = list(range(FIRST_POSITION, FIRST_POSITION + len(tokens[0])))
        # Positions go in as a second kind of token; see the conversion.
        output = self._encoder.forward_batch(tokens, token_type_ids=[positions] * len(tokens))
        return np.asarray(np.array(output.last_hidden_state).mean(axis=1), np.float32)


def _equally_long(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield the places of sentences that can go through together.

    Padding would change the last bits of a vector, so that it would depend on its neighbours.
    """
    by_length: dict[int, list[int]] = {}
    for at, sentence in enumerate(tokens):
        by_length.setdefault(len(sentence), []).append(at)
    for places in by_length.values():
        for start in range(0, len(places), MOST_TOGETHER):
            yield places[start : start + MOST_TOGETHER]
