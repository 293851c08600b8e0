"""Why the companion said something: the memories that the turn names, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm.quoting import age
from llm.small_talk import polite_answer
from llm.versions import quoted_words
from memory.records import Hit, Kind, Turn
from memory.stems import stems
from memory.store import Memory
from memory.units import DAY_NS

SPOKEN_AT_MOST = 2
WITHOUT_MEMORY = "That rests on no memory."

_WHY = re.compile(
    r"\b(?:why (?:did|do|would) you (?:say|think|tell|believe|mention|ask)|"
    r"how (?:do|did|can|could) you know|what makes you (?:say|think)|"
    r"where (?:do|did) you (?:have|get) (?:that|this|it) from|who told you(?: that| this)?)\b"
    r"|^\W*(?:why (?:that|is that)|says who)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A turn with what it rests on.

    Attributes:
        evidence: The memories that are still there, with who said it, when, and the moment; those
            that the reply retells most come first, and those that it does not retell are left out
            where it retells some.
    """

    turn: Turn
    evidence: tuple[Hit, ...]


def is_why(words: str) -> bool:
    """Tell whether the wearer asks for the reasons of the last reply."""
    return bool(_WHY.search(words))


def last_turn(memory: Memory, before_ns: int) -> Turn | None:
    """Return the last exchange of the day before a time, thanks and talk of reasons left out.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    turns = memory.turns(before_ns - DAY_NS, before_ns)
    return next((turn for turn in reversed(turns) if not _is_aside(turn.asked)), None)


def explain(memory: Memory, turn: Turn) -> Explanation:
    """Look up what a turn rests on; what was forgotten meanwhile is not told.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    found = (memory.evidence(s) for s in turn.sources if s.kind is not Kind.TURN)
    distinct = {hit.text: hit for hit in found if hit is not None}
    told = set(stems(turn.replied)) - set(stems(turn.asked))
    shared = {hit: len(told & set(stems(quoted_words(hit)))) for hit in distinct.values()}
    ranked = sorted(shared, key=lambda hit: -shared[hit])
    return Explanation(turn, tuple([hit for hit in ranked if shared[hit]] or ranked))


def _is_aside(words: str) -> bool:
    return is_why(words) or polite_answer(words) is not None


def told(explanation: Explanation, now_ns: int) -> Iterator[str]:
    """Yield the reasons as sentences to be spoken."""
    evidence = explanation.evidence
    if not evidence:
        yield WITHOUT_MEMORY
    for number, hit in enumerate(evidence[:SPOKEN_AT_MOST]):
        lead = "And" if number else "Because"
        text = hit.text
        if text.startswith(("You ", "On ", "In ", "A ", "An ")):
            text = text[0].lower() + text[1:]
        yield f"{lead} {age(hit.t_ns, now_ns)}: {text}"
    if len(evidence) > SPOKEN_AT_MOST:
        more = len(evidence) - SPOKEN_AT_MOST
        yield f"And {more} more {'memory' if more == 1 else 'memories'}."
