"""Several sentences in a few: chosen from the sources' own, or told by a model and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from memory.sentences import sentences
from memory.stems import WORD, stems

MAX_ITEMS = 6
FULL_STEMS = 8

_LIST = re.compile(r"(You (?:looked at|saw|seemed):?) (.+)\.")
_NAME = re.compile(r"[A-Z]|\d")
# They stand in every source of their kind, and so tie nothing together.
_TELLING = frozenset(stems("said asked looked saw read seemed"))


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that stands alone.

    Attributes:
        arousal: How moving it is, in [0, 1].
    """

    text: str
    arousal: float = 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a model makes of some lines; activity and place may be empty."""

    text: str
    activity: str = ""
    place: str = ""


class Summarizer(Protocol):
    """Puts several sentences into one or two."""

    @property
    def name(self) -> str:
        """Who tells."""
        ...

    def summarize(self, lines: Sequence[str]) -> Summary | None:
        """Return a summary of sentences in time order, or None where there is no good one.

        What comes back is checked with :func:`is_faithful`, and only then kept.
        """
        ...


def extract(lines: Sequence[Line], most_characters: int) -> tuple[str, ...]:
    """Return the lines that tell most, in their order, as far as there is room; at least one.

    One after the other, the line is chosen that has most of what the chosen ones do not tell yet
    (maximal marginal relevance, Carbonell and Goldstein 1998), moving ones and full ones first.
    """
    left = {at: set(stems(line.text)) for at, line in enumerate(lines)}
    chosen: list[int] = []
    told: set[str] = set()
    room = most_characters
    while left:
        at = max(left, key=lambda i: (_worth(lines[i], left[i], told), -i))
        words = left.pop(at)
        if len(lines[at].text) <= room or not chosen:
            chosen.append(at)
            told |= words
            room -= len(lines[at].text)
    return tuple(lines[at].text for at in sorted(chosen))


def fold(lines: Iterable[Line]) -> list[Line]:
    """Make one line of all that enumerate the same, and drop what is said twice.

    The most frequent items stay, in the order in which they came up.
    """
    counted: dict[str, Counter[str]] = {}
    folded: dict[str, Line] = {}
    for line in lines:
        match = _LIST.fullmatch(line.text)
        lead, items = (match[1], match[2].split(", ")) if match else (line.text, [])
        counts = counted.setdefault(lead, Counter())
        counts.update(items)
        best = dict(counts.most_common(MAX_ITEMS))
        text = f"{lead} {', '.join(i for i in counts if i in best)}." if match else line.text
        before = folded.get(lead)
        folded[lead] = Line(text, max(line.arousal, before.arousal if before else 0.0))
    return list(folded.values())


def is_faithful(summary: str, lines: Sequence[str]) -> bool:
    """Tell whether a summary says nothing that its sources do not.

    Every meaningful word and every number must occur in them. Where a sentence names somebody or
    something, each of its words must stand beside one of its names in a single source, and each
    name beside another of its words, so that words do not move from one person to the next.
    """
    known = [set(stems(line)) for line in lines]
    everything = set().union(*known)
    for sentence in sentences(summary):
        words = set(stems(sentence))
        names = set(stems(" ".join(filter(_NAME.search, WORD.findall(sentence)))))
        if not words <= everything:
            return False
        for word in words - _TELLING:
            beside = (words if word in names else names) - _TELLING - {word}
            if beside and not any(word in line and line & beside for line in known):
                return False
    return bool(summary.strip())


def _worth(line: Line, words: set[str], told: set[str]) -> float:
    """Return arousal plus novelty plus fullness, each in [0, 1]."""
    if not words:
        return line.arousal
    return line.arousal + len(words - told) / len(words) + min(len(words) / FULL_STEMS, 1.0)
