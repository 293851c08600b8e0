"""Facts that a model proposes, and the rules by which they are let in.

The model reads, code writes: only a sentence that was really said in earnest by its speaker about
himself becomes a fact, word for word, under a question from a closed list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.facts.learning import add_fact
from memory.facts.phrasing import clauses, is_stated
from memory.facts.profile import told_by_speaker
from memory.facts.readings import TRANSIENT, Reading, is_update, slot_name
from memory.facts.validity import settle, slot_of
from memory.people import speaker_of
from memory.records import Category
from memory.schema import UtteranceRow
from memory.sentences import same_words, sentences

MIN_CONFIDENCE = 0.7  # OS-1's (arXiv 2311.18251) for a fact about the user
MIN_WORDS = 4

# Questions with one answer at a time; those that end in a colon are asked of a thing.
QUESTIONS = {
    Category.BACKGROUND: (
        "lives in", "from", "born in", "grew up in", "works as", "works at", "studies", "age",
        "birthday", "diet",
    ),
    Category.RELATIONSHIP: ("partner", "boss", "dentist", "doctor"),
    Category.PREFERENCE: ("likes:", "favourite:"),
    Category.SAFETY: ("allergy:", "medicine:", "condition:", "appointment:"),
    Category.HABIT: ("smokes", "drinks"),
}  # fmt: skip

_FIRST_PERSON = re.compile(r"^(?:i|we|my|our)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fact as a model proposes it.

    Attributes:
        quote: The words of the utterance that state it.
        category: One of :class:`memory.records.Category`.
        question: One of :data:`QUESTIONS` of that category, or empty.
        answer: What answers the question, in words of the quote.
        confidence: The model's, in [0, 1].
    """

    quote: str
    category: str
    question: str
    answer: str
    confidence: float


class Extractor(Protocol):
    """Proposes facts about whoever said something."""

    def extract(self, text: str) -> Sequence[Proposal]:
        """Return what an utterance may state about its speaker that lasts."""
        ...


def unread(session: Session, at_most: int) -> list[tuple[int, str]]:
    """Return utterances in which rules may have missed something, oldest first.

    Those in which there is nothing to look for are marked as read.
    """
    found: list[tuple[int, str]] = []
    rows = select(UtteranceRow).where(~UtteranceRow.is_read, UtteranceRow.person_id.is_not(None))
    for row in session.scalars(rows.order_by(UtteranceRow.start_ns, UtteranceRow.id)):
        if not any(_is_open(sentence) for sentence in sentences(row.text)):
            row.is_read = True
        elif len(found) == at_most:
            break
        else:
            found.append((row.id, row.text))
    return found


def keep(session: Session, said_id: int, proposals: Iterable[Proposal]) -> int:
    """Keep of the proposed facts those that stand up; return how many."""
    said = session.get(UtteranceRow, said_id)
    if said is None or said.is_read:
        return 0
    said.is_read = True
    read = {
        sentence: reading
        for proposal in proposals
        if (sentence := _quoted(said.text, proposal)) and (reading := _reading(sentence, proposal))
    }
    kept = [
        add_fact(session, said, sentence, reading, speaker_of(said))
        for sentence, reading in read.items()
    ]
    settle(session, [slot_of(fact) for fact in kept])
    return len(kept)


def _quoted(text: str, proposal: Proposal) -> str:
    """Return the sentence that holds the quote and may become a fact, or nothing."""
    quote = same_words(proposal.quote)
    holding = [s for s in sentences(text) if quote and f" {quote} " in f" {same_words(s)} "]
    return holding[0] if len(holding) == 1 and _is_open(holding[0]) else ""


def _is_open(sentence: str) -> bool:
    """Tell whether a sentence may state something about its speaker that no rule has read."""
    return (
        len(sentence.split()) >= MIN_WORDS
        and is_stated(sentence)
        and any(_FIRST_PERSON.match(clause) for clause in clauses(sentence)[:1])
        and not told_by_speaker(sentence)
    )


def _reading(sentence: str, proposal: Proposal) -> Reading | None:
    """Return what a proposal says of a sentence, or None where it breaks a rule."""
    if proposal.category not in set(Category) or not MIN_CONFIDENCE <= proposal.confidence <= 1:
        return None
    category = Category(proposal.category)
    lasts_anyway = category in (Category.PLAN, Category.SAFETY)
    if TRANSIENT.search(sentence) and not lasts_anyway:
        return None
    if not proposal.question:
        return None if category == Category.SAFETY else Reading(category)
    answer = slot_name(proposal.answer)
    is_said = answer and f" {same_words(answer)} " in f" {same_words(sentence)} "
    if proposal.question not in QUESTIONS.get(category, ()) or not is_said:
        return None
    changed = is_update(sentence)
    if proposal.question.endswith(":"):
        # Whether it is liked or loathed is for the sentence to say; a model's word is not compared.
        return Reading(category, f"{proposal.question}{answer}", "", changed)
    return Reading(category, proposal.question, answer, changed)
