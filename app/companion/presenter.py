"""What the companion window shows, decided without drawing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from app.companion.reasons import Reason
from app.companion.state import Intent, LoopSnapshot, Pause, SeenBox, Talk, TranscriptLine
from app.widgets import words
from app.widgets.moments import MomentCard, moment_card
from firmware_bridge.packets import UInt8Image

MAX_BOXES = 6


class Recording(StrEnum):
    """What the indicator says; there is always exactly one."""

    ON = "Recording"
    PAUSED = "Paused"
    OFF = "Not recording"


@dataclass(frozen=True, slots=True, eq=False)
class CompanionScreen:
    """Everything on the companion window.

    Attributes:
        boxes: What to outline, the attended ones last so that they are drawn on top.
        moment: The moment remembered last, or None.
        headline: What the companion does now, one short sentence.
        footnote: News of the device, latency of the last reply and what was dropped.
        talk_label: What the talk button says.
        pause_label: What the pause button says.
        is_typing_asked: The talk button leads to the text entry, as there is no microphone.
        why_id: The reply whose reasons are shown, or None.
        reasons: What it rests on.
    """

    recording: Recording
    frame: UInt8Image | None
    gaze_in_scene_px: tuple[float, float] | None
    boxes: tuple[SeenBox, ...]
    transcript: tuple[TranscriptLine, ...]
    moment: MomentCard | None
    headline: str
    footnote: str
    talk_label: str
    pause_label: str
    can_talk: bool
    is_typing_asked: bool
    why_id: int | None = None
    reasons: tuple[Reason, ...] = ()


class CompanionPresenter:
    """Turns snapshots of the loop into a screen, and clicks into intents."""

    def __init__(
        self,
        poll: Callable[[], LoopSnapshot],
        send: Callable[[Intent], None],
        zone: tzinfo = words.MACHINE_ZONE,
        explain: Callable[[int], tuple[Reason, ...]] = lambda turn_id: (),
    ) -> None:
        self._poll = poll
        self._send = send
        self._zone = zone
        self._explain = explain
        self._why_id: int | None = None
        self._reasons: tuple[Reason, ...] = ()
        self._snapshot = poll()

    def refresh(self) -> CompanionScreen:
        """Poll the loop and return what to show now."""
        self._snapshot = snapshot = self._poll()
        return CompanionScreen(
            recording=recording_of(snapshot),
            frame=snapshot.frame,
            gaze_in_scene_px=snapshot.gaze_in_scene_px,
            boxes=_boxes(snapshot.boxes),
            transcript=snapshot.transcript,
            moment=moment_card(snapshot.last_moment, self._zone) if snapshot.last_moment else None,
            headline=_headline(snapshot),
            footnote=footnote(snapshot),
            talk_label="Listening" if snapshot.is_listening else "Talk",
            pause_label="Resume" if snapshot.is_paused else "Pause",
            can_talk=not (snapshot.is_answering or snapshot.is_listening),
            is_typing_asked=not snapshot.can_listen,
            why_id=self._why_id,
            reasons=self._reasons,
        )

    def recording(self) -> Recording:
        """Return the state of the recording now."""
        return recording_of(self._poll())

    def ask(self, text: str) -> bool:
        """Ask a typed question; tell whether it was sent, which an empty one is not."""
        question = " ".join(text.split())
        if question:
            self._send(Talk(question))
        return bool(question)

    def talk(self) -> bool:
        """Ask the loop to listen; tell whether it will."""
        snapshot = self._snapshot
        will = snapshot.can_listen and not (snapshot.is_answering or snapshot.is_listening)
        if will:
            self._send(Talk())
        return will

    def why(self, turn_id: int) -> None:
        """Show what a reply rests on; asked again, hide it."""
        self._why_id = None if turn_id == self._why_id else turn_id
        self._reasons = () if self._why_id is None else self._explain(turn_id)

    def toggle_pause(self) -> None:
        """Pause remembering, or go on with it."""
        self._send(Pause(not self._snapshot.is_paused))


def footnote(snapshot: LoopSnapshot) -> str:
    """Say how the device does, how fast the last reply came and what was lost."""
    turn_ms = snapshot.latency_ms.get("turn")
    reply = f"Last reply began after {turn_ms / 1000:.1f} s" if turn_ms is not None else ""
    lost = [f"{count} for {lane}" for lane, count in sorted(snapshot.dropped.items()) if count]
    loss = f"Dropped frames: {words.listed(lost)}" if lost else "Nothing dropped"
    return "   ·   ".join(part for part in (snapshot.status.rstrip("."), reply, loss) if part)


def recording_of(snapshot: LoopSnapshot) -> Recording:
    """Say whether a snapshot's loop records."""
    if snapshot.is_paused:
        return Recording.PAUSED
    return Recording.ON if snapshot.is_recording else Recording.OFF


def _boxes(boxes: tuple[SeenBox, ...]) -> tuple[SeenBox, ...]:
    largest = sorted(boxes, key=lambda seen: (seen.is_attended, seen.box.area_px2))
    return tuple(largest[-MAX_BOXES:])


def _headline(snapshot: LoopSnapshot) -> str:
    if snapshot.is_listening:
        return "Listening to you"
    if snapshot.is_answering:
        return "Thinking of an answer"
    attended = [seen.label for seen in snapshot.boxes if seen.is_attended and seen.label]
    return f"You are looking at {words.listed(list(dict.fromkeys(attended)))}" if attended else ""
