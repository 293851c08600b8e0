"""What is told of somebody, as that somebody would say it: the rules read the first person."""

from __future__ import annotations

import re

_THIRD = {"is": "am", "has": "have", "does": "do", "was": "was", "goes": "go", "are": "am"}
_ENDS_IN_S = re.compile(r"^(?:was|as|always|perhaps|sometimes|this|his|its|us|yes|less|previous)$")


def first_person(predicate: str) -> str:
    """Return a predicate as if said in the first person: "lives in Leeds" as "live in Leeds"."""
    words = predicate.split()
    for at, word in enumerate(words[:2]):
        lower = word.casefold()
        if lower in _THIRD:
            words[at] = _THIRD[lower]
            break
        if lower.endswith("s") and not lower.endswith("ss") and not _ENDS_IN_S.match(lower):
            words[at] = _bare(lower)
            break
        if not lower.endswith("ly") and lower not in ("also", "always", "never", "just", "still"):
            break
    return " ".join(words)


def _bare(verb: str) -> str:
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:sh|ch|ss|x|o)es$", verb) else verb[:-1]
