"""What the wearer asks is no answer to what they ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from memory.recall.rows import rows
from memory.records import Cue, Kind
from memory.sentences import is_question, same_words, sentences

if TYPE_CHECKING:
    from memory.recall.candidates import Candidate

MAX_MARKS = 64

_EXCHANGES = "SELECT t_ns FROM turns WHERE t_ns IN (SELECT value FROM json_each(:ends_ns))"
_OWN_QUESTION = re.compile(r"You asked(?: of [^:]*)?:")
# A transcript without marks is known for a question by its first word.
_INTERROGATIVE = re.compile(
    r"\W*(?:(?:and|so|but) )?(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE
)
_ABOUT_QUESTIONS = re.compile(r"\b(?:ask|asked|question)\b", re.IGNORECASE)


def without_own_turns(
    session: Session, documents: Sequence[Candidate], cue: Cue
) -> list[Candidate]:
    """Leave out the words that the cue was made from, and questions put to the companion before.

    Words that were spoken to the companion are known by when they ended: then its turn began.
    A statement made to it stays, for it tells of the wearer as any other does.
    """
    asked = set[int]() if _is_about_questions(cue) else _put_to_companion(session, documents)
    return [
        document
        for document in documents
        if document.id not in asked
        and not (_is_wearers(document) and document.end_ns == cue.now_ns)
    ]


def answering(documents: Iterable[Candidate], cue: Cue) -> list[bool]:
    """Tell which documents are more than the cue's own words or a question of the wearer's.

    What the wearer asked answers nothing, unless that is what the cue asks for.
    """
    asked, is_about_questions = same_words(cue.text), _is_about_questions(cue)
    return [
        not _is_same(document, asked) and (is_about_questions or not _is_wearers_question(document))
        for document in documents
    ]


def _is_about_questions(cue: Cue) -> bool:
    return bool(_ABOUT_QUESTIONS.search(cue.text))


def _put_to_companion(session: Session, documents: Iterable[Candidate]) -> set[int]:
    ended_ns = {
        document.id: document.end_ns
        for document in documents
        if document.kind == Kind.UTTERANCE and _is_wearers(document) and _asks(document.words)
    }
    turns = rows(session, _EXCHANGES, ends_ns=json.dumps(sorted(set(ended_ns.values()))))
    begun_ns = {t_ns for (t_ns,) in turns}
    return {document_id for document_id, end_ns in ended_ns.items() if end_ns in begun_ns}


def _asks(words: str) -> bool:
    return is_question(words) or bool(_INTERROGATIVE.match(words))


def _is_same(document: Candidate, asked: str) -> bool:
    first, _, _ = asked.partition(" ")
    return (
        len(document.words) <= len(asked) + MAX_MARKS  # what is longer has other words
        and first in document.words.casefold()
        and same_words(document.words) == asked
    )


def _is_wearers(document: Candidate) -> bool:
    is_speech = document.kind in (Kind.UTTERANCE, Kind.FACT)
    return is_speech and document.text.startswith(("You said", "You asked"))


def _is_wearers_question(document: Candidate) -> bool:
    is_own = document.kind == Kind.UTTERANCE and _OWN_QUESTION.match(document.text)
    return bool(is_own) and all(is_question(said) for said in sentences(document.words))
