"""A conversation as it would be remembered: through the real memory, line by line."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.data.locomo import Conversation, Line, Question
from evals.recall_fit import Example
from memory.database import Database
from memory.recall import ranking
from memory.recall.candidates import pool
from memory.recall.catalogue import Catalogue
from memory.recall.embedding import Embedder, Vectors
from memory.recall.search import recall
from memory.recall.vectors import VectorIndex
from memory.records import Cue, Hit, Kind, Source
from memory.store import Memory
from perception.events import Utterance

SECOND_NS = 1_000_000_000
WORDS_PER_S = 2.5
PAUSE_NS = SECOND_NS
KINDS = frozenset({Kind.UTTERANCE})
EMBEDDED_AT_ONCE = 64
DEPTH = 20


class CachedEmbedder:
    """Computes each sentence once, and remembers how long that took."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, npt.NDArray[np.float32]] = {}
        self.spent_s: list[float] = []

    @property
    def version(self) -> str:
        """Which vectors these are."""
        return self._embedder.version

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape ``(n, dimensions)``."""
        for text in texts:
            if text not in self._known:
                started = time.perf_counter()
                self._known[text] = self._embedder.embed([text])[0]
                self.spent_s.append(time.perf_counter() - started)
        return np.stack([self._known[text] for text in texts])


@dataclass(slots=True)
class Store:
    """A remembered conversation.

    Attributes:
        lines: The line that each utterance row holds, by the row's id.
        texts: The sentence under which each line is found, by the line's id.
        indexed_s: How long it took to record all lines and to embed them.
    """

    conversation: Conversation
    memory: Memory
    database: Database
    embedder: Embedder
    lines: dict[int, Line] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    indexed_s: float = 0.0
    _catalogue: Catalogue = field(default_factory=Catalogue)
    _index: VectorIndex = field(default_factory=VectorIndex)

    @classmethod
    def remember(cls, conversation: Conversation, folder: Path, embedder: Embedder) -> Store:
        """Record a conversation into a new store."""
        memory = Memory.open(folder / f"{conversation.name}.sqlite", embedder=embedder)
        store = cls(conversation, memory, Database(memory.path), embedder)
        started = time.perf_counter()
        store._record()
        while memory.embed(EMBEDDED_AT_ONCE):
            pass
        store.indexed_s = time.perf_counter() - started
        store.texts = {
            line.id: memory.text_of(Source(Kind.UTTERANCE, row_id))
            for row_id, line in store.lines.items()
        }
        return store

    def close(self) -> None:
        """Close the files."""
        self.database.close()
        self.memory.close()

    def recall(self, text: str) -> list[str]:
        """Return the ids of the lines that memory recalls, best first."""
        return self._ids(self.memory.recall(_cue(text)))

    def recall_by(self, weights: npt.NDArray[np.float64], text: str) -> list[str]:
        """Return the ids of the lines that memory would recall with other weights, best first."""
        catalogue, index = self._catalogue, self._index
        with self.database.read() as session:
            return self._ids(recall(session, _cue(text), catalogue, index, self.embedder, weights))

    def example(self, question: Question) -> Example | None:
        """Return the candidates of a question, or None where its evidence is not among them."""
        cue = _cue(question.text)
        with self.database.read() as session:
            found = pool(session, cue, self._catalogue, self._index, self.embedder)
        ids = [self.lines[document.row_id].id for document in found.documents]
        is_evidence = np.array([line_id in question.evidence for line_id in ids], np.bool_)
        return Example(ranking.features(found), is_evidence) if is_evidence.any() else None

    def _ids(self, hits: list[Hit]) -> list[str]:
        return [self.lines[hit.id].id for hit in hits]

    def _record(self) -> None:
        first_ns = round(self.conversation.sessions[0].start.timestamp()) * SECOND_NS
        recording = self.memory.begin(f"conversation:{self.conversation.name}", first_ns)
        named: set[str] = set()
        end_ns = first_ns
        for session in self.conversation.sessions:
            start_ns = max(round(session.start.timestamp()) * SECOND_NS, end_ns)
            for line in session.lines:
                end_ns = start_ns + round(len(line.text.split()) / WORDS_PER_S * SECOND_NS) + 1
                row = self.memory.record(self._utterance(line, start_ns, end_ns))
                if row is not None:
                    self.lines[row.id] = line
                if line.speaker not in named:
                    self._name_speaker(line.speaker)
                    named.add(line.speaker)
                start_ns = end_ns + PAUSE_NS
        self.memory.end(recording, end_ns)

    def _utterance(self, line: Line, start_ns: int, end_ns: int) -> Utterance:
        voice = self.conversation.speakers.index(line.speaker)
        return Utterance(
            start_ns=start_ns,
            end_ns=end_ns,
            text=spoken(line),
            confidence=1.0,
            voice_id=f"voice-{voice + 1}",
            is_wearer=False,
            voice_confidence=1.0,
            embedding=np.eye(256, dtype=np.float32)[voice],
        )

    def _name_speaker(self, name: str) -> None:
        newest = max(self.memory.people(), key=lambda person: person.id)
        self.memory.rename_person(newest.id, name)


def _cue(text: str) -> Cue:
    """Return the cue that lists lines down to the last place, as the peers do."""
    return Cue(text, kinds=KINDS, limit=DEPTH, margin=math.inf)


def spoken(line: Line) -> str:
    """Return the words of a line after what it showed, as every system gets them."""
    return f"(Shows {line.caption}.) {line.text}" if line.caption else line.text
