"""The sample recording through the sensing loop, without replies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from app.intake import Intake, Pace
from app.loop import LoopReport, SensingLoop, Sink
from app.remembering import Remembering
from app.sample.build import VOICE_FILE, sample_path
from app.settings import Settings
from app.stages import Stages, build_stages
from firmware_bridge.connect import connect
from firmware_bridge.packets import SceneFrame
from memory.store import Memory


def of_the_wearer(settings: Settings) -> Settings:
    """Return settings in which the wearer is the sample's."""
    return settings.model_copy(update={"wearer_voice": sample_path().parent / VOICE_FILE})


def open_day(pace: Pace) -> Intake:
    """Return the sample recording, not yet opened."""
    return Intake(connect(f"recording:{sample_path()}"), pace)


def go_through(
    memory: Memory,
    settings: Settings,
    intake: Intake,
    adapt: Callable[[Stages], None] = lambda stages: None,
    seconds: float = math.inf,
    sinks: Iterable[Sink] = (),
) -> LoopReport:
    """Perceive and remember the day.

    Args:
        memory: Takes what is remembered.
        settings: How the loop works.
        intake: The day.
        adapt: May replace stages by those of a baseline.
        seconds: Stop after so much of the day.
        sinks: Told of every packet and event too.
    """
    info = intake.open()
    stages = build_stages(info.camera, memory, settings)
    adapt(stages)
    recording_id = memory.begin("sample", info.started_ns)
    remembering = Remembering(memory, lambda moment: None)

    def end_early(item: object) -> None:
        if isinstance(item, SceneFrame) and item.t_ns - info.started_ns >= seconds * 1e9:
            intake.stop()

    listeners: list[Sink] = [remembering, end_early, *sinks]
    report = SensingLoop(intake, stages, settings.sensing, listeners).run()
    remembering.close(report.end_ns)
    memory.end(recording_id, report.end_ns)
    return report
