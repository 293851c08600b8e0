"""How long after a spoken question does the reply begin to be heard?

The questions are the wearer's own in the sample recording, heard as they are asked there and
answered from the memory of the whole day. The baseline waits for the whole reply before it speaks.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.address import is_question
from app.conversation import open_chat
from app.intake import Pace
from app.remembering import open_memory
from app.settings import ChatSize, Settings, load_settings
from app.stages import enrolled_voices
from evals.report import EvalReport, percentile
from evals.sample_day import go_through, of_the_wearer, open_day
from firmware_bridge.packets import AudioChunk
from llm.companion import Companion
from llm.context import CurrentContext
from llm.turn import TurnReport
from llm.voice.hibari import HibariVoice
from memory.store import Memory
from perception.events import Utterance
from perception.speech.recogniser import Recogniser
from perception.speech.segment import SpeechSegment
from perception.speech.transcriber import Whisper
from perception.speech.voice_activity import VoiceActivity

WHOLE_TURN_MS = 1_400
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """A question with what hearing it took.

    Attributes:
        endpoint_ms: From the last voiced sample to the segment, in stream time.
        transcript_ms: From the segment to the words, in wall time.
    """

    utterance: Utterance
    endpoint_ms: float
    transcript_ms: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One answered question; ``whole_ms`` is the first sound of the baseline."""

    model: str
    heard: Heard
    report: TurnReport
    whole_ms: float


def run() -> EvalReport:
    """Answer the sample's spoken questions with both embedded models, several times."""
    with tempfile.TemporaryDirectory() as folder:
        settings = of_the_wearer(load_settings(Path(folder)))
        with open_memory(settings, by_meaning=True) as memory:
            go_through(memory, settings, open_day(Pace.FAST))
            questions = list(hear_questions(settings))
            turns = [turn for size in ChatSize for turn in answer(memory, size, questions)]
    rows = tuple(_row(size, [t for t in turns if t.model == size]) for size in ChatSize)
    standard = [_first_sound_ms(t) for t in turns if t.model == ChatSize.STANDARD]
    local = [_before_model_ms(t) for t in turns]
    return EvalReport(
        name="turn",
        claim="From the end of a spoken question to the first sound of the reply, ms (p50)",
        columns=(
            "model",
            "turns",
            "asked the model",
            "endpoint",
            "transcript",
            "recall",
            "first token",
            "first sentence",
            "first sound",
            "total p50",
            "total p95",
            "whole reply first",
        ),
        rows=rows,
        verdicts={
            f"first sound within {WHOLE_TURN_MS} ms (p50, {ChatSize.STANDARD})": percentile(
                standard, 50
            )
            <= WHOLE_TURN_MS,
        },
        notes=(
            f"all but the language model: p95 {percentile(local, 95):.0f} ms",
            "whole reply first: the baseline that speaks only when the last word is there",
        ),
    )


def hear_questions(settings: Settings) -> Iterator[Heard]:
    """Yield the wearer's questions with the time that hearing them took."""
    activity = VoiceActivity()
    recogniser = Recogniser(
        Whisper(threads=settings.sensing.speech_threads),
        enrolled_voices([], settings.wearer_voice),
    )
    intake = open_day(Pace.FAST)
    intake.open()
    for packet in intake.packets():
        if not isinstance(packet, AudioChunk):
            continue
        for event in activity.update(packet):
            if not isinstance(event, SpeechSegment):
                continue
            started = time.perf_counter()
            for utterance in recogniser.update(event):
                if utterance.is_wearer and is_question(utterance.text):
                    spent_ms = (time.perf_counter() - started) * 1_000
                    yield Heard(utterance, (packet.end_ns - utterance.end_ns) / 1e6, spent_ms)


def answer(memory: Memory, size: ChatSize, questions: list[Heard]) -> Iterator[Turn]:
    """Answer every question several times with one model."""
    settings = load_settings()
    settings.chat.model = size
    voice = HibariVoice()
    with open_chat(settings) as chat:
        reports: list[TurnReport] = []
        companion = Companion(memory, chat, voice, observer=reports.append)
        companion.warm_up()
        for heard in questions * ROUNDS:
            asked, now_ns = heard.utterance.text, heard.utterance.end_ns
            list(companion.reply(asked, CurrentContext(now_ns), now_ns))
            timings = reports[-1].timings
            yield Turn(size, heard, reports[-1], timings.total_ms or 0.0)


def _first_sound_ms(turn: Turn) -> float:
    return (
        _before_model_ms(turn)
        - (turn.report.timings.recall_ms or 0.0)
        + (turn.report.timings.first_sound_ms or 0.0)
    )


def _before_model_ms(turn: Turn) -> float:
    heard = turn.heard
    return heard.endpoint_ms + heard.transcript_ms + (turn.report.timings.recall_ms or 0.0)


def _row(size: ChatSize, turns: list[Turn]) -> tuple[str | float, ...]:
    def p50(values: Iterator[float | None]) -> float:
        return percentile([value for value in values if value is not None] or [0.0], 50)

    totals = [_first_sound_ms(turn) for turn in turns]
    hearing = [turn.heard.endpoint_ms + turn.heard.transcript_ms for turn in turns]
    whole = [before + turn.whole_ms for before, turn in zip(hearing, turns, strict=True)]
    timings = [turn.report.timings for turn in turns]
    return (
        size.value,
        len(turns),
        sum(turn.report.timings.first_token_ms is not None for turn in turns),
        p50(turn.heard.endpoint_ms for turn in turns),
        p50(turn.heard.transcript_ms for turn in turns),
        p50(t.recall_ms for t in timings),
        p50(t.first_token_ms for t in timings),
        p50(t.first_sentence_ms for t in timings),
        p50(t.first_sound_ms for t in timings),
        percentile(totals, 50),
        percentile(totals, 95),
        percentile(whole, 50),
    )
