"""A plain folder as a device: ``scene.mp4``, ``gaze.csv`` and ``audio.wav``.

``gaze.csv`` has a header. The time is ``timestamp [ns]`` or ``t_ns``; the place ``gaze x [px]`` and
``gaze y [px]`` or ``x`` and ``y``, in pixels of the scene video from its top-left corner;
``confidence`` in [0, 1] may be left out. An empty place means that the eyes were not seen. Video
and sound begin at the first time of ``gaze.csv``. Without ``audio.wav`` the video's sound is taken.
"""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from firmware_bridge.device import Capabilities, DeviceError, DeviceInfo, SceneCamera
from firmware_bridge.packets import DeviceStatus, GazeSample, StatusKind
from firmware_bridge.recording import media
from firmware_bridge.recording.replay import Contents, Stream
from firmware_bridge.recording.sound import sound_chunks

SCENE, GAZE, AUDIO = "scene.mp4", "gaze.csv", "audio.wav"
HORIZONTAL_DEG = 90.0

_TIME = ("timestamp [ns]", "t_ns")
_X = ("gaze x [px]", "x")
_Y = ("gaze y [px]", "y")


def is_plain(folder: Path) -> bool:
    """Tell whether a folder is laid out this way."""
    return (folder / SCENE).is_file() and (folder / GAZE).is_file()


def open_plain(folder: Path) -> Contents:
    """Open a plain folder. Its camera is guessed to see 90 degrees across.

    Raises:
        DeviceError: A file is damaged or a column is missing; the message names it.
    """
    samples = _read_gaze(folder / GAZE)
    is_sorted = all(a.t_ns <= b.t_ns for a, b in itertools.pairwise(samples))
    start_ns = min(sample.t_ns for sample in samples)
    facts = media.probe(folder / SCENE)
    scene = media.MediaPart(folder / SCENE, start_ns, duration_ns=facts.duration_ns)
    sound = _sound_part(folder / AUDIO, scene, facts)
    end_ns = max(start_ns + facts.duration_ns, *(sample.t_ns for sample in samples))
    notice = DeviceStatus(
        start_ns, StatusKind.GAP, "The gaze stream was out of order and has been sorted."
    )
    return Contents(
        info=DeviceInfo(
            model="folder",
            serial="",
            started_ns=start_ns,
            duration_ns=end_ns - start_ns,
            camera=SceneCamera.from_field_of_view(*facts.size_px, HORIZONTAL_DEG),
        ),
        capabilities=Capabilities(
            is_live=False,
            has_scene=True,
            has_gaze=True,
            has_eye_state=False,
            has_eye_video=False,
            has_imu=False,
            has_audio=sound is not None,
        ),
        end_ns=end_ns,
        notices=() if is_sorted else (notice,),
        streams=tuple(_streams(samples, scene, sound)),
    )


def _sound_part(
    path: Path, scene: media.MediaPart, facts: media.VideoFacts
) -> media.MediaPart | None:
    """Return where the sound is: beside the video, else inside it, else nowhere."""
    if path.exists():
        media.require_sound(path)
        return media.MediaPart(path, scene.start_ns)
    return scene if facts.has_audio else None


def _streams(
    samples: list[GazeSample], scene: media.MediaPart, sound: media.MediaPart | None
) -> Iterator[Stream]:
    yield lambda: iter(sorted(samples, key=lambda sample: sample.t_ns))
    yield partial(media.pictures, [scene], media.scene_frame)
    if sound is not None:
        yield partial(sound_chunks, [sound])


def _read_gaze(path: Path) -> list[GazeSample]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            names = _Columns(path, reader.fieldnames or ())
            samples = [names.sample(row, line) for line, row in enumerate(reader, 2)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DeviceError(
            "damaged-gaze", f"{path} is not text: {error}; export it again"
        ) from error
    if not samples:
        raise DeviceError("empty-recording", f"{path} holds no samples; record again")
    return samples


class _Columns:
    """The columns of a ``gaze.csv``, whatever their names."""

    def __init__(self, path: Path, header: Iterable[str]) -> None:
        self._path = path
        present = tuple(header)
        self._time, self._x, self._y = (self._find(present, names) for names in (_TIME, _X, _Y))

    def _find(self, present: tuple[str, ...], names: tuple[str, ...]) -> str:
        for name in names:
            if name in present:
                return name
        raise DeviceError(
            "missing-column",
            f"{self._path} needs a column {' or '.join(map(repr, names))}, but has "
            f"{', '.join(present) or 'no header'}",
        )

    def sample(self, row: dict[str, str], line: int) -> GazeSample:
        try:
            x_px, y_px = (float(row[name] or math.nan) for name in (self._x, self._y))
            return GazeSample(int(row[self._time]), x_px, y_px, float(row.get("confidence") or 1.0))
        except (TypeError, ValueError) as error:
            raise DeviceError(
                "damaged-gaze", f"{self._path}, line {line} is no gaze sample: {error}; mend it"
            ) from error
