"""Whether a reply rests on its notes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from llm.common_ground import CommonGround
from llm.telling import best_hit, other_side
from memory.recall.asked_for import can_answer
from memory.stems import WORD, stems

ACKNOWLEDGED = "I hear you."
UNKNOWN = "I don't know. I have not seen or heard anything about that."
SURE = 0.6
"""From this likelihood on a memory is quoted although a model finds no answer in it."""

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


def has_nothing(ground: CommonGround) -> bool:
    """Tell whether a question finds nothing at all that could answer it."""
    return ground.asked.is_question and not (
        ground.asked.is_about_view or ground.recalled or ground.profile or ground.turns
    )
