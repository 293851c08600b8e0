"""How candidates are ordered: what is known of each, and how much each of it counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from memory.recall.candidates import Candidate, Pool
from memory.recall.neighbours import Floats
from memory.records import Kind
from memory.sentences import is_question

FEATURES = (
    "words",
    "meaning",
    "person",
    "question",
    "length",
    "words before",
    "words two before",
    "meaning after",
)
PERSON = FEATURES.index("person")

# Fitted by `python -m training.recall`, see there. A point is a factor of e in how likely a
# document is the one that was asked for.
FITTED = np.array([5.07, 8.89, 2.77, -0.85, 1.01, 2.92, 1.86, 1.81])

# What the conversations that the weights were fitted on cannot tell, because they are words
# alone: a summary repeats what its sources say better, and a cue may hint at a kind.
_KIND = {Kind.CONTEXT: -1.5, Kind.PERSON: -0.6, Kind.SIGHTING: -0.6, Kind.OBJECT: -0.3}
_HINTED = 1.0
_TOLD = 2.0
# Less than a word: what is moving comes first among equals only.
_IMPORTANT = 0.4
_MAX_WORDS = 40


def features(pool: Pool) -> Floats:
    """Return what is known of each candidate, shape ``(n, len(FEATURES))``.

    Whether it asks, how long it is and what was said around it are known of speech only; anything
    else counts as a statement of usual length.
    """
    is_speech = pool.is_speech
    speech = [d for d in pool.documents if d.kind == Kind.UTTERANCE]
    asks = np.zeros(len(is_speech))
    asks[is_speech] = [is_question(d.words) for d in speech]
    length = np.full(len(is_speech), np.log1p(_MAX_WORDS / 2))
    length[is_speech] = [np.log1p(min(_MAX_WORDS, len(d.words.split()))) for d in speech]
    columns = (
        pool.coverage,
        pool.meaning,
        pool.is_named,
        asks,
        length,
        pool.beside(pool.coverage, 1),
        pool.beside(pool.coverage, 2),
        pool.beside(pool.meaning, -1),
    )
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def prior(
    documents: Sequence[Candidate], hinted: set[Kind], closeness: Floats, retention: Floats
) -> Floats:
    """Return what speaks for each candidate whatever the words of the cue are, shape ``(n,)``.

    Args:
        documents: The candidates.
        hinted: The kinds that the cue hints at.
        closeness: How close each lies to the time that the cue tells, in [0, 1], ``(n,)``.
        retention: How present each still is, ``(n,)``.
    """
    kinds = [_KIND.get(Kind(d.kind), 0.0) + _HINTED * (d.kind in hinted) for d in documents]
    importance = np.array([d.importance for d in documents], np.float64)
    return np.array(kinds) + _TOLD * closeness + retention + _IMPORTANT * importance
