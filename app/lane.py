"""A lane: one worker thread that owns one heavy stage."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(eq=False)
class Job(Generic[In, Out]):
    """An item on its way through a lane.

    Attributes:
        due_ns: Stream time at which the result is taken up.
        result: The stage's events once :meth:`wait` has returned.
    """

    item: In
    due_ns: int
    result: list[Out] = field(default_factory=list)
    error: Exception | None = None
    is_dropped: bool = False
    _done: threading.Event = field(default_factory=threading.Event)

    def finish(self) -> None:
        """Mark as done, with or without a result."""
        self._done.set()

    @property
    def is_done(self) -> bool:
        """The result is there."""
        return self._done.is_set()

    def wait(self) -> list[Out]:
        """Wait for the result.

        Raises:
            Exception: Whatever the stage raised.
        """
        self._done.wait()
        if self.error is not None:
            raise self.error
        return self.result


class Lane(Generic[In, Out]):
    """Runs one stage on one thread, first in, first out.

    The thread owns the stage, so stages need no locks. A full lane makes a replay wait; live
    video loses its oldest waiting frame instead, and the loss is counted.

    Args:
        name: Shown in timings and drops.
        work: What is done with an item.
        capacity: Items that may wait.
        is_live: Drop the oldest instead of waiting when full.
        may_run: Cleared while heavy work must leave the cores to a turn.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[In], list[Out]],
        capacity: int,
        is_live: bool,
        may_run: threading.Event,
    ) -> None:
        self.name = name
        self.timings_ms: list[float] = []
        self.dropped = 0
        self._work = work
        self._capacity = capacity
        self._is_live = is_live
        self._may_run = may_run
        self._waiting: deque[Job[In, Out]] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=f"lane-{name}", daemon=True)
        self._thread.start()

    def submit(self, item: In, due_ns: int) -> Job[In, Out]:
        """Queue an item; the job's result is empty if it has to be dropped."""
        job: Job[In, Out] = Job(item, due_ns)
        with self._changed:
            if self._is_live and len(self._waiting) >= self._capacity:
                self._drop_oldest()
            while len(self._waiting) >= self._capacity and not self._is_closed:
                self._changed.wait()
            self._waiting.append(job)
            self._changed.notify_all()
        return job

    @property
    def is_idle(self) -> bool:
        """Nothing waits; the thread may still be at work."""
        with self._changed:
            return not self._waiting

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join()

    def _drop_oldest(self) -> None:
        oldest = self._waiting.popleft()
        oldest.is_dropped = True
        oldest.finish()
        self.dropped += 1

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._may_run.wait()
            started = time.perf_counter()
            try:
                job.result = self._work(job.item)
            except Exception as error:
                job.error = error
            self.timings_ms.append((time.perf_counter() - started) * 1_000)
            job.finish()

    def _next(self) -> Job[In, Out] | None:
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            if not self._waiting:
                return None
            job = self._waiting.popleft()
            self._changed.notify_all()
            return job
