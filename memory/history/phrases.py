"""What words name: places, activities and topics, by rules and a small lexicon.

English only. The rules see the words of one minute at a time and nothing else, so that the same
words always give the same keys.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from memory.stems import COMMON, stems

MAX_TOPICS = 5
MAX_PLACE_WORDS = 3
_LEAST_LETTERS = 4

_PLACES = frozenset(
    re.findall(
        r"\S+",
        """
    airport apartment attic bakery balcony bank bar barn basement bathroom bay beach bedroom bridge
    building cabin cafe café campus canteen castle cathedral cellar cemetery chapel church cinema
    city classroom clinic club coast college corridor cottage countryside courtyard dentist dock
    embassy factory farm field flat forest gallery garage garden gym hall harbor harbour hill home
    hospital hotel house hut island kindergarten kitchen lab laboratory lake library loft lounge
    market meadow mosque mountain museum nursery office park pharmacy pier platform playground pool
    port post-office pub restaurant river room school sea shed shop shore square stadium station
    store street studio supermarket surgery synagogue temple terrace theater theatre tower town
    university valley village vineyard waterfront wood woods workshop yard zoo
    """,
    )
)
_DETERMINER = r"(?:the|a|an|my|our|your|his|her|their|this|that|its)"
_IN_PLACE = re.compile(
    r"\b(?:in|at|inside|outside|near|by|from|to|into|behind|through|around|on|towards?)\s+"
    rf"(?:{_DETERMINER}\s+)?(?P<words>[^\W\d_][\w'-]*(?:\s+[^\W\d_][\w'-]*){{0,2}})",
    re.IGNORECASE,
)
_IN_NAMED = re.compile(
    r"\b(?:in|at|near|through|around|from|outside|visit(?:ed|ing)?)\s+(?:the\s+)?"
    r"(?P<words>[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2})"
)
_NOT_A_PLACE = frozenset(
    re.findall(
        r"\S+",
        """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday christmas easter english german french spanish
    italian portuguese dutch latin god i mr mrs ms dr
    """,
    )
)

_HERE = re.compile(rf"\bhere (?:in|at|inside|outside|on) (?:{_DETERMINER} )?", re.IGNORECASE)
_I_AM = re.compile(
    r"^(?:i am|we are)(?: (?:still|just|now|back|both|all|already|finally|sitting|sat|standing|"
    rf"stood|waiting|stuck))* (?:in|at|inside|outside|on) (?:{_DETERMINER} |(?=home\b))",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}")

_ACTIVITIES: dict[str, str] = {
    "cleaning": "clean cleaning vacuum mop sweep scrub tidy dusting",
    "cooking": "cook cooking cooked bake baking baked roast fry frying boil recipe oven dough stew",
    "cycling": "cycle cycling bike bicycle",
    "doing laundry": "laundry ironing washing-machine",
    "drinking": "coffee tea beer wine drink drinking",
    "driving": "drive driving drove steering motorway",
    "eating": "eat eating ate lunch dinner breakfast supper meal pizza sandwich fork spoon",
    "exercising": "exercise gym yoga jogging workout training swim swimming",
    "gardening": "garden gardening weeding planting watering lawn pruning",
    "making music": "piano guitar violin cello rehearsal choir singing",
    "meeting": "meeting agenda minutes-taking appointment",
    "on the phone": "phone call calling telephone cell-phone",
    "painting": "paint painting sketch drawing",
    "playing": "play playing game chess cards puzzle football tennis",
    "reading": "read reading book novel newspaper magazine",
    "repairing": "repair repairing fix fixing mend screwdriver drill hammer",
    "shopping": "shop shopping buy buying bought supermarket cashier checkout groceries",
    "travelling": "train flight plane ticket luggage suitcase travel travelling journey boarding",
    "walking": "walk walking stroll hike hiking",
    "watching": "tv television film movie watching screen",
    "working": "laptop keyboard work working office spreadsheet email project deadline",
    "writing": "write writing letter notebook pen",
}
_ACTIVITY_OF = {word: name for name, words in _ACTIVITIES.items() for word in words.split()}

_NOT_A_TOPIC = frozenset(
    re.findall(
        r"\S+",
        """
    able actually again already always another anything around away back because being best better
    bit both bring come comes coming could day days different does doing done down each else enough
    even ever every everybody everyone everything exactly far feel feeling feels few find fine first
    five four full gave give given gives going gone gonna good got great guess half happen happened
    hard hello here hope idea into just keep kind kinda knew know known last late later least leave
    left less let like likely little live long look looked looking looks lot lots made make makes
    making many maybe mean means might mind more morning most much must name need needs never new
    nice night nobody nothing now often okay old once one only other ours over own part people
    perhaps place point pretty probably put quite rather ready real really right said same saw say
    saying says see seem seems seen several shall should show side since six somebody someone
    something sometimes soon sort still stuff such sure take taken takes taking talk tell ten thank
    thanks that their them then there these they thing things think this those though thought three
    through time times today together told tomorrow tonight too took top toward tried true try
    trying turn two under until upon use used using usually very wait want wanted wants was way week
    well went were what whatever when where which while whole whom whose why will with without won
    word words would yeah year years yesterday yet you your yours
    """,
    )
)
_NOUN_PHRASE = re.compile(
    rf"\b(?:{_DETERMINER}|some|any|no|about|of|for|with|more|these|those)\s+"
    r"(?P<words>[^\W\d_][\w'-]*(?:\s+[^\W\d_][\w'-]*){0,2})",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2}")


def places(text: str, people: Collection[str] = ()) -> list[str]:
    """Return the places that words name, e.g. ``"kitchen"``, ``"leeds workshop"``, ``"porto"``.

    Args:
        text: One or more sentences.
        people: Names, which are no places ("from Ruth").
    """
    names = {part.casefold() for name in people for part in name.split()}
    found: dict[str, None] = {}
    for match in _IN_PLACE.finditer(text):
        words = _up_to_place(match["words"].casefold().split())
        if words:
            found |= dict.fromkeys((words[-1], " ".join(words)))
    for match in _IN_NAMED.finditer(text):
        words = match["words"].casefold().removesuffix("'s").split()
        if not (names | _NOT_A_PLACE).intersection(words):
            found[" ".join(words)] = None
    return list(found)


def places_written(line: str) -> list[str]:
    """Return the place that a sign names, e.g. ``"central station"``."""
    words = re.findall(r"[^\W\d_][\w'-]*", line.casefold())
    if not 0 < len(words) <= MAX_PLACE_WORDS or not _PLACES.intersection(words):
        return []
    nouns = [word for word in words if word in _PLACES]
    return list(dict.fromkeys((nouns[-1], " ".join(words))))


def place_here(clause: str) -> str:
    """Return the place where a clause says that its speaker is, e.g. ``"clinic"``; else nothing.

    Args:
        clause: With its contractions written out.
    """
    here = _HERE.search(clause)
    match = here or _I_AM.match(clause)
    if match is None:
        return ""
    rest = clause[match.end() :]
    if here and (name := _NAME.match(rest)):
        words = name[0].casefold().split()
        return "" if _NOT_A_PLACE.intersection(words) else " ".join(words)
    words = re.findall(r"[\w'-]+|[^\w\s]", rest.casefold())[: MAX_PLACE_WORDS + 1]
    place = _up_to_place(words[:MAX_PLACE_WORDS])
    # "In the school choir" is in no school.
    after = "".join(words[len(place) : len(place) + 1])
    return "" if after.isalpha() and after not in COMMON else " ".join(place)


def activities(words: Iterable[str]) -> list[str]:
    """Return what is done, by the words that go with it, e.g. ``"cooking"`` for an oven."""
    found = (_ACTIVITY_OF.get(word.casefold().replace(" ", "-")) for word in words)
    return list(dict.fromkeys(name for name in found if name))


def topics(text: str) -> list[str]:
    """Return what is talked about most: noun phrases, longer and repeated ones first."""
    phrases = [_content(match["words"]) for match in _NOUN_PHRASE.finditer(text)]
    phrases += [match[0].casefold().split() for match in _NAMED.finditer(text)]
    counted = Counter(" ".join(words) for words in phrases if words)
    first = {phrase: at for at, phrase in enumerate(counted)}
    weights = {phrase: n * (1 + len(stems(phrase))) for phrase, n in counted.items()}
    return sorted(weights, key=lambda phrase: (-weights[phrase], first[phrase]))[:MAX_TOPICS]


def ngrams(text: str, most: int = MAX_PLACE_WORDS) -> list[str]:
    """Return the runs of one to three words of a text: what could be a key."""
    words = re.findall(r"\w[\w'-]*", text.casefold())
    runs = (" ".join(words[i : i + n]) for n in range(1, most + 1) for i in range(len(words)))
    return list(dict.fromkeys(runs))


def _up_to_place(words: list[str]) -> list[str]:
    """Return the words up to the noun that names a place, or none."""
    for at, word in enumerate(words):
        if word in _PLACES:
            return words[: at + 1]
        if word in COMMON:
            return []
    return []


def _content(words: str) -> list[str]:
    """Return the words before the first that carries no meaning of its own."""
    kept: list[str] = []
    for word in words.casefold().split():
        bare = word.removesuffix("'s")
        if bare in COMMON or bare in _NOT_A_TOPIC or len(bare) < _LEAST_LETTERS - bool(kept):
            break
        kept.append(bare)
    return kept
