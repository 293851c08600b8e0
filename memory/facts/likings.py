"""What somebody likes or not, in general rather than right now."""

from __future__ import annotations

import re

from memory.facts.readings import ADVERBS, Reading, is_update, slot_name
from memory.records import Category

_SPECIFIC = re.compile(
    r"^(?:it|this|that|these|those|you|him|her|them|us|one|ones|me|your|his|their|how|what|where|"
    r"when|where|everything|nothing|something|anything|(?:the )?(?:idea|way|look|fact|thought|"
    r"first|last|other|same|next|second)|her|here|there|being here|who|seeing you|so much)\b|"
    r"^the (?!rain|sea|sun|snow|mountains|countryside|cold|heat|city|forest|beach|woods|winter|"
    r"summer|autumn|spring|theatre|theater|opera|cinema|outdoors|dark|silence|night|morning|smell|"
    r"sound|taste|feeling|idea of|Beatles|[A-Z])",
)
_LIKING = (
    r"(?:like|love|hate|dislike|adore|enjoy|detest|loathe|prefer|despise|"
    r"can not (?:stand|bear|live without|resist)|"
    r"am (?:(?!\w+ing\b)\w+ )?(?:not )?(?:(?!\w+ing\b)\w+ )?"
    r"(?:fond of|into|keen on|crazy about|mad about|obsessed with|hooked on|addicted to|"
    r"passionate about|(?:a|not a|such a) (?:\w+ )?(?:fan|lover) of)|have (?:a passion|a weakness|"
    r"a soft spot) for|care for|have always (?:liked|loved|hated|enjoyed)|used to (?:like|love|"
    r"enjoy|hate)|(?:have )?(?:started|stopped) (?:liking|loving|enjoying)|fell in love with|"
    r"have never (?:liked|enjoyed)|have come to (?:like|love))"
)
_LIKES = re.compile(
    rf"^(?P<before>(?:do not|never|no longer|did not use to)\s+)?{ADVERBS}(?P<verb>{_LIKING})\s+"
    r"(?P<thing>.+)$",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:hate|dislike|detest|loathe|despise|can not (?:stand|bear)|hated|used to (?:like|love|"
    r"enjoy)|"
    r"stopped|never)\b",
    re.IGNORECASE,
)


_POINTING = re.compile(r"\b(?:it|this|that|these|those|you|your|him|her|them)\b", re.IGNORECASE)


def liking(clause: str) -> Reading | None:
    """Read what somebody likes or not, in general rather than right now."""
    match = _LIKES.search(clause)
    if match is None or _SPECIFIC.match(match["thing"]):
        return None
    thing = slot_name(match["thing"])
    if not thing or len(thing.split()) > 5 or _POINTING.search(thing):
        return None
    is_negated = bool(match["before"] or " not " in f" {match['verb']} ")
    if "can not" in match["verb"]:
        is_negated = False
    is_against = bool(_AGAINST.search(match["verb"])) != is_negated
    value = "dislikes" if is_against else "likes"
    return Reading(Category.PREFERENCE, f"likes:{thing}", value, is_update(clause))
