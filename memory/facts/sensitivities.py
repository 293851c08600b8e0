"""Who does not tolerate what where nobody says so outright: "No nuts for him, his lips came up".

What counts is that three things stand close together: something that people may not tolerate, what
it did to a body or that it is kept away from, and whose body it was. They may be spread over two
sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from memory.facts import lexicon
from memory.facts.allergens import PLAIN, allergens_in, listed_as
from memory.facts.allergies import Patient
from memory.facts.medicines import medicine_spans, medicines_in
from memory.facts.phrasing import is_stated, written_out
from memory.facts.readings import Reading
from memory.records import Category

HE_OR_SHE = ("he", "she")
"""Under whom it is kept where only a pronoun tells."""

_BODY = (
    r"(?:throat|airways?|windpipe|chest|lips?|face|tongue|eyes?|mouth|hands?|arms?|neck|skin|legs?|"
    r"cheeks?|belly|stomach|tummy|gut|guts|insides)"
)
_HARM = re.compile(
    rf"\b{_BODY}\b (?:\w+ ){{0,2}}?(?:shuts?|clos\w+|swell\w*|swollen|swole|tighten\w*|itch\w*|"
    r"blister\w*|burn\w*|tingl\w*|puff\w*|c[ao]mes? (?:up|out)|blew up|blows? up|went (?:like|all|"
    r"up|red|numb)|goes? (?:like|all|up|red|numb)|ballooned|stream\w*|flare\w*|erupt\w*|in knots|"
    r"in bits|cramps?)\b|"
    rf"\b{_BODY}\b (?:fills?|filled|goes? tight|went tight|gets? tight|turns? \w+|turned \w+)\b|"
    r"\b(?:c[ao]m(?:e|es|ing)|br[eo]aks?|broke|breaking|blew|blows?|swell\w*|swole|puff\w*) "
    r"(?:right |all )?(?:up|out) (?:in|like|as)\b|"
    r"\b(?:hives|rash(?:es)?|welts|weals|anaphyla\w*|epi-?pens?|(?:auto-?)?injectors?|"
    r"(?:took|take|takes|taking|brought|fetch\w*) the skin off|adrenalin\w*|intubat\w*|ventilator|"
    r"on oxygen|purple|lobster|"
    r"nearly (?:did for|killed|finished|had|saw off) "
    r"(?:me|him|her|us)|(?:came|comes|blew) up like|allerg\w*|"
    r"intoleran\w*|co?eliac|(?:can|could|can't|couldn't) not breathe|wheez\w*|nebuli[sz]er|"
    r"swelled up|swells? up|swollen up|blister\w*|allergic reaction|reacts? (?:badly )?to|"
    r"throw\w* up|threw up|vomit\w*|doubled? (?:up|over)|asthma (?:off|up|attacks?)|(?:sets?|"
    r"set|brings?) (?:off|on) (?:my|his|her) "
    r"asthma)\b",
    re.IGNORECASE,
)
_ILL = re.compile(
    r"\b(?:hospital|ambulance|a ?& ?e|casualty|drip|paramedics?|emergency|intensive care|"
    r"toilet|loo|"
    r"bathroom|sick|ill|poorly|pens?|gall ?bladder|gallstones?|pancreas|stomach|gut|guts|tummy|"
    r"bowels?|kidneys?|liver|migraines?|cramps?|bloat\w*|operation|nurse|doctor|gp|consultant|"
    r"allergist|dieti[ct]ian|passed out|collapsed?|fainted|nearly (?:died|killed)|reaction|reflux|"
    r"ulcer|gout|in bed for|swell\w*|itch\w*|lumps?)\b",
    re.IGNORECASE,
)
_AVOIDED = re.compile(
    r"\b(?:(?:can|could|must|should|may|do|does|will|would|dare|am|is|"
    r"are) not (?:\w+ ){0,2}?(?:eat|"
    r"have|touch|near|drink|do|take|stomach|risk|manage|handle|allowed|supposed|keep)|"
    r"never (?:touch\w*|ha(?:ve|s)|eats?|go(?:es)? near|risks?)|"
    r"le(?:ave|aves|ft|aving)\b.{1,30}?\b(?:alone|be|out|off)|"
    r"(?:steer|steers|keep|keeps|stay|stays) (?:well |right )?(?:clear|away|off)|avoid\w*|"
    r"(?:is|are) (?:out|off|poison|no good|off the menu|off limits|banned|forbidden)|"
    r"not for (?:me|him|her|us|them)|none (?:of \w+ )?for (?:me|him|her|us|them)|no [\w ]{2,20} "
    r"(?:for|in)|(?:gave|give|given|giving) up|had to (?:stop|drop)|sworn off|swore off|lay off|"
    r"without)\b",
    re.IGNORECASE,
)
_ENEMIES = re.compile(
    r"\b(?:and (?:me|i|him|her|we)|with|(?:me|i|him|her) and)\b.{0,40}?\b(?:falling[- ]out|"
    r"fell out|"
    r"fallen out|part(?:ed|ing)? company|(?:do|does|did) not (?:get on|get along|agree|mix|see eye "
    r"to eye)|sworn enemies|mortal enemies|not (?:on speaking terms|friends|speaking))\b|"
    r"\b(?:do|does) not (?:agree|sit well|like me)\b",
    re.IGNORECASE,
)
_OCCASION = re.compile(
    r"\b(?:it was (?:an?|the) (?=ambulance|hospital|drip)|i have had (?:an?|the) (?=ambulance)|"
    r"last time|the one time|ended up|end up|so much as|every time|whenever|one (?:bite|sip|"
    r"taste|mouthful|whiff)|(?:one|an?|another) (?:\w+ ){1,2}and (?:i|he|she|they|we|it)\b|if (?:i|"
    r"he|she|we|they)|when(?: ?ever)? (?:i|he|she|we|they)|fetched|"
    r"called|sen[dt]s?|put (?:me|him|her)|lands?|landed|gives? (?:me|him|her)|makes? (?:me|him|"
    r"her)|"
    r"gave (?:me|him|her)|made (?:me|him|her)|ever since|took (?:my|his|her|me|"
    r"him)|nearly)\b",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\b(?:used to|as a child|grown out|grew out|no longer|not any ?more|negative|false alarm|"
    r"not allergic|can have|may have|all clear|never (?:had|been) (?:an? )?(?:allerg\w*|problem|"
    r"reaction)|turned out (?:fine|to be nothing)|over it)\b",
    re.IGNORECASE,
)
_KIN = rf"(?:{lexicon.KIN}|boy|girl|lad|lass|little one|grandad|nan|gran|youngest|eldest|oldest)"
_PERSON = re.compile(
    rf"\b(?:(?:my|our) (?:\w+ )?(?P<kin>{_KIN})\b(?:,? (?-i:(?P<kin_name>[A-Z]\w+)))?|"
    r"(?P<self>I|me|my|mine|myself|we|us|our)|(?P<he>he|him|his)|(?P<she>she|her|hers))\b|"
    r"(?<![.!?] )(?<!^)(?<!\w')\b(?-i:(?P<name>[A-Z][a-z]{2,}))\b(?!'s)|"
    r"(?:^|(?<=[.!?] ))(?-i:(?P<subject>[A-Z][a-z]{2,})) (?=(?:can|could|must|is|has|had|does|"
    r"gets?|"
    r"goes|came|comes|never|swells?|reacts?|went)\b)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:The|This|That|These|Those|It|He|She|They|You|What|Which|Nobody|Everybody|Someone|Dad|Mum|"
    r"Mom|Gran|Nan|God|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|"
    r"March|April|May|June|July|August|September|October|November|December|Christmas|Easter|Doctor|"
    r"There|Here|Last|Not|Never|Everything|Anything|Pen|EpiPen|English|French|Chinese|Thai|Indian)"
)


_COMPARED = re.compile(
    r"\b(?:like|as (?:big|red|round|fat|white) as) (?:an? |the |little )?$", re.I
)
_REMEDY = re.compile(
    r"inhalers?|epi-?pens?|adrenaline|antihistamines?|insulin|steroids?|hives|eye drops|"
    r"nasal spray",
    re.IGNORECASE,
)
_SPOKEN_FOR = re.compile(
    r"\b(?:has|had|have|used) to (?:tell|warn|remind)|\b(?:always|still) (?:tells?|warns?|warned) "
    r"(?:them|everybody|people|the)\b",
    re.IGNORECASE,
)


def sensitivities(
    parts: Sequence[str], known: Sequence[str]
) -> Iterator[tuple[str, Patient, Reading]]:
    """Yield what somebody does not tolerate by what was said over one sentence or two.

    Args:
        parts: The sentences of an utterance.
        known: What has been read of it already, e.g. ``"nuts"``.

    Yields:
        The words that tell it, whom it concerns, and what it says.
    """
    found = set(known)
    passages: list[tuple[str, ...]] = [*((part,) for part in parts), *pairwise(parts)]
    for pieces in passages:
        passage = " ".join(pieces)
        if not any(map(is_stated, pieces)) or _NOT_NOW.search(written_out(passage)):
            continue
        for thing, patient in _read(tuple(map(written_out, pieces)), tuple(map(is_stated, pieces))):
            if not any(thing in other or other in thing for other in found):
                found.add(thing)
                yield passage, patient, Reading(Category.SAFETY, f"allergy:{thing}", "yes")


def _read(pieces: tuple[str, ...], stated: tuple[bool, ...]) -> Iterator[tuple[str, Patient]]:
    text = " ".join(pieces)
    told = " ".join(piece for piece, is_meant in zip(pieces, stated, strict=True) if is_meant)
    for thing in _things(pieces):
        by = _reason(told, thing)
        if by is None:
            continue
        at = max(text.find(by[0]), 0)
        patient = _patient(text, at, at + len(by[0]))
        if patient.name != thing:
            yield thing, patient


def _things(pieces: Sequence[str]) -> list[str]:
    """Return what the first sentence that names something not tolerated names."""
    for piece in pieces:
        spans = [*allergens_in(piece), *medicine_spans(piece)]
        named = [
            thing
            for thing, start, _ in spans
            if not _COMPARED.search(piece[:start]) and not _REMEDY.fullmatch(thing)
        ]
        if named:
            return list(dict.fromkeys(named))
    return []


def _reason(told: str, thing: str) -> re.Match[str] | None:
    """Return the words for which something counts as not tolerated, or None."""
    avoided, ill = _AVOIDED.search(told), _ILL.search(told)
    if harm := _HARM.search(told):
        return harm
    # What a doctor rules out of medicines may be for other reasons.
    if ill and avoided and not medicines_in(thing):
        return avoided
    if ill and _OCCASION.search(told):
        return ill
    enemies = _ENEMIES.search(told)
    return enemies if enemies and listed_as(thing) not in ("", PLAIN) else None


def _patient(text: str, start: int, end: int) -> Patient:
    """Return whose body a reason speaks of: the last person named up to it, else the next."""
    people = [m for m in _PERSON.finditer(text) if not _is_no_name(m)]
    before = [m for m in people if m.start() < end]
    inside = [m for m in before if m.start() >= start]
    nearest = (inside or before[-1:] or people[:1])[:1]
    return _who(nearest[0], people) if nearest else Patient()


def _who(match: re.Match[str], people: Sequence[re.Match[str]]) -> Patient:
    if name := match["kin_name"] or match["name"] or match["subject"]:
        return Patient(name=name.casefold())
    if match["kin"]:
        return Patient(kin=match["kin"].casefold())
    if match["self"]:
        return Patient()
    earlier = [m for m in people if m.start() < match.start() and not _is_pronoun(m)]
    if earlier:
        return _who(earlier[-1], people)
    if _SPOKEN_FOR.search(match.string[: match.start()]):
        # "My wife always has to tell them, he cannot have that" is about whoever says so.
        return Patient()
    return Patient(name=next(who for who in HE_OR_SHE if match[who]))


def _is_pronoun(match: re.Match[str]) -> bool:
    return any(match[group] for group in ("self", *HE_OR_SHE))


def _is_no_name(match: re.Match[str]) -> bool:
    name = match["name"] or match["subject"]
    return bool(name) and _NO_NAME.fullmatch(name) is not None
