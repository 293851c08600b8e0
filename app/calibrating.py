"""`attune calibrate`: eye frames and what was looked at in, a calibration file out."""

from __future__ import annotations

import asyncio
import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter
from rich.table import Table

from app.settings import EyeFinder, Settings, SettingsError
from app.stages import GUESSED_CAMERA
from app.terminal import console
from firmware_bridge.connect import WITH_EYES, connect
from firmware_bridge.device import Device, SceneCamera
from firmware_bridge.packets import EyeFrame, GazeSample, UInt8Image
from firmware_bridge.recording.targets import TARGETS, Target, read_targets
from perception.eyes.calibration import Calibration, Look, advice, fit
from perception.eyes.gaze import EyeGaze, Pupils, Uncalibrated
from perception.eyes.pupil import EyesSeen, PupilFinder
from perception.eyes.zoom import Zoomed, best_share
from perception.stage import PerceptionError

SETTLE_NS = 500_000_000
"""How long the eyes may travel to a new target."""
BLOCK_NS = 500_000_000
"""Stretch of the glasses' own gaze that counts as one point."""
SAMPLE_EVERY, SAMPLES_MAX = 20, 60
NEAREST_NS = 10_000_000
"""How far the glasses' own gaze may lie from an eye frame."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the file holds: a calibration keeps to the finder that it was made with."""

    finder: EyeFinder
    calibration: Calibration


_FILE = TypeAdapter(Stored)


@dataclass(slots=True)
class Watched:
    """Everything that a device showed during calibration.

    Attributes:
        view_share: How much of each eye's picture was looked at.
    """

    camera: SceneCamera
    view_share: float
    eyes: list[EyesSeen] = field(default_factory=list)
    gaze: list[GazeSample] = field(default_factory=list)


def calibrate(settings: Settings, uri: str, targets: Path | None) -> Calibration:
    """Calibrate, show how exact it is, and store it.

    Args:
        settings: Where the file goes, and which finder is used.
        uri: A device that sends eye frames.
        targets: What was shown when; None for ``targets.csv`` beside the recording. Without one
            the glasses' own gaze is the reference, where they send it.

    Raises:
        AttuneError: There are no eye frames, or too little to calibrate on.
    """
    shown = find_targets(uri, targets)
    watched = asyncio.run(watch(connect(with_eyes(uri)), finder_of(settings.eye_finder)))
    looks = list(looks_at(watched.eyes, shown) if shown else looks_along(watched))
    calibration = fit(looks, watched.camera, watched.view_share)
    store(Stored(settings.eye_finder, calibration), settings.calibration)
    show(calibration, settings.calibration)
    return calibration


def with_eyes(uri: str) -> str:
    """Ask a recording for its eye video."""
    return uri if "?" in uri else f"{uri}?{WITH_EYES}"


def find_targets(uri: str, targets: Path | None) -> list[Target]:
    """Return what was shown; nothing where no file says so.

    Raises:
        DeviceError: The file that was named is missing, or one is damaged.
    """
    folder = Path(uri.partition("?")[0].removeprefix("recording:")).expanduser()
    path = targets or folder / TARGETS
    return read_targets(path) if targets or path.exists() else []


async def watch(device: Device, finder: PupilFinder) -> Watched:
    """Go through a recording twice: for how near the camera stands, and for every pupil.

    Raises:
        PerceptionError: ``no-eye-frames``.
    """
    async with device:
        share = best_share(finder, await sampled(device))
        watched = Watched(device.info.camera or GUESSED_CAMERA, share)
        pupils = Pupils(Zoomed(finder, share))
        async for packet in device.packets():
            if isinstance(packet, EyeFrame):
                watched.eyes.extend(pupils.update(packet))
            elif isinstance(packet, GazeSample):
                watched.gaze.append(packet)
    return watched


async def sampled(device: Device) -> list[UInt8Image]:
    """Return some eye frames from the whole length of a recording.

    Raises:
        PerceptionError: ``no-eye-frames``.
    """
    frames = [
        packet.image
        async for packet in device.packets()
        if isinstance(packet, EyeFrame) and packet.index % SAMPLE_EVERY == 0
    ]
    if not frames:
        raise PerceptionError(
            "no-eye-frames",
            "the device sends no eye pictures, so there is nothing to calibrate; glasses that "
            "send gaze need no calibration here",
        )
    return frames[:: 1 + len(frames) // SAMPLES_MAX]


def looks_at(eyes: Sequence[EyesSeen], targets: Sequence[Target]) -> Iterator[Look]:
    """Pair frames with targets; the first half second of each is left to the eyes to arrive."""
    starts = [target.start_ns for target in targets]
    places = sorted({(target.x_px, target.y_px) for target in targets})
    for seen in eyes:
        index = bisect_right(starts, seen.t_ns) - 1
        if index < 0 or not starts[index] + SETTLE_NS <= seen.t_ns < targets[index].end_ns:
            continue
        place = (targets[index].x_px, targets[index].y_px)
        yield Look(seen, places.index(place), *place)


def looks_along(watched: Watched) -> Iterator[Look]:
    """Pair frames with the glasses' own gaze, half a second of it as one point."""
    gaze = [sample for sample in watched.gaze if sample.is_valid]
    times = [sample.t_ns for sample in gaze]
    for seen in watched.eyes:
        index = bisect_right(times, seen.t_ns)
        near = [i for i in (index - 1, index) if 0 <= i < len(gaze)]
        best = min(near, key=lambda i: abs(times[i] - seen.t_ns), default=None)
        if best is not None and abs(times[best] - seen.t_ns) <= NEAREST_NS:
            block = (seen.t_ns - watched.eyes[0].t_ns) // BLOCK_NS
            yield Look(seen, block, gaze[best].x_px, gaze[best].y_px)


def store(calibration: Stored, path: Path) -> None:
    """Write the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(calibration), indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> Stored | None:
    """Read the file; None where the wearer has not calibrated.

    Raises:
        SettingsError: It cannot be used.
    """
    if not path.exists():
        return None
    try:
        return _FILE.validate_python(json.loads(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise SettingsError(
            "calibration-unreadable",
            f"{path} cannot be used: {error}. Run `attune calibrate` again.",
        ) from error


def eye_gaze(settings: Settings, camera: SceneCamera | None) -> EyeGaze | Uncalibrated:
    """Return the stage that makes gaze of eye frames, or tells that nothing is calibrated.

    Raises:
        SettingsError: The calibration cannot be used.
    """
    stored = load(settings.calibration)
    if stored is None:
        return Uncalibrated()
    return EyeGaze(finder_of(stored.finder), stored.calibration, camera or GUESSED_CAMERA)


def finder_of(name: EyeFinder) -> PupilFinder:
    """Return the finder that the settings name.

    Raises:
        PerceptionError: Its package is not installed.
    """
    return _FINDERS[name]()


def show(calibration: Calibration, path: Path) -> None:
    """Print the error at each point and overall, and what to do next."""
    table = Table("point", "x px", "y px", "error °", "pupil seen", title="Calibration")
    for number, point in enumerate(calibration.points, 1):
        seen = f"{point.seen} of {point.frames}"
        place = (f"{point.x_px:.0f}", f"{point.y_px:.0f}")
        table.add_row(str(number), *place, f"{point.error_deg:.2f}", seen)
    console.print(table)
    console.print(
        f"Gaze is {calibration.error_deg:.2f}° off on average, each point judged by the others. "
        f"Stored in {path}."
    )
    for line in advice(calibration):
        console.print(f"[yellow]{line}[/]")


def _network() -> PupilFinder:
    from perception.eyes.network import PupilNetwork

    return PupilNetwork()


def _threshold() -> PupilFinder:
    from perception.eyes.finder import ThresholdFinder

    return ThresholdFinder()


def _pupil_detectors() -> PupilFinder:
    from perception.eyes.detectors import PupilDetectors

    return PupilDetectors()


_FINDERS: dict[EyeFinder, Callable[[], PupilFinder]] = {
    EyeFinder.NETWORK: _network,
    EyeFinder.THRESHOLD: _threshold,
    EyeFinder.PUPIL_DETECTORS: _pupil_detectors,
}
