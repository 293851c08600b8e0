"""What was said and read that may bear on where and what is safe.

Found by time and words alone: the newest documents, and those that hold one of a few telling
words. Nothing is derived from them, so that forgetting has nothing more to find.
"""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.facts.medicines import MEDICINE_WORDS
from memory.people import label
from memory.records import Kind, Notice, Source
from memory.rendering import quoted, written
from memory.schema import DocumentRow, PersonRow, UtteranceRow

SINCE_NS = 60 * 24 * 3600 * 1_000_000_000
ALL_SINCE_NS = 36 * 3600 * 1_000_000_000
AT_MOST = 600
ANSWER_WITHIN_NS = 90 * 1_000_000_000

_CUES = (
    "appointment clinic surgery visit interview booking booked reservation boarding confirmed "
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays "
    "thursdays fridays saturdays sundays mon tue wed thu fri sat sun tomorrow tonight "
    "order closed shut blocked cancelled danger unsafe prohibited forbidden avoid without "
    "painkiller painkillers medicine injection surgeon nurse doctor allergic allergy "
    "alcohol driving stomach empty fasting tablet tablets pill pills capsule mg dose drops "
    "trains buses service road bridge entry flooded ice icy landslip suspended blocked reopened "
    "milk grapefruit eat drink food bedtime breakfast nuts nut dairy lactose gluten pregnant "
    "careful watch mind broken rotten loose live wire shock poisonous poison slippery hot leaking "
    "gas lights brakes brake ladder lift lifting weeks stitches bandage dressing plaster cast "
    "sling "
    "swim swimming bath bathe run running rest crutches pick collect deadline last only doors "
    "fortnight heavier heavy dry wet until till first second third fourth fifth sixth seventh "
    "eighth "
    "ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth twentieth thirtieth january february march april may june july august september "
    "october november december past touch touches near stitches taxi eggs egg fish sesame peanuts "
    "shellfish dairy wheat soya celery mustard kiwi allergies hospital ambulance rash "
    "cracked frayed snapped worn perished rung rope guard fumes flue smell wasp wasps sting stings "
    "bites kicks collapse collapsed asbestos bleach acid recalled expiry expires nearly swarming "
    "bull adders tide path steps socket tyre faulty unfinished throat lips tongue adrenaline "
    "fasted knee ankle shoulder wrist voice sedation poisoned "
    "half quarter noon o'clock once twice daily week every dose doses"
)
_MATCH = " OR ".join(f'"{word}"' for word in dict.fromkeys((*_CUES.split(), *MEDICINE_WORDS)))
_IS_SPEECH = DocumentRow.kind == Kind.UTTERANCE
_TOLD = """
    documents.kind IN ('utterance', 'text') AND documents.start_ns BETWEEN :since_ns AND :now_ns
"""
_CUED = f"""
    SELECT documents.id FROM words JOIN documents ON documents.id = words.rowid
    WHERE words MATCH :match AND {_TOLD} ORDER BY words.rowid DESC LIMIT :most
"""  # noqa: S608 (constants)
_LATEST = f"""
    SELECT documents.id FROM documents
    WHERE {_TOLD} ORDER BY documents.start_ns DESC LIMIT :most
"""  # noqa: S608 (constants)

# The plus keeps SQLite from looking through all that was ever said, instead of by time.
_ANSWERS = f"""
    SELECT DISTINCT answer.id FROM json_each(:told) JOIN documents AS told ON told.id = value
    JOIN documents AS answer ON answer.start_ns > told.start_ns
        AND answer.start_ns <= told.start_ns + {ANSWER_WITHIN_NS}
    WHERE +answer.kind = 'utterance'
"""  # noqa: S608 (constants)


def notices(session: Session, now_ns: int) -> list[Notice]:
    """Return what was said and read, oldest first.

    Of the last weeks what holds a telling word and what was said right after it, of the last hours
    everything.
    """
    connection = session.connection()
    asked: dict[str, int | str] = {"now_ns": now_ns, "most": AT_MOST}
    cued = {"match": _MATCH, "since_ns": now_ns - SINCE_NS, **asked}
    latest = {"since_ns": now_ns - ALL_SINCE_NS, **asked}
    telling = list(connection.exec_driver_sql(_CUED, cued).scalars())
    ids = {
        *telling,
        *connection.exec_driver_sql(_ANSWERS, {"told": json.dumps(telling)}).scalars(),
        *connection.exec_driver_sql(_LATEST, latest).scalars(),
    }
    told = (
        select(
            DocumentRow.kind, DocumentRow.row_id, DocumentRow.start_ns, DocumentRow.text, PersonRow
        )
        .join(UtteranceRow, _IS_SPEECH & (UtteranceRow.id == DocumentRow.row_id), isouter=True)
        .join(PersonRow, PersonRow.id == UtteranceRow.person_id, isouter=True)
        .where(DocumentRow.id.in_(ids))
    )
    found = [_notice(*row) for row in session.execute(told)]
    return sorted(found, key=lambda notice: (notice.t_ns, notice.source.kind, notice.source.id))


def _notice(kind: str, row_id: int, start_ns: int, text: str, speaker: PersonRow | None) -> Notice:
    source = Source(Kind(kind), row_id)
    if source.kind is Kind.TEXT:
        return Notice(source, start_ns, written(text), "")
    return Notice(source, start_ns, quoted(text), label(speaker))
