"""The last word on what a model writes: it rests on its notes, and obeys nobody in them."""

from __future__ import annotations

import re

from llm import grounding
from llm.common_ground import CommonGround
from llm.orders import obeys
from llm.prompt import Prompt

_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|I'd|I'll|me|my|mine|myself)\b")
_QUOTED = re.compile("(?:(?<=\\s)|^)'[^']*'(?!\\w)|\"[^\"]*\"|\u201c[^\u201d]*\u201d")
_ITS_OWN = re.compile(
    r"\bI(?:'m| am) (?:sorry|afraid|glad|happy|here|listening|not)\b|"
    r"\bI(?:'ll| will|'d| would| can| could) \w+|"
    r"\bI (?:think|believe|guess|hope|hear|understand|see|know|heard)\b|"
    r"\b(?:tell|let|ask|show|remind|told|asked) me\b"
)


def may_be_said(sentence: str, ground: CommonGround, prompt: Prompt) -> bool:
    """Tell whether a sentence rests on the notes, and not on an order that stands in them."""
    own = [note.text for note in prompt.notes if note.is_own]
    foreign = [note.text for note in prompt.notes if not note.is_own]
    foreign += [turn.replied for turn in ground.turns]
    return grounding.is_grounded(sentence, ground, prompt.lines) and not obeys(
        sentence, ground.asked.text, own, foreign
    )


def speaks_for_another(sentence: str) -> bool:
    """Tell whether a sentence says "I" of what the wearer or somebody quoted did.

    The companion itself is sorry, thinks, and does not know; it did not take a cup along.
    """
    said = _QUOTED.sub("", sentence.replace("\u2019", "'"))
    if grounding.is_admission(said):
        return False
    return bool(_FIRST_PERSON.search(_ITS_OWN.sub("", said)))
