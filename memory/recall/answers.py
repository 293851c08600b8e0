"""How likely a memory answers a question, rather than merely being about the same things.

What fits a question best need not answer it: asked what the dress cost, memory holds the dress and
not its price. Whether it does shows in which of the question's words it holds, the rarest of them
first, in whether it holds an answer of the kind asked for, and in whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from memory.recall.asked_for import can_answer, content
from memory.recall.candidates import Candidate, Pool, without_names
from memory.recall.neighbours import NEAR_NS, Floats
from memory.records import Kind
from memory.sentences import sentences
from memory.stems import SAME_LETTERS, is_same_stem, stems

FEATURES = (
    "always",
    "meaning",
    "words",
    "words around",
    "rarest word",
    "thing asked for missing",
    "kind missing",
    "of another",
    "of another, yes or no",
    "not of who is named",
)
BESIDE = 4
MEANING_OF_WORDS = 0.6
"""The cosine of a memory that holds all words of a question, where meaning is not compared."""

# Fitted by `python -m training.answers`, on what the companion had to choose from: log odds.
FITTED = np.array([-3.91, 5.93, 0.58, 1.82, 0.59, -0.04, -4.10, -3.85, -6.94, -1.83])

LIKELY = 0.3
"""What is less likely to answer is not told as an answer.

The highest tenth under which, on weeks left out of the fit, no more than a tenth of what is known
stays untold.
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
_ADDRESSED = re.compile(r"\b(?:you|your|yours|we|our|us)\b", re.IGNORECASE)
_MINE = re.compile(r"\b(?:my|our) ([\w-]+)", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:what|which)\s+(?:(?:kind|sort|type|brand|make) of\s+)?(?P<thing>(?:[\w'-]+\s+){1,3}?)"
    r"(?:is|are|was|were|am|did|do|does|has|have|had|can|could|will|would|should|must|\w+s)\b",
    re.IGNORECASE,
)
_SPOKEN = frozenset({Kind.UTTERANCE, Kind.FACT})


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as far as it matters for what may answer it.

    Attributes:
        about: How much each stem of what it is about tells.
        things: Of what it asks for: "which herb".
        is_own: It is about the wearer, or what is theirs.
    """

    words: str
    about: Mapping[str, float]
    things: frozenset[str]
    is_own: bool
    is_yes_or_no: bool

    @property
    def rarest(self) -> str:
        """The stem that tells most, empty where there is none."""
        return max(self.about, key=lambda stem: (self.about[stem], stem), default="")

    def share(self, held: set[str]) -> float:
        """Return which share of what the question is about some stems are."""
        total = sum(self.about.values())
        return sum(self.about[stem] for stem in held) / total if total else 1.0

    def held(self, text: str) -> set[str]:
        """Return the stems of what the question is about that a text holds."""
        lower = text.casefold()
        if not any(stem[:SAME_LETTERS] in lower for stem in self.about):
            return set()  # most neighbours hold none, and telling so is quick
        told = set(stems(text))
        return {s for s in self.about if any(is_same_stem(s, other) for other in told)}


def chances(found: Pool, chosen: Sequence[Candidate], question: str) -> list[float]:
    """Return how likely each of some candidates answers a question, in [0, 1]."""
    places = {document.id: at for at, document in enumerate(found.documents)}
    logits = features(found, [places[document.id] for document in chosen], question) @ FITTED
    return [float(chance) for chance in 1.0 / (1.0 + np.exp(-logits))]


def features(found: Pool, chosen: Sequence[int], question: str) -> Floats:
    """Return what speaks for and against some candidates, shape ``(m, len(FEATURES))``.

    Args:
        found: The candidates.
        chosen: The places of those to look at.
        question: The cue as asked.
    """
    asked = _read(found, question)
    looked_at = {at: _beside(found.documents, at) for at in chosen}
    places = {place for near in looked_at.values() for place in near}
    held = {place: asked.held(found.documents[place].words) for place in places}
    rows = [
        _row(found, at, asked, held[at], set[str]().union(*(held[place] for place in near)))
        for at, near in looked_at.items()
    ]
    return np.array(rows, np.float64).reshape(-1, len(FEATURES))


def _row(
    found: Pool, at: int, asked: _Asked, held: set[str], around: set[str]
) -> tuple[float, ...]:
    document = found.documents[at]
    is_anothers = asked.is_own and _is_anothers(asked.words, document)
    return (
        1.0,
        found.meaning[at] if found.has_vectors else MEANING_OF_WORDS * asked.share(held),
        asked.share(held),
        asked.share(around),
        not asked.rarest or asked.rarest in around,
        bool(asked.things) and not asked.things & held,
        not can_answer(asked.words, document.text),
        is_anothers,
        is_anothers and asked.is_yes_or_no,
        bool(found.names) and not (found.is_named[at] or _mentions(document, found.names)),
    )


def _read(found: Pool, question: str) -> _Asked:
    bare = without_names(question, found.names)
    about = _weighed(content(bare), found.terms.weights)
    thing = _THING.search(bare)
    return _Asked(
        words=question,
        about=about,
        things=frozenset(stems(thing["thing"])) & about.keys() if thing else frozenset(),
        is_own=bool(_OWN.search(question)) and not found.names,
        is_yes_or_no=bool(_YES_OR_NO.search(question)),
    )


def _weighed(about: set[str], weights: Mapping[str, float]) -> dict[str, float]:
    known = {stem: weight for word, weight in weights.items() for stem in stems(word)}
    return {stem: known.get(stem, 1.0) for stem in sorted(about)}


def _beside(documents: Sequence[Candidate], at: int) -> list[int]:
    """Return the places of what is near a candidate in time, itself included."""
    near = range(max(0, at - BESIDE), min(len(documents), at + BESIDE + 1))
    return [p for p in near if abs(documents[p].start_ns - documents[at].start_ns) <= NEAR_NS]


def _is_anothers(question: str, document: Candidate) -> bool:
    """Tell whether somebody else speaks of what is theirs, and not to the wearer or of them."""
    if document.kind not in _SPOKEN or document.text.startswith("You "):
        return False
    owned = {thing.casefold() for thing in _MINE.findall(question)}
    if owned & {thing.casefold() for thing in _MINE.findall(document.words)}:
        return True
    told = sentences(document.words)
    return any(map(_FIRST_PERSON.search, told)) and not any(map(_ADDRESSED.search, told))


def _mentions(document: Candidate, names: Sequence[str]) -> bool:
    return without_names(document.text, names) != document.text
