"""The words that carry meaning, without their endings: what two texts have in common."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+(?:[-'\u2019.][^\W_]+)*")
COMMON = frozenset(
    re.findall(
        r"\S+",
        """
    a about after all also am an and any are as at be been before but by can could day did do does
    don't for from get had has have he her here hers him his how i i'm in into is it it's its just
    know like me mine my no not now of off okay on or our out right say see she so some sure that
    that's the their them then there they this to today up was we were what when where which who
    why will with would yes yesterday you you're your yours sorry please something anything written
    hear heard seen read met felt noted told
    """,
    )
)


SAME_LETTERS = 3
MORE_LETTERS = 3


def stems(text: str) -> list[str]:
    """Return the words that carry meaning, without the commonest English endings."""
    words = (w.casefold().replace("\u2019", "'") for w in WORD.findall(text))
    bare = (re.sub(r"'s$", "", word) for word in words if word not in COMMON)
    telling = (word for word in bare if word not in COMMON)
    return [_stem(part) for word in telling for part in re.split(r"[-.]", word)]


def is_same_stem(stem: str, other: str) -> bool:
    """Tell whether two stems may come from one word: "tak" and "take"."""
    shorter, longer = sorted((stem, other), key=len)
    is_begun = len(shorter) >= SAME_LETTERS and longer.startswith(shorter)
    return stem == other or (is_begun and len(longer) - len(shorter) <= MORE_LETTERS)


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|e)$", "", word) if len(word) > 4 else word
