"""Whether the wearer's words are meant for the companion."""

from __future__ import annotations

import re

_QUESTION_WORDS = (
    "what|when|where|who|whom|whose|which|why|how|"
    "do|does|did|is|are|was|were|am|can|could|will|would|should|have|has|had"
)
_REQUESTS = "tell me|remind me|show me|find|remember"
_ASKING = re.compile(rf"^(?:so |and |okay |ok |hey |attune,? )*(?:{_QUESTION_WORDS})\b", re.I)
_REQUESTING = re.compile(rf"^(?:please |attune,? )*(?:{_REQUESTS})\b", re.I)


def is_question(words: str) -> bool:
    """Tell whether words ask for an answer.

    A transcriber's question mark is trusted when the last sentence also begins like a question
    or a request; a lone "You know?" or "Right?" is talk between people.
    """
    sentences = [part.strip() for part in re.split(r"(?<=[.!?])\s+", words.strip()) if part.strip()]
    if not sentences:
        return False
    last = sentences[-1]
    return bool(_REQUESTING.match(last) or (last.endswith("?") and _ASKING.match(last)))
