"""How much something moved the wearer: as measured where it was, else by the words that were said.

OS-1 (arXiv 2311.18251) asks a language model for the arousal of an event and takes a tenth of it as
importance. Attune measures arousal at the eyes, and only where nothing was measured asks the words.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.schema import FeelingRow
from perception.emotion.sentiment import valence

# OS-1's 5 in 10: what moved the wearer more than this keeps its detail and gets the day's keys.
GATE = 0.5

REACH_NS = 5_000_000_000


def of_words(text: str) -> float:
    """Return how loaded words are, in [0, 1]: the size of their valence, pleasant or not.

    A stand-in for arousal that needs no model: in ratings of words, arousal grows with the
    distance of valence from neutral (Bradley and Lang 1999).
    """
    return abs(valence(text))


def measured(session: Session, start_ns: int, end_ns: int) -> float | None:
    """Return the arousal of the strongest feeling around a span, or None where none was noticed."""
    around = select(FeelingRow.arousal).where(
        FeelingRow.peak_ns >= start_ns - REACH_NS, FeelingRow.peak_ns < end_ns + REACH_NS
    )
    return max(session.scalars(around), default=None)


def of(session: Session, start_ns: int, end_ns: int, said: str) -> float:
    """Return how moving something was: measured, else by what was said in it, if anything."""
    felt = measured(session, start_ns, end_ns)
    if felt is not None:
        return felt
    return of_words(said) if said else 0.0
