"""What kind of answer a question asks for, and which words can be one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.stems import stems

_NUMBER = (
    r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|half|quarter|twice|pair|both))"
)
_TIME = (
    r"\d|\b(?:\w+day|\w+days|tomorrow|tonight|morning|afternoon|evening|noon|midnight|night|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"spring|summer|autumn|winter|week|weeks|weekend|month|months|year|years|o'clock|half past|"
    r"quarter (?:past|to)|at (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|"
    r"first|second|third|\w+(?:th|-first|-second|-third)|now|soon|later|today|yesterday|christmas|"
    r"easter|after|before|until|till|minutes?|hours?|daily|ago|since)\b"
)
_AMOUNT = re.compile(rf"{_NUMBER}[\w-]*|\ban? (?:hour|minute|day|week|month|year)")
_COLOUR = (
    r"\b(?:red|blue|green|yellow|black|white|gr[ea]y|brown|pink|orange|purple|violet|beige|gold\w*|"
    r"silver|turquoise|cream|dark|light|navy|scarlet|crimson)\b"
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of question.

    Attributes:
        asks: What its words are like.
        answer: What an answer must hold.
        frame: Words of the question that say what is asked for and not about what.
    """

    asks: re.Pattern[str]
    answer: re.Pattern[str]
    frame: frozenset[str]


def _kind(asks: str, answer: str, frame: str = "") -> _Kind:
    asked, answered = (re.compile(pattern, re.IGNORECASE) for pattern in (asks, answer))
    return _Kind(asked, answered, frozenset(stems(frame)))


_KINDS = (
    _kind(r"\b(?:tele)?phone number", r"\d\D?\d\D?\d", "phone telephone number"),
    _kind(
        r"\bhow much\b|\b(?:what|which) .*\b(?:costs?|price|rent|salary|fee)\b",
        _NUMBER,
        "much cost costs price pay paid",
    ),
    _kind(r"\bhow (?:many|old)\b", _NUMBER, "many old"),
    _kind(
        r"\bhow (?:long|far|tall|high|deep|wide|heavy|big)\b",
        rf"{_NUMBER}|{_TIME}|\ban? (?:hour|minute|day|week|month|year|metre|mile|kilo)",
        "long far tall high deep wide heavy big",
    ),
    _kind(r"\bhow often\b", rf"{_NUMBER}|{_TIME}|\b(?:once|every|always|never)\b", "often"),
    _kind(r"\b(?:which|what) (?:page|number|size|year|floor|platform|amount)\b", _NUMBER),
    _kind(
        r"\b(?:when (?:is|are|am|does|do|will|can|must|should)|what time|"
        r"(?:which|what) da(?:y|te))\b",
        _TIME,
        "when time day date",
    ),
    _kind(r"\b(?:what|which) colou?r\b", _COLOUR, "colour color"),
)
_ASIDE = re.compile(r"\. You said then: .*$")


def content(question: str) -> set[str]:
    """Return the stems of what a question is about, without those of what it asks for."""
    kind = _kind_of(question)
    return set(stems(question)) - (kind.frame if kind else frozenset())


def can_answer(question: str, text: str) -> bool:
    """Tell whether a text holds an answer of the kind asked for: a number for "how many"."""
    kind = _kind_of(question)
    return kind is None or bool(kind.answer.search(_ASIDE.sub("", text)))


def differ(question: str, one: str, other: str) -> bool:
    """Tell whether two texts that can answer give different amounts, where one is asked for."""
    kind = _kind_of(question)
    if kind is None or kind.answer.pattern == _TIME:
        return False
    first, second = (set(_AMOUNT.findall(_ASIDE.sub("", t).casefold())) for t in (one, other))
    return bool(first and second) and first.isdisjoint(second)


def _kind_of(question: str) -> _Kind | None:
    return next((kind for kind in _KINDS if kind.asks.search(question)), None)
