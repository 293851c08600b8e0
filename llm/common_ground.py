"""What wearer and companion both know at the moment of a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise, zip_longest

from llm import keywords
from llm.context import CurrentContext
from llm.cues import Asked, Order, read_question
from llm.exchanges import sequel_of
from llm.hearing import Hearing, hearing, without_unclear
from llm.own_facts import disputing, holding_now, own_facts
from llm.plan import Plan
from llm.revision import revision_of
from llm.versions import likeliest_version, newest_first, quoted_words
from memory.records import WEARER, Context, Cue, Fact, Hit, Kind, Level, Person, Source, Turn
from memory.sentences import same_words
from memory.stems import stems
from memory.store import Memory
from memory.units import DAY_NS, MINUTE_NS

# OS-1 takes three memories and three facts. On the written lives that may be looked at three show
# two thirds of what answers, five three quarters, and each one more a hundredth.
RECALLED = 5
RECALLED_ABOUT_PERSON = 3
RECALLED_FROM_CONTEXT = 2
REMINDED = 2
PROFILE_FACTS = 3
CONTEXTS = 2
CONVERSATION_TURNS = 2
EARLIER_TURNS = 3
CONVERSATION_NS = 300 * 1_000_000_000
WORDS_GOING_ON = 2
_SCENE = frozenset({Kind.OBJECT, Kind.SIGHTING, Kind.MOMENT})


@dataclass(frozen=True, slots=True)
class CommonGround:
    """Everything that a reply may rest on.

    Attributes:
        words: The question as asked.
        asked: The question as understood.
        recalled: Memories that the question asks for, most useful first.
        own: Of these, facts of the one whom the question is about that answer it.
        outdated: Of these, what was changed since by something said later.
        disputed: Facts that contradict the first memory of those.
        sequels: Of these, which was said right after which and belongs to it.
        heard: How well these memories were heard, and what they state.
        reminded: Memories that the current context calls up.
        facts: Everything that holds now about anybody.
        profile: Facts about the wearer that hold now, for a remark that asks for nothing.
        turns: The conversation so far, oldest first.
        earlier: Exchanges from before the conversation, where the question is about them.
        plan: What was planned for this turn, or None.
    """

    now_ns: int
    words: str
    asked: Asked
    context: CurrentContext
    recalled: tuple[Hit, ...] = ()
    own: tuple[Hit, ...] = ()
    outdated: tuple[Hit, ...] = ()
    disputed: tuple[Hit, ...] = ()
    sequels: tuple[tuple[Hit, Hit], ...] = ()
    heard: Hearing = field(default_factory=Hearing)
    reminded: tuple[Hit, ...] = ()
    facts: tuple[Fact, ...] = ()
    profile: tuple[Fact, ...] = ()
    turns: tuple[Turn, ...] = ()
    earlier: tuple[Hit, ...] = ()
    plan: Plan | None = None


def gather(
    memory: Memory, context: CurrentContext, words: str, now_ns: int, plan: Plan | None = None
) -> CommonGround:
    """Collect what bears on a question: what is in view, who is meant, what is remembered.

    The order is that of OS-1 (arXiv 2311.18251): the current context comes first, cues are taken
    from it and from the words, and memory is asked with both.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    people = memory.people()
    turns = tuple(memory.turns(now_ns - CONVERSATION_NS, now_ns))[-CONVERSATION_TURNS:]
    referents = _referents(memory, context, turns)
    asked = read_question(words, people, referents, context.thing, now_ns)
    facts = memory.facts()
    holding = tuple(fact for fact in facts if fact.holds_at(now_ns))
    wearers = [fact for fact in holding if fact.subject == WEARER]
    told = _told_as_a_whole(memory, asked)
    own = own_facts(holding, asked)
    hits = _said_before(_recall(memory, asked, context, turns), words, now_ns)
    heard = hearing(memory, hits, facts)
    found = holding_now(_best_told(hits, asked, heard), facts, asked, now_ns)
    together = (*told, *_fitting(_distinct((*own, *found), heard), asked))
    recalled, outdated, sequels = _with_what_followed(memory, together[:RECALLED], asked, now_ns)
    owned = {Source(hit.kind, hit.id) for hit in own}
    return CommonGround(
        now_ns=now_ns,
        words=words,
        asked=asked,
        context=context,
        recalled=recalled,
        own=tuple(hit for hit in recalled if Source(hit.kind, hit.id) in owned),
        outdated=outdated,
        disputed=disputing(memory.contradictions(), recalled[0]) if recalled else (),
        sequels=sequels,
        heard=heard,
        reminded=_reminded(memory, asked, context, recalled),
        facts=holding,
        profile=_profile(memory, asked, people, wearers),
        turns=turns,
        earlier=_earlier(memory, asked, now_ns),
        plan=plan if plan is not None and plan.is_valid(now_ns) else None,
    )


def _referents(memory: Memory, context: CurrentContext, turns: tuple[Turn, ...]) -> tuple[str, ...]:
    """Return the texts in which to look for whom a pronoun means, the likeliest first."""
    attended = (context.attended,) if context.attended in context.people else ()
    spoken = (text for turn in reversed(turns) for text in _spoken_of(memory, turn))
    return (*attended, *context.people, *spoken)


def _spoken_of(memory: Memory, turn: Turn) -> Iterator[str]:
    """Yield what was said in a turn, and the memories that the reply retells.

    A reply need not name whom it is about: "she is your dentist".
    """
    yield from (turn.asked, turn.replied)
    told = set(stems(turn.replied)) - set(stems(turn.asked))
    for source in turn.sources:
        text = memory.text_of(source) if source.kind is not Kind.TURN else ""
        if told & set(stems(text)):
            yield text


def _recall(
    memory: Memory, asked: Asked, context: CurrentContext, turns: tuple[Turn, ...]
) -> tuple[Hit, ...]:
    words, span = _in_full(asked, turns), (asked.start_ns, asked.end_ns)
    cue = Cue(words, *span, limit=2 * RECALLED, now_ns=context.t_ns)
    hits: list[Hit] = []
    if asked.people:
        ids = tuple(person.id for person in asked.people)
        hits += memory.recall(replace(cue, person_ids=ids, limit=RECALLED_ABOUT_PERSON))
    hits += memory.recall(cue)
    if asked.is_about_view and context.attended:
        hits += memory.recall(replace(cue, text=context.attended, limit=RECALLED_FROM_CONTEXT))
    return tuple(hits)


def _said_before(hits: Iterable[Hit], words: str, now_ns: int) -> list[Hit]:
    """Leave out what is said just now, which is recorded as speech before it is answered."""
    now = same_words(words)
    return [
        hit
        for hit in hits
        if hit.t_ns < now_ns - MINUTE_NS or same_words(quoted_words(hit)) not in now
    ]


def _best_told(hits: Iterable[Hit], asked: Asked, heard: Hearing) -> list[Hit]:
    """Return the best of what was recalled, in the order of time where the question wants one."""
    distinct = _telling(_distinct(hits, heard), asked.text)[:RECALLED]
    if asked.order == Order.FIRST:
        distinct.sort(key=lambda hit: hit.t_ns)
    elif asked.order == Order.LAST:
        distinct.sort(key=lambda hit: -hit.t_ns)
    return distinct


def _fitting(hits: list[Hit], asked: Asked) -> list[Hit]:
    """Keep of somebody without a name only what is told of them, where anything is.

    Whoever else is named would be taken for them.
    """
    unnamed = [person.label for person in asked.people if not person.name]
    about_them = [h for h in hits if any(label in h.text.casefold() for label in unnamed)]
    return about_them or hits


def _with_what_followed(
    memory: Memory, hits: Sequence[Hit], asked: Asked, now_ns: int
) -> tuple[tuple[Hit, ...], tuple[Hit, ...], tuple[tuple[Hit, Hit], ...]]:
    """Return what is told, newest version first, what of it holds no longer, and its sequels."""
    ordered, outdated = newest_first(hits, asked)
    ordered = tuple(
        hit if hit in outdated else likeliest_version(hit, outdated, asked) for hit in ordered
    )
    holding = [hit for hit in ordered if hit not in outdated]
    if (revision := revision_of(memory, holding, asked, now_ns)) is not None:
        newer = {hit.text for hit in revision.newer}
        kept = (hit for hit in ordered if hit.text not in newer)
        recalled = (*revision.newer, *kept)[:RECALLED]
        return recalled, (*outdated, revision.old), tuple(pairwise(revision.newer))
    sequel = sequel_of(memory, holding, asked)
    if sequel is None:
        return ordered, outdated, ()
    before, after = sequel
    ordered = tuple(hit for hit in ordered if hit.id != after.id or hit.kind != after.kind)
    place = ordered.index(before) + 1
    return (*ordered[:place], after, *ordered[place:])[:RECALLED], outdated, (sequel,)


def _told_as_a_whole(memory: Memory, asked: Asked) -> tuple[Hit, ...]:
    """Return what a day, a week or more was like, where the question asks for it.

    The longest contexts within the span are taken, and of many those that moved the wearer most.
    """
    if asked.level is None:
        return ()
    levels = list(Level)
    for level in reversed(levels[: levels.index(asked.level) + 1]):
        contexts = memory.contexts(asked.start_ns, asked.end_ns, level)
        if contexts:
            moving = sorted(contexts, key=lambda c: (-c.arousal, -c.start_ns))[:CONTEXTS]
            hits = (_as_hit(memory, c) for c in sorted(moving, key=lambda c: c.start_ns))
            return tuple(hits)
    return ()


def _as_hit(memory: Memory, context: Context) -> Hit:
    """Return a context as a memory, without the words that were heard badly."""
    said = memory.spoken(context.start_ns, context.end_ns)
    text = without_unclear(context.summary, said) or context.summary
    return Hit(Kind.CONTEXT, context.id, context.start_ns, text, 1.0, None, context.sources)


def _in_full(asked: Asked, turns: tuple[Turn, ...]) -> str:
    """Return the question, with words of the conversation where it goes on with it."""
    if not asked.is_question or asked.is_about_view or asked.people:
        return asked.text
    own_words = stems(asked.text)
    if own_words and not (asked.goes_on and len(own_words) <= WORDS_GOING_ON):
        return asked.text
    return " ".join((asked.text, *keywords.from_talk(turns)))


def _reminded(
    memory: Memory, asked: Asked, context: CurrentContext, recalled: tuple[Hit, ...]
) -> tuple[Hit, ...]:
    """Return what the context calls up for a remark: memories that name what is there.

    Each cue is asked by itself, and the answers are taken in turns, the best of each cue first.
    """
    if asked.is_question:
        return ()
    lists = (_naming(memory, cue) for cue in keywords.from_context(context))
    found = (hit for hit in chain.from_iterable(zip_longest(*lists)) if hit is not None)
    known = {hit.text for hit in recalled}
    return tuple(hit for hit in _distinct(found) if hit.text not in known)[:REMINDED]


def _naming(memory: Memory, cue: str) -> Iterator[Hit]:
    told = frozenset({Kind.UTTERANCE, Kind.FACT, Kind.TEXT, Kind.FEELING})
    for hit in memory.recall(Cue(cue, kinds=told, limit=REMINDED)):
        if same_words(cue) in same_words(hit.text):
            yield hit


def _profile(
    memory: Memory, asked: Asked, people: Sequence[Person], wearers: Iterable[Fact]
) -> tuple[Fact, ...]:
    """Return what is known of the wearer and bears on a remark of theirs, else the newest of it."""
    wearer = next((person for person in people if person.is_wearer), None)
    if wearer is None or asked.is_question or not asked.is_about_wearer:
        return ()
    facts = {fact.id: fact for fact in wearers}
    kinds = frozenset({Kind.FACT})
    cue = Cue(asked.text, person_ids=(wearer.id,), kinds=kinds, limit=PROFILE_FACTS)
    fitting = [facts.pop(hit.id) for hit in memory.recall(cue) if hit.id in facts]
    return tuple([*fitting, *reversed(facts.values())][:PROFILE_FACTS])


def _earlier(memory: Memory, asked: Asked, now_ns: int) -> tuple[Hit, ...]:
    """Return today's exchanges that the question asks for; they are no evidence of more."""
    if not asked.is_about_talk:
        return ()
    kinds = frozenset({Kind.TURN})
    span = (asked.start_ns or now_ns - DAY_NS, asked.end_ns or now_ns)
    return tuple(memory.recall(Cue(asked.text, *span, kinds=kinds, limit=EARLIER_TURNS)))


def _distinct(hits: Iterable[Hit], heard: Hearing | None = None) -> list[Hit]:
    """Drop minutes, which retell what other memories hold, and what is told in another memory."""
    found, heard = list(hits), heard or Hearing()
    kept: list[Hit] = []
    for hit in found:
        if hit.kind != Kind.CONTEXT and not any(quoted_words(hit) in other.text for other in kept):
            kept.append(hit)
    return [hit for hit in kept if not any(heard.outdoes(o, hit) for o in kept)] or found[:1]


def _telling(hits: list[Hit], question: str) -> list[Hit]:
    """Drop sights that say no more to a question than something told, read or said around then."""
    told = [hit for hit in hits if hit.kind not in _SCENE]

    def is_outdone(hit: Hit) -> bool:
        held = _shared(question, hit)
        return any(t.t_ns > hit.t_ns - MINUTE_NS and _shared(question, t) >= held for t in told)

    return [hit for hit in hits if hit.kind not in _SCENE or not is_outdone(hit)]


def _shared(question: str, hit: Hit) -> int:
    return len(set(stems(question)) & set(stems(hit.text)))
