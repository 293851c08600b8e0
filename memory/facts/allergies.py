"""Who cannot have what, in whatever words: "nuts send me to hospital", "Leo can't have eggs".

What counts is the structure: something that people may not tolerate, what it does, and to whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.facts import lexicon
from memory.facts.allergens import allergens_in
from memory.facts.phrasing import is_stated, written_out
from memory.facts.readings import Reading, slot_name
from memory.records import Category

_KIN = rf"(?:{lexicon.KIN}|boy|girl|lad)"
_CLOSE = (
    r"grandad|granddad|grandpa|grandma|granny|gran|nan|mum|mom|mummy|dad|daddy|mother|father|"
    r"auntie|uncle|baby"
)
_WHO = (
    r"(?P<who>(?:I|me|us|we|myself)\b|(?:my|our) (?:\w+ ){0,2}?"
    rf"(?P<kin>{_KIN})(?:,? (?-i:(?P<kin_name>[A-Z]\w+)))?\b|(?P<close>{_CLOSE})\b|"
    r"(?:our )?(?-i:(?P<name>[A-Z][a-z]\w+))\b)"
)
_MINE = (
    r"(?:my|our) (?:throat|face|mouth|skin|eyes?|lips?|tongue|stomach|tummy|gut|head|nose|belly|"
    r"asthma|eczema|hands?|airways?|chest)\b"
)
_REACTION = (
    r"(?:hospital|a ?& ?e|emergency room|ambulance|rash(?:es)?|hives|spots|welts|blotch\w*|"
    r"swell\w*|"
    r"swollen|puff\w* up|clos(?:es?|ing|ed) up|clos(?:es?|ing)|tighten\w*|itch\w*|tingl\w*|burn\w*|"
    r"anaphyla\w*|allerg\w*|shock|asthma(?: attacks?)?|wheez\w*|sneez\w*|migraines?|"
    r"doubles? (?:me|us|him|her) over|cramps?|vomit\w*|throw\w* up|very ill|terribly sick|sick for|"
    r"diarrh\w*|bloat\w*|break(?:s|ing)? out|come(?:s)? out in|blister\w*|weals?|epi-?pen|"
    r"kill(?:s|ed)?|"
    r"can not breathe|stop(?:s)? breathing|stomach pains?|stomach ache|eczema|flare)"
)
_DOES = (
    r"(?:makes?|made|sends?|sent|gives?|gave|brings?|puts?|lands?|landed|sets?|triggers?|"
    r"(?:nearly |almost )?kill(?:s|ed)?|doubles?|knocks?|hurts?|upsets?|blows?|inflames?)"
)
_AFTER_THING = re.compile(
    rf"^[^.;]{{0,20}}?\b{_DOES}\b (?:{_WHO}|(?P<mine>{_MINE})).{{0,40}}?\b{_REACTION}\b|"
    rf"^[^.;]{{0,20}}?\b{_DOES}\b (?P<mine2>{_MINE})|"
    rf"^,? and (?P<me3>I|we|my \w+)\b.{{0,40}}?\b{_REACTION}\b|"
    r"^ and (?P<me9>I|me) (?:am|are|is) an? (?:bad|terrible|awful|poor|deadly|dangerous) \w+|"
    r"^ and (?P<me4>I|me) (?:do not|have never|never) (?:really )?(?:get along|get on|agree|mix)\b|"
    r"^ (?:do|does) not agree with (?P<me5>me|us)\b|"
    r"^ (?:is|are) (?:out|off limits|off the menu|taboo|forbidden|poison|banned|a no[- ]go|no good)"
    r" for (?P<me6>me|us)\b|"
    rf"^ (?:near|around|anywhere near) (?P<me7>me)\b.{{0,40}}?\b{_REACTION}\b|"
    r"^ (?:out )?(?:for|of) (?P<me8>me|us)\b.*\b(?:doctor|allergist|test|no more)\b",
    re.IGNORECASE,
)
_SO_DO = re.compile(r"^ (?:do|does) (?:too|so too|as well|the same)\b", re.IGNORECASE)
_OF_ME = re.compile(rf"(?:{_MINE}|\bme\b).{{0,30}}\b{_REACTION}\b", re.IGNORECASE)
_SENSITIVE = re.compile(
    rf"\b{_WHO} (?:am|is|have been|has been) (?:\w+ )?(?:hyper-?)?(?:sensitive|"
    rf"intolerant) (?:to|of)\s*$",
    re.IGNORECASE,
)
_LINK = (
    r"(?:from|of|to|after|when(?:ever)? (?:i|we) (?:eat|have|touch|drink|smell)|"
    r"if (?:i|we) (?:eat|have|touch)|because of|on account of|near|with|for|by|against|due to|"
    r"in case of|and eat)(?: (?:some|any|eating|a|an|the|drinking|touching|too many|too much))*\s*"
)
_BEFORE_THING = re.compile(
    rf"(?P<mine>{_MINE}).{{0,30}}?\b{_REACTION}\b.{{0,15}}?\b{_LINK}$|"
    rf"\b{_WHO}(?: have| has| had| get| gets| go| goes| suffer| suffers| react| reacts| carry| "
    rf"carries| swell| swells| break| breaks| need| needs|)\b(?!.*\b(?:and|but)\b).{{0,30}}?"
    rf"\b{_REACTION}\b.{{0,15}}?\b{_LINK}$",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    rf"\b{_WHO} (?:(?:can|must|may|should) (?:not|never)|am not allowed|is not allowed|"
    r"(?:do|does) not|(?:has|have) to avoid|must avoid|avoids?|stays? (?:off|away from)|"
    r"steers? clear of|am not to|is not to|never)"
    r"(?: to)?(?: (?:eat|have|touch|drink|tolerate|stomach|digest|be near|go near|take|do|"
    r"handle|cope with|deal with|process))?"
    r"(?: (?:any|anything|or|even|with|a|the|bite|of|single|products|containing|in it))*\s*$",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:eat|have|touch|drink|tolerate|stomach|digest|be near|go near|avoids?|stays?|"
    r"steers?|do|handle|cope with|"
    r"deal with|process)\b",
    re.I,
)
_MEDICAL = re.compile(
    rf"\b(?:tolerate|digest|stomach)\b|\b{_REACTION}\b|\b(?:doctor|allergist|disease|"
    rf"condition|c(?:o)?eliac|gut|medical)\b",
    re.I,
)
_RULED_OUT = re.compile(
    r"\b(?:no (?:more )?|(?:has|have) forbidden (?:me )?|(?:has|have) taken (?:me )?off |"
    r"(?:has|have) banned (?:me )?(?:from )?)$",
    re.IGNORECASE,
)
_BY_DOCTOR = re.compile(
    r"\b(?:doctor|gp|allergist|dietician|dietitian|nurse|specialist|consultant|hospital)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:do|does) not\b|\bnever\b|\bavoids?\b|\bstays? |\bsteers? ", re.IGNORECASE
)
_ON_LIST = re.compile(r"^ (?:allerg(?:y|ies)|intolerances?)\b", re.IGNORECASE)
_HAS = re.compile(r"\b(?:have|has|with|for|am|is)\b", re.IGNORECASE)
_ANYBODY = re.compile(_WHO, re.IGNORECASE)
# What is in no list is taken at its word where the rest leaves no doubt.
_UNLISTED = (
    re.compile(
        r"^(?P<thing>[\w' -]{3,30}?) (?:gives? me (?:a rash|hives|an allergic)|"
        r"sets? off my (?:allergy|"
        r"asthma|eczema)|brings? me out in)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:{_MINE} (?:\w+ ){{0,2}}?(?:blister\w*|swell\w*|itch\w*)(?: up)?|"
        rf"\b(?:i (?:always )?(?:get|"
        r"break out in) (?:an? )?(?:\w+ )?(?:rash|hives|eczema|asthma attacks?)|i swell up))"
        r" (?:from|after|with) (?P<thing>[\w' -]{3,30})",
        re.IGNORECASE,
    ),
)
_OVER = re.compile(
    r"\b(?:used to|as a child|grown out|grew out|no longer|not any ?more|negative|false alarm|"
    r"yesterday|last night|this morning|today|another bite|full|once he|not allergic|"
    r"can have|may have|if (?:i|we) were|stand)\b|\b(?:do|does|did|never) not (?:make|give|send)",
    re.IGNORECASE,
)
_STOPPED = re.compile(
    r"\b(?:am|is|are) (?:full|stuffed)\b|\b(?:this|that|these|those) \w+ (?:is|was)\b"
)


_NO_NAME = re.compile(
    r"The|This|That|These|Those|It|One|And|But|So|Some|Any|All|Eating|Every|Everything|What|If|When|"
    r"They|Nobody|Everybody|Someone|You|He|She|Her|His|Please|Even|Just|Also|Not|No|Too|Because"
)


@dataclass(frozen=True, slots=True)
class Patient:
    """Who it is about: the speaker, somebody of theirs, or somebody by name."""

    kin: str = ""
    name: str = ""


def allergies(sentence: str) -> list[tuple[Patient, Reading]]:
    """Return who cannot have what by a sentence that does not put it in the plainest words."""
    if not is_stated(sentence):
        return []
    text = written_out(sentence)
    if _OVER.search(text) or _STOPPED.search(text):
        return []
    found = []
    for thing, start, end in allergens_in(text):
        patient = _patient(text, start, end)
        # "Biscuit can't have grapes": what is somebody's name is not what they cannot have.
        if patient is not None and patient.name != thing:
            reading = Reading(Category.SAFETY, f"allergy:{thing}", "yes")
            found.append((patient, reading))
    return found or _unlisted(text)


def _unlisted(text: str) -> list[tuple[Patient, Reading]]:
    things = (slot_name(match["thing"]) for form in _UNLISTED if (match := form.search(text)))
    thing = next(filter(None, things), "")
    return [(Patient(), Reading(Category.SAFETY, f"allergy:{thing}", "yes"))] if thing else []


def _patient(text: str, start: int, end: int) -> Patient | None:
    before, after = text[:start], text[end:]
    if match := _AFTER_THING.search(after):
        return _who(match)
    if match := _BEFORE_THING.search(before) or _SENSITIVE.search(before):
        return _who(match)
    if _SO_DO.search(after) and _OF_ME.search(before):
        return Patient()
    match = _FORBIDDEN.search(before)
    if match is not None and _VERB.search(match[0]):
        # That somebody does not eat a thing may be taste; that they cannot is not.
        is_choice = _CHOICE.search(match[0])
        return None if is_choice and not _MEDICAL.search(text) else _who(match)
    if _RULED_OUT.search(before) and _BY_DOCTOR.search(before):
        return Patient()
    return _last_named(before) if _ON_LIST.search(after) and _HAS.search(before) else None


def _last_named(before: str) -> Patient | None:
    """Return of whom a sentence speaks at last, "she" being whoever was named."""
    patients = [patient for match in _ANYBODY.finditer(before) if (patient := _who(match))]
    return patients[-1] if patients else None


def _who(match: re.Match[str]) -> Patient | None:
    groups = match.groupdict()
    if groups.get("close"):
        return Patient(kin=groups["close"].casefold())
    if name := groups.get("kin_name") or groups.get("name"):
        return None if _NO_NAME.fullmatch(name) else Patient(name=name.casefold())
    if groups.get("kin"):
        return Patient(kin=groups["kin"].casefold())
    return Patient()
