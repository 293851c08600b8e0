"""A made-up store of any size, in the real schema: words are as unevenly common as in speech.

A million real sentences with their vectors would take hours of embedding. Here a word has a
random vector, a sentence the sum of those of its words, rare words counting more: sentences that
share words are close, as they are for a sentence encoder.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert, update

from memory.database import Database
from memory.recall.embedding import Vectors
from memory.records import Kind
from memory.schema import (
    DocumentPersonRow,
    DocumentRow,
    DocumentSourceRow,
    EmbedderRow,
    PersonRow,
    RevisionRow,
)

DIMENSIONS = 384
WORDS = 40_000
PEOPLE = 200
START_NS = 1_700_000_000_000_000_000
STEP_NS = 20_000_000_000
"""Between two documents: a thousand fill five and a half hours."""

_BATCH = 5_000
_MEAN_LENGTH = 14
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
# The commonest words of English speech take the first ranks, as they do in life.
_COMMONEST = re.findall(
    r"\w+",
    """
    the i you and to a it that of in is was we what so have on like for do just know yeah not but
    this be they with are there at can all get one about go think really my if got he your me out
    or up would she were going as from when then see had them time want right good some how
    """,
)
_KINDS = (Kind.UTTERANCE, Kind.OBJECT, Kind.TEXT, Kind.SIGHTING, Kind.CONTEXT, Kind.FACT)
_SHARES = (0.55, 0.15, 0.1, 0.08, 0.07, 0.05)
_SENTENCE = {
    Kind.UTTERANCE: '{who} said: "{words}."',
    Kind.OBJECT: "You looked at a {words}.",
    Kind.TEXT: "On what you looked at was written: {words}",
    Kind.SIGHTING: "You saw {who}.",
    Kind.CONTEXT: 'You saw: {who}. {who} said: "{words}."',
    Kind.FACT: '{who} said: "{words}."',
}
_LENGTH = {Kind.OBJECT: 0.15, Kind.TEXT: 0.5, Kind.SIGHTING: 0.0, Kind.CONTEXT: 3.0}


class Language:
    """Words by rank, commonest first, and what they mean.

    The frequency of a word falls with its rank as Zipf and Mandelbrot found, 1 / (rank + 2.7).

    Attributes:
        words: Each once.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._rng = np.random.default_rng(seed)
        self.words = self._vocabulary()
        ranks = np.arange(WORDS)
        frequency = 1 / (ranks + 2.7)
        self._cumulative = np.cumsum(frequency / frequency.sum())
        vectors = self._rng.standard_normal((WORDS, DIMENSIONS)).astype(np.float32)
        self._vectors = vectors * np.log(ranks + 2.0)[:, None].astype(np.float32)
        self._rank = {word: rank for rank, word in enumerate(self.words)}

    @property
    def version(self) -> str:
        """Which vectors these are."""
        return f"made up, seed {self._seed}"

    def ranks(self, rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
        """Return the ranks of ``count`` words of running speech."""
        return np.minimum(np.searchsorted(self._cumulative, rng.random(count)), WORDS - 1)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of texts, shape ``(n, 384)``; unknown words mean nothing."""
        split = [text.casefold().translate(_NO_MARKS).split() for text in texts]
        return self.meanings([[self._rank[w] for w in words if w in self._rank] for words in split])

    def meanings(self, sentences: Sequence[Sequence[int]]) -> Vectors:
        """Return the unit vectors of sentences given as ranks, shape ``(n, 384)``."""
        sums = np.stack([self._vectors[np.asarray(s, np.int64)].sum(axis=0) for s in sentences])
        return np.asarray(
            sums / np.maximum(np.linalg.norm(sums, axis=1), 1e-9)[:, None], np.float32
        )

    def _vocabulary(self) -> list[str]:
        words = dict.fromkeys(_COMMONEST)
        while len(words) < WORDS:
            syllables = self._rng.integers(2, 5)
            letters = (
                _CONSONANTS[self._rng.integers(len(_CONSONANTS))]
                + _VOWELS[self._rng.integers(len(_VOWELS))]
                for _ in range(syllables)
            )
            words["".join(letters)] = None
        return list(words)


_NO_MARKS = str.maketrans("", "", '.,:;?!"')


@dataclass(frozen=True, slots=True)
class Sentence:
    """A document to be: its kind, its words and whom it involves."""

    kind: Kind
    text: str
    ranks: list[int]
    person_id: int | None


def sentences(language: Language, count: int, seed: int = 1) -> Iterator[Sentence]:
    """Yield what a wearer's days are made of."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(len(_KINDS), count, p=_SHARES)
    spread = np.clip(rng.lognormal(-0.15, 0.55, count), 0.15, 5)
    factors = np.array([_LENGTH.get(kind, 1.0) for kind in _KINDS])[kinds]
    lengths = np.where(factors > 0, np.maximum(1, _MEAN_LENGTH * factors * spread), 0).astype(int)
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    ranks = language.ranks(rng, int(bounds[-1])).tolist()
    people = (np.minimum(rng.zipf(1.5, count), PEOPLE)).tolist()
    for kind_index, person_id, (start, end) in zip(
        kinds.tolist(), people, pairwise(bounds.tolist()), strict=True
    ):
        kind = _KINDS[kind_index]
        words = ranks[start:end]
        text = _SENTENCE[kind].format(
            who=name(language, person_id), words=" ".join(language.words[r] for r in words)
        )
        involves = None if kind in (Kind.OBJECT, Kind.TEXT) else person_id
        yield Sentence(kind, text, words, involves)


def name(language: Language, person_id: int) -> str:
    """Return what a person is called."""
    who: str = language.words[1_000 + 7 * person_id]
    return who.capitalize()


def build(path: Path, language: Language, size: int) -> float:
    """Fill a new store; return the seconds that writing and indexing took, embedding apart."""
    database = Database(path)
    spent_s = 0.0
    with database.write() as session:
        session.add(EmbedderRow(version=language.version))
        session.execute(insert(PersonRow), [_person(language, p) for p in range(1, PEOPLE + 1)])
    made = sentences(language, size)
    first = 1
    while batch := list(islice(made, _BATCH)):
        documents = _documents(language, first, batch)
        started = time.perf_counter()
        with database.write() as session:
            session.execute(insert(DocumentRow), documents)
            session.execute(insert(DocumentSourceRow), list(_sources(first, batch)))
            session.execute(insert(DocumentPersonRow), list(_involved(first, batch)))
            session.execute(update(RevisionRow).values(value=first + len(batch) - 1))
        spent_s += time.perf_counter() - started
        first += len(batch)
    database.close()
    return spent_s


def _documents(language: Language, first: int, batch: list[Sentence]) -> list[dict[str, Any]]:
    vectors = language.meanings([sentence.ranks or [0] for sentence in batch])
    return [
        {
            "id": row_id,
            "kind": sentence.kind,
            "row_id": row_id,
            "start_ns": START_NS + row_id * STEP_NS,
            "end_ns": START_NS + row_id * STEP_NS + STEP_NS // 4,
            "moment_id": row_id // 8,
            "text": sentence.text,
            "importance": 0.0,
            "embedding": vector.astype("<f4").tobytes(),
            "revision": row_id,
        }
        for row_id, (sentence, vector) in enumerate(zip(batch, vectors, strict=True), first)
    ]


def _sources(first: int, batch: list[Sentence]) -> Iterator[dict[str, Any]]:
    for row_id, sentence in enumerate(batch, first):
        others = range(max(1, row_id - 4), row_id) if sentence.kind == Kind.CONTEXT else ()
        for source_id in (row_id, *others):
            yield {"document_id": row_id, "kind": sentence.kind, "row_id": source_id}


def _involved(first: int, batch: list[Sentence]) -> Iterator[dict[str, Any]]:
    for row_id, sentence in enumerate(batch, first):
        if sentence.person_id is not None:
            yield {"document_id": row_id, "person_id": sentence.person_id}


def _person(language: Language, person_id: int) -> dict[str, Any]:
    who = name(language, person_id)
    return {"id": person_id, "name": who, "is_name_given": True, "is_wearer": person_id == 1}
