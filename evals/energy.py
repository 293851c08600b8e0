"""What do the glasses spend in an hour: recording everything, by the eyes alone, and as MemX does?

The counts are real: the sensing loop goes through the sample recording, and frames, gaze, eye
movements, bytes of clips, runs of networks and processor time are counted as they happen. The
joules are modelled, see :mod:`perception.analytics.energy`. Sound and speech are the same in all
and left out.
"""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from app.intake import Pace
from app.remembering import open_memory
from app.sample.build import sample_path
from app.settings import load_settings
from app.stages import Stages
from assets.trained import weights
from evals.energy_watch import Film, Span, Timed, Watch, video
from evals.macs import Tally, onnx_macs
from evals.report import Cell, EvalReport
from evals.sample_day import go_through, of_the_wearer, open_day
from perception.analytics.energy import PUBLISHED, EnergyConstants, EnergyModel, Usage
from perception.events import Work

EYES = 2
EYE_PX = 192 * 192
"""One eye picture of a Pupil Labs Neon."""
GAZE_BYTES = 12
"""Time and place of one gaze sample, as small as they can be sent."""

EVERYTHING, ANALYSED = "record everything", "record and analyse everything"
EYE_ONLY, MEMX, FLOOR = "eye-only", "MemX", "eyes, no scene"
GAZE_STAGES, CASCADE_STAGES = ("eye movements", "rates"), ("attention", "budget")
"""What runs on the processor, with the look at regions; other lanes are networks only."""

HEAVY = (Work.OBJECTS, Work.FACES, Work.TEXT)
TOGETHER = "all of them at once"

Ranges = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Counts:
    """What one run over the sample came to.

    Attributes:
        clips: Bytes and pixels of the clips that the memory kept.
        looked: Bytes and pixels of what was seen while the eyes rested.
        whole: Bytes and pixels of everything.
        macs: Of the networks, by analysis.
        every_macs: The same, had every frame had every analysis.
        gaze_cpu_s: Processor time of the eyes' stages.
        cascade_cpu_s: Processor time of the stages that decide what to look at.
    """

    watch: Watch
    whole_s: float
    clips: tuple[int, int]
    looked: tuple[int, int]
    whole: tuple[int, int]
    macs: dict[str, int]
    every_macs: float
    gaze_cpu_s: float
    cascade_cpu_s: float


def run() -> EvalReport:
    """Go through the sample once, and charge for it in five ways."""
    sample_path()
    constants = load_settings().energy
    counts = measure()
    usages = {name: each.scaled(3_600 / counts.whole_s) for name, each in _usages(counts).items()}
    model = EnergyModel(constants)
    joules = {name: model.joules(usage).total_j for name, usage in usages.items()}
    swings = {peer: _swings(usages, peer, constants) for peer in (EVERYTHING, ANALYSED)}
    return EvalReport(
        name="energy",
        claim="Modelled energy of the glasses over the sample recording, joules per hour",
        columns=(
            "system",
            "J/h",
            "eye cameras",
            "LEDs",
            "scene camera",
            "encoder",
            "radio",
            "inference",
            "CPU",
            "IMU",
            "% of recording everything",
        ),
        rows=tuple(_row(name, usage, model, joules[EVERYTHING]) for name, usage in usages.items()),
        verdicts={
            f"MemX spends less than to {peer}{extent}": is_kept
            for peer, ranges in swings.items()
            for extent, is_kept in (
                ("", joules[MEMX] < joules[peer]),
                (", wherever in its range each constant lies", _holds(ranges)),
            )
        },
        notes=(*_remarks(counts, joules), *_sensitivity(swings)),
    )


def measure() -> Counts:
    """Go through the sample and count."""
    tally, timed = Tally(), dict[str, Timed]()

    def adapt(stages: Stages) -> None:
        tally.watch(stages)
        for name in (*GAZE_STAGES, *CASCADE_STAGES):
            timed[name] = stages.light[name] = Timed(stages.light[name])
        timed["region"] = Timed(stages.regions)
        stages.regions = timed["region"]  # type: ignore[assignment]

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        watch = Watch(Film(folder / "whole.mp4"), Film(folder / "looked.mp4"))
        settings = of_the_wearer(load_settings(folder))
        with open_memory(settings, by_meaning=True) as memory:
            report = go_through(memory, settings, open_day(Pace.FAST), adapt, sinks=[watch])
        clips = [video(path) for path in sorted((settings.media / "clips").glob("*.mp4"))]
        looked, whole = watch.looked.close(), watch.whole.close()
    return Counts(
        watch,
        report.stream_ns / 1e9,
        (sum(size for size, _ in clips), sum(pixels for _, pixels in clips)),
        (looked, watch.looked.pixels),
        (whole, watch.whole.pixels),
        dict(tally.macs),
        len(watch.frames) * sum(_each(tally.macs[w.value], report.analysed[w]) for w in HEAVY),
        sum(timed[name].cpu_s for name in GAZE_STAGES),
        sum(timed[name].cpu_s for name in (*CASCADE_STAGES, "region")),
    )


def _usages(counts: Counts) -> dict[str, Usage]:
    """Return what each system would have done on the sample."""
    watch, whole_s = counts.watch, counts.whole_s
    eyes = Usage(
        eye_camera_s=EYES * whole_s,
        led_s=EYES * whole_s,
        imu_s=whole_s,
        eye_pixels=watch.gaze * EYES * EYE_PX,
        bytes_sent=watch.gaze * GAZE_BYTES,
        macs=watch.gaze * EYES * onnx_macs(weights("pupil"), {"picture": (1, 1, 128, 128)}),
        cpu_s=counts.gaze_cpu_s,
    )
    recorded = Usage(
        scene_camera_s=whole_s, scene_pixels=len(watch.frames) * watch.frame_px
    ) + _sent(counts.whole)
    decided = Usage(macs=sum(counts.macs.values()), cpu_s=counts.cascade_cpu_s)
    seen = [*watch.rests, *watch.kept]
    # Pictures wait for hindsight as video, so all that is seen is encoded, whatever is sent.
    waiting = Usage(
        bytes_sent=counts.clips[0], encoded_pixels=_share(seen, counts) * counts.whole[1]
    )
    return {
        ANALYSED: recorded + Usage(macs=counts.every_macs),
        EVERYTHING: recorded,
        EYE_ONLY: eyes + _scene(watch, watch.rests, whole_s) + _sent(counts.looked),
        MEMX: eyes + _scene(watch, seen, whole_s) + waiting + decided,
        FLOOR: eyes,
    }


def _sent(video_size: tuple[int, int]) -> Usage:
    return Usage(bytes_sent=video_size[0], encoded_pixels=video_size[1])


def _each(macs: int, runs: int) -> float:
    return macs / runs if runs else 0.0


def _scene(watch: Watch, spans: list[Span], whole_s: float) -> Usage:
    """Return what a scene camera does that is on within some spans only."""
    merged = _merged(spans)
    on_s = sum(end - start for start, end in merged) / 1e9
    read = sum(any(start <= t_ns < end for start, end in merged) for t_ns in watch.frames)
    return Usage(
        scene_camera_s=on_s,
        scene_standby_s=max(0.0, whole_s - on_s),
        scene_pixels=read * watch.frame_px,
    )


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _share(spans: list[Span], counts: Counts) -> float:
    return sum(end - start for start, end in _merged(spans)) / 1e9 / counts.whole_s


def _remarks(counts: Counts, joules: dict[str, float]) -> list[str]:
    watch = counts.watch
    kept = _share(watch.kept, counts)
    bound = kept * (joules[EVERYTHING] - joules[FLOOR]) / (joules[MEMX] - joules[FLOOR])
    macs = ", ".join(f"{name} {count / 1e9:.0f}" for name, count in sorted(counts.macs.items()))
    return [
        f"gaze rested {100 * _share(watch.rests, counts):.0f} % of the time; snippets are open for "
        f"{100 * kept:.0f} % of it, and their clips take {_percent(counts.clips, counts.whole)} of "
        "the bytes of a continuous film",
        f"recording everything costs as much as MemX where about {100 * bound:.0f} % of the time "
        "is attended to, all else as here; the sample is a digest: most of it is meant to be",
        f"giga-multiply-accumulates over the sample: {macs}",
        "modelled: a scene camera that sleeps until a fixation is certain, and for what is kept; "
        "the present glasses keep theirs on",
        "modelled: the networks of the lanes on an accelerator; light stages on a core as fast as "
        "one of this machine",
        "modelled: gaze from two pictures of 192 by 192 pixels a sample, by the pupil network of "
        "this project; glasses with a network of their own differ",
        "left out in all: sound, speech, image signal processor, memory, voltage losses, display",
    ]


def _percent(part: tuple[int, int], whole: tuple[int, int]) -> str:
    return f"{100 * part[0] / max(1, whole[0]):.0f} %"


def _holds(ranges: Ranges) -> bool:
    return all(high < 100 for name, (_, high) in ranges.items() if name != TOGETHER)


def _sensitivity(swings: dict[str, Ranges]) -> list[str]:
    """Say MemX in percent of each peer while one constant goes through its range."""

    def told(name: str) -> str:
        ranges = (swings[peer][name] for peer in swings)
        return " and ".join(f"{low:.0f} to {high:.0f}" for low, high in ranges)

    peers = " and ".join(swings)
    return [
        f"MemX in % of what it takes to {peers}, over the range of",
        *(f"  {name}: {told(name)}" for name in [*PUBLISHED, TOGETHER]),
    ]


def _row(name: str, usage: Usage, model: EnergyModel, whole_j: float) -> tuple[Cell, ...]:
    split = model.joules(usage)
    return name, split.total_j, *asdict(split).values(), 100 * split.total_j / whole_j


def _ratio(usages: dict[str, Usage], peer: str, constants: EnergyConstants) -> float:
    model = EnergyModel(constants)
    return 100 * model.joules(usages[MEMX]).total_j / model.joules(usages[peer]).total_j


def _swings(usages: dict[str, Usage], peer: str, constants: EnergyConstants) -> Ranges:
    """Return MemX in percent of a peer, least and most, over the range of each constant."""
    ends = {name: (each.low, each.high) for name, each in PUBLISHED.items()}
    found = {}
    for name, (low, high) in ends.items():
        ratios = [_ratio(usages, peer, constants.changed(**{name: end})) for end in (low, high)]
        found[name] = min(ratios), max(ratios)
    corners = (dict(zip(ends, corner, strict=True)) for corner in itertools.product(*ends.values()))
    ratios = [_ratio(usages, peer, constants.changed(**corner)) for corner in corners]
    return found | {TOGETHER: (min(ratios), max(ratios))}
