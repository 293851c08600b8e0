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
_IS_SPEECH = DocumentRow.kind == Kind.UTTERANCE
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
    told = (
        select(DocumentRow, PersonRow)
        .join(UtteranceRow, _IS_SPEECH & (UtteranceRow.id == DocumentRow.row_id), isouter=True)
        .join(PersonRow, PersonRow.id == UtteranceRow.person_id, isouter=True)
        .where(DocumentRow.id.in_(ids))
    )
    found = [_notice(document, person) for document, person in session.execute(told)]
    return sorted(found, key=lambda notice: (notice.t_ns, notice.source.kind, notice.source.id))


def _notice(document: DocumentRow, speaker: PersonRow | None) -> Notice:
    source = Source(Kind(document.kind), document.row_id)
    if document.kind == Kind.TEXT:
        return Notice(source, document.start_ns, written(document.text), "")
    return Notice(source, document.start_ns, quoted(document.text), label(speaker))
