"""What the sensing loop shows the companion window, and what the window asks of the loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from firmware_bridge.packets import UInt8Image
from memory.records import Moment
from perception.events import Box


class SeenBox(NamedTuple):
    """A face or an object in view."""

    box: Box
    label: str
    is_attended: bool


class Who(StrEnum):
    """Whose line of the transcript it is."""

    WEARER = "wearer"
    COMPANION = "companion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """Something said.

    Attributes:
        name: The speaker's name; used for others only.
        turn_id: The exchange in memory that a reply belongs to, or None.
        is_unasked: The companion spoke of its own accord.
    """

    t_ns: int
    who: Who
    name: str
    text: str
    turn_id: int | None = None
    is_unasked: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class LoopSnapshot:
    """The loop at one instant, published about ten times a second.

    Attributes:
        frame: The last scene picture, uint8 BGR ``(height, width, 3)``, or None before the first.
        gaze_in_scene_px: Where the wearer looks in ``frame``, or None when unknown.
        transcript: The latest lines, oldest first.
        is_recording: Packets are being remembered. The window always shows it.
        is_paused: The wearer asked for nothing to be remembered for now.
        last_moment: The moment remembered last.
        status: One short sentence about the device, or an empty string.
        latency_ms: Milliseconds per stage; ``"turn"`` is from the end of the wearer's question to
            the first sound of the last reply.
        dropped: Items dropped so far per stream.
        is_answering: A reply is being prepared or spoken.
        can_listen: A microphone can be opened for a spoken question.
        is_listening: A spoken question is being awaited.
    """

    t_ns: int
    frame: UInt8Image | None = None
    gaze_in_scene_px: tuple[float, float] | None = None
    boxes: tuple[SeenBox, ...] = ()
    transcript: tuple[TranscriptLine, ...] = ()
    is_recording: bool = False
    is_paused: bool = False
    last_moment: Moment | None = None
    status: str = ""
    latency_ms: Mapping[str, float] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    is_answering: bool = False
    can_listen: bool = False
    is_listening: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """Answer this.

    Attributes:
        text: The typed question, or an empty string to listen for a spoken one.
    """

    text: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop remembering, or go on."""

    is_paused: bool


Intent = Talk | Pause
