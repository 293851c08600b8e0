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
    r"quarter (?:past|to)|(?:at|around|about|by|past|till|until) (?:one|two|three|four|five|"
    r"six|seven|eight|nine|ten|eleven|twelve)|"
    r"first|second|third|\w+(?:th|-first|-second|-third)|now|soon|later|today|yesterday|christmas|"
    r"easter|after|before|until|till|minutes?|hours?|daily|ago|since)\b"
)
_UNIT = (
    r"(?:second|minute|hour|day|night|week|month|year|centimet\w+|millimet\w+|met(?:re|er)|"
    r"kilomet\w+|mile|foot|feet|inch|inche|yard|stop|page)s?\b"
)
_SINCE = r"\b(?:since|until|till|from \w+ (?:to|until)|all (?:day|night|week))\b"
_PLACE = (
    r"\b(?:in|on|at|under|behind|beside|by|near|next to|opposite|over|above|below|between|inside|"
    r"outside|around|across|along|up|down|to|from|into|onto|through|past|off|with|here|there|home|"
    r"upstairs|downstairs|street|road|lane|row|square|avenue|floor|room)\b"
)
_PRICE = (
    r"[$\u00a3\u20ac]|\b(?:euros?|pounds?|dollars?|cents?|pence|crowns?|francs?|free|nothing)\b|"
    r"(?<!\bat )(?<!\bby )(?<!past )(?<!around )(?<!until )(?<!road )(?<!street )(?<!room )"
    rf"(?<!page )(?<!floor ){_NUMBER}(?![\w-]*(?:(?:th|-first|-second|-third)\b|"
    rf" (?:past|to|o'clock|kilos?|grams?|{_UNIT})))"
)
_COUNT = (
    r"(?:\d+(?:[.:,]\d+)*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|hundred|thousand|dozen|half|quarter|"
    r"one(?= (?:hundred|thousand|point|of|o'clock|every)))"
)
_PHRASE = rf"{_COUNT}(?: (?:and |point |oh |past |to )?(?:{_COUNT}|one))*(?![\w-])"
_AMOUNT = re.compile(
    rf"\ban? (?:hour|minute|day|week|month|year)\b|\b{_PHRASE}|"
    r"(?<=\bjust )one\b|(?<=\bonly )one\b"
)
_WHEN = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|"
    r"august|september|october|november|december|morning|afternoon|evening|bedtime|breakfast|noon|"
    r"midnight)(?=s?\b)|\bone(?= o'clock)|\b\d+(?:st|nd|rd|th)\b|"
    r"(?<=\bthe )(?:first|second|third)\b|"
    r"\b(?:fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|"
    rf"(?:twent|thirt)ieth|(?:twenty|thirty)-(?:first|second|third|\w+th))\b|\b{_PHRASE}"
)
_THEN = (
    r"\bwhen (?:did|was|were|had)\b|\bhow long ago\b|\bhow long \w+ it (?:been )?since\b|"
    r"\bhow long (?:have|has) (?:\w+ ){1,3}(?:been|had)\b|"
    r"\b(?:which|what) (?:day|date|morning|afternoon|evening|night|week|month)\b"
    r"(?: (?:of|in) the \w+)? (?:did|was|were|had|have|has)\b"
)
_ASKS_WHEN = re.compile(r"\bwhen\b", re.IGNORECASE)
_ASKS_WHEN_IT_WAS = re.compile(_THEN, re.IGNORECASE)
_ASKS_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)
_COLOUR = (
    r"\b(?:red|blue|green|yellow|black|white|gr[ea]y|brown|pink|orange|purple|violet|beige|gold\w*|"
    r"silver|turquoise|cream|dark|light|navy|scarlet|crimson)\b"
)
# A sight of a thing names nobody.
_NO_THING = r"^(?!You looked at an? [^:]*$|An? .* was in view\.$)"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of question.

    Attributes:
        asks: What its words are like.
        answer: What an answer must hold.
        frame: Words of the question that say what is asked for and not about what.
        value: What two answers differ in, None where that cannot be told.
    """

    asks: re.Pattern[str]
    answer: re.Pattern[str]
    frame: frozenset[str]
    value: re.Pattern[str] | None


def _kind(asks: str, answer: str, frame: str = "", value: re.Pattern[str] | None = None) -> _Kind:
    asked, answered = (re.compile(pattern, re.IGNORECASE) for pattern in (asks, answer))
    return _Kind(asked, answered, frozenset(stems(frame)), value)


_KINDS = (
    # When a memory is from is its answer, whatever its words are.
    _kind(_THEN, "", "day date month time long ago", _WHEN),
    _kind(r"\b(?:tele)?phone number", r"\d\D?\d\D?\d", "phone telephone number"),
    _kind(
        r"\bhow much\b|\b(?:what|which) .*\b(?:costs?|price|rent|salary|fee|pay|paid|charged?)\b",
        _PRICE,
        "much cost costs price pay paid charge charged money",
        _AMOUNT,
    ),
    _kind(r"\bhow (?:many|old)\b", _NUMBER, "many old", _AMOUNT),
    _kind(
        r"\bhow long\b",
        rf"(?:{_NUMBER}[\w-]*|\ban?) (?:\w+ )?(?:{_UNIT})|{_SINCE}",
        "long take takes last lasts",
        _AMOUNT,
    ),
    _kind(
        r"\bhow (?:far|tall|high|deep|wide|heavy|big)\b",
        rf"{_NUMBER}|\ban? (?:{_UNIT})",
        "far tall high deep wide heavy big",
        _AMOUNT,
    ),
    _kind(
        r"\bhow often\b", rf"{_NUMBER}|{_TIME}|\b(?:once|every|always|never)\b", "often", _AMOUNT
    ),
    _kind(
        r"\b(?:which|what) (?:page|number|size|year|floor|platform|amount)\b", _NUMBER, "", _AMOUNT
    ),
    _kind(
        r"\b(?:when (?:is|are|am|does|do|will|can|must|should)|what time|"
        r"(?:which|what) da(?:y|te))\b",
        _TIME,
        "when time day date",
        _WHEN,
    ),
    _kind(
        r"\bwhere\b.*\b(?:from|born|grow up|grew up)\b",
        r"\b(?:from|born|grew up|raised|native|\w+ian)\b",
        "come came born grow grew",
    ),
    _kind(r"\bwhere\b", rf"{_PLACE}|/", "live put leave left keep"),
    _kind(
        r"\bwhat\b.* \b(?:called|name|surname)\b|\bhow\b.* called\b",
        r"\b(?:called|names?|named|this is|I'm|I am|surname)\b|(?-i:(?<=[a-z,] )[A-Z]\w|[A-Z]{2})",
        "called name first last surname",
    ),
    _kind(r"\b(?:what|which) colou?r\b", _COLOUR, "colour color"),
    _kind(r"^\W*(?:and |so )?who(?:m|se)?\b", _NO_THING),
)
_ASKING = frozenset(stems("tell told say said happen happened usually normally still now"))
_ASIDE = re.compile(r"\. You said then: .*$")


def content(question: str) -> set[str]:
    """Return the stems of what a question is about, without those of what it asks for."""
    kind = _kind_of(question)
    return set(stems(question)) - _ASKING - (kind.frame if kind else frozenset())


def can_answer(question: str, text: str) -> bool:
    """Tell whether a text holds an answer of the kind asked for: a number for "how many"."""
    kind = _kind_of(question)
    return kind is None or bool(kind.answer.search(_ASIDE.sub("", text)))


def differ(question: str, one: str, other: str) -> bool:
    """Tell whether two texts give different amounts or times, where one is asked for."""
    kind = _kind_of(question)
    value = kind.value if kind else _WHEN if _ASKS_WHEN.search(question) else None
    if value is None:
        return False
    first, second = (_found(value, text) for text in (one, other))
    return bool(first and second) and first.isdisjoint(second)


def asks_when_it_was(question: str) -> bool:
    """Tell whether a question asks when something happened, which is when it was remembered."""
    return bool(_ASKS_WHEN_IT_WAS.search(question))


def values(text: str) -> frozenset[str]:
    """Return the amounts, days and times that a text names."""
    return _found(_WHEN, text) | _found(_AMOUNT, text)


def _found(value: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(value.findall(_ASIDE.sub("", text).casefold()))


def asks_where(question: str) -> bool:
    """Tell whether a question asks for a place."""
    return bool(_ASKS_WHERE.search(question))


def _kind_of(question: str) -> _Kind | None:
    return next((kind for kind in _KINDS if kind.asks.search(question)), None)
