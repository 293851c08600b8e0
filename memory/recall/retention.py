"""How present a memory still is: it fades since it happened, and telling it makes it present again.

The odds that something is needed fall as a power of the time since it happened (Anderson and
Schooler, 1991), ``hours ** -d`` with the ``d = 0.5`` of ACT-R. On the written lives that may be
looked at this finds more than the ``(1 - decay) ** hours`` of OS-1 (arXiv 2311.18251), which stays
for rehearsal: what was told lately comes before what fits as well, and is no more certain for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from sqlalchemy.orm import Session

from memory.recall.candidates import Candidate
from memory.recall.neighbours import Floats
from memory.recall.rows import rows
from memory.records import Kind
from memory.units import HOUR_NS

FADING = 0.5
DECAY_PER_HOUR = 0.01
REHEARSED = 0.4

# Crossed in this order: only exchanges that told of one of the documents are looked at.
_TOLD = f"""
    SELECT documents.id, max(turns.t_ns)
    FROM json_each(:ids) AS wanted
    CROSS JOIN documents ON documents.id = wanted.value
    CROSS JOIN sources
        ON sources.source_kind = documents.kind AND sources.source_id = documents.row_id
    CROSS JOIN turns ON turns.id = sources.derived_id
    WHERE +sources.derived_kind = '{Kind.TURN}' AND turns.t_ns <= :now_ns
    GROUP BY documents.id
"""  # noqa: S608 (a constant)


def retention(session: Session, documents: Sequence[Candidate], now_ns: int) -> Floats:
    """Return what speaks for each document in points of the ranking, shape ``(n,)``."""
    ids = json.dumps([d.id for d in documents])
    told: dict[int, int] = dict(rows(session, _TOLD, ids=ids, now_ns=now_ns))
    happened = _hours([d.start_ns for d in documents], now_ns)
    rehearsed = (1 - DECAY_PER_HOUR) ** _hours([told.get(d.id, 0) for d in documents], now_ns)
    return np.asarray(REHEARSED * rehearsed - FADING * np.log1p(happened), np.float64)


def _hours(times_ns: Sequence[int], now_ns: int) -> Floats:
    hours = np.maximum(0, now_ns - np.array(times_ns, np.int64)) / HOUR_NS
    return np.asarray(hours, np.float64)
