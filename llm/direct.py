"""Answers that need no language model: one clear memory holds all that the question is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from llm import telling
from llm.common_ground import CommonGround
from llm.cues import Order
from llm.retelling import retold
from memory.recall.asked_for import content
from memory.records import Hit, Kind
from memory.stems import is_same_stem, stems

_ASKS = re.compile(r"^\W*(?:and |so )?(?:where|what|which|who)\b", re.IGNORECASE)
_WHERE = re.compile(r"^\W*(?:and |so )?where\b", re.IGNORECASE)
_SOMEWHERE = re.compile(
    r"\b(?:at|in|into|on|onto|to|from|near|under|behind|beside|inside|above|below|by)\b",
    re.IGNORECASE,
)
_WRITING = re.compile(r"\b(?:written|write|wrote|read|label|sign|stand|say|said|says)\b", re.I)


@dataclass(frozen=True, slots=True)
class Direct:
    """An answer and the memory that it is."""

    text: str
    hit: Hit


def direct_answer(ground: CommonGround) -> Direct | None:
    """Return the answer where memory leaves no doubt which it is, else None.

    The best memory then holds every word that the question is about, no other one does, it was
    heard clearly, nothing stands against it, and it can be retold without a model.
    """
    asked = ground.asked
    is_plain = asked.is_question and asked.order == Order.BEST and asked.level is None
    if not (is_plain and _ASKS.match(ground.words)) or asked.is_about_view or asked.is_about_talk:
        return None
    if asked.goes_on or not _about(ground):
        return None
    # What disputes the best memory stands against it only where it answers the question too.
    holding = [hit for hit in _standing(ground) if _holds(ground, hit)]
    if len(holding) != 1 or holding[0] not in ground.recalled[:2]:
        return None
    hit, text = holding[0], retold(holding[0].text)
    if text is None or not ground.heard.is_clear(hit):
        return None
    other = telling.other_side(replace(ground, disputed=()), hit)
    return Direct(text, hit) if other is None else None


def _standing(ground: CommonGround) -> list[Hit]:
    """Return what may answer, or stand against it: all but what was changed since."""
    return [hit for hit in (*ground.recalled, *ground.disputed) if hit not in ground.outdated]


def _about(ground: CommonGround) -> set[str]:
    """Return what a question is about besides the people whom it names."""
    names = {stem for person in ground.asked.people for stem in stems(person.label)}
    return content(ground.asked.text) - names


def _holds(ground: CommonGround, hit: Hit) -> bool:
    told = stems(f"{hit.text} {ground.heard.questions(hit)}")
    about = content(ground.asked.text)
    if not all(any(is_same_stem(stem, word) for word in told) for stem in about):
        return False
    if hit.kind is Kind.TEXT and not _WRITING.search(ground.words):
        return False
    return bool(not _WHERE.match(ground.words) or _SOMEWHERE.search(hit.text))
