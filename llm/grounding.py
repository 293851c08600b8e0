"""Whether a reply rests on its notes, and what to say without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from llm.asked_for import can_answer, content, differ
from llm.common_ground import CommonGround
from llm.quoting import age
from memory.records import Hit, Kind
from memory.stems import WORD, stems

ACKNOWLEDGED = "I hear you."
UNKNOWN = "I don't know. I have not seen or heard anything about that."
ANSWERS_WELL = 0.5
ANSWERS = 0.25
SAID_TOGETHER_NS = 30_000_000_000
SAME_LETTERS = 3

_ADMISSION = re.compile(
    r"(\bnot|n't|\bcannot) (\w+ )?"
    r"(know|remember|recall|sure|tell|told|find|have|seen|heard|mention(ed)?)\b|"
    r"\bno (note|notes|memory|record|information|mention)\b",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(r"^\W*(who|whom|whose|what|where|when|why|which|how)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(r"^\W*(?:is|are|was|were|does|has|will)\b", re.IGNORECASE)
_TOLD = frozenset({Kind.UTTERANCE, Kind.FACT, Kind.TEXT})
_MINE = re.compile(r"\b(?:my|our) ([\w-]+)", re.IGNORECASE)
_OWN_STATE = re.compile(r"\b(?:am i (?!\w+ing\b)|(?:is|are|does|do|what's) my)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|my|mine)\b")
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|we|our|us)\b", re.IGNORECASE)
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
    """Return which share of what a question is about a text holds."""
    about, told = content(question), stems(text)
    held = [word for word in about if any(_is_same(word, other) for other in told)]
    return len(held) / len(about) if about else 1.0


def best_hit(ground: CommonGround) -> Hit | None:
    """Return the memory to quote: of the two best that can answer, what holds most of the question.

    Facts of the wearer's own answer in other words. A remark asks for nothing: any memory will do.
    """
    leading = [hit for hit in ground.recalled if _answers(ground, hit)][:2]
    return max(
        leading,
        key=lambda hit: (hit in ground.own, coverage(ground.asked.text, hit.text)),
        default=None,
    )


def answer_hit(ground: CommonGround) -> Hit | None:
    """Return the best memory if it holds half of the question or more."""
    hit = best_hit(ground)
    if hit in ground.own:
        return hit
    if hit is None or coverage(ground.asked.text, hit.text) < ANSWERS_WELL:
        return None
    return hit


def other_side(ground: CommonGround, hit: Hit) -> Hit | None:
    """Return a memory that answers a question otherwise than the one to be quoted, or None.

    It is a fact that contradicts it, another amount, or what somebody else said of a yes or no.
    """
    if ground.disputed and hit == ground.recalled[0]:
        return ground.disputed[0]
    others = (o for o in ground.recalled if o != hit and _answers(ground, o))
    return next((o for o in others if _is_otherwise(ground, hit, o)), None)


def both_told(hit: Hit, other: Hit | None, now_ns: int) -> str:
    """Return a memory in its words, and what stands against it with its time."""
    if other is None:
        return hit.text
    text = re.sub("^(You|On|Someone)", lambda match: match[0].lower(), other.text)
    return f"{hit.text} But {age(other.t_ns, now_ns)}, {text}"


def _is_otherwise(ground: CommonGround, hit: Hit, other: Hit) -> bool:
    if not {hit.kind, other.kind} <= _TOLD or _speaker(hit) == _speaker(other):
        return False
    asked = ground.asked.text
    if differ(ground.words, hit.text, other.text):
        is_of_one_talk = abs(hit.t_ns - other.t_ns) <= SAID_TOGETHER_NS
        return is_of_one_talk or 2 * coverage(asked, other.text) >= coverage(asked, hit.text)
    is_yes_or_no = bool(_YES_OR_NO.search(ground.words))
    return is_yes_or_no and min(coverage(asked, h.text) for h in (hit, other)) >= ANSWERS_WELL


def _speaker(hit: Hit) -> str:
    return hit.text.split(': "')[0]


def _answers(ground: CommonGround, hit: Hit) -> bool:
    """Tell whether a memory can be the answer: of the kind asked for, and about the same thing."""
    asked = ground.asked
    if not asked.is_question or hit.kind == Kind.CONTEXT or hit in ground.own:
        return True
    near = (o.text for o in ground.recalled if abs(o.t_ns - hit.t_ns) <= SAID_TOGETHER_NS)
    return (
        coverage(asked.text, " ".join(near)) >= ANSWERS
        and can_answer(ground.words, hit.text)
        and not (asked.is_about_wearer and _is_anothers_own(ground.words, hit.text))
    )


def _is_anothers_own(question: str, text: str) -> bool:
    """Tell whether somebody else speaks of what is theirs where the wearer asks for their own."""
    if text.startswith("You "):
        return False
    own = {match.casefold() for match in _MINE.findall(text)}
    return bool(own & {match.casefold() for match in _MINE.findall(question)}) or (
        bool(_OWN_STATE.search(question) and _FIRST_PERSON.search(text))
        and not _SECOND_PERSON.search(text)
    )


def _is_same(word: str, other: str) -> bool:
    """Tell whether two stems may come from one word: "tak" and "take"."""
    shorter = min(len(word), len(other))
    return word == other or (shorter >= SAME_LETTERS and word[:shorter] == other[:shorter])


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
