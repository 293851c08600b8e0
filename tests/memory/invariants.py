"""What must hold of a store at any time, read from its file without the code that writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from memory.recall import vectors
from memory.recall.embedding import Embedder

TABLES = {
    "moment": "moments",
    "person": "people",
    "sighting": "sightings",
    "object": "seen",
    "text": "seen",
    "utterance": "utterances",
    "feeling": "feelings",
    "context": "contexts",
    "fact": "facts",
    "turn": "turns",
    # The place of a fact has the id of the fact.
    "place": "facts",
}
# What perception, the wearer and the companion said; all other words are derived from these.
SAID = {
    "utterances": ("text",),
    "seen": ("text",),
    "episodes": ("label",),
    "feelings": ("cause",),
    "facts": ("statement",),
    "turns": ("asked", "replied"),
    "people": ("name",),
}


def broken(path: Path, media: Path, embedder: Embedder | None = None) -> list[str]:
    """Return every broken promise of a store, in words."""
    with closing(sqlite3.connect(path)) as store:
        return [
            *_damage(store),
            *_orphans(store),
            *_stale_vectors(store, embedder),
            *_facts_about_the_wearer(store),
            *_faces_that_are_one(store),
            *_unasked_templates(store),
            *_media(store, media),
        ]


def said(path: Path) -> str:
    """Return every word that perception, the wearer and the companion said, as one text."""
    with closing(sqlite3.connect(path)) as store:
        return "\n".join(
            value
            for table, columns in SAID.items()
            for column in columns
            for (value,) in store.execute(f"SELECT {column} FROM {table}")  # noqa: S608
        )


def raw_bytes(folder: Path) -> bytes:
    """Return everything on the disk of a store in lower case, file names too."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\n".join(str(path.name).encode() + path.read_bytes() for path in paths).lower()


def _damage(store: sqlite3.Connection) -> Iterator[str]:
    for (verdict,) in store.execute("PRAGMA integrity_check"):
        if verdict != "ok":
            yield f"damaged: {verdict}"
    for row in store.execute("PRAGMA foreign_key_check"):
        yield f"foreign key: {row}"
    try:
        store.execute("INSERT INTO words(words, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        yield f"the word index does not fit the documents: {error}"
    store.rollback()


def _orphans(store: sqlite3.Connection) -> Iterator[str]:
    ends = {
        "a source of": "SELECT source_kind, source_id, derived_kind, derived_id FROM sources",
        "derived, from": "SELECT derived_kind, derived_id, source_kind, source_id FROM sources",
        "the row of document": "SELECT kind, row_id, 'document', id FROM documents",
        "what was used for document": """
            SELECT s.kind, s.row_id, d.kind, d.row_id
            FROM document_sources s JOIN documents d ON d.id = s.document_id""",
        "the moment of document": """
            SELECT 'moment', moment_id, kind, row_id FROM documents WHERE moment_id IS NOT NULL""",
        "the row of key": "SELECT row_kind, row_id, kind, id FROM keys",
    }
    for what, query in ends.items():
        for kind, row_id, of_kind, of_id in store.execute(query).fetchall():
            if not _is_there(store, kind, row_id):
                yield f"{kind} {row_id}, {what} {of_kind} {of_id}, is not there"
    bare = """
        SELECT level, id FROM contexts c WHERE NOT EXISTS (
            SELECT 1 FROM sources WHERE derived_kind = 'context' AND derived_id = c.id)"""
    for level, row_id in store.execute(bare):
        yield f"context {row_id} of a {level} names no source"
    placed = """
        SELECT id FROM facts f WHERE (place != '') != EXISTS (
            SELECT 1 FROM sources WHERE derived_kind = 'place' AND derived_id = f.id)"""
    for (row_id,) in store.execute(placed):
        yield f"the place of fact {row_id} names no source, or has one and is not told"


def _is_there(store: sqlite3.Connection, kind: str, row_id: int) -> bool:
    query = f"SELECT 1 FROM {TABLES[kind]} WHERE id = ?"  # noqa: S608
    return store.execute(query, (row_id,)).fetchone() is not None


def _stale_vectors(store: sqlite3.Connection, embedder: Embedder | None) -> Iterator[str]:
    if embedder is None:
        return
    told = "SELECT kind, row_id, text, embedding FROM documents WHERE embedding IS NOT NULL"
    for kind, row_id, text, vector in store.execute(told):
        if vectors.embed(embedder, [(row_id, text)]) != [(row_id, text, vector)]:
            yield f"the vector of {kind} {row_id} is of another sentence"


def _facts_about_the_wearer(store: sqlite3.Connection) -> Iterator[str]:
    strangers = """
        SELECT f.id FROM facts f JOIN people p ON p.id = f.subject_id
        WHERE p.is_wearer AND f.said_by_id IS NOT p.id"""
    for (fact_id,) in store.execute(strangers):
        yield f"fact {fact_id} about the wearer was said by somebody else"
    unverified = """
        SELECT f.id FROM facts f
        JOIN people p ON p.id = f.subject_id AND p.is_wearer
        JOIN sources s ON s.derived_kind = 'fact' AND s.derived_id = f.id
        JOIN utterances u ON s.source_kind = 'utterance' AND u.id = s.source_id
        WHERE f.is_quote AND NOT u.is_wearer"""
    for (fact_id,) in store.execute(unverified):
        yield f"fact {fact_id} about the wearer rests on another voice"


def _faces_that_are_one(store: sqlite3.Connection) -> Iterator[str]:
    together = """
        SELECT a.id, b.id FROM sightings a JOIN sightings b
        ON a.recording_id = b.recording_id AND a.person_id = b.person_id AND a.id < b.id
        AND a.start_ns < b.end_ns AND b.start_ns < a.end_ns"""
    for first, second in store.execute(together):
        yield f"sightings {first} and {second} show two faces at one time as one person"


def _unasked_templates(store: sqlite3.Connection) -> Iterator[str]:
    unnamed = """
        SELECT t.id FROM templates t JOIN people p ON p.id = t.person_id
        WHERE NOT p.is_name_given AND NOT p.is_wearer"""
    for (template_id,) in store.execute(unnamed):
        yield f"template {template_id} is of somebody whom the wearer has not named"


def _media(store: sqlite3.Connection, media: Path) -> Iterator[str]:
    named = {
        name
        for query in (
            "SELECT clip FROM moments",
            "SELECT thumbnail FROM moments",
            "SELECT thumbnail FROM sightings",
        )
        for (name,) in store.execute(query)
        if name is not None
    }
    tracks = {name.removesuffix(".mp4") + ".gaze.csv" for name in named if name.endswith(".mp4")}
    there = {path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()}
    for name in sorted(named - there):
        yield f"a row names the file {name}, which is not there"
    for name in sorted(there - named - tracks):
        yield f"no row names the file {name}"
