"""Whether a reply rests on its notes, and what to say without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from llm.common_ground import CommonGround
from memory.records import Hit
from memory.stems import WORD, stems

ACKNOWLEDGED = "I hear you."
UNKNOWN = "I don't know. I have not seen or heard anything about that."
ANSWERS_WELL = 0.5

_ADMISSION = re.compile(
    r"(\bnot|n't|\bcannot) (\w+ )?"
    r"(know|remember|recall|sure|tell|told|find|have|seen|heard|mention(ed)?)\b|"
    r"\bno (note|notes|memory|record|information|mention)\b",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(r"^\W*(who|whom|whose|what|where|when|why|which|how)\b", re.IGNORECASE)
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


def is_worth_saying(sentence: str, ground: CommonGround, notes: Iterable[str]) -> bool:
    """Tell whether a first sentence does better than the best memory quoted as it is.

    It does where it adds something from the notes to the question's own words. Otherwise it must
    not echo what the wearer said, nor pretend to answer an open question, nor admit to know nothing
    although a memory holds the question's words.
    """
    own, asked = set(stems(sentence)), set(stems(ground.asked.text))
    said = (turn.replied for turn in ground.turns)
    if (own - asked) & set(stems(" ".join((*notes, *said)))):
        return True
    if is_admission(sentence):
        return answer_hit(ground) is None
    is_echo = bool(own) and own <= asked
    return not is_echo and not _OPEN_QUESTION.search(ground.words)


def coverage(question: str, text: str) -> float:
    """Return which share of a question's meaningful words a text holds."""
    asked = set(stems(question))
    return len(asked & set(stems(text))) / len(asked) if asked else 0.0


def best_hit(ground: CommonGround) -> Hit | None:
    """Return the memory to quote: of the two best, the one that holds more of the question."""
    leading = ground.recalled[:2]
    return max(leading, key=lambda hit: coverage(ground.asked.text, hit.text), default=None)


def answer_hit(ground: CommonGround) -> Hit | None:
    """Return the best memory if it holds half of the question or more."""
    hit = best_hit(ground)
    if hit is None or coverage(ground.asked.text, hit.text) < ANSWERS_WELL:
        return None
    return hit


def has_nothing(ground: CommonGround) -> bool:
    """Tell whether a question finds nothing at all that could answer it."""
    return ground.asked.is_question and not (
        ground.asked.is_about_view or ground.recalled or ground.profile or ground.turns
    )


def describe_view(ground: CommonGround) -> str:
    """Say what is in view, or nothing."""
    context = ground.context
    if context.attended:
        return f"You are looking at this: {context.attended}."
    in_view = (*context.people, *context.objects)
    return f"In view: {', '.join(in_view)}." if in_view else ""
