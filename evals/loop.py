"""Does the sensing loop keep up, in how much memory, and what does it lose?

Each row is a process of its own over the sample recording, without the language model. The baseline
gives every frame every analysis, for ten seconds; the ratio to it is what the budget saves.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.intake import Pace
from app.remembering import open_memory
from app.sample.build import sample_path
from app.settings import load_settings
from app.stages import Stages
from evals.report import Cell, EvalReport, percentile
from evals.sample_day import go_through, of_the_wearer, open_day
from firmware_bridge.packets import SceneFrame
from perception.events import FramePlan, Work

RESIDENT_BYTES_MAX = 3 * 1024**3
SYSTEMS = {
    "budget, fast": ("budget", Pace.FAST, math.inf),
    "budget, real pace": ("budget", Pace.REAL, math.inf),
    "every frame, fast": ("every frame", Pace.FAST, 10.0),
}


class EveryFrame:
    """The baseline: every analysis of every frame, wherever the eyes are."""

    def update(self, item: object) -> list[FramePlan]:
        """Plan everything."""
        if not isinstance(item, SceneFrame):
            return []
        middle = (item.width_px / 2, item.height_px / 2)
        return [FramePlan(item.t_ns, frozenset(Work), *middle)]

    def flush(self) -> list[FramePlan]:
        """Nothing is open."""
        return []

    def reset(self) -> None:
        """Nothing is kept."""


def run() -> EvalReport:
    """Measure every system in a process of its own."""
    sample_path()
    figures = {name: _in_process(*system) for name, system in SYSTEMS.items()}
    real, every = figures["budget, real pace"], figures["every frame, fast"]
    fast = figures["budget, fast"]
    rows = tuple(_row(name, figure) for name, figure in figures.items())
    stages = tuple(_stage_row(name, times) for name, times in fast["timings_ms"].items())
    lost = {name: count for name, count in real["lost"].items() if name != "SceneFrame"}
    return EvalReport(
        name="loop",
        claim="The sensing loop over the sample recording",
        columns=(
            "system or stage",
            "real-time factor",
            "peak MB",
            "p50 ms",
            "p95 ms",
            "calls",
            "objects %",
            "faces %",
            "text %",
            "any %",
            "lost",
        ),
        rows=rows + stages,
        verdicts={
            "real time at its own pace (behind by less than 1 s at worst)": real["lateness_ms"]
            < 1_000,
            "no gaze or sound lost": not any(lost.values()),
            "under 3 GB resident without the language model": real["peak_bytes"]
            < RESIDENT_BYTES_MAX,
        },
        notes=(
            f"every frame takes {every['factor'] / fast['factor']:.1f} times as long as the budget "
            "(measured over its first ten seconds)",
            f"at its own pace the loop was at most {real['lateness_ms']:.0f} ms behind",
        ),
    )


def measure(kind: str, pace: Pace, seconds: float) -> dict[str, Any]:
    """Go through the sample, or its first seconds, once in this process."""
    intake = open_day(pace)
    with tempfile.TemporaryDirectory() as folder:
        settings = of_the_wearer(load_settings(Path(folder)))
        with open_memory(settings, by_meaning=True) as memory:
            report = go_through(memory, settings, intake, BUDGETS[kind], seconds)
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "wall_s": report.wall_s,
        "factor": report.real_time_factor,
        "peak_bytes": peak_bytes,
        "lateness_ms": intake.lateness_ms,
        "timings_ms": dict(report.timings_ms),
        "analysed": {work.value: count for work, count in report.analysed.items()},
        "heavy": report.heavy_frames,
        "frames": report.taken["SceneFrame"],
        "lost": report.lost,
        "dropped": report.dropped,
    }


def _use_every_frame(stages: Stages) -> None:
    stages.light["budget"] = EveryFrame()


BUDGETS = {"budget": lambda stages: None, "every frame": _use_every_frame}


def _in_process(kind: str, pace: Pace, seconds: float) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - this module itself
        [sys.executable, "-m", "evals.loop", kind, pace.value, str(seconds)],
        check=True,
        capture_output=True,
        text=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _row(name: str, figure: dict[str, Any]) -> tuple[Cell, ...]:
    shares = (
        100 * figure["analysed"][work.value] / figure["frames"]
        for work in (Work.OBJECTS, Work.FACES, Work.TEXT)
    )
    lost = sum(figure["lost"].values()) + sum(figure["dropped"].values())
    any_share = 100 * figure["heavy"] / figure["frames"]
    peak_mb = figure["peak_bytes"] / 1e6
    return (name, figure["factor"], peak_mb, None, None, None, *shares, any_share, lost)


def _stage_row(name: str, times_ms: list[float]) -> tuple[Cell, ...]:
    p50, p95 = percentile(times_ms, 50), percentile(times_ms, 95)
    return (name, None, None, p50, p95, len(times_ms), *(None,) * 5)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Pace(sys.argv[2]), float(sys.argv[3]))))
