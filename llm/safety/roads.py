"""Traffic in view, and roads, bridges and trains of which somebody said that they are closed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llm.safety.allergies import article
from llm.safety.situation import Caution, Situation, asks_for_facts, own_words
from llm.safety.told import Told, saying
from memory.facts.engagements import happening
from memory.facts.hazards import OPEN_AGAIN, closes
from memory.facts.phrasing import is_stated, written_out
from memory.facts.schedule import local_day, read_schedule
from memory.units import DAY_NS

NEWS_NS = 14 * DAY_NS

_VEHICLE = re.compile(
    r"^(?:\w+ )?(?:car|bus|truck|lorry|van|motorcycle|motorbike|bicycle|bike|cyclist|train|tram|"
    r"scooter|taxi|tractor|ambulance)$",
    re.IGNORECASE,
)
_RED = re.compile(r"\bred (?:traffic )?(?:light|signal|man)\b|\btraffic light (?:is )?red\b", re.I)
_INTO_TRAFFIC = re.compile(
    r"\b(?:cross(?:ing)?(?: (?:now|here|over|the (?:road|street|tracks?|lane)))?|walk across|"
    r"run across|(?:go|get|nip|pop|dash|step|hop|walk|run|dart|scoot|whiz+)(?:ping|ning|ing|"
    r"ting)? (?:\w+ )?(?:over|across)|step(?:ping)? (?:off|onto|into|out)|"
    r"(?:other|opposite|far) side(?: of the (?:road|street))?|over the (?:road|street)|"
    r"(?:the \w+ )opposite|overtake|jaywalk|(?:cycle|ride|squeeze|go) (?:round|past|around|"
    r"between))\b",
    re.IGNORECASE,
)
_GOES_NOW = re.compile(
    r"\b(?:can|may|shall|should|could) (?:i|we) (?:walk|go|cross|start|drive|ride)\b|"
    r"\blet(?:'s| us) (?:go|walk|cross)\b|\bi will (?:go|walk|cross)\b",
    re.IGNORECASE,
)
_NO_CROSSING = re.compile(
    r"\b(?:red cross|cross(?:word|-country|ed|es|roads|ing out)|across from|cross with|a cross|"
    r"the cross|cross (?:that|this|it|them|him|her|out|off|my|your)|got across|come across|"
    r"came across|get (?:it|this|that) across)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:to|over|at|across|through|of|on|in|via|near) the (\w+)|^the (\w+(?: \w+)?) (?:is|are)\b",
    re.IGNORECASE,
)
_GOES = re.compile(
    r"\b(?:hike|hiking|climb|climbing|visit|come|bike|sail|row|paddle|jog|stroll|off to|way to|use|"
    r"drive|driving|walk|walking|cycle|cycling|ride|riding|take|taking|go|going|cross|crossing|"
    r"catch|catching|swim|skate|run|travel|via|over|across|through|head|heading|get to|board|bus|"
    r"train|tram|ferry)\b",
    re.IGNORECASE,
)
_STATE = happening(
    "closed shut blocked flooded danger unsafe trains train buses bus cars car vehicles vehicle "
    "all safe not is road street drive walk cross take go the careful open again somebody fell "
    "through"
)


def cautions(told: Sequence[Told], situation: Situation, reply: str) -> Iterator[Caution]:
    """Warn of vehicles and red lights before a road is crossed, and of ways that are closed."""
    yield from _traffic(situation, reply)
    words = written_out(f"{situation.words} {own_words(reply)}")
    if asks_for_facts(words) or not _GOES.search(words):
        return
    for place, statement in _closed(told, situation.now_ns):
        shared = place & happening(words)
        if _is_meant(shared, statement.text) and _holds(statement, situation):
            said = saying(statement, situation.now_ns)
            yield Caution(f"Careful on that way: {said}.", (statement.source,))


def _traffic(situation: Situation, reply: str) -> Iterator[Caution]:
    said = written_out(f"{situation.words} {own_words(reply)}")
    objects = situation.context.objects
    red = next((label for label in objects if _RED.search(label)), "")
    if red and (_GOES_NOW.search(said) or _INTO_TRAFFIC.search(said)):
        yield Caution(f"Careful: there is {article(red)} {red} in view, wait for it to change.", ())
        return
    vehicle = next((label for label in objects if _VEHICLE.match(label)), "")
    is_crossing = _INTO_TRAFFIC.search(said) and not _NO_CROSSING.search(said)
    if vehicle and is_crossing:
        text = f"Careful: there is {article(vehicle)} {vehicle} in view, look before you go."
        yield Caution(text, ())


def _closed(told: Sequence[Told], now_ns: int) -> list[tuple[frozenset[str], Told]]:
    """Return what is closed and where, without what has been opened since."""
    found: list[tuple[frozenset[str], Told]] = []
    for statement in sorted(told, key=lambda t: t.t_ns):
        text = written_out(statement.text)
        is_young = 0 <= now_ns - statement.t_ns < NEWS_NS
        place = happening(_closing(text) if statement.teller else text) - _STATE
        if OPEN_AGAIN.search(text):
            found = [(other, one) for other, one in found if not other & place]
        elif is_young and closes(text) and (not statement.teller or is_stated(statement.text)):
            found.append((place, statement))
    return found


def _closing(text: str) -> str:
    """Return what is closed without the way round it: "the bridge is out, go by the weir"."""
    clauses = [clause for clause in re.split(r"[,;]\s", text) if closes(clause)]
    return ", ".join(clauses) or text


def _is_meant(shared: frozenset[str], text: str) -> bool:
    """Tell whether common words name a place: two of them, or one that is a name."""
    if len(shared - _STATE) >= 2:
        return True
    words = [match[1] or match[2] for match in _PLACED.finditer(text)]
    words += re.findall(r"(?<!^)\b(?:[A-Z][a-z]\w+|[A-Z]+\d+)\b|^[A-Z]+\d+", text)
    names = frozenset(stem for word in words for stem in happening(word))
    return bool(shared & names) or (text.isupper() and bool(shared - _STATE))


def _holds(told: Told, situation: Situation) -> bool:
    """Tell whether a closure holds on the day that is spoken of."""
    closed = read_schedule(told.text, told.t_ns)
    plan = read_schedule(situation.words, situation.now_ns)
    days = plan.days or (local_day(situation.now_ns),)
    if not closed.has_day:
        return True
    if closed.days and re.search(r"\b(?:until|till)\b", told.text, re.IGNORECASE):
        return any(day <= closed.days[-1] for day in days)
    if closed.days and re.search(r"\b(?:from|since|as of)\b", told.text, re.IGNORECASE):
        return any(day >= closed.days[0] for day in days)
    return any(closed.is_on(day) for day in days)
