"""Many keys to one memory: what was done, where, with what, with whom, about what.

As in OS-1 (arXiv 2311.18251) each key is a row of its own and all keys of a memory lead to the same
row. Minutes have all their keys; a day has those of the minutes that moved the wearer, and those
that no day before had.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from memory.history.phrases import ngrams
from memory.records import Key, KeyKind, Kind, Level, Source
from memory.schema import ContextRow, KeyRow

Found = tuple[KeyKind, str]


def put(session: Session, row: Source, found: Iterable[Found]) -> None:
    """Let these keys, and no others, lead to a row."""
    wanted = {(kind, key.casefold()) for kind, key in found if key.strip()}
    held = {(kind, key): key_id for key_id, kind, key in _held(session, row)}
    gone = [held[key] for key in held.keys() - wanted]
    if gone:
        session.execute(delete(KeyRow).where(KeyRow.id.in_(gone)))
    for kind, key in sorted(wanted - held.keys()):
        session.add(KeyRow(kind=kind, key=key, row_kind=row.kind, row_id=row.id))
    session.flush()


def drop(session: Session, row: Source) -> None:
    """Remove every key to a row."""
    session.execute(delete(KeyRow).where(KeyRow.row_kind == row.kind, KeyRow.row_id == row.id))


def keys_of(session: Session, row: Source) -> list[Found]:
    """Return the keys that lead to a row."""
    return [(kind, key) for _, kind, key in _held(session, row)]


def rows_of(session: Session, kind: KeyKind, key: str) -> list[Source]:
    """Return the rows that a key leads to, in the order they were first told.

    They are contexts; their ``sources`` are what was seen, heard and read there and then.
    """
    rows = select(KeyRow.row_kind, KeyRow.row_id).where(
        KeyRow.kind == kind, KeyRow.key == key.casefold()
    )
    found = session.execute(rows.order_by(KeyRow.id))
    return [Source(Kind(row_kind), row_id) for row_kind, row_id in found]


def cued(
    session: Session, text: str, kinds: Iterable[KeyKind] = tuple(KeyKind)
) -> dict[Found, list[Source]]:
    """Return the keys that a text names in its own words, each with the rows it leads to."""
    columns = (KeyRow.kind, KeyRow.key, KeyRow.row_kind, KeyRow.row_id)
    named = select(*columns).where(KeyRow.kind.in_(list(kinds)), KeyRow.key.in_(ngrams(text)))
    found: dict[Found, list[Source]] = {}
    for kind, key, row_kind, row_id in session.execute(named.order_by(KeyRow.id)):
        found.setdefault((KeyKind(kind), key), []).append(Source(Kind(row_kind), row_id))
    return found


def counts(session: Session, kind: KeyKind) -> list[Key]:
    """Return the keys of a kind with the number of minutes each leads to, most frequent first."""
    minutes = (
        select(KeyRow.key, func.count().label("minutes"))
        .join(ContextRow, ContextRow.id == KeyRow.row_id)
        .where(KeyRow.kind == kind, KeyRow.row_kind == Kind.CONTEXT)
        .where(ContextRow.level == Level.MINUTE)
        .group_by(KeyRow.key)
    )
    rows = session.execute(minutes.order_by(func.count().desc(), KeyRow.key))
    return [Key(kind, key, count) for key, count in rows]


def of_day(session: Session, start_ns: int, end_ns: int, gate: float) -> set[Found]:
    """Return the keys of the minutes of a span that moved the wearer, and those that are new."""
    here, before = aliased(ContextRow), aliased(ContextRow)
    earlier = aliased(KeyRow)
    is_new = ~(
        select(earlier.id)
        .join(before, before.id == earlier.row_id)
        .where(
            earlier.kind == KeyRow.kind,
            earlier.key == KeyRow.key,
            earlier.row_kind == Kind.CONTEXT,
            before.level == Level.MINUTE,
            before.start_ns < start_ns,
        )
        .exists()
    )
    rows = session.execute(
        select(KeyRow.kind, KeyRow.key)
        .join(here, here.id == KeyRow.row_id)
        .where(KeyRow.row_kind == Kind.CONTEXT, here.level == Level.MINUTE)
        .where(here.start_ns >= start_ns, here.start_ns < end_ns)
        .where((here.arousal > gate) | is_new)
        .distinct()
    )
    return {(KeyKind(kind), key) for kind, key in rows}


def _held(session: Session, row: Source) -> list[tuple[int, KeyKind, str]]:
    mine = select(KeyRow.id, KeyRow.kind, KeyRow.key).where(
        KeyRow.row_kind == row.kind, KeyRow.row_id == row.id
    )
    found = session.execute(mine.order_by(KeyRow.id))
    return [(key_id, KeyKind(kind), key) for key_id, kind, key in found]
