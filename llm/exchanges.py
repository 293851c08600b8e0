"""What was said next and belongs to what was said before: the answer to a question, say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm.cues import Asked, asks
from llm.versions import quoted_words
from memory.recall.asked_for import differ
from memory.records import Hit, Kind, Source
from memory.sentences import is_question, sentences
from memory.store import Memory
from memory.units import MINUTE_NS

PAUSE_NS = 10 * 1_000_000_000
"""Who answers begins within so long."""
ASKED_AT_END = 2


def next_said(memory: Memory, hit: Hit) -> Hit | None:
    """Return what somebody else said right after an utterance, or None.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    if hit.kind is not Kind.UTTERANCE:
        return None
    said = memory.spoken(hit.t_ns, hit.t_ns + MINUTE_NS)
    before = next((one for one in said if one.id == hit.id), None)
    after = next((one for one in said if before and one.start_ns >= before.end_ns), None)
    if before is None or after is None or after.start_ns > before.end_ns + PAUSE_NS:
        return None
    is_same_voice = (after.is_wearer, after.speaker) == (before.is_wearer, before.speaker)
    return None if is_same_voice else memory.evidence(Source(Kind.UTTERANCE, after.id))


def wants_answer(hit: Hit) -> bool:
    """Tell whether what was said asks something at its end: "Anybody? Don't all shout."."""
    return any(map(is_question, sentences(quoted_words(hit))[-ASKED_AT_END:]))


def sequel_of(memory: Memory, hits: Sequence[Hit], asked: Asked) -> tuple[Hit, Hit] | None:
    """Return the likeliest answer with what was said next, where that belongs to it.

    It does where the first asks, and where the second says otherwise: "ten per cent", says one,
    and "mine reads sixteen" the other.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    said = [hit for hit in hits if hit.kind is Kind.UTTERANCE]
    if not (said and asked.is_question):
        return None
    before = max(said, key=lambda hit: hit.answers)
    after = next_said(memory, before)
    if after is None or asks(quoted_words(after)):
        return None
    if wants_answer(before) or differ(asked.text, before.text, after.text):
        return before, replace(after, answers=before.answers)
    return None
