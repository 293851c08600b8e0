"""How a sentence is meant: stated or not, and the clauses that it states.

Contractions are written out and fillers at the beginning left away, so that the rules that read a
clause see few forms. What is kept of a sentence is always the sentence itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

from memory.sentences import is_question

_QUOTE = re.compile(r"[\"\u201c\u201d\u201e\u00ab\u00bb]|(?<!\w)'(?=\w).*\w[.,!?]?'(?!\w)")
_UNMEANT = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|might|i (?:\w+ )?(?:think|guess|suppose|suspect|believe|"
    r"assume|wonder|doubt|reckon|dream(?:t|ed)?|wish|feel like|thought|pretend(?:ed)?|"
    r"imagined?)|(?:i|we|he|she|they) may|imagine|suppose|supposing|let's say|say i|as if|"
    r"kidding|joking|just a joke|yeah,? right|oh,? (?:great|sure|wonderful|lovely)|"
    r"thanks a lot|in (?:the|this|that|my) (?:book|film|movie|story|game|play|show|song|dream|"
    r"novel|role)|not sure (?:if|whether|that))\b|,\s*not[.!]*$",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"^(?:if|unless|provided|had i|were i)\b|"
    r", if\b(?! (?:that is (?:for|of|any)|that helps|it helps|you (?:want|must|need|are asking|"
    r"do not mind)|any))",
    re.IGNORECASE,
)
_WISHED = re.compile(r"\b(?:would|could)\b(?! rather\b| prefer\b)", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:say|says|said|saying|goes|tells?(?: \w+)?|told(?: \w+)?|asked|shouted|thinks?|thought|"
    r"claims?|claimed|believes?|pretends?|was like|is like|were like)\b[,:]?\s+(?:that\s+)?"
    r"(?=(?:i|we|my|our)\b)",
    re.IGNORECASE,
)
_REPEATED = re.compile(
    r"^(?:(?:as i (?:said|told you)|i (?:already )?(?:told you|said|am telling you)|you know|"
    r"remember|don't forget|do not forget|please remember|note)(?: that)?|"
    r"(?:the|my|our) (?:doctor|gp|nurse|allergist|dentist|pharmacist|optician|cardiologist)s? "
    r"(?:told me|tells me|says|said|found out)(?: that)?),?\s+(?=i\b|my\b)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^(?:(?:hi|hello|hey|and|but|so|well|yes|yeah|no|nope|oh|ah|because|actually|anyway|now|then|"
    r"also|look|listen|honestly|frankly|by the way|you know|i mean|to be honest|of course|"
    r"in fact|okay|ok|right|sorry|personally|for me|unfortunately|luckily|sadly|you see|"
    r"let me tell you|(?:it )?turns out(?: that)?|speaking of \w+)\b[,.!:]*\s+)+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r";\s+|\s+[-\u2013\u2014]\s+|:\s+|,\s*(?:and|but|so|because|although|though|while)\s+|"
    r",\s+(?=(?:i|we|my|our)\b)|(?<=\w)\s+(?:and|but|because|although|so)\s+(?=(?:i|we|my|our)\b)",
    re.IGNORECASE,
)
_CONTRACTIONS = (
    (re.compile(r"\bcan'?t\b|\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon't\b", re.IGNORECASE), "will not"),
    (re.compile(r"\bshan't\b", re.IGNORECASE), "shall not"),
    (re.compile(r"(?<=\w)n't\b", re.IGNORECASE), " not"),
    (re.compile(r"\bI'm\b", re.IGNORECASE), "I am"),
    (re.compile(r"(?<=\w)'re\b", re.IGNORECASE), " are"),
    (re.compile(r"(?<=\w)'ve\b", re.IGNORECASE), " have"),
    (re.compile(r"(?<=\w)'ll\b", re.IGNORECASE), " will"),
    (re.compile(r"(?<=\w)'d\b(?= better| like| love| rather| prefer)", re.IGNORECASE), " would"),
    (re.compile(r"\b(he|she|it|that|who)'s\b(?= got| been)", re.IGNORECASE), r"\1 has"),
    (re.compile(r"\b(he|she|it|that|who)'s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\b(have|has) got\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bI got (?=an?\b)", re.IGNORECASE), "I have "),
)


@lru_cache(maxsize=16384)
def is_stated(sentence: str) -> bool:
    """Tell whether a sentence states something in earnest.

    It does not where it asks, supposes, doubts, quotes, jokes, or reports what somebody said.
    """
    if is_question(sentence) or _QUOTE.search(sentence.replace("\u2019", "'")):
        return False
    text = written_out(sentence)
    if _UNMEANT.search(text):
        return False
    text = _repeated(text)
    return not (_CONDITIONAL.search(text) or _REPORTED.search(text))


def clauses(sentence: str) -> list[str]:
    """Return the clauses of a sentence written out, without fillers and the closing mark.

    What would be, or could, is left away.
    """
    text = _repeated(written_out(sentence)).rstrip(" .!\u2026")
    pieces = [text]
    for match in reversed(list(_SPLIT.finditer(text))):
        first = pieces[0][: match.start()]
        # "Tom and I broke up" is one clause.
        if len(first.split()) > 1:
            pieces[:1] = [first, pieces[0][match.end() :]]
    bare = (_FILLER.sub("", piece).strip(" ,") for piece in pieces)
    return [clause for clause in bare if clause and not _WISHED.search(clause)]


@lru_cache(maxsize=16384)
def written_out(sentence: str) -> str:
    """Return a sentence with its contractions written out."""
    text = " ".join(sentence.replace("\u2019", "'").split())
    for contraction, words in _CONTRACTIONS:
        text = contraction.sub(words, text)
    return text


def _repeated(text: str) -> str:
    """Return a sentence without "I told you that" and the like before it."""
    return _REPEATED.sub("", _FILLER.sub("", text))
