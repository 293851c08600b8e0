"""What was ruled out, or is for another time, held against what is planned now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from llm.safety.doses import ASKING_WHETHER, TAKING
from llm.safety.medicines import DRIVING, is_on
from llm.safety.situation import Caution, Situation, asks_for_facts, own_words
from llm.safety.told import Told, saying
from llm.safety.use import is_recalling
from memory.facts.allergens import allergens_in, found_in, names_dish
from memory.facts.clock import hours_in
from memory.facts.instructions import FORBIDDING, instructs
from memory.facts.medicines import is_same, medicines_in
from memory.facts.numbers import WORDS, count_of
from memory.facts.phrasing import is_stated, written_out
from memory.facts.schedule import Schedule, local_day, local_minute, read_schedule
from memory.stems import stems
from memory.units import HOUR_NS

DRIVING_NS = 24 * HOUR_NS
FASTING_NS = 3 * 24 * HOUR_NS
LATEST_FAST_MIN = 14 * 60

_THINGS = (
    "alcohol",
    "grapefruit",
    "milk",
    "cheese",
    "coffee",
    "tea",
    "salt",
    "liquorice",
    "spinach",
)
_FORBIDDEN = re.compile(rf"\b{FORBIDDING}\b(?P<what>[^.;]{{0,80}})", re.IGNORECASE)
_NOT_WITH = re.compile(
    r"\b(?:do|does|must|should|can) not (?:go|mix|agree|be taken|take it|"
    r"take them) (?:well )?with\b"
    r"(?P<what>[^.;]{0,60})",
    re.IGNORECASE,
)
_OFF_LIMITS = re.compile(
    r"(?P<what>[^.;,]{0,40})\b(?:is|are) (?:off limits|out|forbidden|banned|taboo)\b", re.I
)
_TOGETHER = re.compile(
    r"\b(?:with (?:it|them|that|my)|together|within \w+ hours?|wash|(?:go|mix|"
    r"agree)\w* (?:well )?with|"
    r"at the same time)\b",
    re.IGNORECASE,
)
_ONESELF = re.compile(r"\b(?:i|me|my|mine)\b", re.IGNORECASE)
_ADDRESSED = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"^(?:my|our|his|her|their) \w+ |^(?:he|she|they)\b|\b(?:his|her|their)\b", re.IGNORECASE
)
_MY_MEDICINE = re.compile(
    r"^(?:my|our) (?:\w+ ){0,3}?(?:pills?|tablets?|drops|medicine|medication|meds|doctor|gp|nurse|"
    r"pharmacist|\w+(?:cillin|pril|statin|olol|ine|zole|fen))\b",
    re.IGNORECASE,
)
_NO_DRIVING = re.compile(
    rf"\b{FORBIDDING}\b.{{0,30}}\b(?:drive|driving|machinery)\b", re.IGNORECASE
)
_FOR_HOURS = re.compile(
    rf"\bfor (?:at least )?(?P<count>\d{{1,2}}|{'|'.join(WORDS)}) hours\b",
    re.IGNORECASE,
)
_FAST = re.compile(
    r"\b(?:nothing to eat|no food|do not eat|must not eat|not (?:to )?eat|no breakfast|fasting|"
    r"nothing but water|anything but water|nil by mouth|(?:only|just) (?:\w+ )?(?:sips of )?water|"
    r"water only|"
    r"fasted|(?:clear )?(?:fluids|liquids) only|clear (?:fluids|liquids)|\bempty\b|not a (?:bite|"
    r"crumb|morsel)|nothing (?:from|after|before|past|until|till)\b|"
    r"(?:blood test|bloods?|lab|"
    r"scan|fasting bloods).{0,40}"
    r"\bempty|(?:come|be|stay|arrive) fasted|on an empty stomach|not (?:have )?(?:any )?(?:food|"
    r"breakfast))\b",
    re.IGNORECASE,
)
_EVE = re.compile(
    r"\b(?:after|from|past) (?P<hour>\w+)(?: o'clock)? (?:tonight|the (?:night|evening) before|"
    r"that "
    r"(?:night|evening))\b|\b(?:after|from) midnight\b",
    re.IGNORECASE,
)
_HELPS_ONESELF = (
    r"(?:have|having|grab|try|finish|polish off|help myself to|nibble|munch) "
    r"(?:one|some|an?|another|this|that|these|those)\b(?! (?:\w+ )?(?:shower|bath|bus|taxi|cab|"
    r"look|rest|nap|lie|walk|water|sip|"
    r"tablets?|pills?|coat|seat|think|word|chat|call|scan|test|appointment|moment|minute|lift)\b)"
)
_FOODS = ("gluten", "milk", "eggs", "sugar", "coffee", "fish")
_BEFORE = re.compile(
    r"\b(?:before|until|from midnight|beforehand|ahead of|after midnight|prior to|midnight|"
    r"after \w+ tonight|from \w+ (?:tonight|the night|in the morning)|fasting|fasted)\b",
    re.I,
)
_EATS = re.compile(
    r"\b(?:eat|eating|breakfast|snack|lunch|dinner|supper|meal|toast|porridge|cereal|sandwich|"
    rf"croissant|brunch|bite|feed|bananas?|apples?|pastr(?:y|ies)|buns?|starving|tuck in|"
    rf"{_HELPS_ONESELF})\b",
    re.IGNORECASE,
)
_MOMENTS = (
    # What was said, and what goes against it.
    (r"at bedtime|before bed|at night|in the evening|before sleep",
     r"morning|breakfast|lunch|noon|midday|afternoon"),
    (r"before breakfast|empty stomach|before (?:eating|food|meals)",
     r"after (?:breakfast|eating|lunch|dinner|food)|(?:have|already) eaten|with (?:food|"
     r"breakfast)"),
    (r"with (?:food|meals?|breakfast|a meal)|after (?:food|meals?|eating|breakfast)|"
     r"(?:never|not) on an empty stomach",
     r"(?:have )?not eaten|(?<!never )(?<!not )on an empty stomach|before (?:breakfast|"
     r"eating|food)|"
     r"without food|instead of (?:breakfast|lunch)"),
    (r"in the morning|every morning", r"bedtime|tonight|before bed|in the evening|at night"),
)  # fmt: skip
_MOMENT_FORMS = tuple(
    (re.compile(rf"\b(?:{told})\b", re.I), re.compile(rf"\b(?:{planned})\b", re.I))
    for told, planned in _MOMENTS
)
_WARY = re.compile(
    r"\b(?:for you,? i worry about|you (?:are|were|had|come up as) (?:\w+ )?(?:allergic|"
    r"sensitive|a reaction) to|"
    r"your (?:notes|record|records|file|card) (?:say|says|has|have|show|shows)|i have (?:it|"
    r"you) (?:here|down)"
    r" (?:as|in)|allergy to|allergic to)(?P<what>[^.;]{0,60})",
    re.IGNORECASE,
)
_HEAVIER = re.compile(
    r"\bnothing (?:heavier|bigger|more|longer|stronger|harder) than\b[^.;]*", re.I
)
_NONE_AFTER_ALL = re.compile(r"\b(?:not|no longer|n't) (?:\w+ )?allergic\b", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\b(?:never|not) (?:before|earlier)\b", re.IGNORECASE)
_NOW = re.compile(r"\bnow\b|\balready\b|\bthis minute\b", re.IGNORECASE)
_COURSE = re.compile(r"\b(?:finish|until|till|course|to the end|complete)\b", re.IGNORECASE)
_STOPS = re.compile(r"\b(?:stop|quit|leave off|skip|give up|come off|no more of)\b", re.IGNORECASE)


def cautions(told: Sequence[Told], situation: Situation, reply: str) -> Iterator[Caution]:
    """Warn of what is planned or here although somebody ruled it out."""
    words = written_out(situation.words)
    if asks_for_facts(words) or ASKING_WHETHER.search(words):
        words = ""
    if is_recalling(situation.words):
        return
    own = [statement for statement in told if statement.is_own]
    planned = written_out(own_words(reply))
    for statement in reversed(told):
        if not _is_for_wearer(statement, words):
            continue
        text = written_out(statement.text)
        why = (
            _what_is_here(text, own, situation, words, planned)
            or _drives(statement, text, own, situation, words)
            or _eats(statement, text, situation, f"{words} {planned}")
            or _at_another_time(text, situation, words)
            or _breaks_off(text, words)
        )
        if why:
            said = saying(statement, situation.now_ns)
            yield Caution(f"Careful with {why}: {said}.", (statement.source,))


def _is_for_wearer(told: Told, words: str) -> bool:
    """Tell whether a rule is one for the wearer, or for somebody whom the wearer speaks of."""
    if not told.teller:
        return bool(re.search(rf"\b{FORBIDDING}\b|\btake\b|\bfasting\b", told.text, re.IGNORECASE))
    if told.slot.startswith("taken:") or not _rules(told.text) or _NONE_AFTER_ALL.search(told.text):
        return False
    text = written_out(told.text)
    if not told.is_own:
        return bool(_ADDRESSED.search(text)) or not _ONESELF.search(text)
    if _OTHERS.search(text) and not _MY_MEDICINE.search(text):
        return False
    owner = re.match(r"(?P<who>[A-Z]\w+)'s ", text)
    return owner is None or owner["who"].casefold() in words.casefold()


@lru_cache(maxsize=16384)
def _rules(text: str) -> bool:
    """Tell whether one of the sentences of a text rules something out or gives it a time."""
    if _WARY.search(text) and medicines_in(text):
        return True
    plain = written_out(text)
    if is_stated(text) and _FAST.search(plain) and _BEFORE.search(plain):
        return True
    return any(instructs(part) for part in (text, *re.split(r"(?<=[.!])\s+", text)))


def _what_is_here(
    text: str, own: Sequence[Told], situation: Situation, words: str, planned: str
) -> str:
    """Return what was ruled out and is in view, in words or in the reply."""
    ruled_out = _ruled_out(text)
    here = (*situation.written, words, planned)
    if not ruled_out or not _applies(text, ruled_out, own, " ".join(here)):
        return ""
    listed = (thing for thing in _THINGS if re.search(rf"\b{thing}\w*\b", ruled_out, re.I))
    # "No sugar for me" is taste, "keep it away from dairy" is about a medicine.
    named = allergens_in(ruled_out) if medicines_in(text) else []
    for thing in (*listed, *(name for name, _, _ in named)):
        if found := next((found for line in here if (found := found_in(line, thing))), ""):
            return found
    acted = " ".join((*situation.written, words if TAKING.search(words) else "", planned))
    return next(
        (
            name
            for name in _dangers(medicines_in(ruled_out), ruled_out, own)
            if any(is_same(name, other) for other in medicines_in(acted))
        ),
        "",
    )


def _applies(text: str, ruled_out: str, own: Sequence[Told], here: str) -> bool:
    """Tell whether the medicine that a rule goes with is still taken, and taken with this."""
    barred = medicines_in(ruled_out)
    medicines = [n for n in medicines_in(text) if not any(is_same(n, other) for other in barred)]
    if not all(is_on(own, name) for name in medicines):
        return False
    is_at_once = medicines and _TOGETHER.search(text)
    return not is_at_once or any(
        is_same(n, other) for n in medicines for other in medicines_in(here)
    )


def _dangers(named: Sequence[str], ruled_out: str, own: Sequence[Told]) -> list[str]:
    """Return which of the medicines that a rule names is the danger.

    "I must not take aspirin with warfarin": not what is taken anyway, else what is named first.
    """
    taken = {name for told in own if told.value == "takes" for name in medicines_in(told.text)}
    others = [name for name in named if name not in taken]
    is_pair = len(others) == len(named) and re.search(r"\b(?:with|and|together)\b", ruled_out)
    return others[:1] if is_pair else others


@lru_cache(maxsize=16384)
def _ruled_out(text: str) -> str:
    forms = (_NOT_WITH, _FORBIDDEN, _OFF_LIMITS, _WARY)
    plain = _HEAVIER.sub("", text)
    return " ".join(match["what"] for form in forms for match in form.finditer(plain))


def _drives(told: Told, text: str, own: Sequence[Told], situation: Situation, words: str) -> str:
    if not (_NO_DRIVING.search(text) and DRIVING.search(words)):
        return ""
    limit = _FOR_HOURS.search(text)
    span_ns = count_of(limit["count"]) * HOUR_NS if limit else DRIVING_NS
    began = [told.t_ns] + [
        one.t_ns for one in own
        if one.slot.startswith("taken:")
        and any(is_same(a, b) for a in medicines_in(one.text) for b in medicines_in(text))
    ]  # fmt: skip
    return "driving" if situation.now_ns - max(began) < span_ns else ""


def _eats(told: Told, text: str, situation: Situation, planned: str) -> str:
    """Tell whether somebody is to eat while they are to fast for something."""
    if not (_FAST.search(text) and _BEFORE.search(text)):
        return ""
    if not (
        _EATS.search(planned)
        or names_dish(planned)
        or any(found_in(planned, food) for food in _FOODS)
    ):
        return ""
    days = read_schedule(told.text, told.t_ns)
    plan = read_schedule(situation.words, situation.now_ns)
    if days.has_day:
        whens = plan.days or (local_day(situation.now_ns),)
        minute = None if plan.days else local_minute(situation.now_ns)
        return "eating before that" if any(_fasts(text, days, day, minute) for day in whens) else ""
    shared = set(stems(text)) & set(stems(planned)) - set(stems("eat nothing before"))
    is_young = situation.now_ns - told.t_ns < FASTING_NS
    return "eating before that" if shared and is_young else ""


def _fasts(text: str, days: Schedule, day: date, minute: int | None) -> bool:
    """Tell whether nothing may be eaten on a day, at a minute of it where that is known.

    It begins the evening before where an hour of it is told, and ends when it was fasted for.
    """
    evening = _EVE.search(text)
    hour = evening["hour"] if evening else None
    eve_hours = hours_in(f"at {hour} in the evening") if hour else ()
    if days.is_on(day + timedelta(days=1)) and eve_hours and minute is not None:
        return minute >= eve_hours[0].begin_min
    if not days.is_on(day):
        return False
    rest = _EVE.sub("", text)
    ends = [h.begin_min for h in hours_in(rest) if h.is_clock and h.begin_min <= LATEST_FAST_MIN]
    return minute is None or minute < (ends[0] if ends else LATEST_FAST_MIN)


def _at_another_time(text: str, situation: Situation, words: str) -> str:
    """Tell whether a medicine is to be taken at a time that it is not for."""
    meant = [
        n for n in medicines_in(words) if any(is_same(n, other) for other in medicines_in(text))
    ]
    if not meant or not TAKING.search(words):
        return ""
    for told, planned in _MOMENT_FORMS:
        if told.search(text) and planned.search(words) and not told.search(words):
            return f"the time of the {meant[0]}"
    hours = [span for span in hours_in(text) if span.is_clock]
    if hours and _NOT_BEFORE.search(text) and _NOW.search(words):
        is_early = local_minute(situation.now_ns) < hours[0].begin_min
        return f"the time of the {meant[0]}" if is_early else ""
    return ""


def _breaks_off(text: str, words: str) -> str:
    meant = [
        n for n in medicines_in(words) if any(is_same(n, other) for other in medicines_in(text))
    ]
    if meant and _STOPS.search(words) and _COURSE.search(text) and not _STOPS.search(text):
        return f"stopping the {meant[0]}"
    return ""
