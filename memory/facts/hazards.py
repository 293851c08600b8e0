"""Ways that are closed and places that are not safe, as somebody says or a sign shows."""

from __future__ import annotations

import re
from functools import lru_cache

from memory.facts.phrasing import is_stated, written_out
from memory.facts.readings import Reading
from memory.records import Category

CLOSED = re.compile(
    r"\b(?:closed|shut|blocked|flooded|washed (?:out|away)|out of (?:order|service)|no (?:trains?|"
    r"bus(?:es)?|trams?|ferr(?:y|ies)|entry|service|access|through)|not safe|unsafe|"
    r"danger(?:ous)?|do not (?:enter|cross|walk|swim)|no swimming|landsli[pd]e?|cancelled|"
    r"suspended|icy|thin ice|black ice|(?:taken|took|pulled|washed|swept|"
    r"knocked) (?:\w+ ){0,3}(?:out|down|away)|"
    r"(?:bridge|path|track|steps|road|lane|stile|ford|causeway)s? (?:is|are|has|have|goes|"
    r"go) (?:\w+ )?(?:gone|out|down|up|under)|"
    r"under ?water|goes under|dug up|no way (?:through|across|over|past)|impassable|"
    r"can not (?:get|go) (?:through|across|over|past))\b",
    re.IGNORECASE,
)
OPEN_AGAIN = re.compile(
    r"\b(?:open again|reopen(?:s|ed)?|open(?:ed)? now|running again|safe again)\b", re.IGNORECASE
)
_PAST = re.compile(r"\b(?:was|were|had been|used to)\b(?!.*\b(?:until|till)\b)", re.IGNORECASE)


@lru_cache(maxsize=16384)
def closes(text: str) -> bool:
    """Tell whether words say that something is closed or dangerous now."""
    plain = written_out(text)
    return bool(CLOSED.search(plain)) and not (_PAST.search(plain) or OPEN_AGAIN.search(plain))


def hazard(statement: str) -> Reading | None:
    """Read that something is closed, dangerous, or open again."""
    is_told = closes(statement) or OPEN_AGAIN.search(statement)
    return Reading(Category.SAFETY) if is_told and is_stated(statement) else None
