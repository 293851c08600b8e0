"""Whether a reply rests on its notes, and what to say without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from llm.common_ground import CommonGround
from llm.quoting import age, on_day
from llm.versions import speaker
from memory.recall.answers import LIKELY
from memory.recall.asked_for import asks_when_it_was, can_answer, content, differ
from memory.records import Hit, Kind
from memory.stems import WORD, is_same_stem, stems

ACKNOWLEDGED = "I hear you."
UNKNOWN = "I don't know. I have not seen or heard anything about that."
SURE = 0.6
"""From this likelihood on a memory is quoted although a model finds no answer in it."""
TOLD = frozenset({Kind.UTTERANCE, Kind.FACT, Kind.TEXT})

_ADMISSION = re.compile(
    r"(\bnot|n't|\bcannot) (\w+ )?"
    r"(know|remember|recall|sure|(tell|told) me|find|seen|heard|mention(ed)?)\b|"
    r"\b(?:I|notes?) (?:do not|don't) (?:have|tell|say)\b|"
    r"\bno (note|notes|memory|record|information|mention)\b",
    re.IGNORECASE,
)
_OWN_ADMISSION = re.compile(
    r"\W*(?:(?:sorry|unfortunately|no),? )?(?:but )?(?:i'm sorry,? (?:but )?)?"
    r"I (?:do not|don't|have not|haven't|cannot|can't|am not|have no)\b",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(r"^\W*(who|whom|whose|what|where|when|why|which|how)\b", re.IGNORECASE)
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
_CONTROL = re.compile(r"<\|.*?\|>|</?\w+>|[*_`#]+")
_LEADING_LABEL = re.compile(r"^\s*(?:(?:companion|assistant|answer|reply)\s*:|\d+\.\s)\s*", re.I)
_SPECIFIC = re.compile(r"\d|[A-Z]")


def clean(sentence: str) -> str:
    """Return a sentence fit to be spoken, without control tokens, labels and markup."""
    return " ".join(_LEADING_LABEL.sub("", _CONTROL.sub("", sentence)).split())


def is_admission(sentence: str) -> bool:
    """Tell whether a sentence says that something is not known."""
    return bool(_ADMISSION.search(sentence.replace("\u2019", "'")))


def is_grounded(sentence: str, ground: CommonGround, notes: Iterable[str]) -> bool:
    """Tell whether every name and number of a sentence occurs in the notes or the conversation.

    A small model invents names and numbers more readily than anything else, and those do the most
    harm. A sentence's first word is capitalised anyway, so it counts only in an answer.
    """
    is_answer = ground.asked.is_question and not is_admission(sentence)
    said = (text for turn in ground.turns for text in (turn.asked, turn.replied))
    known = set(stems(" ".join((*notes, ground.words, ground.asked.text, *said))))
    words = WORD.findall(sentence)[0 if is_answer else 1 :]
    specific = [word for word in words if _SPECIFIC.search(word)]
    return known.issuperset(stems(" ".join(specific)))


def specific_words(text: str) -> set[str]:
    """Return the stems of the names and numbers of a text, which recognition gets wrong first."""
    return set(stems(" ".join(word for word in WORD.findall(text) if _SPECIFIC.search(word))))


def is_worth_saying(sentence: str, ground: CommonGround, notes: Iterable[str]) -> bool:
    """Tell whether a first sentence does better than the best memory quoted as it is.

    To admit to know nothing does, unless memory is sure. An answer does where it adds something
    from the notes to the question's own words, and tells both sides of what is told in two ways.
    Otherwise it must not echo what the wearer said, nor pretend to answer an open question, nor
    answer one for a number without any.
    """
    if _OWN_ADMISSION.match(sentence.replace("\u2019", "'")):
        return not _is_sure(ground)
    if not (is_admission(sentence) or can_answer(ground.words, sentence)):
        return False
    if _is_one_sided(sentence, ground):
        return False
    own, asked = set(stems(sentence)), set(stems(ground.asked.text))
    said = (turn.replied for turn in ground.turns)
    if (own - asked) & set(stems(" ".join((*notes, *said)))):
        return True
    if is_admission(sentence):
        return best_hit(ground) is None
    is_echo = bool(own) and own <= asked
    return not is_echo and not _OPEN_QUESTION.search(ground.words)


def _is_sure(ground: CommonGround) -> bool:
    """Tell whether memory holds an answer although a model finds none."""
    hit = best_hit(ground)
    return hit is not None and (hit in ground.own or hit.answers >= SURE)


def _is_one_sided(sentence: str, ground: CommonGround) -> bool:
    """Tell whether a sentence tells one of two things that stand against each other."""
    hit = best_hit(ground)
    other = other_side(ground, hit) if hit is not None and ground.asked.is_question else None
    if hit is None or other is None:
        return False
    said, one, two = (set(stems(text)) for text in (sentence, hit.text, other.text))
    return not (said & one - two and said & two - one)


def best_hit(ground: CommonGround) -> Hit | None:
    """Return the memory to quote: of those that are likely to answer, the one that is likeliest.

    What holds now comes before what does not any more, and the wearer's own facts before what was
    said, read or felt. A remark asks for nothing: any memory will do.
    """
    if not ground.asked.is_question:
        return next(iter(ground.recalled), None)
    likely = [hit for hit in ground.recalled if _answers(ground, hit)]
    return max(likely, key=lambda hit: _standing(ground, hit), default=None)


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


def told(ground: CommonGround, hit: Hit, other: Hit | None) -> str:
    """Return a memory in its words, with its day where that is asked for.

    What stands against it follows with its time.
    """
    first = hit.text
    if asks_when_it_was(ground.words):
        first = f"{on_day(hit.t_ns, ground.now_ns)}: {first}"
    if other is None:
        return first
    text = re.sub("^(You|On|Someone)", lambda match: match[0].lower(), other.text)
    return f"{first} But {age(other.t_ns, ground.now_ns)}, {text}"


def _is_otherwise(ground: CommonGround, hit: Hit, other: Hit) -> bool:
    if not ({hit.kind, other.kind} <= TOLD and _answers(ground, other)):
        return False
    if speaker(hit) == speaker(other) and not _EITHER.search(ground.words):
        return False
    if differ(ground.words, hit.text, other.text):
        return True
    return not _WHO.search(ground.words) and _hold_the_same(ground, hit, other)


def _hold_the_same(ground: CommonGround, hit: Hit, other: Hit) -> bool:
    """Tell whether two memories hold the same words of a question, and not only one of them."""
    about = content(ground.asked.text)
    held = [
        {stem for stem in about if any(is_same_stem(stem, word) for word in stems(text))}
        for text in (hit.text, other.text)
    ]
    return held[0] == held[1] and 2 * len(held[0]) >= len(about) > 0


def _standing(ground: CommonGround, hit: Hit) -> tuple[bool, bool, bool, float]:
    is_told = hit.kind in TOLD or bool(_FEELING.search(ground.words))
    return hit not in ground.outdated, hit in ground.own, is_told, hit.answers


def _answers(ground: CommonGround, hit: Hit) -> bool:
    return hit.answers >= LIKELY or hit in ground.own


def has_nothing(ground: CommonGround) -> bool:
    """Tell whether a question finds nothing at all that could answer it."""
    return ground.asked.is_question and not (
        ground.asked.is_about_view or ground.recalled or ground.profile or ground.turns
    )


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
