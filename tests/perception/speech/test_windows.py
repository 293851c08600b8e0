from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.packets import AudioChunk
from perception.speech.segment import WINDOW_SAMPLES, SpeechSegment, duration_ns, samples_in
from perception.speech.windows import WindowRun, Windows

MS = 1_000_000
RAMP = (np.arange(60_000) % 30_000).astype(np.int16)


def cut(lengths: list[int], start_ns: int = 0) -> list[AudioChunk]:
    """Cut the ramp into chunks of the given lengths."""
    chunks, first = [], 0
    for length in lengths:
        chunks.append(AudioChunk(start_ns + duration_ns(first), RAMP[first : first + length]))
        first += length
    return chunks


def run(chunks: list[AudioChunk]) -> list[WindowRun]:
    windows = Windows()
    return [*(r for chunk in chunks for r in windows.push(chunk)), *windows.flush()]


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=20))
def test_any_chunks_give_the_same_sound(lengths: list[int]) -> None:
    runs = run(cut(lengths, start_ns=5_000))
    heard = np.concatenate([np.empty(0, np.int16), *(r.samples for r in runs)])
    assert np.array_equal(heard, RAMP[: sum(lengths)])
    assert all(len(r.samples) % WINDOW_SAMPLES == 0 for r in runs[:-1])
    assert not any(r.is_after_gap for r in runs)


@given(st.lists(st.tuples(st.integers(1, 2_000), st.integers(-40, 40)), max_size=30))
def test_time_never_runs_backwards(steps: list[tuple[int, int]]) -> None:
    chunks, t_ns = [], 0
    for length, jitter_ms in steps:
        chunks.append(AudioChunk(max(0, t_ns + jitter_ms * MS), np.zeros(length, np.int16)))
        t_ns += duration_ns(length)
    runs = run(chunks)
    assert all(a.start_ns < b.start_ns for a, b in pairwise(runs))


@pytest.mark.parametrize(
    ("gap_ms", "filled", "breaks"),
    [(0, 0, False), (30, 0, False), (100, 1_600, False), (390, 6_240, False), (450, 0, True)],
)
def test_missing_time(gap_ms: int, filled: int, breaks: bool) -> None:
    first, second = cut([2_048, 2_048])
    runs = run([first, AudioChunk(second.t_ns + gap_ms * MS, second.samples)])
    heard = sum(len(r.samples) for r in runs)
    assert heard == 4_096 + filled
    assert any(r.is_after_gap for r in runs) is breaks
    if breaks:
        assert runs[-1].start_ns == second.t_ns + gap_ms * MS


def test_time_heard_twice_is_kept_once() -> None:
    first, second = cut([3_200, 3_200])
    overlapping = AudioChunk(second.t_ns - 100 * MS, RAMP[1_600:6_400])
    heard = np.concatenate([r.samples for r in run([first, overlapping, second])])
    assert np.array_equal(heard, RAMP[:6_400])


def test_timeline_follows_a_slow_clock() -> None:
    windows, t_ns = Windows(), 0
    for _ in range(6_000):
        runs = list(windows.push(AudioChunk(t_ns, np.zeros(1_600, np.int16))))
        t_ns += 100 * MS + 20_000  # 200 ppm: 120 ms within these ten minutes
        assert not any(r.is_after_gap for r in runs)
    assert abs(runs[-1].start_ns - t_ns) < 150 * MS


@given(st.integers(0, 10_000_000))
def test_samples_and_durations_agree(samples: int) -> None:
    assert samples_in(duration_ns(samples)) == samples


@pytest.mark.parametrize(
    ("end_ns", "samples", "probabilities", "message"),
    [
        (-1, np.zeros(512, np.int16), np.zeros(1, np.float32), "before it starts"),
        (9, np.zeros(512, np.float32), np.zeros(1, np.float32), "int16"),
        (9, np.zeros(513, np.int16), np.zeros(1, np.float32), r"\(2,\)"),
    ],
)
def test_segment_is_validated(
    end_ns: int, samples: np.ndarray, probabilities: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        SpeechSegment(0, end_ns, samples, probabilities)
