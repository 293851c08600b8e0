from __future__ import annotations

from datetime import datetime

from llm.appointments import appointments
from memory.store import Memory
from tests.llm.conftest import END_NS, S, said


def test_only_the_wearers_own_plans_are_appointments_and_only_while_they_are_due(
    memory: Memory,
) -> None:
    hour_ns = 3600 * S
    at = datetime.fromtimestamp((END_NS + 2 * hour_ns) / 1e9).astimezone()
    said(memory, 200, f"I have to be at the dentist at {at:%H:%M}.", 1, is_wearer=True)
    said(memory, 210, f"I have to be at the station at {at:%H:%M}.", 2)
    memory.consolidate(END_NS)
    (found,) = appointments(memory, END_NS, 3 * hour_ns)
    assert "dentist" in found.fact.text
    assert appointments(memory, END_NS, hour_ns) == []
    assert appointments(memory, END_NS + 3 * hour_ns, hour_ns) == []
