"""Names that the wearer gives: "no, his name is spelt Jon"."""

from __future__ import annotations

import re

from memory.sentences import introduced_name

_NAME = r"(?P<name>[A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+){0,2})"
_IS = r"(?:(?:actually|really|just|spelled|spelt|written) )?"
_NAMINGS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:[Hh]is|[Hh]er|[\w-]+['\u2019]s) (?:(?:real|full|first) )?name"
        rf"(?: is|['\u2019]s) {_IS}{_NAME}",
        rf"\b(?:[Hh]e|[Ss]he)(?: is|['\u2019]s) (?:called|named) {_IS}{_NAME}",
        rf"\b[Cc]all (?:him|her) {_NAME}",
    )
)
_OF_THE_WEARER = re.compile(r"\b(?:my|your) name\b", re.IGNORECASE)


def given_name(words: str) -> str:
    """Return the name that the wearer gives to somebody else, or an empty string.

    Args:
        words: What the wearer said; a question gives no name.
    """
    if words.rstrip().endswith("?") or _OF_THE_WEARER.search(words):
        return ""
    found = (pattern.search(words) for pattern in _NAMINGS)
    named = next((match["name"] for match in found if match), "")
    return introduced_name(f"My name is {named}") if named else ""
