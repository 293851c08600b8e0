"""Whether a reply rests on its notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from llm.common_ground import CommonGround
from llm.telling import TOLD, best_hit, other_side
from llm.versions import quoted_words
from memory.facts.schedule import local_day
from memory.recall.asked_for import asks_when_it_was, can_answer
from memory.records import Hit
from memory.sentences import sentences
from memory.stems import WORD, stems

ACKNOWLEDGED = "I hear you."
UNKNOWN = "I don't know. I have not seen or heard anything about that."
SURE = 0.75
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
# To say of the question's own words that they were said adds nothing.
_FRAME = frozenset(stems("say said ask asked tell told hear heard note"))
# A small model takes the word from the examples of its prompt.
_YESTERDAY = re.compile(r"\byesterday\b", re.IGNORECASE)
_RETELLING = frozenset(
    stems(
        "day today yesterday see saw seen look looked meet met talk talked speak spoke hear heard "
        "say said tell told ask asked read feel felt seem seemed move moved something somebody"
    )
)
_NAMED = re.compile(
    r"(?<!^)\b(?!I\b)[A-Z][\w-]+|\b\d[\w:.,]*|"
    r"\b(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen(?:th)?|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)t(?:y|ieth)[\w-]*|hundred|thousand|half)\b"
)


def clean(sentence: str) -> str:
    """Return a sentence fit to be spoken, without control tokens, labels and markup."""
    return " ".join(_LEADING_LABEL.sub("", _CONTROL.sub("", sentence)).split())


def is_admission(sentence: str) -> bool:
    """Tell whether a sentence says that something is not known."""
    return bool(_ADMISSION.search(sentence.replace("\u2019", "'")))


def is_grounded(sentence: str, ground: CommonGround, notes: Sequence[str]) -> bool:
    """Tell whether every name and number of a sentence occurs in the notes or the conversation.

    A small model invents names and numbers more readily than anything else, and those do the most
    harm. A sentence's first word is capitalised anyway, so it counts only in an answer. Where a
    stretch of time is told as a whole, every word must occur there: much is left out then, and what
    holds the rest together is easily made up.
    """
    is_answer = ground.asked.is_question and not is_admission(sentence)
    said = (text for turn in ground.turns for text in (turn.asked, turn.replied))
    known = set(stems(" ".join((*notes, ground.words, ground.asked.text, *said))))
    if ground.asked.level is not None and not known | _RETELLING >= set(stems(sentence)):
        return is_admission(sentence)
    if _YESTERDAY.search(sentence) and not _is_of_yesterday(ground, notes):
        return False
    words = WORD.findall(sentence)[0 if is_answer else 1 :]
    specific = [word for word in words if _SPECIFIC.search(word)]
    return known.issuperset(stems(" ".join(specific)))


def _is_of_yesterday(ground: CommonGround, notes: Iterable[str]) -> bool:
    """Tell whether anything that a reply may rest on is from yesterday, or speaks of it."""
    yesterday = local_day(ground.now_ns) - timedelta(days=1)
    hits = (*ground.recalled, *ground.reminded, *ground.earlier)
    is_spoken_of = any(map(_YESTERDAY.search, (*notes, ground.words)))
    return is_spoken_of or any(local_day(hit.t_ns) == yesterday for hit in hits)


def specific_words(text: str) -> set[str]:
    """Return the stems of the names and numbers of a text, which recognition gets wrong first."""
    return set(stems(" ".join(word for word in WORD.findall(text) if _SPECIFIC.search(word))))


def is_worth_saying(sentence: str, ground: CommonGround, notes: Iterable[str]) -> bool:
    """Tell whether a first sentence does better than the best memory quoted as it is.

    To admit to know nothing does, unless memory is sure. An answer does where it adds something
    from the notes to the question's own words, keeps what the likeliest memory names, and tells
    both sides of what is told in two ways.
    Otherwise it must not echo what the wearer said, nor pretend to answer an open question, nor
    answer one for a number without any.
    """
    if _OWN_ADMISSION.match(sentence.replace("\u2019", "'")):
        return not _is_sure(ground)
    if not (is_admission(sentence) or can_answer(ground.words, sentence)):
        return False
    if _is_one_sided(sentence, ground) or _is_lossy(sentence, ground):
        return False
    own, asked = set(stems(sentence)) - _FRAME, set(stems(ground.asked.text))
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


def rests_on_the_same(sentence: str, said: str, ground: CommonGround) -> bool:
    """Tell whether a sentence tells more of a memory that was told before."""
    return bool(_supports(sentence, ground) & _supports(said, ground))


def _supports(text: str, ground: CommonGround) -> set[Hit]:
    """Return the memories that share most words with a text, which the question does not hold."""
    new = set(stems(text)) - set(stems(ground.asked.text))
    shared = {hit: _shared(new, hit) for hit in ground.recalled}
    most = max(shared.values(), default=0)
    return {hit for hit, number in shared.items() if number == most > 0}


def _is_lossy(sentence: str, ground: CommonGround) -> bool:
    """Tell whether a sentence leaves out most names and numbers of the memory that answers.

    A small model shortens "It was changed. Two nine oh six now" to "It was changed". Where it rests
    on another memory it may be right, unless memory is sure.
    """
    asked = ground.asked
    hit = best_hit(ground) if asked.is_question and asked.level is None else None
    is_of_words = not (asked.is_about_view or asks_when_it_was(ground.words))
    if hit is None or not is_of_words or hit.kind not in TOLD:
        return False
    new = set(stems(sentence)) - set(stems(asked.text))
    if any(_shared(new, other) > _shared(new, hit) for other in ground.recalled):
        return _is_sure(ground)
    named = _named(quoted_words(hit)) - set(stems(asked.text))
    return 2 * len(named & new) < len(named)


def _shared(told: set[str], hit: Hit) -> int:
    return len(told & set(stems(hit.text)))


def _named(text: str) -> set[str]:
    """Return the stems of names and numbers, but for words that only begin a sentence."""
    words = (word for sentence in sentences(text) for word in _NAMED.findall(sentence))
    return set(stems(" ".join(words)))


def has_nothing(ground: CommonGround) -> bool:
    """Tell whether a question finds nothing at all that could answer it."""
    return ground.asked.is_question and not (
        ground.asked.is_about_view or ground.recalled or ground.profile or ground.turns
    )
