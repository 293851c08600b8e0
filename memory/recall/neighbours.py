"""What lies close in time: the words before and after.

An answer seldom repeats the words of its question, and a question about it holds the words of
both; so what fits a cue is looked for around what holds its words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from memory.recall.rows import rows
from memory.records import Kind

NEAR_NS = 30_000_000_000

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Left to itself, the planner goes through all that was ever said, once for every span.
_SPOKEN_IN = f"""
    SELECT documents.id FROM json_each(:spans) AS span
    CROSS JOIN documents ON documents.start_ns >= json_extract(span.value, '$[0]')
                        AND documents.start_ns < json_extract(span.value, '$[1]')
    WHERE +documents.kind = '{Kind.UTTERANCE}'
"""  # noqa: S608 (a constant)


def spoken_around(session: Session, spans: Iterable[tuple[int, int]]) -> set[int]:
    """Return the documents of what was said within half a minute of some spans of time."""
    merged: list[tuple[int, int]] = []
    for start_ns, end_ns in sorted(spans):
        start_ns, end_ns = start_ns - NEAR_NS, end_ns + NEAR_NS
        if merged and start_ns <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end_ns, merged[-1][1]))
        else:
            merged.append((start_ns, end_ns))
    return {row_id for (row_id,) in rows(session, _SPOKEN_IN, spans=json.dumps(merged))}


def beside(values: Floats, start_ns: Ints, end_ns: Ints, step: int) -> Floats:
    """Return for each utterance the value of the one ``step`` earlier, 0 where there is none.

    Args:
        values: One per utterance, in time order, shape ``(n,)``.
        start_ns: When each began, shape ``(n,)``.
        end_ns: When each ended, shape ``(n,)``.
        step: 1 for the one before, -1 for the one after, and so on. Between them no pause may be
            longer than half a minute.
    """
    near = np.concatenate([[False], start_ns[1:] - end_ns[:-1] <= NEAR_NS])[: len(values)]
    run = np.cumsum(~near)
    found = np.zeros(len(values))
    if abs(step) >= len(values):
        return found
    earlier, later = (slice(None, -abs(step)), slice(abs(step), None))
    to, source = (later, earlier) if step > 0 else (earlier, later)
    found[to] = np.where(run[to] == run[source], values[source], 0.0)
    return found
