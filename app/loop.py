"""The sensing loop: one thread that orders everything, and lanes for what is heavy."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from app.intake import Intake
from app.lane import Job, Lane
from app.settings import SensingSettings
from app.stages import Stages
from firmware_bridge.packets import (
    AudioChunk,
    EyeFrame,
    EyeState,
    GazeSample,
    ImuSample,
    Packet,
    SceneFrame,
)
from perception.events import (
    Attending,
    AttentionEpisode,
    EyeMovement,
    EyeMovementOnset,
    FaceSeen,
    FramePlan,
    ObjectSeen,
    RegionSeen,
    TextSeen,
    Utterance,
    Work,
)
from perception.speech.segment import SpeechSegment
from perception.stage import GazedFrame

Item = Any
Sink = Callable[[Item], None]

LONG_SPEECH_NS = 6_000_000_000

_LIVE_RETRY_NS = 20_000_000


@dataclass(slots=True)
class LoopReport:
    """What one run of the loop came to.

    Attributes:
        taken: Packets taken in, by type.
        lost: Packets read from the device but never taken in, by type.
        dropped: Frames that a full lane gave up, by lane.
        timings_ms: Wall time of each call, by stage.
        analysed: Scene frames given to each heavy analysis.
        heavy_frames: Scene frames given to any heavy analysis.
        end_ns: Time of the last packet.
        stream_ns: Length of what was processed.
        wall_s: How long that took, turns included.
    """

    taken: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lost: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    timings_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    analysed: dict[Work, int] = field(default_factory=lambda: dict.fromkeys(Work, 0))
    heavy_frames: int = 0
    end_ns: int = 0
    stream_ns: int = 0
    wall_s: float = 0.0

    @property
    def real_time_factor(self) -> float:
        """Processing time over recorded time; below 1 keeps up."""
        return self.wall_s / (self.stream_ns / 1e9) if self.stream_ns else 0.0


class SensingLoop:
    """Feeds packets to stages and their events onwards, in one fixed order.

    Heavy results are joined at a fixed lag in stream time, so a recording gives the same events
    however fast the machine is. Live, a result that is late is taken up when it arrives.

    Attributes:
        is_paused: Packets are let go unseen and unheard.

    Args:
        intake: Where packets come from.
        stages: Everything that perceives.
        settings: Lags and queue lengths.
        sinks: Called with every packet and every event, in order.
    """

    def __init__(
        self,
        intake: Intake,
        stages: Stages,
        settings: SensingSettings,
        sinks: Iterable[Sink] = (),
    ) -> None:
        self.report = LoopReport()
        self.is_paused = False
        self._intake = intake
        self._stages = stages
        self._settings = settings
        self._sinks = tuple(sinks)
        self._may_run = threading.Event()
        self._may_run.set()
        self._pending: list[tuple[int, int, Job[Any, Any]]] = []
        self._sequence = itertools.count()
        self._frame: SceneFrame | None = None
        self._last_ns = 0
        self._lanes = {
            "region": self._lane("region", stages.regions.update),
            "objects": self._lane("objects", stages.objects.update),
            "faces": self._lane("faces", stages.faces.update),
            "text": self._lane("text", stages.text.update),
            "speech": self._lane("speech", stages.recogniser.update, never_drops=True),
        }
        self._routes: dict[type, tuple[tuple[str, Any], ...]] = {
            EyeFrame: self._named("eyes") if "eyes" in stages.light else (),
            GazeSample: self._named("eye movements", "attention", "budget"),
            ImuSample: self._named("eye movements"),
            EyeState: self._named("rates", "feelings"),
            AudioChunk: self._named("voice activity"),
            SceneFrame: self._named("budget", "feelings"),
            EyeMovementOnset: self._named("attention", "budget"),
            EyeMovement: self._named("rates", "attention", "budget"),
            Attending: self._named("budget"),
            RegionSeen: self._named("attention"),
            ObjectSeen: self._named("attention", "feelings"),
            FaceSeen: self._named("attention", "feelings"),
            TextSeen: self._named("budget"),
            AttentionEpisode: self._named("feelings"),
            Utterance: self._named("feelings"),
        }

    def run(self) -> LoopReport:
        """Process the device to its end, or until :meth:`stop`.

        Raises:
            DeviceError: The device broke off. What came before is processed and remembered.
        """
        started = time.monotonic()
        first_ns: int | None = None
        try:
            for packet in self._intake.packets():
                first_ns = packet.t_ns if first_ns is None else first_ns
                self._last_ns = max(self._last_ns, packet.t_ns)
                self._join_due(packet.t_ns)
                self._take(packet)
        finally:
            self._intake.stop()
            try:
                self._finish()
            finally:
                self._close()
            self.report.end_ns = self._last_ns
            self.report.stream_ns = self._last_ns - (first_ns or self._last_ns)
            self.report.wall_s = time.monotonic() - started
        return self.report

    def stop(self) -> None:
        """End after what has been read so far."""
        self._intake.stop()

    @contextmanager
    def yielding_cores(self) -> Iterator[None]:
        """Hold heavy perception back, for example while a turn is answered."""
        self._may_run.clear()
        try:
            yield
        finally:
            self._may_run.set()

    def is_busy(self) -> bool:
        """Tell whether heavy perception has work that waits."""
        return not all(lane.is_idle for lane in self._lanes.values())

    def latest_ms(self) -> dict[str, float]:
        """Milliseconds that each lane took last."""
        return {name: lane.timings_ms[-1] for name, lane in self._lanes.items() if lane.timings_ms}

    def dropped(self) -> dict[str, int]:
        """Frames given up so far, by lane."""
        return {name: lane.dropped for name, lane in self._lanes.items()}

    def _named(self, *names: str) -> tuple[tuple[str, Any], ...]:
        return tuple((name, self._stages.light[name]) for name in names)

    def _lane(
        self, name: str, work: Callable[[Any], Iterable[Any]], never_drops: bool = False
    ) -> Lane[Any, Any]:
        return Lane(
            name,
            lambda item: list(work(item)),
            capacity=self._settings.queue_frames,
            is_live=self._intake.is_live and not never_drops,
            may_run=self._may_run,
        )

    def _take(self, packet: Packet) -> None:
        self.report.taken[type(packet).__name__] += 1
        if self.is_paused:
            return
        if isinstance(packet, SceneFrame):
            self._frame = packet
        self._publish(packet)

    def _publish(self, item: Item) -> None:
        for sink in self._sinks:
            sink(item)
        if isinstance(item, FramePlan):
            self._analyse(item)
        elif isinstance(item, SpeechSegment):
            self._submit("speech", item, self._last_ns + self._speech_lag_ns(item))
        for name, stage in self._routes.get(type(item), ()):
            started = time.perf_counter()
            events = list(stage.update(item))
            self.report.timings_ms[name].append((time.perf_counter() - started) * 1_000)
            for event in events:
                self._publish(event)

    def _analyse(self, plan: FramePlan) -> None:
        if self._frame is None or not plan.work:
            return
        gazed = GazedFrame(self._frame, plan)
        self.report.heavy_frames += bool(plan.work - {Work.REGION})
        for work in sorted(plan.work):
            self.report.analysed[work] += 1
            self._submit(work.value, gazed, plan.t_ns + self._lag_ms(work) * 1_000_000)

    def _lag_ms(self, work: Work) -> int:
        lags_ms = {Work.REGION: self._settings.region_lag_ms, Work.TEXT: self._settings.text_lag_ms}
        return lags_ms.get(work, self._settings.vision_lag_ms)

    def _speech_lag_ns(self, segment: SpeechSegment) -> int:
        """Return when words are taken up: questions are short, and long talk may take longer."""
        too_long_ns = max(0, segment.end_ns - segment.start_ns - LONG_SPEECH_NS)
        return self._settings.speech_lag_ms * 1_000_000 + too_long_ns * 4 // 5

    def _submit(self, lane: str, item: Item, due_ns: int) -> None:
        job = self._lanes[lane].submit(item, due_ns)
        heapq.heappush(self._pending, (due_ns, next(self._sequence), job))

    def _join_due(self, t_ns: int) -> None:
        while self._pending and self._pending[0][0] <= t_ns:
            _, sequence, job = heapq.heappop(self._pending)
            if self._intake.is_live and not job.is_done:
                heapq.heappush(self._pending, (t_ns + _LIVE_RETRY_NS, sequence, job))
                return
            for event in job.wait():
                self._publish(event)

    def _finish(self) -> None:
        for name in ("eye movements", "voice activity"):
            self._flush(self._stages.light[name])
        self._drain()
        lanes = self._stages
        for stage in (lanes.regions, lanes.objects, lanes.text, lanes.faces):
            self._flush(stage)
        self._flush(self._stages.recogniser)
        for name in ("rates", "attention", "feelings", "budget"):
            self._flush(self._stages.light[name])
        self._drain()

    def _close(self) -> None:
        for name, lane in self._lanes.items():
            lane.close()
            self.report.dropped[name] = lane.dropped
            self.report.timings_ms[name] = lane.timings_ms
        self.report.lost = {
            name: read - self.report.taken[name] for name, read in self._intake.read.items()
        }

    def _flush(self, stage: Any) -> None:  # noqa: ANN401 - stages differ in what they emit
        for event in stage.flush():
            self._publish(event)

    def _drain(self) -> None:
        while self._pending:
            _, _, job = heapq.heappop(self._pending)
            for event in job.wait():
                self._publish(event)
