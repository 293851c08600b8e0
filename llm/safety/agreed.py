"""What somebody proposed or announced, and the wearer agreed to, in the two turns of a talk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from llm.safety.told import Told
from memory.facts.phrasing import written_out
from memory.records import Source

ANSWER_WITHIN_NS = 90 * 1_000_000_000

_PROMISES = re.compile(
    r"\b(?:i will (?:be|come|do|pick|fetch|meet|collect|drive|bring|look|take|have|see|get|go|"
    r"wait|sit|make)|"
    r"i am (?:there|in|coming|on it)|count me in|put me down|it is a (?:deal|date)|go on then|"
    r"(?:of )?course (?:i|we) (?:can|will)|will do|i (?:said|promised) (?:so|i would)|i promise|"
    r"would not miss|(?:\w+days?|that|then) it is|you can count on me|(?:we|i) will be there|"
    r"happy to|i can do that|wild horses|(?:let us|we) (?:do|say) that|see you (?:then|there|"
    r"on|at)|"
    r"every \w+day)\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\b(?:yes|yeah|aye|yep|yup|sure|course|okay|ok|fine|lovely|perfect|right you are|done|deal|"
    r"gladly|no (?:problem|bother|trouble)|that works|suits me|brilliant|great|all right|"
    r"alright)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:no(?! (?:problem|bother|trouble|worries))|nope|can not(?! wait)|could not(?! miss)|"
    r"will not(?! (?:miss|be late|forget))|(?:am|is|do|does) not(?! (?:late|forget|worry))|sorry|"
    r"unless|maybe|perhaps|let me (?:check|see|think|ask)|i would rather|depends|not (?:on|for|"
    r"this|then|me)|ask (?:him|her|them|somebody))\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"^\W*(?:oh,? |well,? |i am )?(?:no\b(?! (?:problem|bother|trouble|worries))|nope|sorry|"
    r"afraid not|"
    r"(?:i )?can not(?! wait)|not (?:this|on|then|me|that)\b|i will not)|\b(?:sorry|afraid)[.!]*$",
    re.IGNORECASE,
)
_PROPOSES = re.compile(
    r"\?|\b(?:you|your|us|we|let us|everybody|everyone|all of you|join|come)\b", re.IGNORECASE
)
DOSING = re.compile(
    r"\b(?:start tonight|tablets?|pills?|capsules?|doses?|with food|bedtime|once a day|"
    r"twice a day)\b",
    re.IGNORECASE,
)


def agreed(heard: Sequence[Told], spoken: Sequence[Told]) -> Iterator[Told]:
    """Yield what was said to the wearer and agreed to at once, as if the wearer had said it.

    Args:
        heard: What others said, oldest first.
        spoken: What the wearer said, oldest first.
    """
    answers = iter(spoken)
    answer = next(answers, None)
    for told in heard:
        while answer is not None and answer.t_ns <= told.t_ns:
            answer = next(answers, None)
        if answer is None:
            return
        if (
            told.teller
            and not DOSING.search(told.text)
            and answer.t_ns - told.t_ns <= ANSWER_WITHIN_NS
            and _agrees(told, answer)
        ):
            yield replace(told, also=(answer.source,))


def refused(heard: Sequence[Told], spoken: Sequence[Told]) -> frozenset[Source]:
    """Return what was proposed to the wearer and refused in the next thing that they said.

    Args:
        heard: What others said, oldest first.
        spoken: What the wearer said, oldest first.
    """
    return frozenset(
        told.source
        for told in heard
        if (answer := next((one for one in spoken if one.t_ns > told.t_ns), None))
        and answer.t_ns - told.t_ns <= ANSWER_WITHIN_NS
        and told.teller
        and _REFUSES.search(written_out(answer.text))
    )


def _agrees(told: Told, answer: Told) -> bool:
    text = written_out(answer.text)
    if _NO.search(text):
        return False
    is_proposed = _PROPOSES.search(written_out(told.text))
    return bool(_PROMISES.search(text) or (is_proposed and _YES.search(text)))
