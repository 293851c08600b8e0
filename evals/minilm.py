"""all-MiniLM-L6-v2, int8: the sentence vectors that most memories of this kind use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from assets import fetch
from memory.recall.embedding import Vectors
from perception.events import Embedding

MAX_TOKENS = 256


class MiniLm:
    """Sentence vectors of 384 dimensions (Reimers and Gurevych 2019; Wang et al. 2020).

    Raises:
        AssetError: The weights are not on this machine.
    """

    version: Final = "all-MiniLM-L6-v2"

    def __init__(self) -> None:
        folder = fetch.path("minilm")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {node.name for node in self._session.get_inputs()}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape ``(n, 384)``.

        One text at a time: int8 activations are scaled over the whole batch, so that in a batch
        a text's vector would depend on its neighbours.
        """
        if not texts:
            return np.empty((0, 384), np.float32)
        return np.stack([self._embed_one(text) for text in texts])

    def _embed_one(self, text: str) -> Embedding:
        encoding = self._tokenizer.encode(text)
        feed = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        arrays = {k: np.array([v], np.int64) for k, v in feed.items() if k in self._inputs}
        tokens = np.asarray(self._session.run(None, arrays)[0], np.float32)[0]
        mean = tokens.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)
