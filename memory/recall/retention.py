"""How present a memory still is: it fades with the hours since it happened or was last told.

The score of OS-1 (arXiv 2311.18251), ``(1 - decay) ** hours``. Telling a memory makes it present
again; it never makes what it says more certain.
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

HOUR_NS = 3_600_000_000_000

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


def retention(
    session: Session, documents: Sequence[Candidate], now_ns: int, decay_per_hour: float
) -> Floats:
    """Return how present each document is, in [0, 1], shape ``(n,)``."""
    ids = json.dumps([d.id for d in documents])
    told: dict[int, int] = dict(rows(session, _TOLD, ids=ids, now_ns=now_ns))
    last_ns = np.array([max(d.start_ns, told.get(d.id, d.start_ns)) for d in documents], np.int64)
    hours = np.maximum(0, now_ns - last_ns) / HOUR_NS
    return np.asarray((1 - decay_per_hour) ** hours, np.float64)
