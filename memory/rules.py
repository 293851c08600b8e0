"""Rules that read a clause: what kind of lasting fact it states, and which question it answers.

A rule sees the predicate of a clause as if said in the first person ("am allergic to nuts"), so
that one table serves for "I", "my sister" and "Maya".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from memory import lexicon
from memory.medicines import medicines_in
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


_ADVERBS = (
    r"(?:(?:really|quite|very|just|still|also|always|actually|absolutely|particularly|so|now|"
    r"already|recently|originally|only|even|definitely|totally|rather|too|a bit|pretty|severely|"
    r"deathly|badly|highly|mildly|extremely|terribly|incredibly|simply|kind of|sort of|do|finally|"
    r"both|all|rather|such|a little|especially|usually|generally|normally|often|sometimes|mostly|"
    r"currently|known to be|far|much|fairly|deeply|deadly)\s+)*"
)
_NOT = r"(?P<no>(?:not|never|no longer|can not)\s+|do not\s+|does not\s+|have never\s+)?"
_BE = r"(?:am|have (?:always )?been|have (?:just )?become|became|was found to be|turned out to be)"
_PLACE = (
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
    rf"eight|nine|ten|eleven|twelve)\b|\b(?:half past|quarter (?:to|past)|o'clock|someday|one day|"
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
_SPECIFIC = re.compile(
    r"^(?:it|this|that|these|those|you|him|her|them|us|one|ones|me|your|his|their|how|what|where|"
    r"when|where|everything|nothing|something|anything|(?:the )?(?:idea|way|look|fact|thought|"
    r"first|last|other|same|next|second)|her|here|there|being here|who|seeing you|so much)\b|"
    r"^the (?!rain|sea|sun|snow|mountains|countryside|cold|heat|city|forest|beach|woods|winter|"
    r"summer|autumn|spring|theatre|theater|opera|cinema|outdoors|dark|silence|night|morning|smell|"
    r"sound|taste|feeling|idea of|Beatles|[A-Z])",
)


def slot_name(words: str) -> str:
    """Return the thing that a phrase begins with, as it stands in a slot."""
    bare = _CUT.sub("", words.strip())
    return _DETERMINER.sub("", bare).strip(" '\"").casefold()


def is_update(text: str) -> bool:
    """Tell whether a text says that something has changed."""
    return bool(_UPDATE.search(text))


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern with what it means.

    The group ``thing`` completes the slot, the group ``value`` is the answer; without it ``yes``
    is the answer, or ``no`` where the group ``no`` matched.
    """

    category: Category
    slot: str
    pattern: re.Pattern[str]
    yes: str = ""
    no: str = ""
    condition: Callable[[re.Match[str]], bool] = lambda match: True

    def read(self, clause: str) -> Reading | None:
        match = self.pattern.search(clause)
        if match is None or not self.condition(match):
            return None
        groups = match.groupdict()
        slot = self.slot
        if "thing" in groups:
            thing = slot_name(groups["thing"] or "")
            if not thing:
                return None
            slot = f"{slot}:{thing}"
        value = slot_name(groups["value"] or "") if "value" in groups else self.yes
        if groups.get("no"):
            value = self.no or f"not {value}".strip()
        return Reading(self.category, slot, value, is_update(clause))


def _rule(
    category: Category,
    slot: str,
    pattern: str,
    yes: str = "",
    no: str = "",
    condition: Callable[[re.Match[str]], bool] = lambda match: True,
) -> _Rule:
    return _Rule(category, slot, re.compile(pattern, re.IGNORECASE), yes, no, condition)


def _names_place(category: Category, slot: str, pattern: str) -> _Rule:
    """Return a rule in which capitals matter: "moved to Leeds", not "moved to the back"."""
    return _Rule(category, slot, re.compile(pattern))


_S, _B = Category.SAFETY, Category.BACKGROUND
_R, _F = Category.RELATIONSHIP, Category.PREFERENCE
_H, _P, _C = Category.HABIT, Category.PLAN, Category.PERSONALITY

ALLERGIES = (
    _rule(_S, "allergy", rf"^{_BE} {_ADVERBS}{_NOT}{_ADVERBS}allergic to "
                         rf"(?P<thing>.+)", "yes", "no"),
    _rule(
        _S, "allergy", r"^have (?P<no>no )?(?:an? )?(?:[\w-]+ )?(?:allergy|allergies|"
                       r"intolerance) to "
        r"(?P<thing>.+)", "yes", "no",
    ),
    _rule(
        _S, "allergy", r"^(?:have (?:an? )?(?:severe |bad |strong |mild |serious |terrible )?|"
                       r"suffer "
        r"from (?:an? )?)(?P<thing>[\w-]+(?: [\w-]+)?) (?:allergy|intolerance)\b", "yes",
    ),
    _rule(
        _S, "allergy", rf"^{_BE} {_ADVERBS}{_NOT}{_ADVERBS}(?P<thing>[\w-]+)[- ]intolerant", "yes",
        "no",
    ),
    _rule(
        _S, "allergy", rf"^{_BE} {_ADVERBS}{_NOT}{_ADVERBS}intolerant (?:to|of) (?P<thing>.+)",
        "yes", "no",
    ),
    _rule(
        _S, "allergy", r"^(?:react (?:badly|strongly|allergically|terribly) to|(?:get|"
                       r"break out in) "
        r"(?:a rash|hives|spots) (?:from|of)|can not tolerate) (?P<thing>.+)", "yes",
    ),
    _rule(
        _S, "allergy", r"^(?:can not|must not|should not|may not|am not allowed to) (?:eat|drink|"
        r"have|touch) (?P<thing>[^,;]+?),? (?:because )?(?:i am|i have|it is|"
        r"of)? ?.*\ballerg", "yes",
    ),
)  # fmt: skip


def medicine(clause: str) -> Reading | None:
    """Read what a clause says about taking a medicine."""
    named = medicines_in(clause)
    if not named:
        return None
    for pattern, slot, value in _TAKING:
        if pattern.search(clause):
            changed = is_update(clause) or slot == "taken" or value == "stopped"
            return Reading(_S, f"{slot}:{named[0]}", value, changed)
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
        re.compile(rf"^(?:{_ADVERBS}(?:take|inject|need|am (?:back )?on|am taking|inhale)\b|"
                   rf"(?:have|"
                   r"need|ought) to (?:take|inject|use|inhale)|must take|should take|(?:have been|"
                   r"was|am|got|have been put|was put|am put) (?:just |now )?(?:prescribed|on|"
                   r"put on|"
                   r"taking)|(?:have )?(?:just )?started (?:taking|on)|carry|always carry|"
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
                _S, f"condition:{name}", "no" if match["no"] else "yes", is_update(clause)
            )
    return None


_HAS_CONDITION = re.compile(
    rf"^(?:(?P<no>do not|no longer) )?{_ADVERBS}(?:am|have(?: \w+)? had|have|had|"
    rf"suffer(?:ed)? from|"
    r"(?:was|have been|got|am) (?:just |recently )?diagnosed (?:with|as)|wear|live with|have been|"
    r"got)"
    rf"\s+{_ADVERBS}(?P<what>(?!to\b)(?:(?!about\b|for\b|who\b|that\b)[\w'-]+\s*){{1,5}})",
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
    return Reading(_S, f"appointment:{name}", "cancelled" if called_off else "", True)


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

BACKGROUND = (
    _rule(_B, "lives in", r"^used to live\b"),
    _rule(_B, "lives in", rf"^(?P<no>no longer|do not) (?:live|stay)\b(?:.*? (?-i:{_PLACE}))?"),
    _rule(
        _B, "lives in", rf"^{_ADVERBS}(?:live|am (?:now |currently )?(?:living|based)|"
                        rf"have (?:always |"
        r"just )?(?:lived|been living))\s+(?:just |right |not far |down |up |all )*(?=(?:in|at|"
        r"near|"
        rf"on|with|outside|by|next|abroad|alone|around|between|above|"
        rf"close)\b)(?:.*?(?-i:{_PLACE}))?",
    ),
    _names_place(_B, "lives in", rf"^(?:have |am )?(?:just |recently |now )*(?:moved|moving|"
                                 rf"relocated|"
                 rf"settled)\b(?! out\b).*?{_PLACE}"),
    _rule(_B, "from", rf"^{_ADVERBS}(?:am|come|hail)\s+{_ADVERBS}(?-i:from\b.*?(?:in |of |near |"
                      rf"from )?"
          r"(?P<value>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)*))"),
    _rule(_B, "nationality", rf"^am {_ADVERBS}(?:half |part |"
                             rf"half-)?(?-i:(?P<value>{lexicon.NATIONALITY}))\b"),
    _rule(_B, "", r"^am (?-i:[A-Z][\w'-]+(?: [A-Z][\w'-]+)*),? (?:in|from|at|the|originally|"
                  r"and)\b"),
    _rule(_B, "born in", rf"^was born\b.*?(?-i:{_PLACE})"),
    _rule(_B, "birthday", r"^was born (?:on|in) (?P<value>.+)"),
    _rule(_B, "grew up in", rf"^(?:grew up|was (?:raised|brought up))\b(?:.*?(?-i:{_PLACE}))?"),
    _rule(
        _B, "works at", r"^(?:(?:have )?(?:just )?(?:quit|left|lost|resigned from|gave up) (?:my|"
                        r"the) "
        r"(?:\w+ )?(?:job|position|post)\b|was (?:fired|laid off|made redundant))", "none",
    ),
    _rule(_B, "works as", r"^used to (?:be an? |work)|^was an? (?:[\w-]+ )?"
          rf"(?:{lexicon.OCCUPATIONS})\b"),
    _rule(_B, "works as", r"^(?:am |have |just )*retired\b(?! (?:from the race|to))", "retired"),
    _rule(_B, "works as", rf"^{_ADVERBS}(?:work|am working|have been working|have worked|"
                          rf"freelance) "
          r"as (?P<value>.+)"),
    _rule(
        _B, "works at", rf"^(?P<no>no longer |do not )?{_ADVERBS}(?:work|am working|have (?:been "
        r"working|worked)|am employed) (?:at|for|by) (?!home|it\b|me\b|you\b|now\b)(?P<value>.+)",
    ),
    _rule(
        _B, "works at", r"^(?:have )?(?:just |recently )*(?:started (?:working|a (?:new )?job|"
                        r"my new "
        r"job|work)|got a (?:new )?job|have a (?:new )?job|joined) (?:at|for|with|"
        r"in)?\s*(?P<value>.+)",
    ),
    _rule(_B, "", rf"^{_ADVERBS}work (?:in|with|from|on|nights|shifts|part[- ]time|full[- ]time|"
          r"freelance)\b(?! (?:it|this|that)\b)"),
    _rule(
        _B, "works as", rf"^(?:am|have (?:just )?become|became) {_ADVERBS}{_NOT}(?:an? |the |"
                        rf"trained "
        r"as an? )(?:[\w-]+ ){0,3}?"
        rf"(?P<value>{lexicon.OCCUPATIONS})s?\b",
    ),
    _rule(
        _B, "works as", r"^(?:am|have (?:just )?become|became) (?:now )?the (?:[\w-]+ )?(?:head|"
        r"director|manager|author|creator|owner|founder|chair\w*|president|editor|leader|"
        r"treasurer) of",
    ),
    _rule(_B, "works as", r"^(?:am|have been) (?P<value>self-employed|unemployed|out of work|"
                          r"between "
          r"jobs|on parental leave)"),
    _rule(
        _B, "age", rf"^(?:am|turned|have (?:just )?turned) {_ADVERBS}(?P<value>{lexicon.NUMBERS})"
        r"(?: years?(?: old)?(?: now)?|$| now$| last | this | in | today$)(?!.*(?:late|away|early|"
        r"kilo|"
        r"pounds|feet|years? in))",
    ),
    _rule(_B, "birthday", r"^have (?:my|a) birthday (?P<value>.+)"),
    _rule(_B, "studies", r"^(?:am (?:currently )?study(?:ing)?|study|am doing (?:an?|"
                         r"my) (?:degree|phd|"
          r"master\w*|apprenticeship)(?: in)?|am (?:majoring|enrolled) in) (?P<value>.+)",
          condition=lambda m: not _SPECIFIC.match(m["value"])),
    _rule(_B, "speaks", r"^(?:\w+ )?speak (?-i:(?:only |fluent |some |a little |good |"
                        r"both )*[A-Z]\w+)"),
    _rule(_B, "", r"^am (?:currently )?learning (?-i:[A-Z]\w+|to (?:play|sail|fly|drive|sign))"),
    _rule(_B, "diet", rf"^{_BE} {_ADVERBS}{_NOT}(?:an? )?(?:strict )?(?P<value>{lexicon.DIETS})\b"),
    _rule(_B, "diet", rf"^(?:do not|never|no longer|stopped|gave up) {_ADVERBS}eat(?:ing)? "
          rf"(?P<value>(?:any )?(?:{lexicon.MEATS}))\b"),
    _rule(_B, "", rf"^{_BE} {_ADVERBS}(?:left-handed|right-handed|ambidextrous|bilingual|adopted|"
                  rf"an only "
          r"child|an orphan|a member of|a (?:Catholic|Protestant|Muslim|Buddhist|Hindu|Christian|"
          r"Jew)|"
          r"the (?:oldest|eldest|youngest|middle)\b|(?:catholic|muslim|jewish|buddhist|hindu|"
          r"christian)|"
          r"retired|tall for|\w+ (?:feet|metres?|cent\w+) tall)\b"),
    _rule(_B, "", rf"^(?:have|own|rent|inherited|share|bought)\s+(?:an? |our own |my own |"
                  rf"a small |\w+ )"
          rf"(?:[\w-]+ ){{0,3}}?(?:{lexicon.POSSESSIONS})\b",
          condition=lambda m: not m.string.casefold().startswith(("have the ", "bought the "))),
)  # fmt: skip

RELATIONSHIPS = (
    _rule(_R, "partner", rf"^(?:am|was|got|"
                         rf"have been) {_ADVERBS}(?P<no>not )?(?:happily )?(?:married|"
          r"engaged) to (?P<value>.+)"),
    _rule(_R, "partner", r"^(?:married|am (?:dating|going out with|in a relationship with|seeing)) "
          r"(?-i:(?P<value>[A-Z]\w+))"),
    _rule(_R, "partner", rf"^(?:am|got|have been) {_ADVERBS}(?P<value>married|engaged|divorced|"
                         rf"single|"
          r"widowed|a widow(?:er)?|separated|in a relationship)\b"),
    _rule(_R, "partner", r"^(?:broke|split|have (?:just )?(?:broken|split)) up\b", "separated"),
    _rule(_R, "", rf"^have (?:no|an?|one|two|three|four|five|six|seven|\d+|several|many|a lot of|"
                  rf"the "
          rf"best|only one|lots of) (?:[\w-]+ ){{0,2}}?(?:{lexicon.KIN}|{lexicon.PETS})(?:s|"
          rf"es)?\b"),
    _rule(_R, "", rf"^am (?:an? |the |also an? )?(?:proud |single |new )?(?:{lexicon.KIN})\b"
          r"(?: of| to|$)"),
    _rule(_R, "", r"^(?:get|got|am getting) (?:along|on) (?:\w+ )?with my\b"),
    _rule(_R, "", r"^(?:have been|were|are|became|went to|grew up|have known|work|met) "
          r"(?:(?:best |close |good |old )*friends|married|together|each other|school|colleagues|"
          r"neighbours|engaged)\b"),
)  # fmt: skip

_LIKING = (
    r"(?:like|love|hate|dislike|adore|enjoy|detest|loathe|prefer|despise|"
    r"can not (?:stand|bear|live without|resist)|am (?:\w+ )?(?:not )?(?:\w+ )?"
    r"(?:fond of|into|keen on|crazy about|mad about|obsessed with|hooked on|addicted to|"
    r"passionate about|(?:a|not a|such a) (?:\w+ )?(?:fan|lover) of)|have (?:a passion|a weakness|"
    r"a soft spot) for|care for|have always (?:liked|loved|hated|enjoyed)|used to (?:like|love|"
    r"enjoy|hate)|(?:have )?(?:started|stopped) (?:liking|loving|enjoying)|fell in love with|"
    r"have never (?:liked|enjoyed)|have come to (?:like|love))"
)
_LIKES = re.compile(
    rf"^(?P<before>(?:do not|never|no longer|did not use to)\s+)?{_ADVERBS}(?P<verb>{_LIKING})\s+"
    r"(?P<thing>.+)$",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:hate|dislike|detest|loathe|despise|can not (?:stand|bear)|hated|used to (?:like|love|"
    r"enjoy)|"
    r"stopped|never)\b",
    re.IGNORECASE,
)


def liking(clause: str) -> Reading | None:
    """Read what somebody likes or not, in general rather than right now."""
    match = _LIKES.search(clause)
    if match is None or _SPECIFIC.match(match["thing"]):
        return None
    thing = slot_name(match["thing"])
    if not thing or len(thing.split()) > 5:
        return None
    is_negated = bool(match["before"] or " not " in f" {match['verb']} ")
    if "can not" in match["verb"]:
        is_negated = False
    is_against = bool(_AGAINST.search(match["verb"])) != is_negated
    value = "dislikes" if is_against else "likes"
    return Reading(_F, f"likes:{thing}", value, is_update(clause))


PREFERENCES = (
    _rule(_F, "", r"^(?:would|had) (?:rather|prefer)\b(?! not\b)"),
    _rule(_F, "", rf"^{_ADVERBS}(?:take|drink|have) my (?:coffee|tea)\b"),
    _rule(_F, "", r"^have a sweet tooth"),
)  # fmt: skip

PERSONALITY = (
    _rule(_C, "", rf"^{_BE} {_ADVERBS}{_NOT}{_ADVERBS}(?:an? )?{_ADVERBS}(?:{lexicon.TRAITS}|"
          rf"{lexicon.CHARACTERS})\b(?! (?:about (?:this|that|it)|today|now|to (?:see|hear)|"
          rf"tonight|"
          r"for the|for my|of you|if|that)\b)"),
    _rule(_C, "", rf"^{_BE} {_ADVERBS}{_NOT}{_ADVERBS}(?:afraid|scared|terrified|frightened) of "
          r"(?!it|that|this|him|her|you|them|the (?!dark|sea|water|dentist))"),
    _rule(_C, "", rf"^am {_ADVERBS}{_NOT}{_ADVERBS}(?:good|bad|terrible|hopeless|great|awful|"
                  rf"useless|"
          r"brilliant|better|slow|quick) (?:at|with) (?!it|this|that)"),
    _rule(_C, "", r"^(?:tend to|have (?:an? (?:\w+ )?(?:fear|phobia|habit|tendency|memory|temper|"
                  r"sense "
          r"of (?:humou?r|direction)|dread))|find it (?:\w+ )?(?:hard|difficult|easy) to|"
          r"(?:do not )?"
          r"(?:easily )?trust (?:people|strangers|anyone|nobody)|(?:always |easily |often )*(?:get|"
          r"become|feel) (?:\w+ )?(?:nervous|anxious|shy|angry|bored|jealous|seasick|carsick|"
          r"homesick|"
          r"lonely|uncomfortable|excited|stressed|overwhelmed|emotional|dizzy|sick) (?:before|"
          r"when|in|"
          r"on|at|around|easily|by|about|with)|worry (?:too much|a lot|easily|about everything)|"
          r"(?:cry|laugh|blush|panic|faint) easily|(?:do not|never) (?:give up|lose my temper|"
          r"get angry|like to be the centre)|need (?:a lot of|time)|overthink|procrastinate)\b"
          r"(?!.*\b(?:today|now|tonight|right now)\b)"),
)  # fmt: skip

_FREQUENCY = (
    r"\b(?:every (?:single )?(?:day|morning|evening|night|week|month|year|summer|winter|spring|"
    rf"autumn|christmas|weekend|time|other|second|two|few|(?:{lexicon.WEEKDAY})\w*day|hour)|(?:on|"
    rf"most)"
    rf" (?:(?:{lexicon.WEEKDAY})\w*days|weekends|weekdays|mornings|evenings|nights|days)|(?:once|"
    rf"twice|"
    r"three times|four times|several times|\d times|a few times|many times) (?:a|per|every) (?:day|"
    r"week|month|year|night)|daily|weekly|before bed|after (?:work|dinner|lunch|breakfast) every|"
    r"whenever|all year round|at weekends|in the (?:mornings|evenings)|each (?:day|week|morning|"
    r"evening|night|year)|from time to time|now and then|all the time)\b"
)
_OFTEN = re.compile(_FREQUENCY, re.IGNORECASE)
_PAST = (
    r"(?:\w+ed|said|knew|went|saw|had|was|were|got|did|thought|came|made|took|told|found|left|felt|"
    r"gave|put|met|ran|sat|stood|lost|won|bought|brought|heard|kept|meant|paid|sent|slept|spent|"
    r"wrote|"
    r"ate|drank|began|broke|chose|drove|fell|forgot|swam|wanted|have (?:been|had|\w+ed)|would|will|"
    r"am (?:late|right|"
    r"wrong|here|there))\b"
)
HABITS = (
    _rule(_H, "smokes", r"^(?P<no>do not|never|no longer|gave up|have given up|quit|stopped|"
                        r"have (?:just )?"
          r"(?:quit|stopped)) (?:smoke|smoking|vaping|cigarettes)\b", "yes", "no"),
    _rule(_H, "smokes", r"^smoke\b", "yes"),
    _rule(_H, "drinks", r"^(?P<no>do not|never|no longer|gave up|quit|stopped|have (?:quit|"
                        r"stopped|given "
          r"up)) (?:drink(?:ing)?$|drink(?:ing)? (?:alcohol|wine|beer)|alcohol|"
          r"drinking)\b", "yes", "no"),
    _rule(_H, "", rf"^(?:always|usually|normally|never|often|rarely|generally|regularly|mostly|"
                  rf"sometimes|"
          rf"typically|hardly ever|seldom|frequently) (?!{_PAST})(?!mind\b|know\b|thought\b)\w+"
          r"(?! (?:that|it|so|this)\b)"),
    _rule(_H, "", rf"^(?!{_PAST})(?!(?:am|need|want|have to)\b)[a-z]+\b.*{_FREQUENCY}"),
    _rule(_H, "", r"^am (?:always|usually|normally|never|often|rarely) (?:\w+ing|in bed|up|at|"
                  r"the first|"
          r"the last|on time|early|late for)\b"),
    _rule(_H, "", r"^(?:walk|cycle|bike|drive|commute|take the \w+|go by \w+|run|"
                  r"ride) .*\bto (?:work|"
          r"school|the office)\b"),
    _rule(_H, "", r"^(?:get up|wake up|go to bed|go to sleep|have (?:breakfast|lunch|dinner)|eat "
          r"(?:breakfast|lunch|dinner)|leave (?:for work|the house)|start work|finish work|"
          r"stop work) "
          r"(?:\w+ )?(?:at|around|before|after|by|early|late)\b"),
    _rule(_H, "", r"^(?:go (?:running|swimming|jogging|climbing|cycling|hiking|dancing|fishing|"
                  r"riding|"
          r"skiing|sailing|bowling|to (?:the gym|church|yoga|choir|mosque|synagogue|temple))|"
          r"do (?:yoga|"
          r"pilates|judo|karate|gymnastics|weights)|practi[sc]e \w+|train for)\b"
          r"(?! (?:now|today|tomorrow|later))"),
    _rule(_H, "", r"^(?:am used to|have a habit of|can not (?:fall asleep|sleep) without|"
                  r"have (?:got "
          r"into|made) (?:it )?(?:a|the) habit)\b"),
)  # fmt: skip

ACTIVITIES = (
    _rule(_B, "", r"^(?:own|collect|breed|coach|volunteer|belong to|grow my own|keep (?:bees|"
                  r"chickens|"
          r"hens|goats|sheep|a diary|pigeons|fish)|sing in|play(?: in)? (?:the|an?|for)? ?\w+|"
          r"write (?:poetry|poems|novels|songs|short stories|a blog)|paint (?:in|water|portraits|"
          r"land)|"
          r"teach (?!you|me|him|her|them)|run (?:an? |my own|the )|drive an? |ride an? |"
          r"was (?:an only child|in the (?:army|navy|scouts|military|police)|adopted)|"
          r"(?:served|graduated|majored|qualified|trained) (?:in|from|at|as|with)|studied (?!it|"
          r"the "
          r"map|the menu|him|her)|have (?:lived|worked|travelled|been living|been working|been "
          r"married|never (?:been|learnt|learned|flown|seen|married)|survived|written|published|"
          r"climbed|run)\b|did my|went to (?:school|university|college) |"
          r"lost my (?:" + lexicon.KIN +
          r")\b|never (?:learnt|learned|went to|knew my|met my)|taught myself|used to)"
          r"(?!.*\b(?:today|yesterday|this (?:morning|evening)|tonight|just now|last night|"
          r"already)\b)"),
)  # fmt: skip

_TRIVIAL = (
    r"(?:go(?: (?:home|now|there|out|in|back|upstairs|downstairs|to (?:bed|sleep|the toilet|the "
    r"bathroom|the loo))| and\b|$)|sit|leave|eat|drink|see|know|say|ask|sleep|get|have|pee|thank|"
    r"show|"
    r"stay|be (?:alone|sure|clear|honest|able|there|late|sick|fine|ok)|tell|look|hear|think|stop|"
    r"try|"
    r"do (?:it|that|this)|come|help|wait|rest|lie|hold|check|use|take|give|put|make sure|talk|"
    r"believe|"
    r"point|wash|die|scream|cry|finish this|pay|listen|speak)\b"
)
PLANS = (
    _rule(_P, "", r"^(?:am planning (?:to|on|for|a)|plan (?:to|on)|have (?:just )?decided (?:to|"
                  r"that|"
          r"against)|decided to|intend to|am (?:thinking of|considering|saving (?:up )?for|"
          r"training for|"
          r"looking forward to|preparing for|working towards|about to (?:become|have a))|"
          r"am determined "
          r"to|have (?:signed up|enrolled|registered|applied|booked|bought tickets)|signed up for|"
          r"promised|have promised|am expecting a|am getting (?:married|divorced|a (?:dog|cat|"
          r"puppy))|"
          r"my (?:dream|goal|plan) is|dream of|am due to|am supposed to)\b"
          r"(?! (?:that|it|this|you)\b)"),
    _rule(_P, "", rf"^(?:{_ADVERBS})(?:want|hope|would like|wish) to (?!{_TRIVIAL})\w+"),
    _rule(_P, "", rf"^(?:am (?:going|flying|travelling|traveling|moving|visiting|meeting|having|"
                  rf"\w+ing)|"
          rf"will|shall|have to|need to|must|should not forget to|am to|want to|hope to) .*{WHEN}"),
    _rule(_P, "", r"^am (?:moving|flying|emigrating|going) (?:to (?-i:[A-Z])|abroad|away for)"),
)  # fmt: skip

TRANSIENT = re.compile(
    r"\b(?:today|tonight|yesterday|right now|just now|currently|at the moment|this (?:morning|"
    r"afternoon|evening|minute)|in a (?:minute|moment|second|bit|while)|for now|last night|earlier|"
    r"an? (?:minute|hour|moment) ago|later|soon|already|here|in here|over there)\b",
    re.IGNORECASE,
)


def read_predicate(clause: str, adverbial: str = "") -> Reading | None:
    """Read the predicate of one clause.

    Args:
        clause: As in the first person, without the subject: ``"live in Leeds"``.
        adverbial: What stood before the subject: ``"on Sundays"``.
    """
    whole = f"{clause} {adverbial}".strip()
    if safe := _first(ALLERGIES, clause, whole) or medicine(clause) or condition(clause):
        return safe
    if date := appointment(whole):
        return date
    return (
        _first(BACKGROUND, clause, whole)
        or _first(RELATIONSHIPS, clause, whole)
        or _lasting(liking(clause), whole)
        or _first(PERSONALITY, clause, whole)
        or _first(HABITS, whole, whole)
        or _first(PREFERENCES, clause, whole)
        or _first(ACTIVITIES, clause, whole)
        or _first(PLANS, whole, whole)
    )


def _first(rules: tuple[_Rule, ...], clause: str, whole: str) -> Reading | None:
    for rule in rules:
        if (reading := _lasting(rule.read(clause), whole)) is not None:
            return _settled(reading)
    return None


def _settled(reading: Reading) -> Reading:
    """An age changes by itself, so that a later one is always news."""
    return replace(reading, is_update=True) if reading.slot == "age" else reading


def _lasting(reading: Reading | None, text: str) -> Reading | None:
    """Return a reading unless the text says that it holds for the moment only."""
    if reading is None or reading.category in (_S, _P):
        return reading
    lasts_anyway = reading.slot in ("lives in", "age", "works at")
    return reading if lasts_anyway or not TRANSIENT.search(text) else None
