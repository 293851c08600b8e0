"""Recall: words and meaning, time, people and kind, fused into one ranked list."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.catalogue import Catalogue, Mask
from memory.facts import same_words
from memory.records import Cue, Hit, Kind, Source
from memory.schema import DocumentRow, DocumentSourceRow
from memory.vectors import VectorIndex
from memory.words import Terms

if TYPE_CHECKING:
    # Loading the network's library takes a second that a store without it saves.
    from memory.embedding import Embedder

CANDIDATES = 64
MAX_TERMS = 16

# Below these a document says nothing about the cue. Chosen on LoCoMo, where they lose one answer
# in a hundred of a conversation's own questions and silence most of another conversation's.
FLOOR = 0.36
FLOOR_MEANING = 0.42
FLOOR_WORDS = 0.4
WEIGHT_WORDS = 0.5
WEIGHT_MEANING = 0.7
HINT = 0.12
MAX_SAME_TEXT = 2
MAX_PER_MOMENT = 2

# How much a kind counts as evidence: a minute's summary repeats what its sources say better.
_TRUST = {Kind.CONTEXT: 0.75, Kind.SIGHTING: 0.9, Kind.OBJECT: 0.95}
_SCENE = frozenset({Kind.MOMENT, Kind.OBJECT, Kind.SIGHTING})
_QUESTION_TRUST = 0.5

_HINTS: tuple[tuple[re.Pattern[str], set[Kind]], ...] = (
    (
        re.compile(r"\b(?:written|wrote|read|reads|sign|label|lid|text|spell)\b|\bsays? on\b"),
        {Kind.TEXT},
    ),
    (re.compile(r"\bwho\b"), {Kind.PERSON, Kind.UTTERANCE, Kind.SIGHTING, Kind.FACT}),
    (
        re.compile(r"\b(?:say|said|says|tell|told|talk|mention(?:ed)?|where|live|work|job|name)\b"),
        {Kind.UTTERANCE, Kind.FACT},
    ),
    (re.compile(r"\b(?:feel|felt|feeling|mood|happy|sad|moved|upset)\b"), {Kind.FEELING}),
    (
        re.compile(r"\b(?:see|saw|seen|look|looked|met|meet)\b"),
        {Kind.OBJECT, Kind.SIGHTING, Kind.MOMENT, Kind.PERSON},
    ),
)

_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about after again all am an and any are as at be been before being but by can could d
        did do does doing don down during each ever few for from further had has have having he
        her here hers herself him himself his how i if in into is it its itself just ll m me
        more most my myself no nor not now of off on once only or other our ours out over own
        please re remember s said same say says she should so some such t tell than that the
        their them then there these they this those through to told too under until up ve very
        was we were what when where which while who whom why will with would you your yours
        yourself
        """,
    )
)


_COLUMNS = (
    DocumentRow.id,
    DocumentRow.kind,
    DocumentRow.row_id,
    DocumentRow.start_ns,
    DocumentRow.moment_id,
    DocumentRow.text,
)


@dataclass(frozen=True, slots=True)
class _Match:
    id: int
    kind: str
    row_id: int
    start_ns: int
    moment_id: int | None
    text: str
    score: float = 1.0


def terms_of(text: str) -> list[str]:
    """Return the words of a cue that can find something, each once."""
    found = re.findall(r"\w+", text.casefold())
    return [w for w in dict.fromkeys(found) if w not in _STOP_WORDS][:MAX_TERMS]


def recall(
    session: Session,
    cue: Cue,
    catalogue: Catalogue,
    index: VectorIndex,
    embedder: Embedder | None,
) -> list[Hit]:
    """Return what fits a cue, best first; nothing when nothing fits."""
    hinted = _hinted(cue.text)
    if not cue.text.strip():
        matches = _newest(session, cue, catalogue)
    elif hinted and all(_hinted(term) for term in terms_of(cue.text)):
        kinds = hinted & cue.kinds if cue.kinds else hinted
        matches = _newest(session, replace(cue, kinds=frozenset(kinds)), catalogue)
    else:
        among = catalogue.among(session, cue)
        matches = _ranked(session, cue, among, index, embedder, hinted)
    return [_hit(session, match) for match in _distinct(matches)[: cue.limit]]


def _newest(session: Session, cue: Cue, catalogue: Catalogue) -> list[_Match]:
    """Return what meets the filters, newest first: the cue names a kind, or nothing at all."""
    ids = catalogue.newest(session, cue, cue.limit * 4)
    newest = select(*_COLUMNS).where(DocumentRow.id.in_(ids))
    newest = newest.order_by(DocumentRow.start_ns.desc(), DocumentRow.id.desc())
    return [_Match(*row) for row in session.execute(newest)]


def _ranked(
    session: Session,
    cue: Cue,
    among: Mask | None,
    index: VectorIndex,
    embedder: Embedder | None,
    hinted: set[Kind],
) -> list[_Match]:
    terms = Terms.of(session, terms_of(cue.text))
    coverage = terms.coverage(session, terms.best(session, among, CANDIDATES))
    cosines: dict[int, float] = {}
    if embedder is not None:
        query = embedder.embed([cue.text])[0]
        cosines = index.nearest(session, query, among, CANDIDATES)
    found = select(*_COLUMNS).where(DocumentRow.id.in_(coverage.keys() | cosines.keys()))
    if not cue.kinds:
        found = found.where(DocumentRow.kind != Kind.TURN)
    asked = same_words(cue.text)
    matches = []
    for row in session.execute(found):
        match = _Match(*row)
        covered, meaning = coverage.get(match.id, 0.0), max(0.0, cosines.get(match.id, 0.0))
        score = (WEIGHT_WORDS * covered + WEIGHT_MEANING * meaning) * _trust(match)
        fits = score >= FLOOR or meaning >= FLOOR_MEANING if cosines else covered >= FLOOR_WORDS
        if fits and same_words(_quoted(match.text)) != asked:
            matches.append(replace(match, score=score + HINT * (match.kind in hinted)))
    return sorted(matches, key=lambda m: (-m.score, -m.start_ns, m.id))


def _hinted(text: str) -> set[Kind]:
    """Return the kinds that all hints in a text agree on, or any of them where they do not."""
    lower = text.casefold()
    hinted = [kinds for pattern, kinds in _HINTS if pattern.search(lower)]
    return set.intersection(*hinted) or set.union(*hinted) if hinted else set()


def _quoted(document_text: str) -> str:
    """Return what a document quotes, or all of it."""
    match = re.search(r': "(.*)"$', document_text)
    return match[1] if match else document_text


def _trust(match: _Match) -> float:
    if match.kind == Kind.UTTERANCE and match.text.endswith('?"'):
        return _QUESTION_TRUST
    return _TRUST.get(Kind(match.kind), 1.0)


def _distinct(matches: list[_Match]) -> list[_Match]:
    """Drop what repeats: a fact and the words it was said in, one thing over and over."""
    texts: Counter[str] = Counter()
    scenes: Counter[int | None] = Counter()
    said: set[str] = set()
    kept = []
    for match in matches:
        quoted = same_words(_quoted(match.text))
        is_speech = match.kind in (Kind.FACT, Kind.UTTERANCE)
        is_scene = match.kind in _SCENE and match.moment_id is not None
        if is_speech and any(quoted in other or other in quoted for other in said):
            continue
        if texts[match.text] >= MAX_SAME_TEXT:
            continue
        if is_scene and scenes[match.moment_id] >= MAX_PER_MOMENT:
            continue
        if is_speech:
            said.add(quoted)
        texts[match.text] += 1
        scenes[match.moment_id] += is_scene
        kept.append(match)
    return kept


def _hit(session: Session, match: _Match) -> Hit:
    sources = session.execute(
        select(DocumentSourceRow.kind, DocumentSourceRow.row_id)
        .where(DocumentSourceRow.document_id == match.id)
        .order_by(DocumentSourceRow.kind, DocumentSourceRow.row_id)
    )
    return Hit(
        kind=Kind(match.kind),
        id=match.row_id,
        t_ns=match.start_ns,
        text=match.text,
        score=match.score,
        moment_id=match.moment_id,
        sources=tuple(Source(Kind(kind), row_id) for kind, row_id in sources),
    )
