"""Which of several memories is the newer version of another: what was said last of a thing counts.

Facts with a slot know for how long they hold. Most of what people say has none, so that of two
memories that answer one question it is told from their words, when it is asked: nothing is stored,
the order in which recordings came does not matter, and what a forgotten statement had outdated
holds again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from llm.cues import Asked, Order
from memory.facts.readings import is_update
from memory.recall.answers import LIKELY
from memory.recall.asked_for import asks_when_it_was, asks_where, content, differ
from memory.records import Hit, Kind
from memory.sentences import is_question
from memory.stems import is_same_stem, stems

NEARLY = 0.5
ONE_TALK_NS = 300 * 1_000_000_000
SPEECH = frozenset({Kind.UTTERANCE, Kind.FACT})

_OF_THE_PAST = re.compile(
    r"\b(?:used to|before|first|earlier|original(?:ly)?|previous(?:ly)?|former(?:ly)?|back then|"
    r"says?|said|tell|told|claim(?:ed)?)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"[^:]* was written: (?P<lines>.*?)(?:\. You said then: .*)?$", re.DOTALL)
_YES_OR_NO = re.compile(r"^\W*(?:is|are|am|do|does|has|have|will|can)\b", re.IGNORECASE)
_DAY = (
    r"(?:tonight|tomorrow|today|yesterday|next|last|this|then|now|\w+day|the \w+|january|february|"
    r"march|april|may|june|july|august|september|october|november|december)"
)
# How people say that something is no longer as it was, whatever it is.
_CHANGED = re.compile(
    r"\b(?:after all|again|instead|rather|sooner|actually|changed?|moved?|moves|swapp?ed|shifted|"
    r"longer|(?:later|earlier) than|not on|no more|finally|already|in the end|more like|as before|"
    r"(?:pushed|shoved|brought|put|moved|set) (?:\w+ )?(?:back|forward|on|off|down|up|to)|"
    r"put|sold|gave|taken?|took|brought|back (?:from|to|on|in|into)|(?:done|finished) with|"
    rf"(?:from|as of|starting) {_DAY}|(?:gone|come|go|went|called|is|are|was|be|am) off|packed in|"
    r"fell through|scrapped|make (?:it|that)|better make|won't (?:be|do|make)|not till|"
    r"(?:could|can|shall) (?:we|it|you|they) (?:say|do|be|make|manage|come)|"
    r"can't (?:do|make|come|manage|start)|(?:one more|another) (?:day|week|fortnight|month)|"
    r"same (?:time|day|night|place|evening)|new (?:one|rota|number|time|place|date|start|day))\b|"
    r"'(?:m|s|re) off\b",
    re.IGNORECASE,
)


def newest_first(hits: Sequence[Hit], asked: Asked) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """Put what was said last of a thing before what it outdates.

    Args:
        hits: As recalled, best first.
        asked: The question.

    Returns:
        The memories in their new order, and those of them that no longer hold.
    """
    if not is_of_now(asked):
        return tuple(hits), ()
    outdated = [old for old in hits if any(_outdates(new, old, asked) for new in hits)]
    ordered: list[Hit] = []
    for hit in hits:
        newer = [n for n in hits if hit in outdated and _outdates(n, hit, asked)]
        ordered += sorted((n for n in newer if n not in outdated), key=lambda n: -n.t_ns)
        ordered.append(hit)
    return tuple(dict.fromkeys(ordered)), tuple(outdated)


def likeliest_version(hit: Hit, outdated: Iterable[Hit], asked: Asked) -> Hit:
    """Return a memory that answers as likely as whatever it outdates."""
    older = (old.answers for old in outdated if _outdates(hit, old, asked))
    return replace(hit, answers=max((hit.answers, *older)))


def is_of_now(asked: Asked) -> bool:
    """Tell whether a question asks how things stand, and not how they were or what was said."""
    is_past = _OF_THE_PAST.search(asked.text) or asks_when_it_was(asked.text)
    return asked.is_question and asked.order == Order.BEST and not is_past


def is_change(hit: Hit) -> bool:
    """Tell whether a memory says that something is no longer as it was."""
    words = quoted_words(hit)
    return bool(_CHANGED.search(words)) or is_update(words)


def speaker(hit: Hit) -> str:
    """Return who said a memory, as it is told."""
    return re.split(r" (?:said|asked)\b", hit.text, maxsplit=1)[0]


def quoted_words(hit: Hit) -> str:
    """Return the words of a memory without who said them, or where they were read."""
    if match := _WRITTEN.match(hit.text):
        return match["lines"]
    return hit.text.removesuffix('"').split(': "')[-1]


def _outdates(new: Hit, old: Hit, asked: Asked) -> bool:
    """Tell whether a memory is a later version of what another says."""
    if not {new.kind, old.kind} <= SPEECH or new.t_ns <= old.t_ns:
        return False
    if all(is_question(said) for said in (quoted_words(new), quoted_words(old))):
        return False
    is_as_likely = new.answers >= min(LIKELY, NEARLY * old.answers)
    if not (is_as_likely and _shares(asked.text, new, old)):
        return False
    if speaker(new) == speaker(old):
        # Within one talk somebody goes on rather than takes back.
        is_later = new.t_ns > old.t_ns + ONE_TALK_NS
        return is_later or differ(asked.text, old.text, new.text)
    is_of_state = asks_where(asked.text) or bool(_YES_OR_NO.search(asked.text))
    return is_change(new) and (is_of_state or differ(asked.text, old.text, new.text))


def _shares(question: str, new: Hit, old: Hit) -> bool:
    """Tell whether two memories are about the same thing that a question asks for."""
    told, before = set(stems(quoted_words(new))), set(stems(quoted_words(old)))
    about = content(question)
    return any(
        is_same_stem(stem, one) and is_same_stem(stem, other)
        for stem in about
        for one in told
        for other in before
    )
