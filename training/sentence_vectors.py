"""Fits the projection of sentence vectors to fewer dimensions.

Run as ``python -m training.sentence_vectors WEIGHTS`` with the published ``model.safetensors`` of
all-mpnet-base-v2, which a fetch does not keep. It writes ``assets/weights/sentence-vectors.npz``
with the ``basis``, shape ``(384, 768)``: the first right singular vectors of the unit vectors of
all that is said, read and asked in the lives that may be looked at. Nothing is centred, so that the
cosine of two projected vectors is close to that of the vectors.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from assets import fetch
from assets.conversion import convert_mpnet
from assets.trained import WEIGHTS_FOLDER
from evals.data.scenario import TUNING, Doing, read_lives
from memory.recall.embedding import ASSET, PROJECTION
from memory.recall.mpnet import MpnetEncoder, Vectors

DIMENSIONS = 384


def sentences() -> list[str]:
    """Return what is said, read and asked in the lives that may be looked at, each once."""
    told = [
        [h.text for h in life.happenings if h.doing in (Doing.SAYS, Doing.READS)]
        + [question.words for question in life.questions]
        for life in read_lives(TUNING)
    ]
    return list(dict.fromkeys(text for life in told for text in life))


def unit_vectors(published: Path, texts: list[str]) -> Vectors:
    """Return the unit vectors of texts by the network as it was published, in float32."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.bin"
        convert_mpnet(published, model, quantization=None)
        means = MpnetEncoder(model, fetch.path(ASSET) / "tokenizer.json").means(texts)
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)


def basis(vectors: Vectors, dimensions: int = DIMENSIONS) -> tuple[Vectors, float]:
    """Return the directions that hold most of the vectors, and which share of them they hold.

    Each direction points to where its largest component is positive: a singular vector has no
    sign of its own.
    """
    _, strengths, directions = np.linalg.svd(vectors, full_matrices=False)
    kept = directions[:dimensions]
    largest = np.abs(kept).argmax(axis=1)
    kept = kept * np.sign(kept[np.arange(len(kept)), largest])[:, None]
    share = float((strengths[:dimensions] ** 2).sum() / (strengths**2).sum())
    return np.asarray(kept, np.float32), share


def main(
    published: Annotated[Path, typer.Argument(help="model.safetensors of all-mpnet-base-v2.")],
) -> None:
    """Fit and write the projection."""
    texts = sentences()
    kept, share = basis(unit_vectors(published, texts))
    path = WEIGHTS_FOLDER / f"{PROJECTION}.npz"
    np.savez_compressed(path, allow_pickle=False, basis=kept.astype(np.float16))
    Console().print(f"{path}: {share:.3f} of {len(texts)} sentences in {DIMENSIONS} dimensions")


if __name__ == "__main__":
    typer.run(main)
