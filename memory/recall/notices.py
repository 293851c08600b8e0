"""What others told the wearer, and what was read, that may bear on where and what is safe.

Found by time and words alone: the newest documents, and those that hold one of a few telling
words. Nothing is derived from them, so that forgetting has nothing more to find.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.people import label
from memory.records import Kind, Notice, Source
from memory.rendering import quoted, written
from memory.schema import DocumentRow, PersonRow, UtteranceRow

SINCE_NS = 60 * 24 * 3600 * 1_000_000_000
ALL_SINCE_NS = 36 * 3600 * 1_000_000_000
AT_MOST = 300

_CUES = (
    "appointment clinic surgery visit interview booking booked reservation boarding confirmed "
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays "
    "thursdays fridays saturdays sundays mon tue wed thu fri sat sun tomorrow tonight "
    "order closed shut blocked cancelled danger unsafe prohibited forbidden avoid without "
    "painkiller painkillers medicine injection surgeon nurse doctor allergic allergy "
    "alcohol driving stomach empty fasting tablet tablets pill pills capsule mg dose drops "
    "trains buses service road bridge entry flooded ice icy landslip suspended blocked reopened "
    "milk grapefruit eat drink food bedtime breakfast"
)
_MATCH = " OR ".join(f'"{word}"' for word in _CUES.split())
_TOLD_BY_OTHERS = """
    documents.kind IN ('utterance', 'text') AND documents.start_ns BETWEEN :since_ns AND :now_ns
    AND coalesce((
        SELECT is_wearer FROM utterances
        WHERE documents.kind = 'utterance' AND utterances.id = documents.row_id
    ), 0) = 0
"""
_CUED = f"""
    SELECT documents.id FROM words JOIN documents ON documents.id = words.rowid
    WHERE words MATCH :match AND {_TOLD_BY_OTHERS} ORDER BY words.rowid DESC LIMIT :most
"""  # noqa: S608 (constants)
_LATEST = f"""
    SELECT documents.id FROM documents
    WHERE {_TOLD_BY_OTHERS} ORDER BY documents.start_ns DESC LIMIT :most
"""  # noqa: S608 (constants)


def notices(session: Session, now_ns: int) -> list[Notice]:
    """Return what others said and what was read, oldest first.

    Of the last weeks what holds a telling word, of the last hours everything.
    """
    connection = session.connection()
    asked: dict[str, int | str] = {"now_ns": now_ns, "most": AT_MOST}
    cued = {"match": _MATCH, "since_ns": now_ns - SINCE_NS, **asked}
    latest = {"since_ns": now_ns - ALL_SINCE_NS, **asked}
    ids = {
        *connection.exec_driver_sql(_CUED, cued).scalars(),
        *connection.exec_driver_sql(_LATEST, latest).scalars(),
    }
    rows = session.scalars(select(DocumentRow).where(DocumentRow.id.in_(ids)))
    found = [_notice(session, row) for row in rows]
    return sorted(found, key=lambda told: (told.t_ns, told.source.kind, told.source.id))


def _notice(session: Session, row: DocumentRow) -> Notice:
    source = Source(Kind(row.kind), row.row_id)
    if row.kind == Kind.TEXT:
        return Notice(source, row.start_ns, written(row.text), "")
    said = session.get(UtteranceRow, row.row_id)
    person_id = said.person_id if said is not None else None
    person = session.get(PersonRow, person_id) if person_id is not None else None
    return Notice(source, row.start_ns, quoted(row.text), label(person))
