"""The sample recording through the cascade: how much is analysed, and how much is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.intake import Pace
from app.sample.build import sample_path
from app.sample.truth import read_truth
from evals.cascade import Cascade
from evals.kept_video import SECOND_NS, encoded_bytes, length_s
from evals.report import Cell
from evals.sample_day import open_day
from firmware_bridge.packets import GazeSample, SceneFrame
from perception.events import SnippetClosed
from perception.scene.objects import Objects


@dataclass(frozen=True, slots=True)
class OnSample:
    """What the sample recording came to."""

    frames: int
    heavy: int
    kept: float
    written: float

    def row(self) -> tuple[Cell, ...]:
        """A row of the table."""
        heavy = 100 * self.heavy / self.frames
        return (
            "network, sample recording",
            *(None,) * 6,
            heavy,
            None,
            100 * self.kept,
            100 * self.written,
        )


def go_over_sample() -> OnSample:
    """Pass the sample's gaze and pictures through the cascade, with faces and writing planned."""
    intake = open_day(Pace.FAST)
    info = intake.open()
    if info.camera is None:
        raise ValueError("the sample recording must say what its camera is")
    packets = (p for p in intake.packets() if isinstance(p, GazeSample | SceneFrame))
    shown: list[int] = []

    def noting() -> Iterator[GazeSample | SceneFrame]:
        for packet in packets:
            if isinstance(packet, SceneFrame):
                shown.append(packet.t_ns)
            yield packet

    passed = Cascade(info.camera, None, Objects().update).run(noting())
    spans = [(e.start_ns, e.end_ns) for e in passed.events if isinstance(e, SnippetClosed)]
    whole = encoded_bytes(_sample_frames(), [(shown[0], shown[-1] + 1)])
    part = encoded_bytes(_sample_frames(), spans)
    looks = [(n.start_ns, n.end_ns) for clip in read_truth(sample_path()).clips for n in clip.looks]
    looked_s = length_s(looks)
    inside = sum(
        max(0, min(a[1], b[1]) - max(a[0], b[0])) / SECOND_NS for a in looks for b in spans
    )
    return OnSample(len(shown), passed.heavy, inside / looked_s, part / whole)


def _sample_frames() -> Iterator[SceneFrame]:
    intake = open_day(Pace.FAST)
    intake.open()
    return (packet for packet in intake.packets() if isinstance(packet, SceneFrame))
