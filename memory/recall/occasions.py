"""When what is asked for happened, as far as the cue's own words tell it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from memory.recall.neighbours import Floats, Ints
from memory.recall.terms import hinted, terms_of
from memory.recall.when import Relation, When, read_when
from memory.records import Cue, Hit
from memory.units import HOUR_NS

BESIDE_NS = 3 * HOUR_NS
DURING_NS = HOUR_NS // 4


@dataclass(frozen=True, slots=True)
class Occasion:
    """A cue with the time that its words tell taken out of them.

    Attributes:
        start_ns: From when on is likelier, or None.
        end_ns: Until when is likelier, or None.
    """

    cue: Cue
    start_ns: int | None = None
    end_ns: int | None = None

    def closeness(self, start_ns: Ints, end_ns: Ints) -> Floats:
        """Return how close intervals lie to the time, 1 within it and falling by the hour."""
        if self.start_ns is None and self.end_ns is None:
            return np.zeros(len(start_ns))
        early = 0 if self.start_ns is None else np.maximum(0, self.start_ns - end_ns)
        late = 0 if self.end_ns is None else np.maximum(0, start_ns - self.end_ns)
        return np.asarray(1 / (1 + (early + late) / HOUR_NS), np.float64)


def occasion(cue: Cue, find: Callable[[Cue], list[Hit]]) -> Occasion:
    """Read the time that a cue tells; it takes a cue that says when it is asked.

    A time that is still to come stays among the words: what was said of it lies in the past. A
    happening is looked for among the memories; then what lies beside the best of them is meant.

    Args:
        cue: What to recall.
        find: Recalls what fits another cue, best first.
    """
    if cue.now_ns is None or not cue.text.strip():
        return Occasion(cue)
    when = read_when(cue.text, cue.now_ns)
    if when.is_told and (when.start_ns is None or when.start_ns <= cue.now_ns):
        return Occasion(replace(cue, text=when.rest), when.start_ns, when.end_ns)
    if not when.anchor:
        return Occasion(cue)
    anchors = find(replace(cue, text=when.anchor, kinds=frozenset(), now_ns=None, limit=1))
    return _beside(cue, when, anchors[0].t_ns) if anchors else Occasion(cue)


def _beside(cue: Cue, when: When, t_ns: int) -> Occasion:
    start_ns, end_ns = {
        Relation.BEFORE: (t_ns - BESIDE_NS, t_ns),
        Relation.AFTER: (t_ns + 1, t_ns + BESIDE_NS),
        Relation.DURING: (t_ns - DURING_NS, t_ns + DURING_NS),
        None: (t_ns, t_ns),
    }[when.relation]
    told = re.escape(when.anchor)
    rest = re.sub(rf"\b(?:before|after|since|during)\s+{told}", "", cue.text, flags=re.IGNORECASE)
    if all(hinted(term) for term in terms_of(rest)):
        # Nothing but the time is said of what is asked for, so that the time decides.
        start_ns = start_ns if cue.start_ns is None else max(start_ns, cue.start_ns)
        end_ns = end_ns if cue.end_ns is None else min(end_ns, cue.end_ns)
        return Occasion(replace(cue, text=rest, start_ns=start_ns, end_ns=end_ns))
    return Occasion(cue, start_ns, end_ns)
