from __future__ import annotations

import numpy as np

from perception.attention.targets import Target, Targets, TargetSettings
from perception.events import Embedding

SECOND_NS = 1_000_000_000


def looks_like(*weights: float) -> Embedding:
    vector = np.array(weights, np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


RED, REDDISH, BLUE = looks_like(1, 0, 0), looks_like(1, 0.4, 0), looks_like(0, 0, 1)


def test_a_thing_is_known_again_by_its_looks() -> None:
    targets = Targets()
    cup = targets.identify(RED, 0)
    targets.remember(Target(cup.id, RED, SECOND_NS, 0))
    again = targets.identify(REDDISH, 5 * SECOND_NS)
    assert (again.id, again.dwell_ns) == (cup.id, SECOND_NS)
    assert targets.identify(BLUE, 5 * SECOND_NS).id != cup.id


def test_the_likest_of_several_counts() -> None:
    targets = Targets()
    for vector in (RED, REDDISH):
        known = targets.identify(BLUE, 0)
        targets.remember(Target(known.id, vector, 0, 0))
    assert targets.identify(REDDISH, 0).id == 2


def test_what_was_not_remembered_gets_no_second_chance() -> None:
    targets = Targets()
    assert targets.identify(RED, 0).id != targets.identify(RED, 0).id


def test_things_from_long_ago_and_beyond_capacity_are_forgotten() -> None:
    targets = Targets(TargetSettings(capacity=2))
    ids = []
    for vector in (RED, BLUE, looks_like(0, 1, 0)):
        known = targets.identify(vector, 0)
        ids.append(known.id)
        targets.remember(Target(known.id, vector, 0, 0))
    assert targets.identify(BLUE, 0).id == ids[1]
    assert targets.identify(RED, 0).id not in ids
    assert targets.identify(BLUE, 61 * SECOND_NS).id not in ids
