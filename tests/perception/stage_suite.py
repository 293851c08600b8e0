"""The suite that every stage of perception must pass, and how to register a stage in it.

To register, put a module ``stage_cases.py`` into your folder of tests, for instance
``tests/perception/scene/stage_cases.py``, with one line for each stage::

    CASES = [StageCase("objects", build=build_objects, items=gazed_frames, is_heavy=True)]

``tests/perception/test_stages.py`` finds it and runs every check of this file on it.

* ``build`` makes a new stage. It must be deterministic.
* ``items`` returns some seconds of input in stream order that make the stage emit something.
* ``is_heavy`` marks a stage that loads model weights: its tests carry the marker ``weights``, and
  its hour holds a few widely spaced repetitions of ``items`` instead of hundreds in a row.

A heavy stage must leave its network out of its pickle: ``__getstate__`` drops it and
``__setstate__`` or the first use loads it again from the verified file.
"""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from firmware_bridge.packets import EyeState, GazeSample, ImuSample
from perception.events import FramePlan
from perception.stage import Stage

SECOND_NS = 1_000_000_000
HOUR_NS = 3600 * SECOND_NS
INSTANTS = frozenset({"t_ns", "start_ns", "end_ns", "key_ns", "peak_ns"})
MAY_BE_NAN = (GazeSample, EyeState, ImuSample, FramePlan)


@dataclass(frozen=True, slots=True)
class StageCase:
    """One stage with input to try it on.

    Attributes:
        name: Shown in the names of the tests.
        build: Makes a new stage.
        items: Returns input in stream order; the stage must emit something for it.
        is_heavy: The stage needs model weights.
        state_limit_bytes: How large the pickled stage may become.
    """

    name: str
    build: Callable[[], Stage[Any, Any]]
    items: Callable[[], Sequence[Any]]
    is_heavy: bool = False
    state_limit_bytes: int = 4 << 20


def run(stage: Stage[Any, Any], items: Iterable[Any]) -> list[Any]:
    """Feed everything, flush, and return all events."""
    events = feed(stage, items)
    return [*events, *stage.flush()]


def feed(stage: Stage[Any, Any], items: Iterable[Any]) -> list[Any]:
    """Feed everything without a flush."""
    return [event for item in items for event in stage.update(item)]


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of any event
    """Turn a value into nested tuples that compare by content, NaN and arrays included."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value))
        return type(value).__name__, *((name, plain(getattr(value, name))) for name in names)
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, frozenset):
        return tuple(sorted(map(plain, value)))
    if isinstance(value, tuple | list):
        return tuple(map(plain, value))
    return "nan" if isinstance(value, float) and value != value else value


def shifted(item: Any, by_ns: int) -> Any:  # noqa: ANN401 - any item of any stage
    """Copy an item with every instant in it moved by ``by_ns``."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        if field.name in INSTANTS:
            changes[field.name] = value + by_ns
        elif dataclasses.is_dataclass(value):
            changes[field.name] = shifted(value, by_ns)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            changes[field.name] = tuple(shifted(part, by_ns) for part in value)
    return dataclasses.replace(item, **changes)


def blinded(item: Any) -> Any:  # noqa: ANN401 - any item of any stage
    """Copy an item with its measured numbers lost, where a device may lose them."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        is_lost = isinstance(item, MAY_BE_NAN) and field.name != "confidence"
        if dataclasses.is_dataclass(value):
            changes[field.name] = blinded(value)
        elif is_lost and isinstance(value, float):
            changes[field.name] = float("nan")
        elif is_lost and isinstance(value, tuple):
            changes[field.name] = (float("nan"),) * len(value)
    return dataclasses.replace(item, **changes)


def instant_of(item: Any) -> int:  # noqa: ANN401 - any item of any stage
    """When an item is to be processed: its end, or its only instant, or that of a part."""
    for name in ("end_ns", "t_ns"):
        if hasattr(item, name):
            return int(getattr(item, name))
    parts = (getattr(item, field.name) for field in dataclasses.fields(item))
    return next(instant_of(part) for part in parts if dataclasses.is_dataclass(part))


def hour(case: StageCase) -> Iterator[list[Any]]:
    """Repeat a case's items over an hour.

    Back to back for ten minutes and once a minute from then on; six times in all where the stage
    is heavy.
    """
    items = case.items()
    times = [instant_of(item) for item in items]
    span_ns = max(times) - min(times) + SECOND_NS // 10
    starts = [*range(0, HOUR_NS // 6, span_ns), *range(HOUR_NS // 6, HOUR_NS, 60 * SECOND_NS)]
    for start_ns in range(0, HOUR_NS, HOUR_NS // 6) if case.is_heavy else starts:
        yield [shifted(item, start_ns) for item in items]


def require_deterministic(case: StageCase) -> None:
    """The same input gives the same events, and some."""
    first = run(case.build(), case.items())
    assert first, f"{case.name} must emit something for its items"
    assert plain(first) == plain(run(case.build(), case.items()))


def require_reset(case: StageCase) -> None:
    """After a reset a stage behaves as if newly built."""
    items = case.items()
    stage = case.build()
    feed(stage, items[: len(items) * 2 // 3])
    stage.reset()
    assert plain(run(stage, items)) == plain(run(case.build(), items))


def require_empty_input(case: StageCase) -> None:
    """A stage that saw nothing emits nothing, and a flush empties it."""
    stage = case.build()
    assert list(stage.flush()) == []
    run(stage, case.items())
    assert list(stage.flush()) == []


def require_gap(case: StageCase) -> None:
    """After ten lost minutes a stage goes on, and no event bridges them."""
    items = case.items()
    middle_ns = instant_of(items[len(items) // 2])
    before = [item for item in items if instant_of(item) <= middle_ns]
    after = [shifted(item, 600 * SECOND_NS) for item in items if instant_of(item) > middle_ns]
    in_gap_ns = middle_ns + 300 * SECOND_NS
    for event in run(case.build(), [*before, *after]):
        if hasattr(event, "start_ns") and hasattr(event, "end_ns"):
            assert not event.start_ns < in_gap_ns < event.end_ns, event


def require_stale_items_ignored(case: StageCase) -> None:
    """Items that are an hour late change nothing."""
    items = case.items()
    disturbed = [items[0]]
    for index, item in enumerate(items[1:]):
        disturbed.append(item)
        if index % 5 == 4:
            disturbed.append(shifted(items[index], -HOUR_NS))
    assert plain(run(case.build(), disturbed)) == plain(run(case.build(), items))


def require_disorder_survived(case: StageCase) -> None:
    """Neighbours that change places neither break a stage nor silence it."""
    items = list(case.items())
    for index in range(0, len(items) - 1, 6):
        items[index], items[index + 1] = items[index + 1], items[index]
    assert run(case.build(), items)


def require_nan_survived(case: StageCase) -> None:
    """Lost measurements, single ones and all of them, do not break a stage."""
    items = case.items()
    run(case.build(), [blinded(item) if n % 7 == 3 else item for n, item in enumerate(items)])
    run(case.build(), [blinded(item) for item in items])


def require_pickles(case: StageCase) -> None:
    """A stage can be stored and restored before and in the middle of its work."""
    items = case.items()
    expected = plain(run(case.build(), items))
    for cut in (0, len(items) // 2):
        stage = case.build()
        head = feed(stage, items[:cut])
        restored: Stage[Any, Any] = pickle.loads(pickle.dumps(stage))  # noqa: S301 - our own bytes
        assert plain([*head, *run(restored, items[cut:])]) == expected


def require_bounded_state(case: StageCase) -> None:
    """The state after an hour is no larger than after its first quarter, but for the last items."""
    stage = case.build()
    sizes = []
    for tile in hour(case):
        feed(stage, tile)
        sizes.append(len(pickle.dumps(stage)))
    early = max(sizes[: max(2, len(sizes) // 4)])
    assert max(sizes) <= case.state_limit_bytes
    assert max(sizes) <= 1.25 * early + 4096, (
        f"{case.name} grew from {early} to {max(sizes)} bytes within an hour"
    )
