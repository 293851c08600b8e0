"""What somebody says of their health: medicines, conditions, and when they are to be where."""

from __future__ import annotations

import re

from memory.facts import lexicon
from memory.facts.medicines import medicines_in
from memory.facts.readings import ADVERBS, WHEN, Reading, is_update
from memory.records import Category


def medicine(clause: str) -> Reading | None:
    """Read what a clause says about taking a medicine."""
    named = medicines_in(clause)
    if not named:
        return None
    for pattern, slot, value in _TAKING:
        if pattern.search(clause):
            changed = is_update(clause) or slot == "taken" or value == "stopped"
            return Reading(Category.SAFETY, f"{slot}:{named[0]}", value, changed)
    return None


_TAKING = (
    (
        re.compile(r"^(?:have (?:just |already |now )*(?:taken|had|swallowed|injected)|(?:just |"
                   r"already )*(?:took|swallowed|injected))\b", re.IGNORECASE),
        "taken", "taken",
    ),
    (
        re.compile(r"^(?:(?:have )?(?:just )?(?:stopped|quit|finished|discontinued)|no longer "
                   r"(?:take|need|have to)|(?:do|have) not (?:take|taken|need|use)|do not have to "
                   r"take|came off|am off|am not (?:on|taking))\b", re.IGNORECASE),
        "medicine", "stopped",
    ),
    (
        re.compile(r"^(?:must|should|can|may|am|have been told) (?:not|never)\b.*\b(?:take|have|"
                   r"use|"
                   r"mix|combine|allowed|supposed)\b|^never take\b", re.IGNORECASE),
        "medicine", "must not",
    ),
    (
        re.compile(rf"^(?:{ADVERBS}(?:take|inject|need|am (?:back )?on|am taking|inhale)\b|"
                   rf"(?:have|"
                   r"need|ought) to (?:take|inject|use|inhale)|must take|should take|(?:have been|"
                   r"was|am|got|have been put|was put|am put) (?:just |now )?(?:prescribed|on|"
                   r"put on|taking)|(?:have )?(?:just )?started (?:taking|on)|carry|always carry|"
                   r"use an? (?:\w+ )?(?:inhaler|spray|epipen))", re.IGNORECASE),
        "medicine", "takes",
    ),
)  # fmt: skip


def condition(clause: str) -> Reading | None:
    """Read which lasting condition of health a clause states."""
    if not (match := _HAS_CONDITION.search(clause)):
        return None
    for name, pattern in _CONDITION_PATTERNS.items():
        if pattern.search(match["what"]):
            return Reading(
                Category.SAFETY,
                f"condition:{name}",
                "no" if match["no"] else "yes",
                is_update(clause),
            )
    return None


_HAS_CONDITION = re.compile(
    rf"^(?:(?P<no>do not|no longer) )?{ADVERBS}(?:am|have(?: \w+)? had|have|had|"
    rf"suffer(?:ed)? from|"
    r"(?:was|have been|got|am) (?:just |recently )?diagnosed (?:with|as)|wear|live with|have been|"
    r"got)"
    rf"\s+{ADVERBS}(?P<what>(?!to\b)(?:(?!about\b|for\b|who\b|that\b)[\w'-]+\s*){{1,5}})",
    re.IGNORECASE,
)
_CONDITION_PATTERNS = {
    name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    for name, pattern in lexicon.CONDITIONS.items()
}


def appointment(clause: str) -> Reading | None:
    """Read an appointment: one that is called so, or a visit or a date with its time."""
    match = _APPOINTMENT.search(clause)
    if match is None and _TIMED.search(clause):
        match = _VISIT.search(clause)
    if match is None:
        return None
    groups = match.groupdict()
    who = groups.get("who") or groups.get("kind") or "appointment"
    name = re.sub(r"^(?:job|next|first|last|new|regular)\s+|'s$|s'$", "", who.casefold().strip())
    called_off = re.search(r"\b(?:cancell?ed|off|not have)\b", clause)
    return Reading(Category.SAFETY, f"appointment:{name}", "cancelled" if called_off else "", True)


_TIMED = re.compile(WHEN, re.IGNORECASE)
_APPOINTMENT = re.compile(
    r"^(?:(?:do not )?have|made|booked|cancell?ed|moved|postponed|missed|need|changed|am due) "
    r"(?:already |just |another )?(?:an?|my|the|no) (?:(?P<kind>[\w' -]+?) )?appointment\b"
    r"(?:.*?\b(?:at|with|for|to see) (?:the|my|a|an|our) (?P<who>[\w-]+(?:'s)?))?",
    re.IGNORECASE,
)
_VISIT = re.compile(
    r"^(?:am (?:going to )?(?:see(?:ing)?|due (?:at|for)|having|meeting|going to)|see|"
    r"have to (?:see|"
    r"go to)|will (?:see|have)|have|am)\s+(?:to see )?(?:the|my|a|an|our|another)?\s*"
    rf"(?:[\w-]+ )?(?P<who>{lexicon.DATES}|{lexicon.VISITS})\b",
    re.IGNORECASE,
)
