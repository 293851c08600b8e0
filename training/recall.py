"""Fits the weights of recall and prints them as :data:`memory.recall.ranking.FITTED` holds them.

Run as ``python -m training.recall`` with the development data at hand. Three of the five
conversations are fitted on; ``attune eval recall`` judges the weights on the other two.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console

from evals.data.locomo import read_locomo
from evals.recall import FITTED_ON, answerable_examples
from evals.recall_fit import Floats, fit
from evals.recall_store import CachedEmbedder, Store
from memory.recall.embedding import Mpnet
from memory.recall.ranking import FEATURES


def fit_recall() -> Floats:
    """Return the weights, in the order of :data:`memory.recall.ranking.FEATURES`."""
    embedder = CachedEmbedder(Mpnet())
    examples = []
    with tempfile.TemporaryDirectory() as folder:
        for conversation in read_locomo():
            if conversation.name in FITTED_ON:
                store = Store.remember(conversation, Path(folder), embedder)
                examples += answerable_examples(store)
                store.close()
    return fit(examples)


if __name__ == "__main__":
    for name, weight in zip(FEATURES, fit_recall(), strict=True):
        Console().print(f"{weight:8.2f}  {name}")
