"""The attention cascade over gaze and pictures, in the order and with the lags of the loop."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.settings import SensingSettings
from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample, SceneFrame
from perception.analytics.budget import Budget
from perception.attention.attention import Attention
from perception.attention.engagement import Judge
from perception.attention.eye_movements import EyeMovements
from perception.attention.regions import Regions
from perception.events import (
    Attending,
    EyeMovement,
    EyeMovementOnset,
    FramePlan,
    ObjectSeen,
    RegionSeen,
    Work,
)
from perception.stage import GazedFrame, Stage

MS_NS = 1_000_000
_EYES = (EyeMovementOnset, EyeMovement)
Eye = EyeMovementOnset | EyeMovement
Detect = Callable[[GazedFrame], Iterable[ObjectSeen]]


class RecordedEyes:
    """Eye movements as the stage of the loop told them of one stream, to be told again.

    Args:
        camera: Of the pictures.
        gaze: The stream.
    """

    def __init__(self, camera: SceneCamera, gaze: Iterable[GazeSample]) -> None:
        stage = EyeMovements(camera)
        self._told = {sample.t_ns: _eyes_only(stage.update(sample)) for sample in gaze}
        self._last = _eyes_only(stage.flush())

    def update(self, item: GazeSample) -> list[Eye]:
        """Return what was told of a sample."""
        return self._told[item.t_ns]

    def flush(self) -> list[Eye]:
        """Return what was open at the end."""
        return self._last

    def reset(self) -> None:
        """Nothing is forgotten."""

    def all(self) -> list[Eye]:
        """Everything, in order."""
        return [event for told in (*self._told.values(), self._last) for event in told]


@dataclass(slots=True)
class Passed:
    """What came out.

    Attributes:
        eyes: Eye movements and their onsets, in order.
        states: Attention at every tick, in order.
        events: Episodes and snippets, in order.
        analysed: Frames given to each analysis.
        heavy: Frames given to any heavy analysis.
    """

    eyes: list[EyeMovementOnset | EyeMovement] = field(default_factory=list)
    states: list[Attending] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    analysed: dict[Work, int] = field(default_factory=lambda: defaultdict(int))
    heavy: int = 0


class Cascade:
    """Eye movements, budget, region and attention, as :class:`app.loop.SensingLoop` has them.

    Args:
        camera: Of the pictures.
        judge: Decides on attention; the network where it is left out.
        hindsight: Decides on it late; the network where it is left out.
        detect: Finds objects; nothing does where it is left out.
        eyes: Tells eye movements; the stage of the loop where it is left out.
    """

    def __init__(
        self,
        camera: SceneCamera,
        judge: Judge | None = None,
        detect: Detect | None = None,
        eyes: Stage[GazeSample, Eye] | None = None,
        hindsight: Judge | None = None,
    ) -> None:
        self._eyes = eyes or EyeMovements(camera)
        self._attention = Attention(camera, judge=judge, hindsight=hindsight)
        self._routes: tuple[tuple[Any, tuple[type, ...]], ...] = (
            (self._eyes, (GazeSample,)),
            (self._attention, (GazeSample, *_EYES, RegionSeen, ObjectSeen)),
            (Budget(), (GazeSample, *_EYES, Attending, SceneFrame)),
        )
        self._regions = Regions()
        self._detect = detect
        self._lags = SensingSettings()
        self._passed = Passed()
        self._pending: list[tuple[int, int, list[Any]]] = []
        self._count = itertools.count()
        self._frame: SceneFrame | None = None

    def run(self, packets: Iterable[GazeSample | SceneFrame]) -> Passed:
        """Go through a stream in time order."""
        for packet in packets:
            while self._pending and self._pending[0][0] <= packet.t_ns:
                for event in heapq.heappop(self._pending)[2]:
                    self._publish(event)
            self._publish(packet)
        for event in (*self._eyes.flush(), *self._attention.flush()):
            self._publish(event)
        return self._passed

    def _publish(self, item: Any) -> None:  # noqa: ANN401 - every packet and event passes here
        self._note(item)
        for stage, kinds in self._routes:
            if isinstance(item, kinds):
                for event in list(stage.update(item)):
                    self._publish(event)

    def _note(self, item: Any) -> None:  # noqa: ANN401 - see _publish
        match item:
            case SceneFrame():
                self._frame = item
            case FramePlan():
                self._analyse(item)
            case EyeMovementOnset() | EyeMovement():
                self._passed.eyes.append(item)
            case Attending():
                self._passed.states.append(item)
            case GazeSample() | RegionSeen() | ObjectSeen():
                pass
            case _:
                self._passed.events.append(item)

    def _analyse(self, plan: FramePlan) -> None:
        if self._frame is None or not plan.work:
            return
        gazed = GazedFrame(self._frame, plan)
        for work in plan.work:
            self._passed.analysed[work] += 1
        self._passed.heavy += bool(plan.work - {Work.REGION})
        if Work.REGION in plan.work:
            self._wait(plan.t_ns, self._lags.region_lag_ms, self._regions.update(gazed))
        if Work.OBJECTS in plan.work and self._detect is not None:
            self._wait(plan.t_ns, self._lags.vision_lag_ms, self._detect(gazed))

    def _wait(self, t_ns: int, lag_ms: int, events: Iterable[Any]) -> None:
        heapq.heappush(self._pending, (t_ns + lag_ms * MS_NS, next(self._count), list(events)))


def _eyes_only(events: Iterable[Any]) -> list[Eye]:
    return [event for event in events if isinstance(event, EyeMovementOnset | EyeMovement)]
