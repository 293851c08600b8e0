"""Whether somebody's name is spoken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

SAME_NAME = 0.8
NAME_LIKE = re.compile(r"\b[^\W\d_][\w-]+")
_NAMES_THAT_ARE_WORDS = frozenset(
    ("will", "may", "mark", "rose", "art", "bill", "grace", "hope", "joy", "pat")
)


def is_spoken(name: str, spoken: Sequence[str]) -> bool:
    """Tell whether any part of a name is among words, in this or a similar spelling.

    A capitalised word may differ a little from the name, because speech recognition spells names
    as it likes ("John" for "Jon").

    Args:
        name: One or more parts.
        spoken: The words of a text that could be names.
    """
    return any(_is_part_spoken(part, spoken) for part in name.split())


def sounds_like(word: str, name: str) -> bool:
    """Tell whether a word may be another spelling of a name."""
    word, name = word.casefold(), name.casefold()
    return word[0] == name[0] and SequenceMatcher(None, word, name).ratio() >= SAME_NAME


def _is_part_spoken(part: str, spoken: Sequence[str]) -> bool:
    folded = part.casefold()
    if folded in _NAMES_THAT_ARE_WORDS:
        return part in spoken
    return any(
        word.casefold() == folded or (word[0].isupper() and sounds_like(word, part))
        for word in spoken
    )
