"""Common ground of a few memories that no store holds."""

from __future__ import annotations

from dataclasses import replace

from llm.common_ground import CommonGround
from llm.context import CurrentContext
from llm.cues import read_question
from memory.records import Hit, Kind


def ground(words: str, *texts: str) -> CommonGround:
    hits = tuple(Hit(Kind.TEXT, n, 0, text, 1.0, None, ()) for n, text in enumerate(texts))
    asked = read_question(words, [], (), "", 0)
    return CommonGround(0, words, asked, CurrentContext(0), hits)


def weighed(words: str, *answers: float, outdated: tuple[int, ...] = ()) -> CommonGround:
    asked = ground(words, *(f'Ida said: "{number}"' for number in range(len(answers))))
    hits = tuple(replace(h, answers=a) for h, a in zip(asked.recalled, answers, strict=True))
    return replace(asked, recalled=hits, outdated=tuple(hits[number] for number in outdated))
