"""The script of the sample day: which clip, what is heard, what is in it, where the wearer looks.

``script.toml`` is the table; times are seconds from the start of a clip, boxes are
``[t_s, left, top, right, bottom]`` in pixels of the sample's own picture and run straight between
their keys.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic import model_validator as validate_model

SCRIPT_FILE = Path(__file__).with_name("script.toml")
FRAME_RATE_HZ = 30
SIZE_PX = (800, 600)
HORIZONTAL_DEG = 103.0

BoxKey = tuple[float, float, float, float, float]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Thing(_Entry):
    """Something in the picture, boxed by hand to within some twenty pixels.

    It is in view from its first key to its last, or all the time where it has only one.

    Attributes:
        person: Key of the person whose face or body it is.
    """

    label: str
    kind: Literal["object", "text", "face", "walker"]
    person: str = ""
    path: Annotated[tuple[BoxKey, ...], Field(min_length=1)]

    def box(self, t_s: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom at a time; the outer keys hold before and after."""
        keys = np.array(self.path)
        left, top, right, bottom = (
            float(np.interp(t_s, keys[:, 0], keys[:, i])) for i in range(1, 5)
        )
        return left, top, right, bottom


class Sound(_Entry):
    """A recording that is heard.

    Attributes:
        file: Name inside the asset, empty for an asset of one file.
        start_s: Where in the recording the clip begins.
    """

    asset: str
    file: str = ""
    start_s: float = 0.0
    gain_db: float = 0.0


class Line(_Entry):
    """What somebody says. Without ``end_s`` the wearer's voice is synthesised at ``at_s``."""

    by: str
    text: str
    at_s: float
    end_s: float | None = None


class Question(_Entry):
    """A question of the wearer's.

    Attributes:
        answer: Words of which a right answer holds at least one.
        evidence: The clips in which the answer is seen or heard.
    """

    text: str
    answer: tuple[str, ...]
    evidence: tuple[str, ...]


class Heading(_Entry):
    """Where the head points in an all-round photograph."""

    t_s: float
    yaw_deg: float
    pitch_deg: float


class Clip(_Entry):
    """One stretch of the day.

    Attributes:
        asset: Footage to show, from its beginning.
        headings: How the head turns, where the footage is an all-round photograph.
        looks: From when on the wearer looks at which thing.
    """

    name: str
    asset: str
    description: str
    duration_s: Annotated[float, Field(gt=0)]
    headings: tuple[Heading, ...] = ()
    sound: Sound | None = None
    said: tuple[Line, ...] = ()
    question: Question | None = None
    looks: Annotated[tuple[tuple[float, str], ...], Field(min_length=1)]
    things: Annotated[tuple[Thing, ...], Field(min_length=1, alias="thing")]

    @validate_model(mode="after")
    def _is_consistent(self) -> Clip:
        labels = {thing.label for thing in self.things}
        if unknown := {label for _, label in self.looks} - labels:
            raise ValueError(f"{self.name}: looks at {unknown}, which no thing is called")
        if self.looks[0][0] != 0.0 or list(self.looks) != sorted(self.looks):
            raise ValueError(f"{self.name}: looks must begin at 0 and follow each other in time")
        return self

    @property
    def frames(self) -> int:
        """Pictures in the clip."""
        return round(self.duration_s * FRAME_RATE_HZ)

    def looked_at(self, t_s: float) -> Thing:
        """What the wearer looks at."""
        label = self.looks[bisect_right(self.looks, t_s, key=lambda look: look[0]) - 1][1]
        return next(thing for thing in self.things if thing.label == label)


class Script(_Entry):
    """The whole day."""

    start: AwareDatetime
    wearer_voice: str
    people: dict[str, str]
    clips: Annotated[tuple[Clip, ...], Field(min_length=1, alias="clip")]

    @property
    def start_ns(self) -> int:
        """Unix time of the first picture."""
        return int(self.start.timestamp()) * 1_000_000_000

    @property
    def frames(self) -> int:
        """Pictures in the day."""
        return sum(clip.frames for clip in self.clips)

    @property
    def duration_ns(self) -> int:
        """Length of the day."""
        return frame_ns(self.frames)

    def starts(self) -> tuple[int, ...]:
        """Index of the first picture of each clip."""
        ends = np.cumsum([clip.frames for clip in self.clips])
        return (0, *(int(end) for end in ends[:-1]))

    def assets(self) -> tuple[str, ...]:
        """Every asset that the day is made of."""
        footage = [clip.asset for clip in self.clips]
        sounds = [clip.sound.asset for clip in self.clips if clip.sound]
        return tuple(dict.fromkeys([*footage, *sounds, "footage-neon-streams"]))


def frame_ns(index: int) -> int:
    """Time of a picture after the first one."""
    return index * 1_000_000_000 // FRAME_RATE_HZ


@cache
def script() -> Script:
    """The script that is shipped with Attune."""
    return Script.model_validate(tomllib.loads(SCRIPT_FILE.read_text("utf-8")))
