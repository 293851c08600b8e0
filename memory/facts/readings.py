"""What a clause states that lasts, and the parts that its patterns are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.facts import lexicon
from memory.records import Category


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clause states that lasts.

    Attributes:
        slot: What can have one answer at a time, e.g. ``"lives in"`` or ``"likes:coffee"``; empty
            where the statement contradicts nothing.
        value: The answer, normalised; empty where it cannot be compared with others.
        is_update: It says that things have changed, so it takes the place of earlier answers.
    """

    category: Category
    slot: str = ""
    value: str = ""
    is_update: bool = False


ADVERBS = (
    r"(?:(?:really|quite|very|just|still|also|always|actually|absolutely|particularly|so|now|"
    r"already|recently|originally|only|even|definitely|totally|rather|too|a bit|pretty|severely|"
    r"deathly|badly|highly|mildly|extremely|terribly|incredibly|simply|kind of|sort of|do|finally|"
    r"both|all|rather|such|a little|especially|usually|generally|normally|often|sometimes|mostly|"
    r"currently|known to be|far|much|fairly|deeply|deadly)\s+)*"
)
NOT = r"(?P<no>(?:not|never|no longer|can not)\s+|do not\s+|does not\s+|have never\s+)?"
BE = r"(?:am|have (?:always )?been|have (?:just )?become|became|was found to be|turned out to be)"
PLACE = (
    r"(?:in|near|outside|to|at|of|from|into|around|on)\s+(?:the\s+)?"
    rf"(?P<value>(?!(?i:{lexicon.MONTHS}|{lexicon.SEASONS}|(?:{lexicon.WEEKDAY})\w*day)\b)"
    r"[A-Z][\w'-]+(?:\s(?:upon\s|am\s|de\s|la\s)*[A-Z][\w'-]+)*)"
)
WHEN = (
    rf"(?:on (?:(?:the )?(?:\d|\w+(?:th|first|second|third)\b)|{lexicon.WEEKDAY})|(?:this|next|"
    rf"coming) (?:{lexicon.WEEKDAY}|week|month|year|"
    rf"{lexicon.SEASONS}|{lexicon.MONTHS})|\btomorrow\b|\btonight\b|\b(?:in|by|before|until|during|"
    rf"this|next|for|over|at) (?:the )?(?:early |late |end of |middle of |beginning of )*"
    rf"(?:{lexicon.MONTHS}|{lexicon.SEASONS}|(?:{lexicon.WEEKDAY})\w*day|weekend|holidays|"
    rf"\d{{4}}\b|\w+ (?:weeks|months|years|days)|a (?:week|month|year)|(?:morning|evening|"
    rf"afternoon|noon)\b)|\bat (?:\d|noon|midnight|half|quarter|one|two|three|four|five|six|seven|"
    rf"eight|nine|ten|eleven|twelve)\b|\b(?:half past|quarter (?:to|past)|o'clock|"
    rf"(?:{lexicon.WEEKDAY})\w*day (?:morning|afternoon|evening|night|at)\b)|\bby (?:noon|\d)|"
    rf"\d{{1,2}}(?::\d\d| ?[ap]m\b))"
)
_UPDATE = re.compile(
    r"\b(?:now|nowadays|these days|any ?more|no longer|moved|switched|changed|become|became|quit|"
    r"stopped|gave up|given up|instead|from now on|new|left my|broke up|split up|divorced|"
    r"postponed|rescheduled|cancell?ed|brought forward|started|since (?:last|this|january|february|"
    r"march|april|may|june|july|august|september|october|november|december)|used to|retired|turned|"
    r"lost my job|was fired|came off|am off)\b",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*(?:[,.;:!?(]|\b(?:because|since|so|when|that|which|who|and|but|or|before|after|although|"
    r"any ?more|now|nowadays|these days|with|from|at|every|for|on|by|as|than|to|very much|a lot|"
    r"best|most|again|today|more|lately|too|either|again|either|until|while|during|the most|of all|"
    r"really|though|as well|anyway|if|unless|whenever|are|is|in (?:the )?(?:morning|evening|"
    r"general|"
    r"afternoon|summer|winter|sea|spring|autumn|particular|my)|all the time|at all)\b).*$",
    re.IGNORECASE,
)
_DETERMINER = re.compile(
    r"^(?:(?:an?|the|my|our|some|any|much|many|all(?: kinds of)?|every kind of|eating|drinking|"
    r"listening to|to(?= \w)|really|most|taking|having|doing|good|a bit of|a nice|this|that)\s+)+",
    re.IGNORECASE,
)
TRANSIENT = re.compile(
    r"\b(?:today|tonight|yesterday|right now|just now|currently|at the moment|this (?:morning|"
    r"afternoon|evening|minute)|in a (?:minute|moment|second|bit|while)|for now|last night|earlier|"
    r"an? (?:minute|hour|moment) ago|later|soon|already|here|in here|over there)\b",
    re.IGNORECASE,
)


def slot_name(words: str) -> str:
    """Return the thing that a phrase begins with, as it stands in a slot."""
    bare = _CUT.sub("", words.strip())
    return _DETERMINER.sub("", bare).strip(" '\"").casefold()


def is_update(text: str) -> bool:
    """Tell whether a text says that something has changed."""
    return bool(_UPDATE.search(text))
