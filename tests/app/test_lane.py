from __future__ import annotations

import threading
import time

import pytest

from app.lane import Job, Lane


def open_gate() -> threading.Event:
    gate = threading.Event()
    gate.set()
    return gate


def test_results_come_back_in_order() -> None:
    lane: Lane[int, int] = Lane("double", lambda item: [2 * item], 4, False, open_gate())
    jobs = [lane.submit(item, due_ns=item) for item in range(20)]
    assert [job.wait() for job in jobs] == [[2 * item] for item in range(20)]
    lane.close()
    assert len(lane.timings_ms) == 20


def test_an_error_reaches_whoever_waits() -> None:
    def fail(item: int) -> list[int]:
        raise ValueError(f"bad item {item}")

    lane: Lane[int, int] = Lane("fail", fail, 4, False, open_gate())
    job = lane.submit(7, due_ns=0)
    with pytest.raises(ValueError, match="bad item 7"):
        job.wait()
    lane.close()


def test_a_replay_waits_for_a_full_lane_and_loses_nothing() -> None:
    gate = threading.Event()
    lane: Lane[int, int] = Lane("held", lambda item: [item], 2, False, gate)
    jobs: list[Job[int, int]] = []
    feeder = threading.Thread(target=lambda: jobs.extend(lane.submit(i, i) for i in range(6)))
    feeder.start()
    feeder.join(timeout=0.2)
    assert feeder.is_alive(), "the seventh item cannot have fitted"
    gate.set()
    feeder.join(timeout=5)
    assert [job.wait() for job in jobs] == [[i] for i in range(6)]
    assert lane.dropped == 0
    lane.close()


def test_live_video_loses_the_oldest_waiting_frame_and_counts_it() -> None:
    gate = threading.Event()
    lane: Lane[int, int] = Lane("live", lambda item: [item], 2, True, gate)
    first = lane.submit(0, 0)
    while not lane.is_idle:
        time.sleep(0.001)
    rest = [lane.submit(item, item) for item in (1, 2, 3, 4)]
    gate.set()
    assert first.wait() == [0]
    assert [job.wait() for job in rest] == [[], [], [3], [4]]
    assert lane.dropped == 2
    lane.close()


def test_closing_finishes_what_waits() -> None:
    lane: Lane[int, int] = Lane("slow", lambda item: [item], 8, False, open_gate())
    jobs = [lane.submit(item, item) for item in range(5)]
    lane.close()
    assert all(job.is_done for job in jobs)
