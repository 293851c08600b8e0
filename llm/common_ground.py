"""What wearer and companion both know at the moment of a question."""

from __future__ import annotations

from dataclasses import dataclass, replace

from llm.cues import Asked, Order, read_question
from memory.records import Cue, Fact, Hit, Kind, Turn
from memory.store import Memory

RECALLED = 4
RECALLED_ABOUT_PERSON = 3
RECALLED_FROM_CONTEXT = 2
PROFILE_FACTS = 2
CONVERSATION_TURNS = 2
CONVERSATION_NS = 300 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Heard:
    """Something said just now.

    Attributes:
        speaker: ``"you"`` for the wearer, else a name or a label.
    """

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class CurrentContext:
    """What is going on right now. Everything but the time may be empty.

    Attributes:
        objects: Labels of what is in view, what is looked at first.
        people: Names or labels of who is in view, who is looked at first.
        writing: Lines that were read lately.
        attended: What or whom the wearer looks at: a label of ``objects`` or ``people``.
        heard: What was said lately, oldest first, without the question itself.
        feeling: The wearer's, in a word.
        place: Where this is, in words.
    """

    t_ns: int
    objects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    writing: tuple[str, ...] = ()
    attended: str = ""
    heard: tuple[Heard, ...] = ()
    feeling: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class CommonGround:
    """Everything that a reply may rest on.

    Attributes:
        words: The question as asked.
        asked: The question as understood.
        recalled: Memories, most useful first.
        profile: Facts about the wearer that hold now, for a remark that asks for nothing.
        turns: The conversation so far, oldest first.
    """

    now_ns: int
    words: str
    asked: Asked
    context: CurrentContext
    recalled: tuple[Hit, ...] = ()
    profile: tuple[Fact, ...] = ()
    turns: tuple[Turn, ...] = ()


def gather(memory: Memory, context: CurrentContext, words: str, now_ns: int) -> CommonGround:
    """Collect what bears on a question: what is in view, who is meant, what is remembered.

    The order is that of OS-1 (arXiv 2311.18251): the current context comes first, cues are taken
    from it and from the words, and memory is asked with both.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    turns = tuple(memory.turns(now_ns - CONVERSATION_NS, now_ns))[-CONVERSATION_TURNS:]
    thing = "" if context.attended in context.people else context.attended
    asked = read_question(words, memory.people(), _referents(context, turns), thing, now_ns)
    is_own_remark = asked.is_about_wearer and not asked.is_question
    profile = memory.facts("wearer", now_ns)[-PROFILE_FACTS:] if is_own_remark else []
    return CommonGround(
        now_ns=now_ns,
        words=words,
        asked=asked,
        context=context,
        recalled=_recall(memory, asked, context),
        profile=tuple(profile),
        turns=turns,
    )


def _referents(context: CurrentContext, turns: tuple[Turn, ...]) -> tuple[str, ...]:
    """Return the texts in which to look for whom a pronoun means, the likeliest first."""
    attended = (context.attended,) if context.attended in context.people else ()
    spoken = (text for turn in reversed(turns) for text in (turn.asked, turn.replied))
    return (*attended, *context.people, *spoken)


def _recall(memory: Memory, asked: Asked, context: CurrentContext) -> tuple[Hit, ...]:
    cue = Cue(asked.text, asked.start_ns, asked.end_ns, limit=2 * RECALLED)
    hits: list[Hit] = []
    if asked.people:
        ids = tuple(person.id for person in asked.people)
        hits += memory.recall(replace(cue, person_ids=ids, limit=RECALLED_ABOUT_PERSON))
    hits += memory.recall(cue)
    if asked.is_about_view and context.attended:
        hits += memory.recall(replace(cue, text=context.attended, limit=RECALLED_FROM_CONTEXT))
    distinct = _distinct(hits)[:RECALLED]
    if asked.order == Order.FIRST:
        distinct.sort(key=lambda hit: hit.t_ns)
    elif asked.order == Order.LAST:
        distinct.sort(key=lambda hit: -hit.t_ns)
    return tuple(distinct)


def _distinct(hits: list[Hit]) -> list[Hit]:
    """Drop minutes, which retell what other memories hold, and words that were quoted before."""
    kept: list[Hit] = []
    for hit in hits:
        words = hit.text.removesuffix('"').split(': "')[-1]
        if hit.kind != Kind.CONTEXT and not any(words in other.text for other in kept):
            kept.append(hit)
    return kept or hits[:1]
