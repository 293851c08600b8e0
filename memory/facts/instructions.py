"""What must not be done, or only at some time: "no alcohol with it", "nothing to eat before"."""

from __future__ import annotations

import re
from functools import lru_cache

from memory.facts.medicines import medicine_spans, medicines_in
from memory.facts.phrasing import is_stated, written_out
from memory.facts.readings import Reading, is_update
from memory.records import Category

FORBIDDING = (
    r"(?:(?:must|should|can|may|shall|do|does|ought|allowed|supposed|better|am|is|are) not|"
    r"not (?=to\b|with|before|after|on\b|allowed|even|for|while|within|a day|until)|never|"
    r"no (?!longer|idea|problem|doubt|one\b|need|more than)|avoid(?:ing)?|without|nothing|"
    r"forbidden|"
    r"prohibited|off limits|stay (?:well |right )?(?:away|clear|off)|keep (?:\w+ ){0,3}?(?:off|"
    r"away|clear|out of)|lay off|(?:is|are) out|nor|banned)"
)
_TOPIC = re.compile(
    r"\b(?:alcohol\w*|wine|beer|grapefruit|milk|dairy|cheese|coffee|tea|caffeine|driv(?:e|ing)|"
    r"machinery|food|meals?|eat(?:ing|en)?|drink(?:ing)?|stomach|fast(?:ing)?|breakfast|bedtime|"
    r"but water|only water|fasting bloods?|sun(?:light|shine)?|salt|anti\w+|liquorice|spinach)\b",
    re.IGNORECASE,
)
_TIMED = re.compile(
    r"\b(?:before|after|with|at|every|from now on|bedtime|daily|a day|until|finish|course)\b", re.I
)
_TO_TAKE = re.compile(
    r"\b(?:take|takes|taking|taken|eaten|swallowed|on the|inject|finish|course|come|comes|"
    r"need|keep|between|more than|"
    r"at most)\b",
    re.I,
)
_TAKEN = re.compile(
    r"^(?:just |already )?(?:took|had|swallowed|injected)\b|"
    r"\b(?:that (?:is|was|has) (?:me done with )?(?:my|the|number)\b.*\b(?:down|done|taken|in|"
    r"today|"
    r"had|gone)\b|"
    r"(?:i|we) (?:have )?(?:just |already )*(?:took|taken|had|swallowed|injected|washed down|"
    r"popped|had my|"
    r"necked|knocked back|got (?:\w+ ){1,3}down)\b|\bdown (?:me|my neck)\b|(?:pill|tablet|capsule|"
    r"dose|insulin|jab|drops|inhaler)s?(?: is|'s| are)? (?:in|taken|done|down|had)\b(?! (?:the|a|"
    r"my|his|her|stock|short|case|date)\b)|(?:has|have|is|"
    r"'s) (?:just |already )?gone down\b|down the hatch|"
    r"(?:is|are) (?:safely )?(?:inside|in) me\b)|^[\w' -]{2,20},? with [\w ]+,? like a good",
    re.IGNORECASE,
)
_IS_DOWN = re.compile(
    r"(?: is| are| has| have)?(?: been| just| now| safely)* (?:swallowed|taken|done|injected|"
    r"gone down|"
    r"down(?! to\b)|had\b(?! (?:no|an?|the|better)\b))\b",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"\bout of\b|\bstuck\b|\b(?:find|open|swallow|reach)\b", re.IGNORECASE)
_STOPPED = re.compile(
    r"\b(?:have (?:now |just )?finished|stopped|came off|(?:took|taken) me off|am off|"
    r"no longer (?:take|"
    r"on|need)|done with|quit)\b",
    re.IGNORECASE,
)
_PUT_ON = re.compile(
    r"\b(?:have|had|has|got|put|keeps?|kept|started) me (?:now |back |still )?on\b(?! (?:the|a) )",
    re.IGNORECASE,
)
_NOT_TAKEN = re.compile(
    r"\b(?:have not|had not|not yet|did not|forgot|when|last (?:week|winter|year|month)|ago|"
    r"used to|"
    r"yesterday|enough|run out)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def instructs(statement: str) -> bool:
    """Tell whether a statement rules something out, or says when a medicine is to be taken."""
    text = written_out(statement)
    medicine = bool(medicines_in(text))
    if _OUT_OF.search(text):
        return False
    if re.search(rf"\b{FORBIDDING}\b", text, re.IGNORECASE) and (medicine or _TOPIC.search(text)):
        return is_stated(statement)
    is_timed = medicine and _TIMED.search(text) and _TO_TAKE.search(text)
    return bool(is_timed) and is_stated(statement)


@lru_cache(maxsize=16384)
def is_dose(text: str) -> bool:
    """Tell whether words say that something has been taken just now."""
    plain = written_out(text)
    is_down = any(_IS_DOWN.match(plain, end) for _, _, end in medicine_spans(plain))
    return (
        (is_down or bool(_TAKEN.search(plain))) and not _NOT_TAKEN.search(plain) and is_stated(text)
    )


def instruction(statement: str) -> Reading | None:
    """Read that something was taken, or what is ruled out or to be taken when."""
    text = written_out(statement)
    named = medicines_in(text)
    if named and is_dose(statement):
        return Reading(Category.SAFETY, f"taken:{named[0]}", "taken", True)
    if named and is_stated(statement) and _PUT_ON.search(text):
        return Reading(Category.SAFETY, f"medicine:{named[0]}", "takes", True)
    if named and is_stated(statement) and _STOPPED.search(text):
        return Reading(Category.SAFETY, f"medicine:{named[0]}", "stopped", True)
    # Most of what is not drunk or eaten is no rule: it takes a medicine, or an order.
    is_rule = named or re.search(
        r"\b(?:doctor|gp|nurse|must|nothing to (?:eat|drink)|empty stomach|allowed|no (?:alcohol|"
        r"driving|food|milk|grapefruit))\b",
        text,
        re.IGNORECASE,
    )
    if is_rule and instructs(statement):
        return Reading(Category.SAFETY, "", "", is_update(statement))
    return None
