"""The words of a cue: those that can find something, and the kinds that they hint at."""

from __future__ import annotations

import re

from memory.records import Kind

MAX_TERMS = 16

_HINTS: tuple[tuple[re.Pattern[str], set[Kind]], ...] = (
    (
        re.compile(r"\b(?:written|wrote|read|reads|sign|label|lid|text|spell)\b|\bsays? on\b"),
        {Kind.TEXT},
    ),
    (re.compile(r"\bwho\b"), {Kind.PERSON, Kind.UTTERANCE, Kind.SIGHTING, Kind.FACT}),
    (
        re.compile(r"\b(?:say|said|says|tell|told|talk|mention(?:ed)?|where|live|work|job|name)\b"),
        {Kind.UTTERANCE, Kind.FACT},
    ),
    (
        re.compile(
            r"\b(?:feel|felt|feeling|mood|happy|sad|moved|touched|upset|uneasy|worried|worry|afraid|"
            r"calm|glad)\b"
        ),
        {Kind.FEELING},
    ),
    (
        re.compile(r"\b(?:see|saw|seen|look|looked|met|meet)\b"),
        {Kind.OBJECT, Kind.SIGHTING, Kind.MOMENT, Kind.PERSON},
    ),
)

_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about after again all am an and any are as at be been before being but by can could d
        did do does doing don down during each ever few for from further had has have having he
        her here hers herself him himself his how i if in into is it its itself just ll m me
        more most my myself no nor not now of off on once only or other our ours out over own
        please re remember s said same say says she should so some such t tell than that the
        their them then there these they this those through to told too under until up ve very
        was we were what when where which while who whom why will with would you your yours
        yourself
        """,
    )
)


def terms_of(text: str) -> list[str]:
    """Return the words of a cue that can find something, each once."""
    found = re.findall(r"\w+", text.casefold())
    return [w for w in dict.fromkeys(found) if w not in _STOP_WORDS][:MAX_TERMS]


def hinted(text: str) -> set[Kind]:
    """Return the kinds that all hints in a text agree on, or any of them where they do not."""
    lower = text.casefold()
    kinds = [kinds for pattern, kinds in _HINTS if pattern.search(lower)]
    return set.intersection(*kinds) or set.union(*kinds) if kinds else set()
