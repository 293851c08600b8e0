"""A Pupil Labs Neon recording folder as a device."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from firmware_bridge.device import Capabilities, DeviceError, DeviceInfo, SceneCamera
from firmware_bridge.packets import (
    DeviceStatus,
    EyeState,
    GazeSample,
    ImuSample,
    Packet,
    StatusKind,
)
from firmware_bridge.recording import layout, media
from firmware_bridge.recording.replay import Contents, Stream
from firmware_bridge.recording.series import (
    Series,
    part_paths,
    read_bytes,
    read_eye_state,
    read_gaze,
    read_imu,
    read_times,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What lies in the folder, read as far as needed to tell what the device sends."""

    folder: Path
    info: dict[str, Any]
    scene: list[media.MediaPart]
    eyes: list[media.MediaPart]
    has_audio: bool
    size_px: tuple[int, int]
    gaze: Series | None
    eye_state: Series | None
    imu: Series | None
    notices: list[str]


def is_neon(folder: Path) -> bool:
    """Tell whether a folder is laid out like a Neon recording."""
    if not (folder / "info.json").is_file():
        return False
    names = (layout.SCENE_NAME, layout.EYES_NAME, "gaze", "gaze_200hz")
    return any(path.name.startswith(names) for path in folder.iterdir())


def open_neon(folder: Path, *, with_eyes: bool = False) -> Contents:
    """Open a Neon recording; all its parts become one stream each.

    Gaze is in pixels of the scene camera; g and degrees per second become SI units. Eye video may
    lie at another time than the scene video, as it does in published examples; it keeps its own.

    Args:
        folder: Holds ``info.json`` and the streams.
        with_eyes: Send the eye video too; decoding it costs more than everything else.

    Raises:
        DeviceError: A file is missing, damaged or of another kind; the message names it.
    """
    found = _find(folder, with_eyes)
    times = [series.times_ns for series in (found.gaze, found.eye_state, found.imu) if series]
    times += [part.times_ns for part in (*found.scene, *found.eyes) if part.times_ns is not None]
    filled = [stream for stream in times if len(stream)]
    if not filled:
        raise DeviceError("empty-recording", f"{folder} holds no samples; record again")
    start_ns = min(int(stream[0]) for stream in filled)
    end_ns = max(int(stream[-1]) for stream in filled)
    notices = tuple(DeviceStatus(start_ns, _kind(text), text) for text in found.notices)
    return Contents(
        info=DeviceInfo(
            model="Neon",
            serial=str(found.info.get("module_serial_number", "")),
            started_ns=start_ns,
            duration_ns=end_ns - start_ns,
            camera=_camera(found),
        ),
        capabilities=Capabilities(
            is_live=False,
            has_scene=bool(found.scene),
            has_gaze=found.gaze is not None,
            has_eye_state=found.eye_state is not None,
            has_eye_video=bool(found.eyes),
            has_imu=found.imu is not None,
            has_audio=found.has_audio,
        ),
        end_ns=end_ns,
        notices=notices,
        streams=tuple(_streams(found)),
    )


def _find(folder: Path, with_eyes: bool) -> _Found:
    notices: list[str] = []
    scene = _video_parts(folder, layout.SCENE_NAME, notices)
    facts = media.probe(scene[0].path) if scene else None
    if not scene:
        notices.append("The recording has no scene video.")
    series = {"gaze": read_gaze(folder), "eye": read_eye_state(folder), "imu": read_imu(folder)}
    if series["gaze"] is None:
        notices.append("The recording has no gaze.")
    for stream in series.values():
        notices += stream.faults if stream else ()
    return _Found(
        folder=folder,
        info=_info(folder / "info.json"),
        scene=scene,
        eyes=_video_parts(folder, layout.EYES_NAME, notices) if with_eyes else [],
        has_audio=bool(facts and facts.has_audio),
        size_px=(facts and facts.size_px) or layout.SCENE_SIZE_PX,
        gaze=series["gaze"],
        eye_state=series["eye"],
        imu=series["imu"],
        notices=notices,
    )


def _info(path: Path) -> dict[str, Any]:
    try:
        info = json.loads(read_bytes(path))
    except ValueError as error:
        raise DeviceError(
            "damaged-info", f"{path} is not valid JSON ({error}); copy the recording again"
        ) from error
    if not isinstance(info, dict):
        raise DeviceError("damaged-info", f"{path} must hold a JSON object; copy it again")
    return info


def _video_parts(folder: Path, name: str, notices: list[str]) -> list[media.MediaPart]:
    """List the parts of a video; a part without pictures is passed over and reported."""
    parts = []
    for path in part_paths(folder, name, ".mp4"):
        times_ns = read_times(path.with_suffix(".time"))
        if _is_pointer(path):
            notices.append(f"{path.name} is only a pointer to a video that was not copied.")
        elif len(times_ns):
            parts.append(media.MediaPart(path, int(times_ns[0]), times_ns))
    return parts


def _is_pointer(path: Path) -> bool:
    """Tell whether a file is a Git LFS pointer instead of a video."""
    with path.open("rb") as file:
        return file.read(19) == b"version https://git"


def _kind(text: str) -> StatusKind:
    is_missing = "no scene" in text or "no gaze" in text or "not copied" in text
    return StatusKind.STREAM_MISSING if is_missing else StatusKind.GAP


def _camera(found: _Found) -> SceneCamera:
    path = found.folder / "calibration.bin"
    if path.exists():
        return layout.read_calibration(path, found.size_px)
    return SceneCamera.from_field_of_view(*found.size_px, layout.NEON_HORIZONTAL_DEG)


def _streams(found: _Found) -> Iterator[Stream]:
    """Yield the streams, cheap ones first: at equal times gaze comes before its picture."""
    if found.gaze is not None:
        yield partial(_gaze, found.gaze)
    if found.eye_state is not None:
        yield partial(_eye_state, found.eye_state)
    if found.imu is not None:
        yield partial(_imu, found.imu)
    if found.eyes:
        yield partial(media.pictures, found.eyes, media.eye_frame)
    if found.scene:
        yield partial(media.pictures, found.scene, media.scene_frame)
    if found.has_audio:
        yield partial(media.sound, found.scene)


def _gaze(series: Series) -> Iterator[Packet]:
    rows = series.rows
    columns = (rows["x"].tolist(), rows["y"].tolist(), (rows["worn"] / 255.0).tolist())
    for t_ns, x_px, y_px, worn in zip(series.times_ns.tolist(), *columns, strict=True):
        yield GazeSample(t_ns, x_px, y_px, worn)


def _eye_state(series: Series) -> Iterator[Packet]:
    names = ["pupil_diameter_left_mm", "pupil_diameter_right_mm"]
    if "eyelid_aperture_left_mm" in (series.rows.dtype.names or ()):
        names += ["eyelid_aperture_left_mm", "eyelid_aperture_right_mm"]
    columns = (series.rows[name].tolist() for name in names)
    for t_ns, *values in zip(series.times_ns.tolist(), *columns, strict=True):
        yield EyeState(t_ns, *values)


def _imu(series: Series) -> Iterator[Packet]:
    rows = series.rows
    gyro = np.radians(np.stack([rows[f"gyro_{axis}"] for axis in "xyz"], axis=1, dtype=np.float64))
    accel = np.stack([rows[f"accel_{axis}"] for axis in "xyz"], axis=1, dtype=np.float64)
    turn = np.stack([rows[f"quaternion_{axis}"] for axis in "wxyz"], axis=1, dtype=np.float64)
    accel_m_s2 = (accel * layout.STANDARD_GRAVITY_M_S2).tolist()
    columns = (gyro.tolist(), accel_m_s2, turn.tolist())
    for t_ns, spin, push, orientation in zip(series.times_ns.tolist(), *columns, strict=True):
        yield ImuSample(t_ns, tuple(spin), tuple(push), tuple(orientation))
