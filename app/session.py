"""One run of the companion: a device, a memory, and the loop between them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.calibrating import eye_gaze
from app.companion.state import Intent, LoopSnapshot, Pause
from app.ear import Ear
from app.in_view import InView
from app.intake import Intake, Pace
from app.loop import LoopReport, SensingLoop, Sink
from app.remembering import Remembering
from app.settings import Settings
from app.stages import build_stages
from app.turns import Turns
from app.unasked import Unasked
from assets.errors import AttuneError
from firmware_bridge import host_audio
from firmware_bridge.device import Device
from llm.initiative import Initiative
from memory.records import Moment
from memory.store import Memory
from perception.events import PersonSeen, Utterance

Show = Callable[[LoopSnapshot], None]

_SHOW_EVERY_S = 0.1


@dataclass(slots=True)
class _Shown:
    moment: Moment | None = None
    at_s: float = 0.0
    is_running: bool = False


class Session:
    """A device on one side, memory and replies on the other.

    Args:
        device: Glasses or a recording.
        uri: What the recording is called in memory.
        memory: Where everything goes.
        turns: Answers the wearer, or None to stay silent.
        settings: How the loop works.
        pace: Whether a recording keeps to its own time.
        show: Called about ten times a second with what there is to see.
    """

    def __init__(
        self,
        device: Device,
        uri: str,
        memory: Memory,
        turns: Turns | None,
        settings: Settings,
        pace: Pace,
        show: Show,
    ) -> None:
        self._intake = Intake(device, pace)
        self._uri = uri
        self._memory = memory
        self._turns = turns
        self._settings = settings
        self._show = show
        self._shown = _Shown()
        self._loop: SensingLoop | None = None
        self._recording_id = 0
        self._can_listen = turns is not None and host_audio.has_microphone()
        self._is_listening = threading.Event()
        self._ear: Ear | None = None
        self._names: dict[str, str] = {}
        self.in_view = InView(lambda key: self._names.get(key, ""))

    def run(self) -> LoopReport:
        """Go through the device to its end.

        Raises:
            DeviceError: The device broke off; what came before is remembered.
            AssetError: Weights have not been fetched.
        """
        info = self._intake.open()
        stages = build_stages(info.camera, self._memory, self._settings)
        if not self._intake.has_gaze:
            stages.light["eyes"] = eye_gaze(self._settings, info.camera)
        self._recording_id = self._memory.begin(self._uri, info.started_ns)
        details_ns = self._settings.memory.details_ns
        remembering = Remembering(self._memory, self._keep_moment, details_ns)
        sinks: list[Sink] = [remembering, self._learn_names, self.in_view, self._refresh]
        if self._turns is not None:
            sinks.append(self._turns)
            sinks += self._unasked(self._turns)
        loop = SensingLoop(self._intake, stages, self._settings.sensing, sinks)
        self._loop = loop
        if self._turns is not None:
            wait = not self._intake.is_live
            self._turns.attach(self.in_view, loop.yielding_cores, loop.is_busy, wait)
        self._shown.is_running = True
        try:
            return loop.run()
        finally:
            self._shown.is_running = False
            remembering.close(self.in_view.t_ns)
            self._memory.end(self._recording_id, self.in_view.t_ns)
            self._show(self.snapshot())

    def stop(self) -> None:
        """End soon; everything taken in so far is remembered."""
        self._intake.stop()

    def send(self, intent: Intent) -> None:
        """Do what a window asks for."""
        if isinstance(intent, Pause):
            if self._loop is not None:
                self._loop.is_paused = intent.is_paused
        elif self._turns is not None and intent.text:
            self._turns.answer_soon(intent.text, self.in_view.t_ns)
        elif self._turns is not None and not self._is_listening.is_set():
            self._is_listening.set()
            threading.Thread(target=self._listen, args=(self._turns,), daemon=True).start()

    def snapshot(self) -> LoopSnapshot:
        """What there is to see now."""
        loop, view = self._loop, self.in_view
        return LoopSnapshot(
            t_ns=view.t_ns,
            frame=view.frame,
            gaze_in_scene_px=view.gaze_in_scene_px,
            boxes=view.boxes(),
            transcript=view.transcript(),
            is_recording=self._shown.is_running and not (loop and loop.is_paused),
            is_paused=bool(loop and loop.is_paused),
            last_moment=self._shown.moment,
            status=view.status,
            latency_ms=self._latencies(),
            dropped=loop.dropped() if loop else {},
            is_answering=bool(self._turns and self._turns.is_answering),
            can_listen=self._can_listen,
            is_listening=self._is_listening.is_set(),
        )

    def _unasked(self, turns: Turns) -> list[Sink]:
        companion = self._settings.companion
        if not companion.speaks_unasked:
            return []
        initiative = Initiative(self._memory, companion.manners, self._memory.embedder)
        return [Unasked(initiative, self.in_view, turns)]

    def _listen(self, turns: Turns) -> None:
        try:
            self._ear = self._ear or Ear(self._memory, self._settings)
            said = self._ear.hear_one()
        except AttuneError as error:
            self.in_view.status = error.message
            return
        finally:
            self._is_listening.clear()
        if said is not None:
            turns.answer(said.text, self.in_view.t_ns, by_wearer=said.is_wearer)

    def _latencies(self) -> dict[str, float]:
        latencies = self._loop.latest_ms() if self._loop else {}
        if self._turns is not None and self._turns.last_ms is not None:
            latencies["turn"] = self._turns.last_ms
        return latencies

    def _refresh(self, _: Any) -> None:  # noqa: ANN401 - a sink takes every item
        now_s = time.monotonic()
        if now_s - self._shown.at_s >= _SHOW_EVERY_S:
            self._shown.at_s = now_s
            self._show(self.snapshot())

    def _keep_moment(self, moment: Moment) -> None:
        self._shown.moment = moment

    def _learn_names(self, item: Any) -> None:  # noqa: ANN401 - a sink takes every item
        if isinstance(item, Utterance | PersonSeen):
            self._names = self._memory.names(self._recording_id)
