"""The contract of everything that turns packets into events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from assets.errors import AttuneError

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
