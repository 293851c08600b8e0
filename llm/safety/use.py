"""What is about to be done with what is here: eaten, given away, put on, or only spoken of."""

from __future__ import annotations

import re

from memory.facts.lexicon import KIN
from memory.facts.phrasing import written_out

_CONSUMING = re.compile(
    r"\b(?:eat|eating|ate|drink\w*|have|having|try|trying|tast[ey]|tasting|bite|nibble|sip|swallow|"
    r"swig|snack|"
    r"finish|dip|dissolve|stir|take|taking|help myself|helping|treat|grab|pick|pour\w*|order\w*|"
    r"cook\w*|bake|baking|make|making|serve|share|spread|slice|piece|portion|plate|glass|handful|"
    r"bowl|couple|put (?:on|some|a|it|this|that|these|those|kiwi|\w+ in)|rub|apply|wear|use|using|"
    r"pass|give|giving|bring|bringing|offer|buy|get|getting|fancy|safe|allowed|all right|okay|ok|"
    r"good for|good idea|starving|hungry|thirsty|lunch|dinner|supper|breakfast|dessert|menu|stroke|"
    r"pet|hold|touch|sit|smell|drop|start on|make a start|love|like|please|one won't|for me)\b",
    re.IGNORECASE,
)
_POINTED_AT = re.compile(
    r"\b(?:this|these|those|that|it|them|one|ones|some|any|another|here)\b", re.IGNORECASE
)
_RECALLING = re.compile(
    r"^\W*(?:(?:and|so|but|well|okay|ok|hey)\b,?\s+)*(?:who|whom|whose|when|why|where|how (?:many|"
    r"much|long|often|old|did|was|do|does)|"
    r"what (?:did|was|were|do|does|had|time|day|colour|name|kind|is (?:my|the name|his|her|"
    r"\w+'s))|which .*\b(?:did|was|were)|did|was|were|had|have i (?:ever |already )?(?:had|"
    r"eaten|taken|been|said|told|met|seen|done)|"
    r"has|tell me what|remind me)\b",
    re.IGNORECASE,
)
_OTHER = (
    rf"(?:him|her|them|(?:my|our|his|her|the|that|poor|\w+'s) (?:\w+ )?(?:{KIN}|lads?|boys?|girls?|"
    r"kids|children|lass|little ones?|toddler|guests?|neighbours?|patient|old man|old lady|team)|"
    r"(?-i:[A-Z][a-z]+)|everybody|everyone|the (?:class|party|others))"
)
_FOR_OTHERS = re.compile(
    rf"\b(?:give|gives|giving|get|grab|buy|make|cook|bake|fetch|bring|offer|pass|feed|feeding|"
    rf"order|"
    rf"treat|pour|send|save|serve|take|slip|hand|let) {_OTHER}\b|\bfor {_OTHER}\b|\b(?:to|into|in) "
    rf"(?-i:[A-Z][a-z]+)'s\b|"
    rf"\b(?:can|could|may|is|would|will|does|should|might) (?:he|she|they|{_OTHER})\b "
    rf"(?:have|eat|try|take|drink|like|want|be|share)|\b(?:he|she|they)(?:'d| would) (?:like|"
    rf"love)\b",
    re.IGNORECASE,
)
_FOR_ONESELF = re.compile(
    r"\b(?:i(?:'ll| will|'m| am|'d| would)(?: \w+){0,3}? (?:eat|have|having|try|take|taking|drink|"
    r"love|like|finish|order|start|dissolve|stir|put on|nibble|share)|(?:can|could|may|should|"
    r"shall|might|do) (?:i|we) (?:eat|have|try|order|take|drink|share|finish)|for me\b|i want|"
    r"myself|for us|reckon i|one for|my (?:plate|pancake|toast|tea|coffee|head|knee|back|throat|"
    r"nose|stomach)|let's|we'll)\b",
    re.IGNORECASE,
)
_PLANS = re.compile(
    r"\b(?:i will|i am|let me|let us|we will|shall|should|can|could|may|going|off to|fancy|"
    r"time (?:for|to)|why not|want|just|i might|i would|having)\b",
    re.IGNORECASE,
)


def is_used(words: str) -> bool:
    """Tell whether words speak of using what is here, rather than of what is remembered.

    Nothing said is taken for use: what comes into view counts by itself.
    """
    if not words.strip():
        return True
    if _RECALLING.match(words):
        return False
    return bool(_CONSUMING.search(words) or _POINTED_AT.search(words))


def is_planned(words: str) -> bool:
    """Tell whether words speak of something that is about to be done."""
    return bool(_PLANS.search(written_out(words))) or is_used(words)


def is_recalling(words: str) -> bool:
    """Tell whether words ask for what is remembered, so that they are about to do nothing."""
    return bool(_RECALLING.match(words))


def is_for_others_only(words: str) -> bool:
    """Tell whether what is spoken of is for somebody else, and not for who speaks."""
    return bool(_FOR_OTHERS.search(words)) and not _FOR_ONESELF.search(words)


def is_for_oneself_only(words: str) -> bool:
    """Tell whether what is spoken of is for who speaks, and for nobody else."""
    return bool(_FOR_ONESELF.search(words)) and not _FOR_OTHERS.search(words)
