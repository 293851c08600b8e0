"""Moving from one remembered day to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class DayCursor:
    """The days that hold memories, and the one that is shown.

    Attributes:
        days: Ascending.
        day: The day shown, or None while there is none.
    """

    days: Sequence[date]
    day: date | None = None

    def __post_init__(self) -> None:
        self.reload(self.days)

    def reload(self, days: Sequence[date]) -> None:
        """Take the days anew and stay on the shown one, or on the nearest that is left."""
        self.days = sorted(days)
        if not self.days:
            self.day = None
        elif self.day is None:
            self.day = self.days[-1]
        elif self.day not in self.days:
            shown = self.day
            self.day = min(self.days, key=lambda day: abs(day - shown))

    @property
    def earlier(self) -> date | None:
        """The day before the shown one that holds memories."""
        return max((day for day in self.days if self.day and day < self.day), default=None)

    @property
    def later(self) -> date | None:
        """The day after the shown one that holds memories."""
        return min((day for day in self.days if self.day and day > self.day), default=None)

    def go(self, day: date | None) -> None:
        """Show a day; None stays where it is."""
        if day is not None:
            self.day = day
