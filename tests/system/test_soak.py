"""Long 200 Hz gaze through everything that runs in line: flat memory, no slowdown.

Three minutes by default; a whole hour with ``ATTUNE_SOAK_MINUTES=60``.
"""

from __future__ import annotations

import gc
import math
import os
import pickle
import resource
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from evals.data.folder import DataError
from evals.data.gaze_events import read_hmr
from firmware_bridge.packets import GazeSample
from perception.analytics.budget import Budget
from perception.attention.attention import Attention
from perception.attention.eye_movements import EyeMovements
from perception.attention.rates import Rates
from perception.events import (
    Attending,
    Box,
    EyeMovement,
    EyeMovementOnset,
    ObjectSeen,
    RegionSeen,
)
from tests.perception.attention.gaze import CAMERA, FOCAL_PX, START_NS, Gaze

RATE_HZ = 200
BLOCKS = 6
BLOCK_S = int(os.environ.get("ATTUNE_SOAK_MINUTES", "3")) * 60 // BLOCKS
BLOCK_SAMPLES = BLOCK_S * RATE_HZ
CHUNK_SAMPLES = 10 * RATE_HZ
STEP_NS = 1_000_000_000 // RATE_HZ
LOOK_EVERY, NAME_EVERY = RATE_HZ // 5, RATE_HZ // 2
CUP = np.full(384, 384**-0.5, np.float32)

Seen = RegionSeen | ObjectSeen

Floats = npt.NDArray[np.float64]


def recorded() -> Floats:
    """A block of real gaze, head-mounted at 200 Hz: x, y in scene pixels, and confidence."""
    parts = [np.column_stack([each.x_deg, each.y_deg, each.confidence]) for each in read_hmr()]
    rows = np.concatenate(parts)[np.arange(BLOCK_SAMPLES) % sum(map(len, parts))]
    angles = np.radians(rows[:, :2] - np.nanmedian(rows[:, :2], axis=0))
    middle = np.array([CAMERA.width_px / 2, CAMERA.height_px / 2])
    pixels = middle + FOCAL_PX * np.tan(np.clip(angles, -1.2, 1.2))
    return np.column_stack([pixels, np.nan_to_num(rows[:, 2])])


def simulated() -> Floats:
    """A block of rests, jumps, glides, blinks and lost eyes, of the same form."""
    gaze = Gaze(float(RATE_HZ), noise_deg=0.15)
    draw = np.random.default_rng(11)
    while len(gaze.samples) < BLOCK_SAMPLES:
        gaze.rest(float(draw.uniform(0.15, 0.8)))
        gaze.jump(float(draw.uniform(-25, 25)), float(draw.uniform(-15, 15)))
        if draw.random() < 0.1:
            gaze.glide(1.0, float(draw.uniform(-12, 12)))
        if draw.random() < 0.1:
            gaze.lose(float(draw.choice([0.15, 0.2, 1.5])))
    rows = [(s.x_px, s.y_px, s.confidence) for s in gaze.samples[:BLOCK_SAMPLES]]
    return np.array(rows)


def stretch() -> Floats:
    """Real gaze where it is at hand."""
    try:
        return recorded()
    except DataError:
        return simulated()


@dataclass
class Chain:
    """What the sensing loop runs in line between gaze and snippets, fed as the loop feeds it."""

    eyes: EyeMovements = field(default_factory=lambda: EyeMovements(CAMERA))
    attention: Attention = field(default_factory=lambda: Attention(CAMERA))
    budget: Budget = field(default_factory=Budget)
    rates: Rates = field(default_factory=Rates)
    events: Counter[str] = field(default_factory=Counter)

    def publish(self, item: Any) -> None:  # noqa: ANN401 - packets and events
        self.events[type(item).__name__] += 1
        for stage in self.listeners(item):
            for event in stage.update(item):
                self.publish(event)

    def listeners(self, item: Any) -> tuple[Any, ...]:  # noqa: ANN401
        match item:
            case GazeSample():
                return self.eyes, self.attention, self.budget
            case EyeMovement():
                return self.rates, self.attention, self.budget
            case EyeMovementOnset():
                return self.attention, self.budget
            case ObjectSeen() | RegionSeen():
                return (self.attention,)
            case Attending():
                return (self.budget,)
        return ()

    def state_bytes(self) -> int:
        return len(pickle.dumps((self.eyes, self.attention, self.budget, self.rates)))


def samples(rows: list[list[float]], first: int) -> Iterator[GazeSample | Seen]:
    """Gaze of one block; five times a second what lies under it, twice a second by its name."""
    for index, (x_px, y_px, confidence) in enumerate(rows, first):
        t_ns = START_NS + index * STEP_NS
        yield GazeSample(t_ns, x_px, y_px, confidence)
        if not (math.isfinite(x_px) and confidence > 0.5):
            continue
        box = Box(x_px - 80, y_px - 60, 160, 120)
        if index % LOOK_EVERY == 0:
            since_ns = LOOK_EVERY * STEP_NS
            yield RegionSeen(
                t_ns, x_px, y_px, box, 0.8, CUP, since_ns, (0.0, 0.0), (0.0, 0.0), 0.95
            )
        if index % NAME_EVERY == 0:
            yield ObjectSeen(t_ns, "cup", box, 0.9, is_attended=True)


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_long_gaze_neither_grows_nor_slows() -> None:
    rows, chain = stretch().tolist(), Chain()
    chunks_s: list[float] = []
    resident: list[int] = []
    states: list[int] = []
    counts: list[Counter[str]] = []
    for block in range(BLOCKS):
        before = chain.events.copy()
        for first in range(0, BLOCK_SAMPLES, CHUNK_SAMPLES):
            part = rows[first : first + CHUNK_SAMPLES]
            started = time.process_time()
            for item in samples(part, block * BLOCK_SAMPLES + first):
                chain.publish(item)
            chunks_s.append(time.process_time() - started)
        gc.collect()
        resident.append(resident_bytes())
        states.append(chain.state_bytes())
        counts.append(chain.events - before)
    third = len(chunks_s) // 3
    first_s, last_s = statistics.median(chunks_s[:third]), statistics.median(chunks_s[-third:])
    print(f"{sum(chunks_s):.0f} s of processor time for {chain.events['GazeSample']} samples;")
    print(f"{first_s:.3f} s for ten seconds at first, {last_s:.3f} s at last;")
    print(f"{resident} resident bytes, {states} bytes of state")
    for name in ("EyeMovement", "EyeMovementOnset", "SnippetClosed", "Dwell", "EyeMovementRates"):
        # Every block is the same gaze, so it must be seen the same way to the end.
        assert counts[-1][name] > 0, name
        assert counts[-1][name] == pytest.approx(counts[1][name], rel=0.02, abs=2)
    assert resident[-1] - resident[0] < 8 << 20
    assert states[-1] < 1.2 * states[0] + 4_096
    assert last_s < 1.4 * first_s
