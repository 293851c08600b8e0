"""Speaking unasked: rarely, when memory has something worth saying, and never into speech."""

from __future__ import annotations

from dataclasses import dataclass

from llm.context import CurrentContext
from llm.manners import Manners, Today, today
from llm.orders import gives_orders
from llm.quoting import age
from llm.safety import Situation, cautions
from llm.sustained import SustainedAttention
from memory.recall.embedding import Embedder
from memory.records import Cue, Hit, Kind, Source
from memory.stems import stems
from memory.store import Memory

CHECK_EVERY_NS = 3 * 1_000_000_000
SILENCE_NS = 2 * 1_000_000_000
OLD_NEWS_NS = 600 * 1_000_000_000
CANDIDATES = 10

_TOLD = frozenset({Kind.FACT, Kind.UTTERANCE, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say unasked, with the memories that it comes from."""

    text: str
    sources: tuple[Source, ...]


class Initiative:
    """Decides when to speak unasked and what to say; time comes in with the data.

    Args:
        memory: Where to find something worth saying.
        manners: What the wearer allows.
        embedder: Tells how close two labels are; without one they must be the same.
    """

    def __init__(self, memory: Memory, manners: Manners, embedder: Embedder | None = None) -> None:
        self._memory, self._manners = memory, manners
        self._attention = SustainedAttention(embedder)
        self._checked_ns: int | None = None
        self._quiet_since_ns: int | None = None
        self._is_speech = False

    def look(self, t_ns: int, label: str) -> None:
        """Take in what the wearer looks at, in a word."""
        self._attention.see(t_ns, label)

    def hear_begin(self) -> None:
        """Somebody begins to speak."""
        self._is_speech = True

    def hear_end(self, t_ns: int) -> None:
        """Nobody speaks any more since ``t_ns``."""
        self._is_speech, self._quiet_since_ns = False, t_ns

    def remark(self, context: CurrentContext, now_ns: int) -> Remark | None:
        """Return what to say now, if anything; looks no more often than every three seconds.

        Args:
            context: What is going on; its words and labels are held against facts about safety.
            now_ns: The time.

        Raises:
            MemoryStoreError: Memory cannot be read.
        """
        if self._checked_ns is not None and 0 <= now_ns - self._checked_ns < CHECK_EVERY_NS:
            return None
        self._checked_ns = now_ns
        if self._is_speech or not self._is_silent(now_ns) or self._manners.is_quiet_hour(now_ns):
            return None
        so_far = today(self._memory, now_ns)
        if self._manners.allow(so_far, now_ns, is_urgent=True):
            urgent = self._caution(so_far, context, now_ns)
            if urgent is not None:
                return urgent
        return self._memory_of_topic(so_far, now_ns)

    def _is_silent(self, now_ns: int) -> bool:
        return self._quiet_since_ns is None or now_ns - self._quiet_since_ns >= SILENCE_NS

    def _caution(self, so_far: Today, context: CurrentContext, now_ns: int) -> Remark | None:
        situation = Situation(context, "", now_ns, so_far.replied)
        facts, notices = self._memory.facts(at_ns=now_ns), self._memory.notices(now_ns)
        for caution in cautions(facts, situation, notices=notices):
            if caution.sources and caution.text not in so_far.replied:
                return Remark(caution.text, caution.sources)
        return None

    def _memory_of_topic(self, so_far: Today, now_ns: int) -> Remark | None:
        topic = self._attention.topic(now_ns)
        if topic is None or not self._manners.allow(so_far, now_ns):
            return None
        cue = Cue(topic, end_ns=now_ns - OLD_NEWS_NS, kinds=_TOLD, limit=CANDIDATES)
        hits = self._memory.recall(cue)
        best = next((hit for hit in hits if _is_worth_saying(hit, topic, so_far)), None)
        if best is None:
            return None
        return Remark(_told(best.text, best.t_ns, now_ns), (Source(best.kind, best.id),))


def _is_worth_saying(hit: Hit, topic: str, so_far: Today) -> bool:
    """Tell whether a memory is about the topic, is news today, asks nothing and orders nothing."""
    names_it = set(stems(topic)) <= set(stems(hit.text)) and bool(stems(topic))
    is_question = hit.text.rstrip('" ').endswith("?")
    return names_it and not (is_question or hit.text in so_far.told or gives_orders(hit.text))


def _told(text: str, t_ns: int, now_ns: int) -> str:
    """Tell a memory with its age, so that it cannot be taken for something new."""
    when = age(t_ns, now_ns)
    when = when[0].upper() + when[1:]
    if text.startswith(("You ", "On ", "In ")):
        return f"{when} {text[0].lower()}{text[1:]}"
    return f"{when}, {text}"
