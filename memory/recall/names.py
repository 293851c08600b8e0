"""Whether somebody's name is spoken."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

SAME_NAME = 0.8
NAME_LIKE = re.compile(r"\b[^\W\d_][\w-]+")
_NAMES_THAT_ARE_WORDS = frozenset(
    ("will", "may", "mark", "rose", "art", "bill", "grace", "hope", "joy", "pat")
)


class Spoken:
    """The words of a text that could be names, looked up once for however many people there are.

    A capitalised word may differ a little from a name, because speech recognition spells names as
    it likes ("John" for "Jon").
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._folded = frozenset(word.casefold() for word in self._words)
        self._capitalised: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            if word[0].isupper():
                self._capitalised[word.casefold()[0]].append(word)

    def holds(self, name: str) -> bool:
        """Tell whether any part of a name is among the words, in this or a similar spelling."""
        return any(self._holds_part(part, part.casefold()) for part in name.split())

    def _holds_part(self, part: str, folded: str) -> bool:
        if folded in _NAMES_THAT_ARE_WORDS:
            return part in self._words
        alike = self._capitalised.get(folded[0], ())
        return folded in self._folded or any(sounds_like(word, part) for word in alike)


def is_spoken(name: str, spoken: Iterable[str]) -> bool:
    """Tell whether any part of a name is among words, as :class:`Spoken` does."""
    return Spoken(spoken).holds(name)


def sounds_like(word: str, name: str) -> bool:
    """Tell whether a word may be another spelling of a name."""
    word, name = word.casefold(), name.casefold()
    return word[0] == name[0] and SequenceMatcher(None, word, name).ratio() >= SAME_NAME
