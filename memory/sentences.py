"""The sentences of an utterance, and by which name its speaker is introduced."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SENTENCE = re.compile(r"[^.!?…]+(?:\.(?=\S)[^.!?…]*)*[.!?…]*[\"'\u201d\u2019)]*")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e)\.$", re.IGNORECASE)

_ONLY_A_TIME = re.compile(
    r"(?:(?:on|at|from|to|till|until|next|this|the|in|of|half|quarter|past|a|and|sharp|around|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow|tonight|mornings?|afternoon|"
    r"evening|night|noon|o'clock|[ap]\.?m\.?|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|thirty|fifteen|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|[\d:.]+(?:st|nd|rd|th|am|pm)?)[\s,.!]*)+",
    re.IGNORECASE,
)
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?(?P<name>[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2})"
_INTRODUCTIONS = (
    re.compile(rf"\b(?i:my name is|my name's|I am called|call me)\s+{_NAME}"),
    re.compile(rf"\b(?:I'm|I am)\s+{_NAME}"),
    re.compile(rf"^(?:(?i:hi|hello|hey|yes|well|and)[,!]?\s+)*(?i:this is)\s+{_NAME}"),
    # As on the telephone: the place sets it apart from "this is Paris".
    re.compile(rf"\b(?i:this is)\s+{_NAME}\s+(?:in|from|at|here|calling|speaking)\b"),
)
NATIONALITIES = (
    "American|British|English|Scottish|Welsh|Irish|French|German|Italian|Spanish|Portuguese|Dutch|"
    "Danish|Swedish|Norwegian|Finnish|Polish|Russian|Ukrainian|Greek|Turkish|Indian|Pakistani|"
    "Chinese|Japanese|Korean|Vietnamese|Thai|Canadian|Mexican|Brazilian|Australian|African|"
    "European|Asian|Belgian|Swiss|Austrian|Czech|Hungarian|Romanian|Bulgarian|Croatian|Serbian|"
    "Iranian|Iraqi|Syrian|Egyptian|Moroccan|Nigerian|Kenyan|Israeli|Lebanese|Filipino|Indonesian|"
    "Colombian|Argentinian|Chilean|Peruvian|Cuban|Estonian|Latvian|Lithuanian|Icelandic|Slovak"
)
_NOT_A_NAME = re.compile(
    # What the wearer, this program and a prompt call themselves is nobody's name either.
    r"(?:I|You|Your|Me|Wearer|Attune|Companion|Assistant|System|User|Notes|AI|"
    r"OK|Okay|Mr|Mrs|Ms|Dr|God|Christian|Catholic|Protestant|Muslim|Jewish|Hindu|Buddhist|"
    rf"{NATIONALITIES}|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|"
    "March|April|May|June|July|August|September|October|November|December|Christmas|Easter|"
    "England|Scotland|Wales|Ireland|London|Britain|America|Europe)"
)


def sentences(text: str) -> list[str]:
    """Split what was said into sentences, each with its closing mark."""
    found: list[str] = []
    for match in _SENTENCE.finditer(text):
        piece = match.group().strip()
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        elif piece:
            found.append(piece)
    return found


def with_their_times(parts: Iterable[str]) -> list[str]:
    """Join sentences that only tell a time with what they tell it of.

    "Driving test! Friday, two." is one piece of the text then.
    """
    found: list[str] = []
    for part in parts:
        if found and _ONLY_A_TIME.fullmatch(part) and not is_question(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def is_question(sentence: str) -> bool:
    """Tell whether a sentence asks rather than states."""
    return sentence.rstrip("\"'\u201d\u2019) ").endswith("?")


def introduced_name(text: str) -> str:
    """Return the name by which the speaker introduces themselves, or an empty string.

    Two different names in one utterance may be two voices heard as one, and give none.
    """
    names = {name for sentence in sentences(text) if (name := _name_in(sentence))}
    return names.pop() if len(names) == 1 else ""


def same_words(text: str) -> str:
    """Return a form under which a repeated statement is recognised as the same."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _name_in(sentence: str) -> str:
    for pattern in _INTRODUCTIONS:
        if match := pattern.search(_plain(sentence)):
            words = match["name"].split()
            kept = []
            for word in words:
                if _NOT_A_NAME.fullmatch(word):
                    break
                kept.append(word)
            return " ".join(kept)
    return ""


def _plain(sentence: str) -> str:
    return sentence.replace("\u2019", "'")
