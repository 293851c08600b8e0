"""What is said without a language model: a memory in its own words, or what is in view."""

from __future__ import annotations

import re

from llm.common_ground import CommonGround
from llm.quoting import age, on_day
from llm.versions import quoted_words, speaker
from memory.recall.answers import LIKELY, speaks_of_self
from memory.recall.asked_for import asks_when_it_was, content, differ, values
from memory.records import Hit, Kind
from memory.sentences import is_question
from memory.stems import is_same_stem, stems
from memory.units import MINUTE_NS

NOT_OF_YOU = "I don't know that of you"
TOLD = frozenset({Kind.UTTERANCE, Kind.FACT, Kind.TEXT})
COMPARABLE = 0.7
"""What stands against an answer is nearly as likely to be one."""
SHARED_WORDS = 2

_FEELING = re.compile(
    r"\b(?:feel|feeling|felt|mood|happy|sad|moved|upset|uneasy|calm|glad|worried|touched)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
_VIEW_ITSELF = re.compile(
    r"\b(?:am i looking|do i see|can you see|in front of me|(?:time|day|date) is it)\b|"
    r"\b(?:what|who)(?:'s|\u2019s| is| are) (?:this|that|these|those|here|he|she)\W*$",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\bor\b", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:he|she|they|him|her|his|them|their|who|whom|whose|some(?:one|body)|any(?:one|body)|"
    r"people|person|m[ae]n|wom[ae]n|lady|bloke|guy|girl|boy|stranger)\b",
    re.IGNORECASE,
)
_OPENING = re.compile("^(?:You|On|Someone)")


def best_hit(ground: CommonGround) -> Hit | None:
    """Return the memory to quote: of those that are likely to answer, the one that is likeliest.

    What holds now comes before what does not any more, and the wearer's own facts before what was
    said, read or felt. What is told in the place of a likely answer stands right before it, however
    unlikely it looks. A remark asks for nothing: any memory will do.
    """
    if not ground.asked.is_question:
        return next(iter(ground.recalled), None)
    if whole := as_a_whole(ground):
        return whole[0]
    # What belongs to another memory is told with it, or not at all.
    after = {after for _, after in ground.sequels}
    likely = [hit for hit in ground.recalled if _answers(ground, hit) and hit not in after]
    best = max(likely, key=lambda hit: _standing(ground, hit), default=None)
    if best is None or best not in ground.outdated:
        return best
    before = ground.recalled[: ground.recalled.index(best)]
    return next((hit for hit in before if hit not in ground.outdated), best)


def as_a_whole(ground: CommonGround) -> tuple[Hit, ...]:
    """Return what a day, a week or more was like, where a question asks for it."""
    if ground.asked.level is None:
        return ()
    return tuple(hit for hit in ground.recalled if hit.kind is Kind.CONTEXT)


def other_side(ground: CommonGround, hit: Hit) -> Hit | None:
    """Return a memory that answers a question otherwise than the one to be quoted, or None.

    It is a fact that contradicts it, or what another source says, unless that was changed since.
    Where the question names both, what was changed counts too.
    """
    if ground.disputed and hit == ground.recalled[0]:
        return ground.disputed[0]
    is_either = bool(_EITHER.search(ground.words))
    for other in ground.recalled:
        is_old = other in ground.outdated and not is_either
        if other != hit and not is_old and _is_otherwise(ground, hit, other):
            return other
    return None


def sequel(ground: CommonGround, hit: Hit) -> Hit | None:
    """Return what was said next and belongs to a memory: the answer to a question, say."""
    return next((after for before, after in ground.sequels if before == hit), None)


def told(ground: CommonGround, hit: Hit, other: Hit | None) -> str:
    """Return a memory in its words, with its day where that is asked for.

    What belongs to it follows, and what stands against it with its time. What a stranger said of
    themselves is no answer to what the wearer asks of theirs.
    """
    if _is_strangers_own(ground, hit):
        return f"{NOT_OF_YOU}, but {_within(hit.text)}"
    first = hit.text
    if asks_when_it_was(ground.words):
        first = f"{on_day(hit.t_ns, ground.now_ns)}: {first}"
    if (after := sequel(ground, hit)) is not None and after != other:
        first = f"{first} And {_within(after.text)}"
    if other is None:
        return first
    return f"{first} But {age(other.t_ns, ground.now_ns)}, {_within(other.text)}"


def asks_for_view(ground: CommonGround) -> bool:
    """Tell whether a question asks what is in view, and not what is remembered of it."""
    return ground.asked.is_about_view and bool(_VIEW_ITSELF.search(ground.words))


def describe_view(ground: CommonGround) -> str:
    """Say what is in view, or nothing."""
    context = ground.context
    if context.attended:
        return f"You are looking at this: {context.attended}."
    in_view = (*context.people, *context.objects)
    return f"In view: {', '.join(in_view)}." if in_view else ""


def _is_strangers_own(ground: CommonGround, hit: Hit) -> bool:
    asked = ground.asked
    is_of_wearer = asked.is_question and asked.is_about_wearer and not asked.people
    is_of_nobody_else = is_of_wearer and not _OF_OTHERS.search(ground.words)
    is_strangers = speaker(hit).startswith("Someone ")
    return is_of_nobody_else and is_strangers and speaks_of_self(quoted_words(hit))


def _within(text: str) -> str:
    """Return a memory as it stands within a sentence."""
    return _OPENING.sub(lambda match: match[0].lower(), text)


def _is_otherwise(ground: CommonGround, hit: Hit, other: Hit) -> bool:
    if not ({hit.kind, other.kind} <= TOLD and _answers(ground, other)):
        return False
    if quoted_words(hit) in other.text or quoted_words(other) in hit.text:
        return False  # one retells the other
    if speaker(hit) == speaker(other) and not _EITHER.search(ground.words):
        return False
    is_one_talk = abs(hit.t_ns - other.t_ns) < MINUTE_NS
    if not (is_one_talk or other.answers >= COMPARABLE * hit.answers):
        return False
    if is_question(quoted_words(other)):
        return False
    if differ(ground.words, hit.text, other.text) or _name_others(ground, hit, other):
        return True
    return not _WHO.search(ground.words) and _hold_the_same(ground, hit, other)


def _name_others(ground: CommonGround, hit: Hit, other: Hit) -> bool:
    """Tell whether two memories about the same name other times or amounts, unasked."""
    one, two = values(hit.text), values(other.text)
    about = content(ground.asked.text) & set(stems(hit.text)) & set(stems(other.text))
    return len(about) >= SHARED_WORDS and bool(one and two) and one.isdisjoint(two)


def _hold_the_same(ground: CommonGround, hit: Hit, other: Hit) -> bool:
    """Tell whether two memories hold the same words of a question, and not only one of them."""
    about = content(ground.asked.text)
    held = [
        {stem for stem in about if any(is_same_stem(stem, word) for word in stems(text))}
        for text in (hit.text, other.text)
    ]
    return held[0] == held[1] and 2 * len(held[0]) >= len(about) > 0


def _standing(ground: CommonGround, hit: Hit) -> tuple[bool, bool, bool, bool, float]:
    is_told = hit.kind in TOLD or bool(_FEELING.search(ground.words))
    # What the wearer asked others holds an answer only where nothing else does.
    is_stated = not (speaker(hit) == "You" and is_question(quoted_words(hit)))
    return hit not in ground.outdated, hit in ground.own, is_told, is_stated, hit.answers


def _answers(ground: CommonGround, hit: Hit) -> bool:
    return hit.answers >= LIKELY or hit in ground.own
