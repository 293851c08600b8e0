"""The contract of everything that turns packets into events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from assets.errors import AttuneError
from firmware_bridge.packets import SceneFrame
from perception.events import FramePlan

In = TypeVar("In", contravariant=True)
Out = TypeVar("Out", covariant=True)


class PerceptionError(AttuneError):
    """A stage cannot be built or cannot go on."""


class Stage(Protocol[In, Out]):
    """A deterministic, clockless transformer of a stream.

    Time comes in with the item: a stage never reads a clock, so the same items always give the
    same events. Damaged items (NaN, low confidence, out of order, after a gap) are survived.
    """

    def update(self, item: In) -> Iterable[Out]:
        """Take one item and return the events that it completes."""
        ...

    def flush(self) -> Iterable[Out]:
        """Return the events that are still open at the end of the stream."""
        ...

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class GazedFrame:
    """A scene frame with what to look for in it: the input of the stages that read pictures.

    Attributes:
        frame: The picture.
        plan: Its budget and the gaze on it, made for this very frame.
    """

    frame: SceneFrame
    plan: FramePlan

    def __post_init__(self) -> None:
        if self.frame.t_ns != self.plan.t_ns:
            raise ValueError(
                f"the plan is for t={self.plan.t_ns} ns, but the frame is at {self.frame.t_ns} ns"
            )
