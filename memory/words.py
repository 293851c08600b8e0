"""Full text: how common a word is, which documents fit words best, and which hold one.

The index is FTS5's (Porter stems over Unicode words), so a word finds all its forms.
"""

from __future__ import annotations

import json
import math

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from memory.schema import DocumentRow

COMMON_TERM_DOCUMENTS = 2_000

_FREQUENCY = """
    SELECT count(*) FROM (SELECT rowid FROM words WHERE words MATCH :match LIMIT :most)
"""
_BEST = "SELECT rowid FROM words WHERE words MATCH :match ORDER BY rank LIMIT :most"
# The plus keeps SQLite from seeking every allowed document; there may be many.
_BEST_AMONG = """
    SELECT rowid FROM words
    WHERE words MATCH :match AND +rowid IN (SELECT value FROM json_each(:among))
    ORDER BY rank LIMIT :most
"""
_HOLDING = """
    SELECT rowid FROM words
    WHERE words MATCH :match AND rowid IN (SELECT value FROM json_each(:among))
    LIMIT :most
"""


def coverage(
    session: Session, terms: list[str], among: set[int] | None, limit: int
) -> dict[int, float]:
    """Return which share of the terms the best documents hold, rare terms counting more.

    The share is that of the inverse document frequency (Robertson and Sparck Jones 1976). A word
    that occurs nowhere counts most, so that a cue about unknown things covers nothing well.
    """
    total = session.scalar(select(func.count()).select_from(DocumentRow)) or 0
    frequency = frequencies(session, terms)
    known = [term for term in terms if frequency[term]]
    if not known:
        return {}
    rare = [t for t in known if frequency[t] <= COMMON_TERM_DOCUMENTS] or known[:1]
    candidates = set(best(session, rare, among, limit))
    weights = {term: rarity(frequency[term], total) for term in terms}
    covered = dict.fromkeys(candidates, 0.0)
    for term in known:
        for document_id in holding(session, term, candidates):
            covered[document_id] += weights[term]
    everything = sum(weights.values())
    return {document_id: weight / everything for document_id, weight in covered.items()}


def frequencies(session: Session, terms: list[str]) -> dict[str, int]:
    """Return how many documents hold each term, in any of its forms; of common terms enough."""
    most = COMMON_TERM_DOCUMENTS + 1
    return {term: _sql(session, _FREQUENCY, [term], None, most)[0] for term in terms}


def best(session: Session, terms: list[str], among: set[int] | None, limit: int) -> list[int]:
    """Return the documents that hold any of the terms, by BM25, of those ``among`` if given."""
    statement = _BEST if among is None else _BEST_AMONG
    return _sql(session, statement, terms, among, limit)


def holding(session: Session, term: str, among: set[int]) -> set[int]:
    """Return those of some documents that hold a term."""
    return set(_sql(session, _HOLDING, [term], among, len(among)))


def rarity(frequency: int, total: int) -> float:
    """Return the inverse document frequency of a term (Robertson and Sparck Jones 1976)."""
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def _sql(
    session: Session, statement: str, terms: list[str], among: set[int] | None, most: int
) -> list[int]:
    """Run a query of the word index; terms are quoted, so that none is taken for an operator."""
    match = " OR ".join(f'"{term}"' for term in terms)
    ids = None if among is None else json.dumps(sorted(among))
    values = {"match": match, "among": ids, "most": most}
    return [row[0] for row in session.connection().exec_driver_sql(statement, values)]
