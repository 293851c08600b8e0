"""When nothing fits, so that nothing is said rather than something."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memory.recall.candidates import Pool, without_names
from memory.recall.neighbours import Floats
from memory.sentences import is_question

# What a candidate must reach on its own to say something about a cue. Low, because people ask in
# other words than things were told in; whether it answers is judged in memory/recall/answers.py.
FLOOR = 0.34
FLOOR_MEANING = 0.32
FLOOR_WORDS = 0.4
WEIGHT_WORDS = 0.5
WEIGHT_MEANING = 0.7
WEIGHT_PERSON = 0.1

# Of the questions of `training/answers.py` that have an answer, one in two hundred stays below it;
# of those that have none, one in eight.
LEAST_CHANCE = 0.2

# In points of the ranking. On the conversations of `attune eval recall`, one in two hundred
# questions that have an answer lies above it, and one in six of those that were turned to somebody
# who did not say what they ask for.
OTHERS_BETTER_BY = 2.5


def fits(found: Pool) -> npt.NDArray[np.bool_]:
    """Tell which candidates say something about the cue on their own, shape ``(n,)``."""
    if not found.has_vectors:
        return found.coverage >= FLOOR_WORDS
    fit = WEIGHT_WORDS * found.coverage + WEIGHT_MEANING * found.meaning
    fit = fit + WEIGHT_PERSON * found.is_named
    return (fit >= FLOOR) | (found.meaning >= FLOOR_MEANING)


def is_unanswered(chances: Sequence[float]) -> bool:
    """Tell whether nothing of what fits a question is likely to answer it, in the least."""
    return max(chances, default=0.0) < LEAST_CHANCE


def is_of_others(found: Pool, scores: Floats) -> bool:
    """Tell whether what fits is somebody else's, and not of those whom the cue names.

    What Ida said of her car must not answer what Bo said of his. The wearer's own words and words
    that mention whom the cue names may well answer.

    Args:
        found: The candidates.
        scores: How well each fits, leaving aside whom it involves, shape ``(n,)``.
    """
    if not (found.is_named.any() and found.is_others.any()):
        return False
    best = scores[~found.is_others].max() + OTHERS_BETTER_BY
    better = np.flatnonzero(found.is_others & (scores > best))
    return any(_is_their_own(found.documents[at].words, found.names) for at in better)


def _is_their_own(words: str, names: tuple[str, ...]) -> bool:
    """Tell whether words neither ask, perhaps one who is named, nor mention one."""
    return not is_question(words) and without_names(words, names) == words
