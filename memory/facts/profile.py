"""What a sentence tells about somebody that lasts, read by rules alone.

The sentence itself is what is remembered, never a rewording; the rules add its kind and the
question that it answers. They are strict: of what people say, most tells nothing that lasts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from memory.facts import lexicon
from memory.facts.allergies import Patient, allergies
from memory.facts.health import medicine
from memory.facts.phrasing import clauses, is_stated
from memory.facts.readings import TRANSIENT, WHEN, Reading, is_update, slot_name
from memory.facts.rules import read_predicate
from memory.facts.sensitivities import sensitivities
from memory.facts.third_person import first_person
from memory.records import Category

MIN_WORDS = 3

_ADVERBIAL = (
    r"(?:when(?:ever)? (?:i|we) [^,]+?,?\s+(?=(?:i|we)\b)|(?:on|in|at|next|this|tomorrow|tonight|"
    r"most|every|whenever|when|since|for|by|after|before|"
    r"during|usually|normally|sometimes|often|once|twice|as a (?:child|rule)|each|one day|"
    r"all my life|these days|nowadays|from \w+ on|last)\b[^,]{0,40}?,?\s+)"
)
_SELF = re.compile(
    rf"^(?P<adverbial>{_ADVERBIAL}|\w+(?: \w+)?,\s+)?(?P<who>i|we)\s+(?P<rest>\S.*)$", re.IGNORECASE
)
# As on the telephone: "This is Olga in Ohio."
_THIS_IS = re.compile(r"^(?i:this is) (?P<rest>[A-Z][\w'-]+(?: [A-Z][\w'-]+)? (?:in|from|at)\b.*)$")
_AND_ME = re.compile(
    r"^(?:my \w+ )?[A-Z]?[\w'-]+(?: and|,) I\s+(?P<rest>\S.*)$|"
    r"^(?:me and )[A-Z]\w+\s+(?P<rest2>\S.*)$"
)
_OURS = re.compile(
    rf"^(?:my|our)\s+(?P<kind>(?:(?:older|younger|elder|little|big|eldest|youngest|oldest|late|"
    rf"old|new|dear|ex-|twin|first|second|only|own|family)\s+)*(?:{lexicon.KIN}|{lexicon.ROLES}|"
    rf"{lexicon.PETS}))"
    r"(?:,?\s+(?-i:(?P<name>(?:(?:Dr|Mr|Mrs|Ms)\.?\s+)?[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)?)),?)?"
    r"(?P<own>'s?\s+(?:first |last )?name)?\s+(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_ONLY_ONE = (
    r"mother|mum|mom|mummy|father|dad|daddy|twin|boss|manager|dentist|doctor|gp|landlord|landlady|"
    rf"best friend|mother-in-law|father-in-law|{lexicon.PARTNER}"
)
_NAMED = re.compile(r"^(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)?)\s+(?P<rest>[a-z].*)$")
_OTHER = re.compile(r"^(?:he|she|they)\s+(?P<rest>\S.*)$", re.IGNORECASE)
_THEIRS = re.compile(r"^(?:his|her|their)\s+(?P<rest>\S.*)$", re.IGNORECASE)
_POINTED = re.compile(r"^(?:this|that|he|she|they|it)\s+(?:is|are)\s+(?:my|our)\s+(?P<rest>.+)$",
                      re.IGNORECASE)  # fmt: skip
_IS_OURS = re.compile(
    rf"^(?:is|was|are|has been)\s+(?:\w+\s+)?(?:my|our)\s+(?:[\w-]+\s+)?(?P<kind>{lexicon.KIN}|"
    rf"{lexicon.ROLES}|{lexicon.PETS})\b",
    re.IGNORECASE,
)
_NOT_A_SUBJECT = re.compile(
    r"^(?:The|This|That|These|Those|It|He|She|They|You|There|Here|What|Who|Where|When|How|Why|"
    r"Everybody|Everyone|Somebody|Someone|Nobody|Nothing|Something|Everything|People|One|Two|Three|"
    r"Some|All|Both|Many|Most|Each|Every|Any|No|Yes|Not|Let|Thank|Thanks|Please|And|But|So|If|In|"
    r"On|At|To|For|My|Our|Your|His|Her|Their|Its|A|An|I|We|Monday|Tuesday|Wednesday|Thursday|"
    r"Friday|Saturday|Sunday|Sounds?|Seems?|Feels?|Looks?|Bet|Almost|Guess|Glad|Hope|Wanted|Got|"
    r"Been|Having|Being|Going|Looking|Trying|Can|Could|Would|Should|Did|Do|Does|Is|Are|Was|Were|"
    r"Has|Have|Had|Will|Also|Even|Still|Such|More|Wow|Yep|Yeah|Oh|Hey|Well|Life|Nature|Music|Art|"
    r"Work|Family|Time|Love|Nice|Great|Cool|Sure|Really|Like|With|From|By|As|Of|Today|Tomorrow|"
    r"Yesterday|Which|Good|God|Just|Only|Never|Always|Maybe)\b"
)
_THIRD_PERSON = re.compile(
    r"(?:also |always |never |just |still |really |usually )*(?:\w+s|does not|did not|moved|died|"
    r"married|quit|stopped|gave|left|became|grew|studied|used|took|started|retired|lost)\b"
)
_NAMES = re.compile(r"^(?:is|was|are|am)(?: called| named)?\s+(?P<name>(?:(?:Dr|Mr|Mrs|"
                    r"Doctor)\.?\s+)?"
                    r"[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)*)$")  # fmt: skip
_CALLED = re.compile(r"^(?:is|was|are|am) (?:called|named)\s+(?P<name>.+)$", re.IGNORECASE)
_KIN_LASTING = re.compile(
    r"^(?:am (?:an? |the |from|called|named|married|retired|older|younger|\w+ years|dead|adopted|"
    r"good)|have (?:an? |two |three |four |no |never|been|always|just (?:started|moved|retired|"
    r"married))|(?:just |recently )?(?:died|passed|taught|raised|brought me|was born|graduated|"
    r"retired|married|started (?:school|university|college|at|a|work)|got (?:married|divorced|"
    r"engaged)|used to|served|fought|emigrated|grew|studied|worked)|(?:own|collect|play|speak|"
    r"teach|study|run|breed|paint|sing|write|help|look after|keep|drive|ride|visit|do not|never|"
    r"always|usually|love|hate|like|prefer|mean a lot|live|work|snore|chew|"
    r"bark)\b)",
    re.IGNORECASE,
)
_FAVOURITE = re.compile(
    r"^(?:my|our) (?:all-time )?favou?rite (?P<thing>[\w' -]+?) (?:is|are|has always been|was|"
    r"used to be)\s+(?P<value>.+)$|^(?P<value2>.+?) (?:is|are) (?:my|"
    r"our) (?:all-time )?favou?rite (?P<thing2>.+)$",
    re.IGNORECASE,
)
_POINTING = re.compile(r"^(?:it|this|that|these|those|they|he|she|you|the one)\b", re.IGNORECASE)
_LIKED = re.compile(
    r"^(?P<thing>.+?) (?:is|are) (?:what|the thing|something) (?:i|we) (?:like|love|enjoy)\b|"
    r"^what (?:i|we) (?:like|love|enjoy) (?:best|most|more than anything) (?:is|"
    r"are) (?P<thing2>.+)$",
    re.IGNORECASE,
)
_OWN_THINGS = (
    (re.compile(r"^(?:birthday|date of birth) (?:is|falls)(?: on|"
                r" in)? (?P<value>.+)", re.I), "birthday"),
    (re.compile(r"^(?P<slot>(?:middle|last|first|full|family|maiden|nick)[ -]?name|surname|"
                r"name) is "
                r"(?P<value>.+)", re.I), ""),
    (re.compile(r"^(?:home |postal |new )*address is (?P<value>.+)", re.I), "lives in"),
    (re.compile(r"^(?P<slot>phone number|mobile number|number|email(?: address)?|postcode|zip code|"
                r"blood type|blood group|star sign|shoe size|religion|height|"
                r"weight) is (?P<value>.+)",
                re.I), ""),
    (re.compile(r"^(?:mother tongue|native language|"
                r"first language) is (?P<value>.+)", re.I), "speaks"),
    (re.compile(r"^(?:job|profession|occupation) is (?P<value>.+)", re.I), "works as"),
    (re.compile(r"^(?:home|hometown|home town) is (?P<value>.+)", re.I), "lives in"),
)  # fmt: skip
_OWN_DATE = re.compile(
    rf"^(?:next |first |last |new )?(?P<what>(?:[\w'-]+ )?(?:{lexicon.DATES}|"
    r"appointment)(?: (?:with|at) (?:the |my )?(?P<with>[\w-]+))?|(?P<visit>"
    + lexicon.VISITS
    + r") appointment) (?:is|has been|was|"
    rf"will be|got|starts|begins|takes place)\b(?=.*(?:{WHEN}|\bcancell?ed|\bpostponed|\bmoved))",
    re.IGNORECASE,
)
_PLAN_IS = re.compile(
    r"^(?:my|our) (?:plan|dream|goal|aim|ambition|new year's resolution) is\b", re.I
)
_MY_MEDICINE = re.compile(r"\bmy (?:pills?|tablets?|medicine|medication|meds)\b", re.IGNORECASE)
_PUT_ON = re.compile(
    r"\b(?:doctor|gp|cardiologist|psychiatrist|specialist|hospital|consultant|neurologist|"
    r"nurse)\b.*\b"
    r"(?:put|prescribed|started|gave|has put|has prescribed) me\b(?: on)?(?P<rest>.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence tells.

    Attributes:
        about: Whom it names in the third person, e.g. ``"maya"``; empty for the speaker.
    """

    reading: Reading
    about: str = ""


def told_by_speaker(sentence: str) -> tuple[Told, ...]:
    """Return what a sentence tells that lasts about its speaker, theirs, or somebody it names."""
    if not is_stated(sentence):
        return ()
    parts = [clause for clause in clauses(sentence) if len(clause.split()) >= MIN_WORDS]
    found = _whole(", ".join(parts)) or [told for clause in parts if (told := _clause(clause))]
    if not any(told.reading.slot.rpartition(": ")[2].startswith("allergy:") for told in found):
        found += [_of_patient(*told) for told in allergies(sentence)]
    return tuple({(told.about, told.reading.slot): told for told in found}.values())


def told_by_halves(parts: Sequence[str], told: Iterable[Told]) -> list[tuple[str, Told]]:
    """Return what people do not tolerate by an utterance that says so in passing.

    Args:
        parts: The sentences of an utterance.
        told: What they tell outright.

    Returns:
        The words that tell it with what they tell.
    """
    known = [one.reading.slot.rpartition(":")[2].strip() for one in told if one.reading.slot]
    return [
        (words, _of_patient(patient, reading))
        for words, patient, reading in sensitivities(parts, list(filter(None, known)))
    ]


def told_of_other(sentence: str) -> tuple[Reading, ...]:
    """Return what a sentence tells that lasts about the one person it can mean ("She is ...")."""
    if not is_stated(sentence):
        return ()
    found = [reading for clause in clauses(sentence) if (reading := _other(clause))]
    return tuple({reading.slot: reading for reading in found}.values())


def _of_patient(patient: Patient, reading: Reading) -> Told:
    """Put what somebody cannot have under whom it concerns."""
    whom = patient.name or patient.kin
    return Told(_of(whom, reading) if whom else reading, patient.name)


def _whole(text: str) -> list[Told]:
    """Read what only shows in the whole of a sentence."""
    if match := _PUT_ON.search(text):
        reading = medicine(f"take {match['rest']}")
        return [Told(reading)] if reading else []
    if _MY_MEDICINE.search(text) and " take " in text:
        reading = medicine(f"take {text}")
        return [Told(reading)] if reading else []
    return []


def _clause(clause: str) -> Told | None:
    if match := _SELF.match(clause):
        reading = read_predicate(match["rest"], match["adverbial"] or "")
        return Told(reading) if reading else None
    if match := _THIS_IS.match(clause):
        reading = read_predicate(f"am {match['rest']}")
        return Told(reading) if reading else None
    if match := _AND_ME.match(clause):
        reading = read_predicate(match["rest"] or match["rest2"])
        return Told(reading) if reading else None
    if reading := _of_mine(clause) or _liked(clause):
        return Told(reading)
    if match := _OURS.match(clause):
        reading = _of_kin(
            match["kind"].casefold(), match["name"] or "", match["own"] or "", match["rest"]
        )
        return Told(reading) if reading else None
    return _of_named(clause)


def _of_mine(clause: str) -> Reading | None:
    """Read "my birthday is ..." and the like."""
    if _PLAN_IS.match(clause):
        return Reading(Category.PLAN)
    thing = re.sub(r"^(?:my|our) ", "", clause, flags=re.IGNORECASE)
    if thing == clause:
        return None
    for pattern, slot in _OWN_THINGS:
        if match := pattern.match(thing):
            slot = slot or match["slot"].casefold()
            value = "" if slot == "lives in" else match["value"].casefold()
            return Reading(Category.BACKGROUND, slot, value, is_update(clause))
    if match := _OWN_DATE.match(thing):
        what = match["with"] or match["visit"] or match["what"]
        name = re.sub(r"^(?:job|next|my)\s+|\s+appointment$", "", what.casefold())
        return Reading(Category.SAFETY, f"appointment:{name}", "", True)
    return None


def _liked(clause: str) -> Reading | None:
    """Read favourites and "... is what I like best"."""
    if match := _FAVOURITE.match(clause):
        thing = slot_name(match["thing"] or match["thing2"])
        value = slot_name(match["value"] or match["value2"])
        if not thing or _POINTING.search(match["value"] or match["value2"]):
            return None
        return Reading(Category.PREFERENCE, f"favourite:{thing}", value, is_update(clause))
    if match := _LIKED.match(clause):
        thing = slot_name(match["thing"] or match["thing2"])
        return Reading(Category.PREFERENCE, f"likes:{thing}", "likes", is_update(clause))
    return None


def _of_kin(kind: str, name: str, own_name: str, rest: str) -> Reading | None:
    """Read what is told of somebody who is the speaker's sister, dentist or dog."""
    slot = _role_slot(kind)
    if own_name or (named := _NAMES.match(rest)) or _CALLED.match(rest):
        value = rest.split()[-1].casefold() if own_name or not named else named["name"].casefold()
        return Reading(Category.RELATIONSHIP, slot, value if slot else "", is_update(kind))
    first = first_person(rest)
    if reading := read_predicate(first):
        # Of sisters and friends there may be several: what two of them do contradicts nothing.
        is_one = name or re.fullmatch(_ONLY_ONE, kind)
        return _of(name.casefold() or kind, reading if is_one else replace(reading, value=""))
    if (_KIN_LASTING.match(first) or name) and not TRANSIENT.search(rest) and _is_lasting(first):
        return Reading(Category.RELATIONSHIP)
    return None


def _of_named(clause: str) -> Told | None:
    """Read what is told of somebody by name."""
    match = _NAMED.match(clause)
    if match is None or _NOT_A_SUBJECT.match(clause) or not _THIRD_PERSON.match(match["rest"]):
        return None
    if ours := _IS_OURS.match(match["rest"]):
        slot = _role_slot(ours["kind"].casefold())
        return Told(Reading(Category.RELATIONSHIP, slot, match["name"].casefold() if slot else ""))
    reading = read_predicate(first_person(match["rest"]))
    if reading is None or reading.category == Category.PLAN or not reading.slot:
        return None
    about = match["name"].casefold()
    return Told(_of(about, reading), about)


def _other(clause: str) -> Reading | None:
    if match := _POINTED.match(clause):
        return Reading(Category.RELATIONSHIP)
    if match := _OTHER.match(clause):
        first = first_person(match["rest"])
        if reading := read_predicate(first):
            return reading
        if _KIN_LASTING.match(first) and not TRANSIENT.search(first) and _is_lasting(first):
            return Reading(Category.RELATIONSHIP)
        return None
    if match := _THEIRS.match(clause):
        return _of_mine(f"my {match['rest']}") or (
            Reading(Category.BACKGROUND, "name", match["rest"].split()[-1].casefold())
            if re.match(r"name is [A-Z]", match["rest"])
            else None
        )
    return None


def _of(whom: str, reading: Reading) -> Reading:
    """Put a reading about somebody close to the speaker under that person."""
    is_safety = reading.category == Category.SAFETY
    category = Category.SAFETY if is_safety else Category.RELATIONSHIP
    slot = f"{whom}: {reading.slot}" if reading.slot else ""
    return replace(reading, category=category, slot=slot)


def _role_slot(kind: str) -> str:
    """Return the slot of somebody of whom one has one at a time, else an empty one."""
    if re.fullmatch(lexicon.PARTNER, kind):
        return "partner"
    return kind if re.fullmatch(r"boss|manager|dentist|doctor|gp|landlord|landlady", kind) else ""


def _is_lasting(predicate: str) -> bool:
    """Tell whether a predicate is none of the many that hold for a moment only."""
    return not re.match(
        r"(?:am (?:here|there|late|tired|in|on|at|ill|sick|away|ready|coming|going|not|waiting|"
        r"very|so|\w+ing)|call|say|want|need|think|ask|wait|hurt|know|come|send|told|said|called|"
        r"asked|was|will|"
        r"went|came|gave|got|bought|texted|wrote|made|took|can|could|should)\b",
        predicate,
        re.IGNORECASE,
    )
