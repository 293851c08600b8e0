"""How well something was heard: what was heard badly gives way to the same said better."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from llm.versions import SPEECH, quoted_words, speaker
from memory.records import Fact, Hit, Kind, Source, Spoken
from memory.stems import stems
from memory.store import Memory

CLEAR = 0.7
"""Mean probability of its tokens from which a transcript may be trusted with names."""
RETOLD_WORDS = 3
RETOLD_SHARE = 0.5

_Statement = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is known of how memories were heard.

    Attributes:
        confidence: Of the transcript that a memory comes from, for speech.
        stated: What a memory states: about whom, which question it answers, and how.
    """

    confidence: Mapping[Source, float] = field(default_factory=dict)
    stated: Mapping[Source, frozenset[_Statement]] = field(default_factory=dict)

    def is_clear(self, hit: Hit) -> bool:
        """Tell whether something was seen, or heard well."""
        return self.confidence.get(Source(hit.kind, hit.id), 1.0) >= CLEAR

    def questions(self, hit: Hit) -> str:
        """Return the names of the questions that a memory answers, such as "works as"."""
        stated = self.stated.get(Source(hit.kind, hit.id), frozenset())
        return " ".join(sorted({slot for _, slot, _ in stated}))

    def outdoes(self, other: Hit, hit: Hit) -> bool:
        """Tell whether a speaker said a thing again, better heard or later and as well.

        What was understood last counts, unless one of the two was heard badly.
        """
        if not {other.kind, hit.kind} <= SPEECH or speaker(other) != speaker(hit):
            return False
        if not (self._restates(other, hit) or _shares_words(other, hit)):
            return False
        if self.is_clear(other) and self.is_clear(hit):
            return other.t_ns > hit.t_ns
        one, two = (self.confidence.get(Source(h.kind, h.id), 1.0) for h in (other, hit))
        return (one, other.t_ns) > (two, hit.t_ns) and other.t_ns != hit.t_ns

    def _restates(self, other: Hit, hit: Hit) -> bool:
        states = self.stated.get(Source(hit.kind, hit.id), frozenset())
        return bool(states) and states <= self.stated.get(Source(other.kind, other.id), frozenset())


def hearing(memory: Memory, hits: Iterable[Hit], facts: Iterable[Fact]) -> Hearing:
    """Look up how well memories were heard.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    stated: dict[Source, frozenset[_Statement]] = {}
    for fact in facts:
        if fact.value:
            statement = frozenset({(fact.subject, fact.slot, fact.value)})
            for row in (Source(Kind.FACT, fact.id), *fact.sources):
                stated[row] = stated.get(row, frozenset()) | statement
    rows = {hit: _utterances(hit) for hit in hits if hit.kind in SPEECH}
    clear = memory.clearness({row for ids in rows.values() for row in ids})
    confidence = {
        Source(hit.kind, hit.id): max(heard)
        for hit, ids in rows.items()
        if (heard := [clear[row] for row in ids if row in clear])
    }
    return Hearing(confidence, stated)


def _utterances(hit: Hit) -> set[int]:
    """Return what was said that a memory is, or rests on: heard well once is heard well."""
    sources = (Source(hit.kind, hit.id), *hit.sources)
    return {source.id for source in sources if source.kind is Kind.UTTERANCE}


def without_unclear(told: str, said: Iterable[Spoken]) -> str:
    """Return what is told of a stretch of time without the utterances that were heard badly."""
    for one in said:
        if one.confidence < CLEAR:
            told = re.sub(rf'[A-Z][^".:]{{0,60}}: "{re.escape(one.text)}"\s?', "", told)
    return told.strip()


def _shares_words(other: Hit, hit: Hit) -> bool:
    one, two = (set(stems(quoted_words(h))) for h in (other, hit))
    return len(one & two) >= max(RETOLD_WORDS, RETOLD_SHARE * min(len(one), len(two)))
