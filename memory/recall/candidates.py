"""What may fit a cue: the documents that words or meaning find, and what was said around them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from memory.recall.catalogue import Catalogue, Mask
from memory.recall.names import NAME_LIKE, Spoken
from memory.recall.neighbours import Floats, Ints, beside, spoken_around
from memory.recall.questions import without_own_turns
from memory.recall.rows import rows
from memory.recall.terms import terms_of
from memory.recall.vectors import VectorIndex
from memory.recall.words import Terms
from memory.records import Cue, Kind
from memory.rendering import quoted

if TYPE_CHECKING:
    # Loading the network's library takes a second that a store without it saves.
    from memory.recall.embedding import Embedder

CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that may fit.

    Attributes:
        words: What the text quotes, or all of it.
    """

    id: int
    kind: str
    row_id: int
    start_ns: int
    end_ns: int
    moment_id: int | None
    importance: float
    text: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Documents that may fit a cue, in time order, with what the cue says of each.

    Attributes:
        coverage: Which share of the cue's words each holds, rare words counting more, ``(n,)``.
        meaning: The cosine of each with the cue, 0 without vectors, ``(n,)``.
        is_named: It involves somebody whom the cue names, ``(n,)``.
        is_others: It involves somebody, but neither the wearer nor those whom the cue names,
            ``(n,)``.
        names: Of those whom the cue names.
        has_vectors: Meaning was compared.
        terms: The words of the cue.
    """

    documents: tuple[Candidate, ...]
    coverage: Floats
    meaning: Floats
    is_named: npt.NDArray[np.bool_]
    is_others: npt.NDArray[np.bool_]
    names: tuple[str, ...]
    has_vectors: bool
    terms: Terms = field(default_factory=lambda: Terms({}, {}))

    @property
    def start_ns(self) -> Ints:
        """When each began, ``(n,)``."""
        return np.array([d.start_ns for d in self.documents], np.int64)

    @property
    def end_ns(self) -> Ints:
        """When each ended, ``(n,)``."""
        return np.array([d.end_ns for d in self.documents], np.int64)

    @property
    def is_speech(self) -> npt.NDArray[np.bool_]:
        """Which are utterances, ``(n,)``."""
        return np.array([d.kind == Kind.UTTERANCE for d in self.documents], np.bool_)

    def beside(self, values: Floats, step: int) -> Floats:
        """Return for each utterance the value of the one ``step`` earlier, else 0, ``(n,)``."""
        found, is_speech = np.zeros(len(values)), self.is_speech
        times_ns = self.start_ns[is_speech], self.end_ns[is_speech]
        found[is_speech] = beside(values[is_speech], *times_ns, step)
        return found


_LOAD = """
    SELECT id, kind, row_id, start_ns, end_ns, moment_id, importance, text FROM documents
    WHERE id IN (SELECT value FROM json_each(:ids))
"""
_NAMES = "SELECT id, name FROM people WHERE name != '' AND NOT is_wearer ORDER BY id"
_INVOLVED = """
    SELECT document_id, max(person_id IN (SELECT value FROM json_each(:named))), max(is_wearer)
    FROM document_people JOIN people ON people.id = person_id
    WHERE document_id IN (SELECT value FROM json_each(:ids))
    GROUP BY document_id
"""


def pool(
    session: Session,
    cue: Cue,
    catalogue: Catalogue,
    index: VectorIndex,
    embedder: Embedder | None,
) -> Pool:
    """Collect what may fit a cue."""
    among = catalogue.among(session, cue)
    named = _named(session, cue)
    names = tuple(named.values())
    terms = Terms.of(session, terms_of(cue.text), catalogue.count(session))
    found = set(terms.best(session, among, CANDIDATES))
    cosines: dict[int, float] = {}
    if embedder is not None:
        query = embedder.embed([without_names(cue.text, names)])[0]
        cosines = index.nearest(session, query, among, CANDIDATES)
    documents = [d for d in load(session, found | cosines.keys()) if _is_wanted(d, cue)]
    spoken = [(d.start_ns, d.end_ns) for d in documents if d.kind == Kind.UTTERANCE]
    around = spoken_around(session, spoken)
    around = _within(around - {d.id for d in documents}, among)
    documents = without_own_turns(session, documents + load(session, around), cue)
    documents.sort(key=lambda d: (d.start_ns, d.id))
    ids = [d.id for d in documents]
    if embedder is not None:
        cosines |= index.cosines(session, query, [i for i in ids if i not in cosines])
    is_named, is_others = _involvement(session, ids, named)
    return Pool(
        documents=tuple(documents),
        coverage=terms.coverage(session, ids),
        meaning=np.array([max(0.0, cosines.get(i, 0.0)) for i in ids], np.float64),
        is_named=np.array(is_named, np.bool_),
        is_others=np.array(is_others, np.bool_),
        names=names,
        has_vectors=bool(cosines),
        terms=terms,
    )


def without_names(text: str, names: Iterable[str]) -> str:
    """Return words without names: who is meant is told by people, not by meaning."""
    parts = {part for name in names for part in name.split()}
    for part in sorted(parts, key=lambda part: (-len(part), part)):
        text = re.sub(
            rf"\b{re.escape(part)}(?:['\u2019]s)?(?!\w)\s*", "", text, flags=re.IGNORECASE
        )
    return text


def _named(session: Session, cue: Cue) -> dict[int, str]:
    """Return who is named in a cue."""
    words = NAME_LIKE.findall(cue.text)
    if not words:
        return {}
    spoken = Spoken(words)
    return {person_id: name for person_id, name in rows(session, _NAMES) if spoken.holds(name)}


def _involvement(
    session: Session, ids: list[int], named: dict[int, str]
) -> tuple[list[bool], list[bool]]:
    """Tell which documents involve those who are named, and which only others."""
    if not named:
        return [False] * len(ids), [False] * len(ids)
    people = rows(session, _INVOLVED, ids=json.dumps(ids), named=json.dumps(list(named)))
    theirs = {row[0] for row in people if row[1]}
    others = {row[0] for row in people if not row[1] and not row[2]}
    return [i in theirs for i in ids], [i in others for i in ids]


def load(session: Session, ids: Iterable[int]) -> list[Candidate]:
    """Return some documents, of those that are still there."""
    found = rows(session, _LOAD, ids=json.dumps(sorted(ids)))
    return [Candidate(*(*row, quoted(row[-1]))) for row in found]


def _is_wanted(document: Candidate, cue: Cue) -> bool:
    """Exchanges with the companion are wanted only by their kind; all else was filtered before."""
    return bool(cue.kinds) or document.kind != Kind.TURN


def _within(ids: set[int], among: Mask | None) -> set[int]:
    return ids if among is None else {i for i in ids if i < len(among) and among[i]}
