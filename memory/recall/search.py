"""Recall: words and meaning, time, people and kind, as one ranked list."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy.orm import Session

from memory.recall import abstention, answers, ranking
from memory.recall.candidates import Candidate, Pool, load, pool
from memory.recall.catalogue import Catalogue
from memory.recall.neighbours import Floats
from memory.recall.occasions import Occasion, occasion
from memory.recall.questions import answering, without_own_turns
from memory.recall.retention import retention
from memory.recall.rows import rows
from memory.recall.terms import hinted, terms_of
from memory.recall.vectors import VectorIndex
from memory.records import Cue, Hit, Kind, Source
from memory.sentences import is_question, same_words

if TYPE_CHECKING:
    # Loading the network's library takes a second that a store without it saves.
    from memory.recall.embedding import Embedder

MAX_SAME_TEXT = 2
MAX_PER_MOMENT = 2

_EVIDENCE = """
    SELECT document_id, kind, row_id FROM document_sources
    WHERE document_id IN (SELECT value FROM json_each(:ids))
    ORDER BY document_id, kind, row_id
"""
_SCENE = frozenset({Kind.MOMENT, Kind.OBJECT, Kind.SIGHTING})

Ranked = list[tuple[Candidate, float]]


def recall(
    session: Session,
    cue: Cue,
    catalogue: Catalogue,
    index: VectorIndex,
    embedder: Embedder | None,
    weights: Floats = ranking.FITTED,
) -> list[Hit]:
    """Return what fits a cue, best first; nothing when nothing fits."""

    def find(other: Cue) -> list[Hit]:
        return recall(session, other, catalogue, index, embedder, weights)

    asked = occasion(cue, find)
    cue, kinds, terms = asked.cue, hinted(asked.cue.text), terms_of(asked.cue.text)
    found: Pool | None = None
    if not cue.text.strip() or (cue.is_limited_in_time and not terms):
        ranked = _newest(session, cue, catalogue)
    elif kinds and all(hinted(term) for term in terms):
        kinds = kinds & cue.kinds if cue.kinds else kinds
        ranked = _newest(session, replace(cue, kinds=frozenset(kinds)), catalogue)
    else:
        found = pool(session, cue, catalogue, index, embedder)
        ranked = _ranked(found, _prior(session, found, asked, kinds), weights, cue)
    matches = list(islice(_distinct(ranked), cue.limit))
    chances = answers.chances(found, matches, cue.text) if found else [1.0] * len(matches)
    if is_question(cue.text) and abstention.is_unanswered(chances):
        return []
    return _hits(session, _as_learnt(matches, ranked), chances)


def _newest(session: Session, cue: Cue, catalogue: Catalogue) -> Ranked:
    """Return what meets the filters, newest first: the cue names a kind, or nothing at all."""
    documents = load(session, catalogue.newest(session, cue, cue.limit * 4))
    documents = without_own_turns(session, documents, cue)
    newest = sorted(documents, key=lambda d: (-d.start_ns, -d.id))
    if not cue.text:
        return [(document, 1.0) for document in newest]
    answers = answering(newest, cue)
    return [(document, 1.0) for document, answer in zip(newest, answers, strict=True) if answer]


def _prior(session: Session, found: Pool, asked: Occasion, kinds: set[Kind]) -> Floats:
    cue, documents = asked.cue, found.documents
    present = np.zeros(len(documents))
    if cue.now_ns is not None:
        present = retention(session, documents, cue.now_ns)
    return ranking.prior(documents, kinds, asked.closeness(found.start_ns, found.end_ns), present)


def _ranked(found: Pool, prior: Floats, weights: Floats, cue: Cue) -> Ranked:
    # Before anything is compared with the best: nothing fits a question as well as its own words.
    answers = np.array(answering(found.documents, cue), np.bool_)
    fitting = abstention.fits(found) & answers
    if not fitting.any():
        return []
    scores = ranking.features(found) @ weights + prior
    if abstention.is_of_others(found, scores - weights[ranking.PERSON] * found.is_named):
        return []
    near = scores >= scores[fitting].max() - cue.margin
    kept = near & answers if found.has_vectors else fitting
    matches = [(found.documents[at], float(scores[at])) for at in np.flatnonzero(kept)]
    return sorted(matches, key=lambda match: (-match[1], -match[0].start_ns, match[0].id))


def _distinct(matches: Ranked) -> Iterator[tuple[Candidate, float]]:
    """Leave out what repeats: a fact and the words it was said in, one thing over and over."""
    texts: Counter[str] = Counter()
    scenes: Counter[int | None] = Counter()
    said: set[str] = set()
    for match in matches:
        document, _ = match
        words = same_words(document.words)
        is_speech = document.kind in (Kind.FACT, Kind.UTTERANCE)
        is_scene = document.kind in _SCENE and document.moment_id is not None
        if is_speech and any(words in other or other in words for other in said):
            continue
        if texts[document.text] >= MAX_SAME_TEXT:
            continue
        if is_scene and scenes[document.moment_id] >= MAX_PER_MOMENT:
            continue
        if is_speech:
            said.add(words)
        texts[document.text] += 1
        scenes[document.moment_id] += is_scene
        yield match


def _as_learnt(matches: Ranked, ranked: Ranked) -> Ranked:
    """Put facts in the place of the words they were said in: a fact says whom they are about."""

    def told(document: Candidate) -> tuple[str, int]:
        return same_words(document.words), document.start_ns

    facts = {told(document): document for document, _ in ranked if document.kind == Kind.FACT}
    return [(facts.get(told(document), document), score) for document, score in matches]


def _hits(session: Session, matches: Ranked, chances: Sequence[float]) -> list[Hit]:
    """Return matches with their evidence, and with how likely each answers."""
    sources: dict[int, list[Source]] = {}
    wanted = json.dumps([document.id for document, _ in matches])
    for document_id, kind, row_id in rows(session, _EVIDENCE, ids=wanted):
        sources.setdefault(document_id, []).append(Source(Kind(kind), row_id))
    return [
        Hit(
            kind=Kind(document.kind),
            id=document.row_id,
            t_ns=document.start_ns,
            text=document.text,
            score=score,
            moment_id=document.moment_id,
            sources=tuple(sources.get(document.id, ())),
            answers=chance,
        )
        for (document, score), chance in zip(matches, chances, strict=True)
    ]
