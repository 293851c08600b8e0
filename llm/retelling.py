"""A memory retold to the wearer: "I'm taking my cup" becomes "you're taking your cup"."""

from __future__ import annotations

import re

MAX_WORDS = 25

_SAID = re.compile(r'(?P<who>[^":]{1,60}?) said: "(?P<words>.*)"', re.DOTALL)
_WRITTEN = re.compile(
    r"(?:On .{1,60}?|In view) was written: (?P<lines>.*?)(?:\. You said then: .*)?", re.DOTALL
)
_FIRST_PERSON = re.compile(
    r"\b(?:I am|I was|I'm|I've|I'll|I'd|I|my|mine|me|myself)\b", re.IGNORECASE
)
_GOING_ON = re.compile(r"\bI(?:'m| am) (?=\w+ing\b)", re.IGNORECASE)
_POINTING = re.compile(r"\b(?:these|those)(?= \w)", re.IGNORECASE)
_SECOND_FOR_FIRST = {
    "i am": "you are",
    "i was": "you were",
    "i'm": "you're",
    "i've": "you've",
    "i'll": "you'll",
    "i'd": "you'd",
    "i": "you",
    "my": "your",
    "mine": "yours",
    "me": "you",
    "myself": "yourself",
}
# What these words mean depends on who said them, to whom, and when.
_OF_THE_SCENE = re.compile(
    r"\b(?:you|your|yours|yourself|we|we're|we'll|us|our|ours|today|tonight|tomorrow|yesterday|now|"
    r"later|soon|ago|next|last|this|that|there|here)\b(?! to (?:the|a|my)\b)",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"(?:(?:and|so|well|yes|oh),? )?(?:I'm|I am|I (?P<verb>live|work|teach|study|come|play|run|own|"
    r"love|like|need|want|speak|drive|have))\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_THIRD_PERSON = {"have": "has", "teach": "teaches", "study": "studies"}


def retold(text: str) -> str | None:
    """Return a memory as one would tell it, or None where only its own words are sure.

    Args:
        text: As recalled: with who said it in front of the quotation, or where it was written.
    """
    if match := _WRITTEN.fullmatch(text):
        lines = match["lines"].replace(" / ", ", ")
        return f"It said {lines}." if len(lines.split()) <= MAX_WORDS else None
    match = _SAID.fullmatch(text)
    if match is None:
        return None
    words = match["words"].replace("\u2019", "'").strip()
    if words.endswith("?") or len(words.split()) > MAX_WORDS or _OF_THE_SCENE.search(words):
        return None
    return _to_the_wearer(words) if match["who"] == "You" else _of_another(match["who"], words)


def _to_the_wearer(words: str) -> str | None:
    if not _FIRST_PERSON.match(words):
        return None
    past = _GOING_ON.sub("I was ", _POINTING.sub("the", words))
    turned = _FIRST_PERSON.sub(lambda found: _SECOND_FOR_FIRST[found[0].casefold()], past)
    return f"You said {turned}"


def _of_another(who: str, words: str) -> str | None:
    """Tell what somebody says of themselves, where one sentence does so once."""
    match = _SELF.fullmatch(words)
    if match is None or _FIRST_PERSON.search(match["rest"]) or re.search(r"[.!?] ", words):
        return None
    verb = (match["verb"] or "").lower()
    third = _THIRD_PERSON.get(verb, f"{verb}s") if verb else "is"
    return f"{who} {third}{match['rest']}"
