"""What somebody is to be at, at a time: an appointment, a course, a visit, a train.

Most that is said with a time to come is one. What is not are things past, asked, supposed or
denied, other people's business, and when shops are open.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from memory.facts import lexicon
from memory.facts.medicines import medicines_in
from memory.facts.phrasing import is_stated, written_out
from memory.facts.readings import Reading, is_update
from memory.facts.schedule import read_schedule
from memory.records import Category
from memory.stems import stems

NAME_WORDS = 3
WEEKDAYS = 7
SEVERAL_DAYS = 3
# Days and hours are read relative to some time; whether there are any does not depend on it.
_ANY_NS = 0

_PAST = re.compile(
    r"\b(?:was|were|went|used to|yesterday|ago|did(?! not|n't)|met|came|missed|been (?:to|at|"
    r"in|there|on)|would have|"
    r"last (?:week|month|year|night|summer|winter|spring|autumn|(?:mon|tues|wednes|thurs|fri|satur|"
    r"sun)day))\b",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"\b(?:cancell?ed|called off|(?:is|are|'s) off|falls through|"
    r"(?:not|n't|never|no longer) (?:\w+ )?(?:going|coming|happening|having|attending|meeting|make|"
    r"on|go|take place|have)|there(?:'s| is| are) no|no \w+ (?:this|next|on|today|tomorrow|"
    r"tonight)|"
    r"(?:has|have|is|are|'s|'ve) (?:finished|over|ended)|finished|dropped out|quit|stopped|gave up|"
    r"no longer|any ?more|skip(?:ping)?|fell through)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:opens?|open(?:ed|ing)?|closes?|closed|closing|shuts?|on (?:tv|telly|television)|rains?|"
    r"rained|sunrise|sunset|weather|forecast|born|birthday|"
    r"wake|woke|get up|go to bed|asleep|tablets?|pills?|medicines?|insulin|inject|dose)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"^(?:(?:(?:my|our|her|his|their) (?:\w+ )?(?:{lexicon.KIN})(?:'s)?|he|she|they|everybody|"
    r"somebody|someone|people)\b|(?-i:[A-Z])\w+ (?:has (?:an?|the|her|his|to)|goes|plays|"
    r"works|wants|"
    r"is (?:at|in|on|going|flying|having|seeing|meeting))\b)",
    re.IGNORECASE,
)
_WITH_ME = re.compile(
    r"\b(?:me|us|we|i|with (?:me|us)|our|to my|my (?:place|house))\b", re.IGNORECASE
)
_DOSED = re.compile(
    r"\b(?:takes?|taking|taken|took|had|inject\w*|swallow\w*|apply|finish|comes?|every|daily|"
    r"on the)\b",
    re.IGNORECASE,
)
_TIME_WORDS = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tue|wed|thu|fri|sat|sun|mornings?|"
    r"afternoons?|evenings?|night|tonight|today|tomorrow|noon|midday|midnight|quarter|half|past|"
    r"o'clock|am|pm|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirty|fifteen|"
    r"twenty|forty|fifty|forty-five|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|"
    r"tenth|"
    r"eleventh|twelfth|\w+teenth|twent\w+|thirt\w+|week|weeks|weekend|next|every|each|minutes?|"
    r"hours?|till|until|between|time|date|day|days|sharp|\d+\w*)\b",
    re.IGNORECASE,
)
_LIGHT = frozenset(
    stems(
        "go going come coming meet meeting have having take taking see seeing make making get "
        "getting give gave put do doing tell told say said let want like love need must shall "
        "okay yes no not never also just new next last there here now then again still only "
        "way home place people thing lot moved move moves changed change cancelled postponed "
        "book booked confirmed forget remember promise promised free right sounds good great "
        "been being him her them us we they it all same ever got over round about could should "
        "would might mind instead because think course's friend somebody someone ask asks asked "
        "asking if so will not won't can can't cannot do don't does is are am was were he she they "
        "he'll she'll they'll they're we're you're i'm suggest suggests spare today after for with "
        "our his their your my me all and at on to in the a of be by from this that these those "
        "mean means bit quite really reckon reckons wonder hello hi well"
    )
) | frozenset(("i", "m", "ve", "ll", "d", "re", "s", "t", "we'r", "i'll", "i'v", "i'd", "let'"))


_TENTATIVE = re.compile(
    r"\b(?:can|could|would|shall|should|may|might|will) (?:i|we)\b|"
    r"\b(?:wants?(?! (?:me|us) (?:on|at|in|there|back|for)\b)|asks?|asked|asking|suggests?|"
    r"suggested|suggesting|offers?|offered|invited?|invites|"
    r"begs?|proposed|proposes|reckons|texted|wondered|wonders|fancies)\b.*\b(?:me|us|i|we|if|"
    r"whether)\b|"
    r"\b(?:suggests?|suggested) |\b(?:thinking of|tempted|fancy|"
    r"supposed i|"
    r"says then|nowhere to be|(?:you|he|she|they|it)'d|a spare (?:seat|ticket|place))\b",
    re.IGNORECASE,
)


class Standing(StrEnum):
    """Whether what is told is to be, or no longer."""

    PLANNED = "planned"
    OFF = "off"


@lru_cache(maxsize=16384)
def standing(statement: str) -> Standing | None:
    """Tell whether a statement tells that its speaker is to be somewhere at a time, or not."""
    text = written_out(statement)
    if not is_stated(text) or _OPEN.search(text) or _is_dose(text) or _TENTATIVE.search(text):
        return None
    if _OFF.search(text):
        return Standing.OFF
    if _PAST.search(text) or (_SUBJECT.match(text) and not _is_with_me(text)):
        return None
    schedule = read_schedule(text, _ANY_NS)
    has_hours = bool(schedule.hours)
    has_clock = any(hours.is_clock for hours in schedule.hours)
    is_on = (schedule.has_day and len(schedule.weekdays) <= SEVERAL_DAYS) or has_clock
    return Standing.PLANNED if has_hours and is_on else None


def engagement(statement: str) -> Reading | None:
    """Read what a statement tells of where its speaker is to be, or is not after all."""
    stands = standing(statement)
    what = happening(statement)
    if stands is None or not what or (stands is Standing.OFF and not _is_dated(statement)):
        return None
    value = "cancelled" if stands is Standing.OFF else ""
    name = " ".join(sorted(what)[:NAME_WORDS])
    return Reading(Category.SAFETY, f"appointment:{name}", value, is_update(statement))


def are_day_and_hour(one: str, two: str) -> bool:
    """Tell whether one sentence names only a day, and the next only an hour of it."""
    first, second = (read_schedule(written_out(text), _ANY_NS) for text in (one, two))
    return (
        first.has_day
        and not first.hours
        and not second.days
        and len(second.weekdays) in (0, WEEKDAYS)
        and any(hours.is_clock for hours in second.hours)
    )


@lru_cache(maxsize=16384)
def happening(text: str) -> frozenset[str]:
    """Return the stems of what is to happen: the words without times and empty verbs."""
    bare = _TIME_WORDS.sub(" ", written_out(text))
    return frozenset(stem for stem in stems(bare) if stem not in _LIGHT and len(stem) > 1)


def _is_dose(text: str) -> bool:
    return bool(medicines_in(text)) and bool(_DOSED.search(text))


def _is_with_me(text: str) -> bool:
    subject = _SUBJECT.match(text)
    return subject is not None and bool(_WITH_ME.search(text[subject.end() :]))


def _is_dated(text: str) -> bool:
    return bool(_TIME_WORDS.search(text)) or bool(
        re.search(rf"\b(?:{lexicon.DATES}|class|course|lessons?|practice)\b", text, re.IGNORECASE)
    )
