"""What recall is held against: full text alone, vectors alone, their fusion, a vector store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

import numpy as np

from memory.recall.embedding import Embedder
from memory.recall.terms import terms_of

FUSION_K = 60
OWN_VECTORS = "MPNet"
"""What the vectors that memory uses are called in the names of peers."""
DEPTH = 20

Search = Callable[[str], list[str]]


def peers(
    texts: Mapping[str, str], bare: Mapping[str, str], embedder: Embedder, minilm: Embedder
) -> dict[str, Search]:
    """Return each peer as a function from a question to line ids, best first.

    Args:
        texts: The sentence that memory keeps of each line, which names the speaker, by line id.
        bare: The words of each line alone, as a vector store gets a message.
        embedder: The one that memory uses.
        minilm: The one that others use.
    """
    words, meaning, theirs = full_text(texts), dense(texts, embedder), dense(texts, minilm)
    found = {
        "FTS5 BM25 (porter)": words,
        "dense MiniLM": theirs,
        "BM25 and MiniLM, reciprocal rank fusion": fusion(words, theirs),
        "dense MPNet": meaning,
        "BM25 and MPNet, reciprocal rank fusion": fusion(words, meaning),
        "dense MPNet, words without speaker": dense(bare, embedder),
    }
    if find_spec("usearch") is not None:
        found["USearch HNSW over MPNet, words without speaker"] = vector_store(bare, embedder)
    return found


def full_text(texts: Mapping[str, str]) -> Search:
    """Rank by BM25 over Porter stems, question and stop words dropped."""
    ids = list(texts)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE lines USING fts5 (text, tokenize = 'porter unicode61')")
    database.executemany("INSERT INTO lines (rowid, text) VALUES (?, ?)", enumerate(texts.values()))

    def search(question: str) -> list[str]:
        match = " OR ".join(f'"{term}"' for term in terms_of(question))
        if not match:
            return []
        rows = database.execute(
            "SELECT rowid FROM lines WHERE lines MATCH ? ORDER BY rank", (match,)
        )
        return [ids[row[0]] for row in rows]

    return search


def dense(texts: Mapping[str, str], embedder: Embedder) -> Search:
    """Rank by cosine."""
    ids, vectors = list(texts), embedder.embed(list(texts.values()))

    def search(question: str) -> list[str]:
        cosines = vectors @ embedder.embed([question])[0]
        return [ids[row] for row in np.argsort(-cosines, kind="stable")]

    return search


def fusion(*searches: Search) -> Search:
    """Fuse ranked lists by reciprocal rank (Cormack, Clarke and Buettcher 2009)."""

    def search(question: str) -> list[str]:
        return fused([one(question) for one in searches])

    return search


def fused(rankings: Sequence[Sequence[str]]) -> list[str]:
    """Return what any ranking holds by the sum of ``1 / (60 + rank)``, ranks from 1."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, line_id in enumerate(ranking, start=1):
            scores[line_id] = scores.get(line_id, 0.0) + 1 / (FUSION_K + rank)
    return sorted(scores, key=lambda line_id: -scores[line_id])


def vector_store(texts: Mapping[str, str], embedder: Embedder) -> Search:
    """Rank by USearch's graph index, with the settings it comes with."""
    from usearch.index import Index

    ids, vectors = list(texts), embedder.embed(list(texts.values()))
    index = Index(ndim=vectors.shape[1], metric="cos")
    index.add(np.arange(len(ids)), vectors)

    def search(question: str) -> list[str]:
        found = index.search(embedder.embed([question])[0], DEPTH)
        return [ids[row] for row in found.keys]

    return search
