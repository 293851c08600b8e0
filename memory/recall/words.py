"""Full text: how common a word is, which documents fit words best, and which hold one.

The index is FTS5's (Porter stems over Unicode words), so a word finds all its forms. What a query
takes grows with the documents that hold its words: counting one takes a twentieth of a microsecond,
passing over one a tenth, ranking one more than one. So rare words find the candidates, and common
ones only count for those.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

import numpy as np
from sqlalchemy.orm import Session

from memory.recall.catalogue import Mask
from memory.recall.neighbours import Floats
from memory.recall.rows import rows

COUNTED_AT_MOST = 20_000
"""Of a more common word is not counted how common."""
RANKED_AT_MOST = 4_000
PASSED_AT_MOST = 40_000

_FREQUENCY = """
    SELECT (SELECT count(*) FROM (SELECT rowid FROM words WHERE words MATCH value LIMIT :most))
    FROM json_each(:terms) ORDER BY key
"""
_AMONG = "AND substr(:among, words.rowid + 1, 1) = x'01'"
_BEST = """
    SELECT rowid, score FROM (
        SELECT rowid, -rank AS score FROM words WHERE words MATCH :match {among}
        ORDER BY rowid DESC LIMIT :ranked
    )
    ORDER BY score DESC, rowid DESC LIMIT :most
"""
_HOLDING = f"""
    SELECT (SELECT group_concat(rowid) FROM words WHERE words MATCH value {_AMONG})
    FROM json_each(:terms) ORDER BY key
"""  # noqa: S608 (constants)


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of a cue, with how many documents hold each and how much each tells.

    Attributes:
        frequency: How many documents hold each term, in any of its forms; of common ones enough.
        weights: Inverse document frequency of each (Robertson and Sparck Jones 1976). A word that
            occurs nowhere weighs most, so that a cue about unknown things covers nothing well.
    """

    frequency: dict[str, int]
    weights: dict[str, float]

    @classmethod
    def of(cls, session: Session, terms: list[str], total: int) -> Terms:
        """Look up how common words are among ``total`` documents."""
        counts = rows(session, _FREQUENCY, terms=_each(terms), most=COUNTED_AT_MOST)
        frequency = {term: count for term, (count,) in zip(terms, counts, strict=True)}
        return cls(frequency, {term: _rarity(held, total) for term, held in frequency.items()})

    def best(self, session: Session, among: Mask | None, limit: int) -> dict[int, float]:
        """Return the documents that fit best with their BM25 score, best first, then newest.

        Rare terms find them. Where all terms are common, only the newest documents that hold the
        rarest are ranked, those that hold another one too before the others.

        Args:
            session: What is stored now.
            among: Which documents may be returned; all without it.
            limit: At most so many.
        """
        packed = None if among is None else among.tobytes()
        statement = _BEST.format(among="" if among is None else _AMONG)
        found: dict[int, float] = {}
        for match in _matches(self.frequency, among):
            at_most = {"ranked": RANKED_AT_MOST, "most": limit}
            for row_id, score in rows(session, statement, match=match, among=packed, **at_most):
                found.setdefault(row_id, score)
            if len(found) >= limit:
                break
        return dict(islice(found.items(), limit))

    def coverage(self, session: Session, documents: Sequence[int]) -> Floats:
        """Return which share of the terms documents hold, rare terms counting more, ``(n,)``."""
        among = np.zeros(max(documents, default=0) + 1, np.bool_)
        among[list(documents)] = True
        covered = np.zeros(len(among))
        known = [term for term, held in self.frequency.items() if held]
        # As one text: reading a row each would take longer than finding them.
        holding = rows(session, _HOLDING, terms=_each(known), among=among.tobytes())
        for term, (held,) in zip(known, holding, strict=True):
            covered[np.fromstring(held or "", np.int64, sep=",")] += self.weights[term]
        everything = sum(self.weights.values()) or 1.0
        return np.asarray(covered[list(documents)] / everything, np.float64)


def _rarity(frequency: int, total: int) -> float:
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def _matches(frequency: dict[str, int], among: Mask | None) -> list[str]:
    """Return the queries to try in turn."""
    known = sorted((term for term in frequency if frequency[term]), key=frequency.__getitem__)
    if not known:
        return []
    at_most = RANKED_AT_MOST
    if among is not None:
        # Only what is among the wanted is ranked, the rest passed over.
        share = np.count_nonzero(among) / max(1, len(among))
        at_most = round(min(PASSED_AT_MOST, at_most / max(share, 1e-9)))
    together = accumulate(frequency[term] for term in known)
    rare = [term for term, held in zip(known, together, strict=True) if held <= at_most]
    if rare:
        return [_any(rare)]
    rarest, *others = known
    return [f"{_any([rarest])} AND ({_any(others)})" for _ in others[:1]] + [_any([rarest])]


def _any(terms: list[str]) -> str:
    """Return the query for any of the terms, quoted, so that none is taken for an operator."""
    return " OR ".join(f'"{term}"' for term in terms)


def _each(terms: list[str]) -> str:
    """Return a query for each of the terms, as a JSON list."""
    return json.dumps([_any([term]) for term in terms])
