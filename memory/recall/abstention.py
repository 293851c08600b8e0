"""When nothing fits, so that nothing is said rather than something."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from memory.recall.candidates import Pool, without_names
from memory.recall.neighbours import Floats
from memory.sentences import is_question

# What a candidate must reach on its own to say something about a cue. Chosen on a short invented
# day, midway between what questions about it reach and what questions about other things do.
FLOOR = 0.33
FLOOR_MEANING = 0.38
FLOOR_WORDS = 0.4
WEIGHT_WORDS = 0.5
WEIGHT_MEANING = 0.7
WEIGHT_PERSON = 0.1

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
