"""Which words on a label or in talk mean that something may be in what they speak of.

The lists are data, ``allergens.toml``. What is in none of them is looked for by its own name.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PLAIN = "plain"
"""The list of foods without hidden forms."""

_FREE = re.compile(r"^\W*(?:-| )?free\b|^\W+(?:allerg|intoleran)", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(?:no|without|not contain|free (?:from|of)|contains no|does not contain|don't contain|"
    r"doesn't contain|not any|instead of|non)\s+(?:any |added )?(?:[\w-]+,? (?:or |and )?){0,3}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Allergen:
    """An entry of the lists; ``allergens.toml`` says how to read it."""

    name: str
    called: tuple[str, ...]
    words: tuple[str, ...]


def _read() -> dict[str, _Allergen]:
    text = Path(__file__).with_name("allergens.toml").read_text(encoding="utf-8")
    entries = {entry["name"]: entry for entry in tomllib.loads(text)["allergen"]}

    def words(name: str) -> tuple[str, ...]:
        own = (*entries[name].get("words", ()), *entries[name].get("dishes", ()))
        return own + tuple(w for part in entries[name].get("wider", ()) for w in words(part))

    return {name: _Allergen(name, tuple(e["called"]), words(name)) for name, e in entries.items()}


def _read_dishes() -> dict[str, re.Pattern[str]]:
    text = Path(__file__).with_name("allergens.toml").read_text(encoding="utf-8")
    return {
        entry["name"]: re.compile(rf"\b(?:{'|'.join(entry['dishes'])})(?!\w)", re.IGNORECASE)
        for entry in tomllib.loads(text)["allergen"]
        if entry.get("dishes")
    }


_ALLERGENS = _read()
_DISHES = _read_dishes()
_CALLED = {
    re.compile(rf"(?:{'|'.join((re.escape(a.name), *a.called))})", re.IGNORECASE): a.name
    for a in _ALLERGENS.values()
}
_NAMED = re.compile(
    r"(?<![\w'-])(?:"
    + "|".join(
        sorted(
            {
                f"(?:{form})"
                for a in _ALLERGENS.values()
                for form in (*a.called, *([] if a.name == PLAIN else [re.escape(a.name), *a.words]))
            },
            key=len,
            reverse=True,
        )
    )
    + r")(?!\w|'(?!s\b))",
    re.IGNORECASE,
)


def allergens_in(text: str) -> list[tuple[str, int, int]]:
    """Return what a text names that people may not tolerate, each with where it stands."""
    found = _NAMED.finditer(text.replace("\u2019", "'"))
    return [(match.group().casefold(), match.start(), match.end()) for match in found]


def found_in(text: str, thing: str) -> str:
    """Return the words of a text by which something may be in what it speaks of.

    "Peanut-free" and "without peanuts" are none.

    Args:
        text: A label, an order, a reply.
        thing: What somebody must not have, in lower case: ``"peanuts"``.
    """
    plain = text.replace("\u2019", "'")
    meant, without = _patterns(thing)
    found = [
        match.group()
        for match in meant.finditer(plain)
        if not (
            _FREE.search(plain[match.end() :])
            or _WITHOUT.search(plain[: match.start()])
            or without.search(plain[: match.start()])
        )
    ]
    # What names it outright tells more than a dish that usually holds it.
    return next((word for word in found if not _is_dish(thing, word)), found[0] if found else "")


def _is_dish(thing: str, word: str) -> bool:
    dishes = _DISHES.get(listed_as(thing))
    return dishes is not None and dishes.fullmatch(word) is not None


def names_dish(text: str) -> bool:
    """Tell whether a text names a dish, or what is eaten of it."""
    return any(dish.search(text) for dish in _DISHES.values())


def is_free_of(text: str, thing: str) -> bool:
    """Tell whether a text says that a thing is not in what it speaks of."""
    return bool(_patterns(thing)[0].search(text)) and not found_in(text, thing)


@lru_cache(maxsize=1024)
def listed_as(thing: str) -> str:
    """Return the name of the entry that holds a thing among what it is called, else nothing."""
    return next((name for called, name in _CALLED.items() if called.fullmatch(thing)), "")


@lru_cache(maxsize=1024)
def words_of(thing: str) -> str:
    """Return the words that mean a thing, as alternatives of a regular expression."""
    name = listed_as(thing) or PLAIN
    if name != PLAIN:
        words = "|".join(_ALLERGENS[name].words)
        is_listed = re.search(rf"\b(?:{words})\b", thing, re.IGNORECASE)
        return words if is_listed else f"{words}|{re.escape(thing)}"
    stem = re.escape(re.sub(r"(?<=\w\w\w)(?:ies|es|s|y)$", "", thing))
    nut = "|(?:mixed |tree )?nuts" if re.search(r"nuts?$|pecan", thing) else ""
    return f"{re.escape(thing)}|{stem}(?:y|ies|es|s)?{nut}"


@lru_cache(maxsize=1024)
def _patterns(thing: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = words_of(thing)
    return (
        re.compile(rf"(?<![\w'-])(?:{words})(?!\w)", re.IGNORECASE),
        re.compile(rf"\b(?:{words})[- ]free\b(?: [\w-]+){{0,2}} $", re.IGNORECASE),
    )
