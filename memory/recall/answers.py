"""How likely a memory answers a question, rather than merely being about the same things.

What fits a question best need not answer it: asked what the dress cost, memory holds the dress and
not its price. Whether it does shows in how close it and what was said beside it are in meaning, in
whether it holds an answer of the kind asked for, in whose it is, and in how far it falls short of
what fits best. Which of the question's words it holds tells nothing more: on lives left out of the
fit, weights for them only did harm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from memory.recall.asked_for import can_answer, content
from memory.recall.candidates import Candidate, Pool, without_names
from memory.recall.neighbours import Floats
from memory.records import Kind
from memory.sentences import sentences
from memory.stems import is_same_stem, stems

FEATURES = (
    "always",
    "meaning",
    "meaning around",
    "kind missing",
    "of another",
    "of another, yes or no",
    "below the best",
)
MEANING_OF_WORDS = 0.6
"""The cosine of a memory that holds all words of a question, where meaning is not compared."""

# Fitted by `python -m training.answers`, on what the companion had to choose from: log odds.
FITTED = np.array([-1.61, 4.59, 2.70, -1.65, -1.26, -5.71, 0.57])

LIKELY = 0.55
"""What is less likely to answer is not told as an answer.

With it, in lives left out of the fit, half of what is unknown stays untold, and two ninths of what
is known.
"""

_OWN = re.compile(
    r"\b(?:am|was|do|did|have|had|will|should|must|can|could|would) (?:i|we)\b|"
    r"\b(?:my|our|mine|ours)\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"^\W*(?:is|are|am|was|were|do|does|did|has|have|had|will|can|could)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]ine|[Mm]e)\b")
_ADDRESSED = re.compile(r"\b(?:you(?! know| see)|your|yours|we|our|us)\b", re.IGNORECASE)
_MINE = re.compile(r"\b(?:my|our) ([\w-]+)", re.IGNORECASE)
_SPOKEN = frozenset({Kind.UTTERANCE, Kind.FACT})

Ranked = Sequence[tuple[Candidate, float]]


def chances(found: Pool, ranked: Ranked, question: str) -> list[float]:
    """Return how likely each of some candidates answers a question, in [0, 1].

    Args:
        found: The candidates.
        ranked: Those to look at, with how well each fits.
        question: The cue as asked.
    """
    places = {document.id: at for at, document in enumerate(found.documents)}
    chosen = [(places[document.id], score) for document, score in ranked]
    logits = features(found, chosen, question) @ FITTED
    return [float(chance) for chance in 1.0 / (1.0 + np.exp(-logits))]


def features(found: Pool, chosen: Sequence[tuple[int, float]], question: str) -> Floats:
    """Return what speaks for and against some candidates, shape ``(m, len(FEATURES))``.

    Args:
        found: The candidates.
        chosen: The places of those to look at, each with how well it fits.
        question: The cue as asked.
    """
    is_own = bool(_OWN.search(question)) and not found.names
    is_yes_or_no = bool(_YES_OR_NO.search(question))
    meaning = found.meaning if found.has_vectors else _meaning_of_words(found, question)
    around = np.maximum(found.beside(meaning, 1), found.beside(meaning, -1))
    best = max((score for _, score in chosen), default=0.0)
    rows = []
    for at, score in chosen:
        document = found.documents[at]
        is_anothers = is_own and _is_anothers(question, document)
        is_of_kind = can_answer(question, document.text)
        theirs = is_anothers, is_anothers and is_yes_or_no
        rows.append((1.0, meaning[at], around[at], not is_of_kind, *theirs, score - best))
    return np.array(rows, np.float64).reshape(-1, len(FEATURES))


def speaks_of_self(words: str) -> bool:
    """Tell whether somebody speaks of what is theirs, and not to whoever listens or of them."""
    told = sentences(words)
    return any(map(_FIRST_PERSON.search, told)) and not any(map(_ADDRESSED.search, told))


def _meaning_of_words(found: Pool, question: str) -> Floats:
    """Return what stands for the cosine of each, the share of the words it holds, ``(n,)``."""
    about = content(without_names(question, found.names))
    if not about:
        return np.full(len(found.documents), MEANING_OF_WORDS)
    told = (set(stems(document.words)) for document in found.documents)
    held = [sum(any(is_same_stem(s, o) for o in others) for s in about) for others in told]
    return np.asarray(MEANING_OF_WORDS * np.array(held) / len(about), np.float64)


def _is_anothers(question: str, document: Candidate) -> bool:
    """Tell whether somebody else speaks of what is theirs, and not to the wearer or of them."""
    if document.kind not in _SPOKEN or document.text.startswith("You "):
        return False
    owned = {thing.casefold() for thing in _MINE.findall(question)}
    if owned & {thing.casefold() for thing in _MINE.findall(document.words)}:
        return True
    return speaks_of_self(document.words)
