"""Food and other things that somebody here cannot have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llm.safety.situation import Caution, Situation, asks_for_facts, own_words
from llm.safety.told import saying, told_of
from llm.safety.use import is_for_oneself_only, is_for_others_only, is_recalling, is_used
from memory.facts.allergens import found_in, is_free_of
from memory.records import WEARER, Category, Fact

UNKNOWN = "someone"
COELIAC = "condition:coeliac disease"
_NOTHING = re.compile(
    r"(?:any|no|every)thing|it|that|this|you|work|mornings?|mondays?|housework|people|children|"
    r"school|exercise|paperwork|nonsense|fun"
)

_FOOD = re.compile(
    r"\b(?:eat|eating|ate|drink|have|having|try|tast[ey]|cook|recipe|order|menu|bake|snack|"
    r"breakfast|lunch|dinner|dessert|food|dish|meal|ingredients?|contains?|safe|allowed|buy|share|"
    r"offer|serve|add|sandwich|salad|soup|cake|cookies?|biscuits?|chocolate|curry|sauce|take|bite|"
    r"hungry|make|making|restaurant|gift|present|pet|stroke|hold|use|please|for me|put|get|getting|"
    r"doing|fry|frying|mix|fill|treat|table|pack|packing|lunchbox|"
    r"grab|pour|slice|piece|glass|bowl|spread|go for|love an?|fancy|bring|pass|give|feed)\b",
    re.IGNORECASE,
)
_MEANS_TO = re.compile(r"\b(?:i'll|i will|i'm going to|let me|let's|we'll)\b", re.IGNORECASE)
_ALIVE = re.compile(r"(?:cat|kitten|dog|puppy|horse|pony|bee|wasp|hornet|bird)s?", re.IGNORECASE)
_ABOUT_ALLERGY = re.compile(r"\b(?:allerg\w*|intoleran\w*|coeliac|celiac)\b", re.IGNORECASE)
_PRONOUNS = {
    "he": re.compile(
        r"\b(?:he|him|his|lads?|boys?|man|son|grandson|brother|nephew)\b", re.IGNORECASE
    ),
    "she": re.compile(
        r"\b(?:she|her|hers|girls?|lass|woman|daughter|niece|sister)\b", re.IGNORECASE
    ),
}


def cautions(facts: Sequence[Fact], situation: Situation, reply: str) -> Iterator[Caution]:
    """Warn of what is here, spoken of or planned and that somebody here cannot have."""
    for fact in facts:
        thing = _thing(fact)
        if not thing or not (whose := _whose(fact, situation)):
            continue
        if where := _where(thing, situation, reply):
            told = told_of(fact)
            text = f"Careful: {whose} cannot tolerate {thing}, and {where}; " + saying(
                told, situation.now_ns
            )
            yield Caution(f"{text}.", (told.source,))


def _thing(fact: Fact) -> str:
    """Return what a fact says that somebody cannot have, or nothing."""
    question = fact.slot.rpartition(": ")[2]
    if fact.category != Category.SAFETY or fact.value == "no":
        return ""
    if question == COELIAC:
        return "gluten"
    thing = question.partition("allergy:")[2]
    return "" if _NOTHING.fullmatch(thing) else thing


def _whose(fact: Fact, situation: Situation) -> str:
    """Return how to call whom a fact concerns now; nothing if neither there nor spoken of."""
    name, _, _ = fact.slot.rpartition(": ")
    if not name and fact.subject == WEARER:
        return "" if is_for_others_only(situation.words) else "you"
    is_teller_known = fact.said_by != UNKNOWN and not fact.said_by.startswith(f"{UNKNOWN} ")
    if fact.said_by not in (WEARER, fact.subject) and not is_teller_known:
        return ""
    if fact.said_by == UNKNOWN:
        return ""
    present = {person.casefold() for person in situation.context.people}
    subject = fact.subject.casefold()
    # "My son", said by Ella, is hers; he is spoken of as hers, or with her.
    called = name or subject
    if pronoun := _PRONOUNS.get(called):
        return _someone(fact, pronoun, situation)
    is_there = any(_same_person(who, person) for who in (called, subject) for person in present)
    is_named = _is_named(called, situation.words) or (
        subject not in (WEARER, UNKNOWN) and _is_named(subject, situation.words)
    )
    if not (is_named or is_there) or (is_for_oneself_only(situation.words) and not is_named):
        return ""
    if not name or _is_name(name, fact.text):
        return called.title()
    return f"your {name}" if fact.subject == WEARER else f"{fact.subject}'s {name}"


def _someone(fact: Fact, pronoun: re.Pattern[str], situation: Situation) -> str:
    """Return how to call somebody of whom only "he" or "she" was said, where they may be meant."""
    is_other = is_for_others_only(situation.words) and pronoun.search(situation.words)
    teller = "you" if fact.said_by == WEARER else fact.said_by
    is_them = _is_named(teller, situation.words)
    return f"somebody of whom {teller} spoke" if is_other and not is_them else ""


def _same_person(name: str, person: str) -> bool:
    return name == person or name.split(" ")[0] == person.split(" ")[0]


def _is_named(name: str, words: str) -> bool:
    first = name.split(" ")[0]
    return bool(re.search(rf"\b{re.escape(first)}\b", words, re.IGNORECASE))


def _is_name(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name.title())}\b", text) is not None


def _where(thing: str, situation: Situation, reply: str) -> str:
    """Say where something is in what is seen, said or planned; nothing if nowhere."""
    written = situation.written
    # "Gluten free" on one line speaks for the others too.
    is_free = any(is_free_of(line, thing) for line in situation.context.writing)
    for text, saying_where in _texts(situation, own_words(reply)):
        if is_free and text in (*written, situation.words):
            continue
        if found := found_in(text, thing):
            return saying_where.format(article(found), found)
    return ""


def _texts(situation: Situation, reply: str) -> Iterator[tuple[str, str]]:
    """Yield what can tell of something to eat or to touch, with how to say where that was."""
    context, words = situation.context, situation.words
    if is_used(words):
        for line in situation.written:
            yield line, 'the writing in view says "{1}"'
    for label in context.objects:
        if is_used(words) or _ALIVE.fullmatch(label):
            yield label, "there is {0} {1} in view"
    for heard in context.heard:
        if heard.speaker != "you" and not _ABOUT_ALLERGY.search(heard.text):
            speaker = heard.speaker.replace("{", "").replace("}", "")
            yield heard.text, f'{speaker} just spoke of "{{1}}"'
    is_about_food = not is_recalling(words) and bool(
        "?" in words or _FOOD.search(words) or _MEANS_TO.search(words)
    )
    if is_about_food and not (asks_for_facts(words) or _ABOUT_ALLERGY.search(words)):
        yield words, 'you speak of "{1}"'
    if (is_about_food or _FOOD.search(reply)) and not _ABOUT_ALLERGY.search(reply):
        yield reply, 'my answer speaks of "{1}"'


def article(label: str) -> str:
    """Return the indefinite article of a word."""
    return "an" if label.casefold().startswith(tuple("aeiou")) else "a"
