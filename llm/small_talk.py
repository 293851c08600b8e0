"""What is said to be polite rather than to learn something, and the polite answer to it."""

from __future__ import annotations

import re

MAX_WORDS = 8
BY_HAND = "I delete nothing on a word alone. You can delete it in the life-log."

_TO_ME = r"(?:[, ]+(?:attune|there|then|again|everyone))?"
_ANSWERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"^\W*(?:{words}){_TO_ME}\W*$", re.IGNORECASE), answer)
    for words, answer in (
        (r"good morning", "Good morning."),
        (r"good afternoon", "Good afternoon."),
        (r"good evening", "Good evening."),
        (r"(?:good|sweet) ?(?:night|dreams)", "Good night."),
        (r"hi|hello|hey|hi there|hello there", "Hello."),
        (r"(?:good)?bye(?: bye)?|see you(?: later| soon| tomorrow)?", "Goodbye."),
        (
            r"(?:(?:okay|ok|great|no),? )?(?:many thanks|thanks|thank you)"
            r"(?: (?:so|very) much| a lot| for (?:that|this|your help|the help|telling me))?",
            "You're welcome.",
        ),
        (
            r"ok(?:ay)?|all right|alright|i see|got it|never ?mind|forget (?:it|about it)|"
            r"(?:that'?s |that is )?(?:good|great|fine|nice|perfect|interesting|good to know)",
            "All right.",
        ),
        (r"(?:i'?m |i am )?sorry", "No harm done."),
        (r"are you (?:there|listening|awake)|can you hear me", "Yes, I'm here."),
        (
            r"who are you|what are you|what(?:'s| is) your name",
            "I'm Attune, the companion in your glasses.",
        ),
        (
            r"what can you do|how can you help(?: me)?|what can i ask(?: you)?",
            "Ask me what you saw, heard or read, and whom you met.",
        ),
        (
            r"(?:please )?(?:forget|delete|erase|remove) (?:that|this|everything|"
            r"all of (?:it|that)|what (?:i|you|he|she|they|we) (?:just )?said)(?: please)?",
            BY_HAND,
        ),
    )
)


def polite_answer(words: str) -> str | None:
    """Return the answer to short words that need no memory, or None for all others.

    To forget is no matter of a few words that may have been misheard: the wearer is told how.
    """
    if len(words.split()) > MAX_WORDS:
        return None
    return next((answer for said, answer in _ANSWERS if said.match(words)), None)
