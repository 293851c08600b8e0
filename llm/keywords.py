"""Cues: the few words of the current context and of the conversation that memory is asked with."""

from __future__ import annotations

from collections.abc import Iterable

from llm.context import CurrentContext
from memory.records import Turn
from memory.stems import COMMON, WORD

MAX_CUES = 5
MESSAGES = 3


def from_context(context: CurrentContext) -> tuple[str, ...]:
    """Return what stands out in the current context, what is attended first; five at most."""
    seen = (context.attended, *context.people, *context.objects, *context.writing, context.place)
    return _first(seen)


def from_talk(turns: Iterable[Turn]) -> tuple[str, ...]:
    """Return the words of the last three messages that can find something, newest first."""
    messages = [text for turn in turns for text in (turn.asked, turn.replied) if text]
    return _first(word for text in reversed(messages[-MESSAGES:]) for word in _telling(text))


def _telling(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word.casefold() not in COMMON]


def _first(cues: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cue for cue in cues if cue.strip()))[:MAX_CUES]
