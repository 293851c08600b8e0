"""The last word on what a model writes: it rests on its notes, and obeys nobody in them."""

from __future__ import annotations

from llm import grounding
from llm.common_ground import CommonGround
from llm.orders import obeys
from llm.prompt import Prompt


def may_be_said(sentence: str, ground: CommonGround, prompt: Prompt) -> bool:
    """Tell whether a sentence rests on the notes, and not on an order that stands in them."""
    own = [note.text for note in prompt.notes if note.is_own]
    foreign = [note.text for note in prompt.notes if not note.is_own]
    foreign += [turn.replied for turn in ground.turns]
    return grounding.is_grounded(sentence, ground, prompt.lines) and not obeys(
        sentence, ground.asked.text, own, foreign
    )
