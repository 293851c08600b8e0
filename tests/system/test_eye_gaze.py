"""Real eye video: calibrated on half of what the glasses say of the gaze, judged on the rest."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from app import calibrating
from app.settings import EyeFinder, Settings, load_settings
from assets import fetch
from assets.errors import AssetError
from firmware_bridge.connect import connect
from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import EyeFrame, GazeSample
from firmware_bridge.recording import layout
from perception.attention.angles import angle_deg, unit_ray

BLOCK_NS = 250_000_000
EYE_FILES = (f"{layout.EYES_NAME} ps1.mp4", f"{layout.EYES_NAME} ps1.time")


class Reference:
    """Neon's own gaze during its eye video, in blocks of a quarter second."""

    def __init__(self, folder: Path) -> None:
        self.times_ns = np.fromfile(folder / "gaze.time", layout.TIME).astype(np.int64)
        self.gaze = np.fromfile(folder / "gaze.raw", layout.GAZE)
        self.is_for_fit = (self.times_ns - self.times_ns[0]) // BLOCK_NS % 2 == 0


@pytest.fixture(scope="module")
def reference() -> Reference:
    try:
        return Reference(fetch.path("neon-gaze"))
    except AssetError as error:
        pytest.skip(error.message)


@pytest.fixture
def recording(shared_data: Path, tmp_path: Path) -> Path:
    """The eye video alone."""
    source, folder = shared_data / "glasses" / "neon" / "ps1", tmp_path / "neon"
    if not source.is_dir():
        pytest.skip(f"{source} is absent")
    folder.mkdir()
    for name in ("info.json", "calibration.bin", *EYE_FILES):
        shutil.copy(source / name, folder / name)
    return folder


def add_gaze(folder: Path, reference: Reference, chosen: npt.NDArray[np.bool_]) -> None:
    (folder / "gaze ps1.time").write_bytes(reference.times_ns[chosen].astype("<i8").tobytes())
    (folder / "gaze ps1.raw").write_bytes(reference.gaze[chosen].tobytes())


async def gaze_of(folder: Path, settings: Settings) -> tuple[SceneCamera, list[GazeSample]]:
    async with connect(f"{folder}?eyes=1") as device:
        assert device.info.camera is not None
        assert not device.capabilities.has_gaze
        stage = calibrating.eye_gaze(settings, device.info.camera)
        found = [
            event
            async for packet in device.packets()
            if isinstance(packet, EyeFrame)
            for event in stage.update(packet)
        ]
        return device.info.camera, [each for each in found if isinstance(each, GazeSample)]


@pytest.mark.weights
@pytest.mark.parametrize("finder", [EyeFinder.NETWORK, EyeFinder.THRESHOLD])
def test_gaze_from_eye_video_agrees_with_the_glasses(
    recording: Path, reference: Reference, tmp_path: Path, finder: EyeFinder
) -> None:
    settings = load_settings(tmp_path / "store")
    settings.eye_finder = finder
    add_gaze(recording, reference, reference.is_for_fit)
    calibrating.calibrate(settings, str(recording), None)
    for path in recording.glob("gaze*"):
        path.unlink()
    camera, samples = asyncio.run(gaze_of(recording, settings))
    assert np.mean([sample.is_valid for sample in samples]) > 0.8
    off, from_middle = errors_deg(camera, samples, reference)
    print(
        f"{finder}: median {np.median(off):.2f} deg, from the middle {np.median(from_middle):.2f}"
    )
    assert np.median(off) < 1.5
    assert np.median(off) < 0.7 * np.median(from_middle)


def errors_deg(
    camera: SceneCamera, samples: list[GazeSample], reference: Reference
) -> tuple[list[float], list[float]]:
    """Angles to the gaze that was held back, of ours and of the middle of what was fitted to."""
    fitted = reference.gaze[reference.is_for_fit]
    middle = unit_ray(float(np.median(fitted["x"])), float(np.median(fitted["y"])), camera)
    off, from_middle = [], []
    for sample in samples:
        at = int(np.argmin(np.abs(reference.times_ns - sample.t_ns)))
        is_near = abs(reference.times_ns[at] - sample.t_ns) < 10_000_000
        if not sample.is_valid or reference.is_for_fit[at] or not is_near:
            continue
        true = unit_ray(float(reference.gaze["x"][at]), float(reference.gaze["y"][at]), camera)
        off.append(angle_deg(unit_ray(sample.x_px, sample.y_px, camera), true))
        from_middle.append(angle_deg(middle, true))
    return off, from_middle
