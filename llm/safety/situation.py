"""What safety facts are held against, and the warning that comes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from llm.context import CurrentContext
from memory.records import Source

_QUOTATION = re.compile(r'"[^"]*"|was written: .*')
_ASKS_FOR_FACTS = re.compile(
    r"^\W*(?:(?:and|so|but|well|okay|ok|hey|tell me|remind me)\b,?\s+)*(?:when|where|whom?|"
    r"whose|why|"
    r"how (?!about|is it if)|which|what(?! about| if| an? | would you say to)|did|was|were|had)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Caution:
    """A sentence that the reply must carry.

    Attributes:
        sources: The rows that it rests on; none for what is only in view.
    """

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What safety facts are held against.

    Attributes:
        words: What the wearer said.
        reminded: What the companion said lately, so that it reminds once.
    """

    context: CurrentContext
    words: str
    now_ns: int
    reminded: str = ""

    @property
    def written(self) -> tuple[str, ...]:
        """The lines in view, and all of them as one, for words that stand on two of them."""
        lines = self.context.writing
        return (*lines, " ".join(lines)) if len(lines) > 1 else lines


def asks_for_facts(words: str) -> bool:
    """Tell whether words ask for what is or was, so that they plan nothing."""
    return bool(_ASKS_FOR_FACTS.match(words))


def own_words(reply: str) -> str:
    """Return what a reply says itself, without what it retells."""
    return _QUOTATION.sub("", reply)
