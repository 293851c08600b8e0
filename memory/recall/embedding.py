"""Sentences to unit vectors: all-mpnet-base-v2, int8, on the CPU, in 384 dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assets import fetch
from assets.manifest import manifest
from assets.trained import described, weights
from memory.recall.mpnet import MpnetEncoder

Vectors = npt.NDArray[np.float32]

ASSET = "mpnet"
PROJECTION = "sentence-vectors"


class Embedder(Protocol):
    """Maps sentences to unit vectors whose dot product tells how close their meanings are."""

    @property
    def version(self) -> str:
        """Names what makes the vectors: those of two versions are never compared."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape ``(n, dimensions)``."""
        ...


class Mpnet:
    """Sentence vectors of MPNet (Reimers and Gurevych 2019; Song et al. 2020).

    Of 768 dimensions the 384 are kept that tell everyday sentences apart: half the bytes and half
    the time to compare. See ``docs/models/sentence-vectors.md``.

    Args:
        threads: Of one pass.

    Raises:
        AssetError: The weights are not on this machine.
    """

    def __init__(self, threads: int = 1) -> None:
        folder = fetch.path(ASSET)
        self._encoder = MpnetEncoder(folder / "model.bin", folder / "tokenizer.json", threads)
        with np.load(weights(PROJECTION), allow_pickle=False) as stored:
            self._basis = stored["basis"].astype(np.float32)

    @property
    def version(self) -> str:
        """The hashes of the network and of the projection."""
        network = next(file for file in manifest().asset(ASSET).files if file.name == "model.bin")
        return f"{ASSET}-{network.sha256[:16]}-{described(PROJECTION).sha256[:16]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape ``(n, 384)``; it depends on that text alone."""
        found = np.empty((len(texts), len(self._basis)), np.float32)
        for at, mean in enumerate(self._encoder.means(texts)):
            # Each by itself: a product of matrices rounds by how many rows it has.
            projected = self._basis @ mean
            found[at] = projected / np.linalg.norm(projected)
        return found
