"""Things that somebody warned of: broken, live, rotten or poisonous, when they are to be used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from llm.safety.situation import Caution, Situation, asks_for_facts
from llm.safety.told import Told, saying
from llm.safety.use import is_used
from memory.facts.engagements import happening
from memory.facts.phrasing import written_out
from memory.stems import stems

DAY_NS = 24 * 3600 * 1_000_000_000
NEWS_NS = 30 * DAY_NS
FOR_NOW_NS = DAY_NS

_DANGER = re.compile(
    r"\b(?:perished|leaking|gas leak|rotten|rotted|cracked|frayed|live wires?|bare wires?|"
    r"gave (?:me|him|her) a (?:nasty )?shock|"
    r"electric shock|death ?caps?|poison\w*|toxic|deadly|venomous|contaminated|not safe|unsafe|"
    r"dangerous|gives? way|giving way|come loose|came loose|wobbl\w+|collapsed?|snapped|"
    r"(?:brakes?|lights?|alarm|lock|catch|rail|handrail|rung|step|tread|plank|floorboards?|hinge|"
    r"strap|chain|rope|cable|plug|socket|switch|valve|hose|guard|blade)s? (?:is|are|has|have) "
    r"(?:\w+ )?(?:been )?(?:gone|going|dead|out|broken|loose|off|packed up|failing|failed|faulty|"
    r"worn|missing|stuck)|packed up|leaks? (?:gas|fumes)|smell(?:s|ed)? of gas|carbon monoxide|"
    r"recalled|gone off|went off|out of date|mouldy|undercooked|red[- ]hot|scalding|boiling|"
    r"slippery|black ice|bites?|kicks? (?:out)?|thin ice|asbestos|broken|faulty)\b",
    re.IGNORECASE,
)
_WARNS = re.compile(
    r"\b(?:mind (?:the|that|your|out|you)|watch (?:it|out|the|that|your)|careful|be careful|beware|"
    r"look out|(?:do|must|should) not (?:you )?(?:use|touch|plug|switch|turn|sit|stand|lean|"
    r"step|eat|"
    r"drink|pick|go|trust|open|light|put|climb|drive|ride|let|swim|walk)|never (?:use|touch|plug|"
    r"stand|lean|open|eat|pick)|keep (?:off|away|clear|back)|stay (?:off|away|clear))\b",
    re.IGNORECASE,
)
_PROHIBITED = re.compile(
    r"\b(?:do not (?:you )?(?P<verb>touch|light|plug|switch|turn|sit|stand|lean|step|eat|drink|"
    r"pick|use|"
    r"open|climb|start|feed|stroke|go near)|nobody (?:\w+ )?(?P<verb2>touches|goes near|uses|"
    r"lights|opens|"
    r"starts|moves|eats|drinks)|never (?P<verb3>touch|use|light|open|climb|stand on|feed)|"
    r"keep (?:your "
    r"hands |well |right )?(?:off|away from|clear of)|leave (?:it|that|them|the \w+) (?:alone|"
    r"be)|stay away "
    r"from)\b(?P<what>[^.;!?]{0,50})",
    re.IGNORECASE,
)
_ANYTHING = re.compile(r"^\s*(?:a |any|it\b|them\b|near it|thing)", re.IGNORECASE)
_FOR_NOW = re.compile(
    r"\b(?:still|just (?:now|been)|for now|right now|wet|drying)\b", re.IGNORECASE
)
_MENDED = re.compile(
    r"\b(?:(?:is|are|has|have) (?:\w+ )?back(?: on| in)?|back on|good to go|right as rain|"
    r"all clear|new "
    r"(?:bolt|hose|guard|knob|part|cable|lock)|(?:can|may) (?:use|touch|light|run|have) (?:it|"
    r"them|the)|"
    r"mended|fixed|repaired|replaced|sorted|works? again|working again|as good as new|safe now|"
    r"safe again|fine now|new (?:one|ones|rungs?|brakes?|lights?|plug)|changed the|put right|"
    r"is fine|are fine|perfectly safe)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:the|an?|your|that|this) ((?:\w+ ){0,1}\w+)(?:,| (?:is|has|are|have|off)\b|'s\b)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:used to|years ago|last (?:year|winter|summer)|as a child)\b", re.IGNORECASE
)
_EMPTY = happening(
    "careful mind watch out old new by near since yesterday nobody slows down through right door "
    "out in use touch house home road street side front up off little any anything thing goes "
    "touches it says listen both yous "
    "clever nobody till little big one ones nothing "
    "kitchen car lights light pick eat drink stand sit look fly put plug switch turn walk drive"
)


def cautions(told: Sequence[Told], situation: Situation) -> Iterator[Caution]:
    """Warn of a thing or a place in words or in view that somebody warned of."""
    words = written_out(situation.words)
    if asks_for_facts(words) or not words:
        return
    seen = " ".join((situation.context.attended, *situation.written))
    spoken, shown = happening(words) - _EMPTY, happening(seen) - _EMPTY
    for warning in reversed(told):
        age_ns = situation.now_ns - warning.t_ns
        if not 0 <= age_ns < NEWS_NS or not _is_warning(warning.text):
            continue
        if _FOR_NOW.search(warning.text) and age_ns >= FOR_NOW_NS:
            continue
        about = happening(warning.text) - _EMPTY
        objects = _objects(warning.text)
        is_named = bool(objects & spoken) or (
            bool(about & spoken) and len(about & (spoken | shown)) >= 2
        )
        is_seen = bool(objects & shown) and is_used(words) and "?" not in words
        is_done = _is_done(warning.text, words)
        if not (is_named or is_seen or is_done) or _is_mended(warning, told, about):
            continue
        said = saying(warning, situation.now_ns)
        yield Caution(f"Careful there: {said}.", warning.sources)
        return


def _is_done(text: str, words: str) -> bool:
    """Tell whether just what was forbidden is about to be done: "do not light a thing in it"."""
    match = _PROHIBITED.search(written_out(text))
    if match is None or not _ANYTHING.match(match["what"]):
        return False
    verb = (match["verb"] or match["verb2"] or match["verb3"] or "").split(" ")[0]
    forbidden = set(stems(verb)) - {"touch", "use", "go", "goe"}
    return bool(forbidden & set(stems(words))) and bool(_DANGER.search(written_out(text)))


@lru_cache(maxsize=16384)
def _is_warning(text: str) -> bool:
    plain = written_out(text)
    if _PAST.search(plain) or text.rstrip().endswith("?"):
        return False
    is_danger = _DANGER.search(plain) and _WARNS.search(plain)
    return bool(is_danger or _PROHIBITED.search(plain))


@lru_cache(maxsize=16384)
def _objects(text: str) -> frozenset[str]:
    """Return the stems of what a warning is of: what stands next to the words that warn."""
    plain = written_out(text)
    near = [plain[m.end() : m.end() + 40] for m in _WARNS.finditer(plain)]
    near += [match["what"] for match in _PROHIBITED.finditer(plain)]
    # "The bandsaw has lost its guard. Nobody goes near it."
    if any(re.match(r"\s*(?:it|them|that)\b", piece) for piece in near):
        near += [match[1] for match in _SUBJECT.finditer(plain)]
    return frozenset(
        stem for piece in near for stem in happening(re.split(r"[,.;:]", piece)[0]) - _EMPTY
    )


def _is_mended(warning: Told, told: Sequence[Told], about: frozenset[str]) -> bool:
    return any(
        other.t_ns > warning.t_ns
        and _MENDED.search(written_out(other.text))
        and about & happening(other.text)
        for other in told
    )
