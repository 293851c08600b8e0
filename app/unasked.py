"""Speaking unasked within a run of the loop."""

from __future__ import annotations

from typing import Any

from app.in_view import InView
from app.present import current_context
from app.turns import Turns
from firmware_bridge.packets import SceneFrame
from llm.initiative import Initiative
from llm.manners import command_of
from perception.events import SpeechOnset, Utterance
from perception.speech.segment import SpeechSegment

_NOT_TELLING = frozenset({"person", "face"})


class Unasked:
    """Tells the initiative what goes on and lets its remarks be spoken; a sink of the loop.

    Args:
        initiative: Decides.
        view: What the wearer sees.
        turns: Speaks, and keeps what was said.
    """

    def __init__(self, initiative: Initiative, view: InView, turns: Turns) -> None:
        self._initiative, self._view, self._turns = initiative, view, turns

    def __call__(self, item: Any) -> None:  # noqa: ANN401 - every packet and event passes here
        """Take in a packet or an event, and speak if it is time to."""
        match item:
            case SpeechOnset():
                self._initiative.hear_begin()
            case SpeechSegment():
                self._initiative.hear_end(item.end_ns)
            case Utterance() if item.is_wearer and command_of(item.text):
                self._turns.respond(item.text, item.end_ns)
            case SceneFrame():
                self._look(item.t_ns)

    def _look(self, t_ns: int) -> None:
        attended = (box.label for box in self._view.boxes() if box.is_attended)
        label = next((name for name in attended if name and name not in _NOT_TELLING), None)
        if label is not None:
            self._initiative.look(t_ns, label)
        if self._turns.is_answering:
            return
        remark = self._initiative.remark(current_context(self._view, "", t_ns), t_ns)
        if remark is not None:
            self._turns.volunteer(remark, t_ns)
