"""The last word on what a model writes: it rests on its notes, and obeys nobody in them."""

from __future__ import annotations

import re

from llm import grounding
from llm.common_ground import CommonGround
from llm.orders import obeys
from llm.prompt import Prompt
from memory.stems import stems

_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|I'd|I'll|me|my|mine|myself)\b")
_QUOTED = re.compile("(?:(?<=\\s)|^)'[^']*'(?!\\w)|\"[^\"]*\"|\u201c[^\u201d]*\u201d")
_ITS_OWN = re.compile(
    r"\bI(?:'m| am) (?:sorry|afraid|glad|happy|here|listening|not)\b|"
    r"\bI(?:'ll| will|'d| would| can| could) \w+|"
    r"\bI (?:think|believe|guess|hope|hear|understand|see|know|heard)\b|"
    r"\b(?:tell|let|ask|show|remind|told|asked) me\b"
)
_STUTTER = re.compile(r"\b(\w+)(?:\W+\1\b){2,}", re.IGNORECASE)
_BROKEN_OFF = re.compile(r"\b(?:and|or|but|the|an?|because)\W*$", re.IGNORECASE)
_OF_THE_WEARER = re.compile(r"\W*(?:(?:yes|no),? )?you(?:r|'re|'ve)?\b", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"(?!You\b)(?P<teller>[^:\"]{1,60}?) (?:said|asked): \".*\b(?:I|I'm|I've|[Mm]y|me)\b"
)
_WITH_THE_WEARER = re.compile(r"\b(?:you|your|yours|we|us|our)\b", re.IGNORECASE)
ECHOED = 0.6


def may_be_said(sentence: str, ground: CommonGround, prompt: Prompt) -> bool:
    """Tell whether a sentence is whole, rests on the notes, and on no order that stands in them."""
    if not is_whole(sentence) or parrots(sentence, ground):
        return False
    if ground.asked.is_about_wearer and _is_anothers(sentence, prompt):
        return False
    own = [note.text for note in prompt.notes if note.is_own]
    foreign = [note.text for note in prompt.notes if not note.is_own]
    foreign += [turn.replied for turn in ground.turns]
    return grounding.is_grounded(sentence, ground, prompt.lines) and not obeys(
        sentence, ground.asked.text, own, foreign, ground.asked.is_question
    )


def is_whole(sentence: str) -> bool:
    """Tell whether a sentence comes to its end; a small model may say one word over and over."""
    return not (_STUTTER.search(sentence) or _BROKEN_OFF.search(sentence))


def parrots(sentence: str, ground: CommonGround) -> bool:
    """Tell whether a sentence gives a remark back to who made it."""
    said, remark = set(stems(sentence)), set(stems(ground.asked.text))
    return not ground.asked.is_question and len(said & remark) > ECHOED * len(said)


def _is_anothers(sentence: str, prompt: Prompt) -> bool:
    """Tell whether a sentence gives to the wearer what somebody else said of themselves.

    Where it names them it leaves it theirs: "you met Ida, who teaches the cello".
    """
    if not _OF_THE_WEARER.match(sentence):
        return False
    said = set(stems(sentence))
    tellers = [set(stems(_teller(note.text))) for note in prompt.notes]
    told = said.difference(*tellers)

    def held(is_taken: bool) -> int:
        notes = zip(prompt.notes, tellers, strict=True)
        texts = (n.text for n, who in notes if (bool(who) and not who & said) is is_taken)
        return max((len(told & set(stems(text))) for text in texts), default=0)

    return held(is_taken=True) > held(is_taken=False)


def _teller(note: str) -> str:
    """Return who tells of themselves in a note, and not of the wearer; empty where nobody does."""
    match = _OF_ANOTHER.match(note)
    return match["teller"] if match and not _WITH_THE_WEARER.search(note) else ""


def speaks_for_another(sentence: str) -> bool:
    """Tell whether a sentence says "I" of what the wearer or somebody quoted did.

    The companion itself is sorry, thinks, and does not know; it did not take a cup along.
    """
    said = _QUOTED.sub("", sentence.replace("\u2019", "'"))
    if grounding.is_admission(said):
        return False
    return bool(_FIRST_PERSON.search(_ITS_OWN.sub("", said)))
