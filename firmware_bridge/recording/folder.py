"""A plain folder as a device: ``scene.mp4``, ``gaze.csv`` and ``audio.wav``.

``gaze.csv`` has a header. The time is ``timestamp [ns]`` or ``t_ns``; the place ``gaze x [px]`` and
``gaze y [px]`` or ``x`` and ``y``, in pixels of the scene video from its top-left corner;
``confidence`` in [0, 1] may be left out. An empty place means that the eyes were not seen. Video
and sound begin at the first time of ``gaze.csv``. Without ``audio.wav`` the video's sound is taken.

``eyes.mp4`` may stand beside or instead of ``gaze.csv``, with ``eyes.csv``: one ``timestamp [ns]``
or ``t_ns`` for each of its pictures. Without ``gaze.csv`` video and sound begin with the first one.
"""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firmware_bridge.device import Capabilities, DeviceError, DeviceInfo, SceneCamera
from firmware_bridge.packets import DeviceStatus, GazeSample, StatusKind
from firmware_bridge.recording import media
from firmware_bridge.recording.replay import Contents, Stream
from firmware_bridge.recording.sound import sound_chunks

SCENE, GAZE, AUDIO = "scene.mp4", "gaze.csv", "audio.wav"
EYES, EYE_TIMES = "eyes.mp4", "eyes.csv"
HORIZONTAL_DEG = 90.0
UNSORTED = "The gaze stream was out of order and has been sorted."

_TIME = ("timestamp [ns]", "t_ns")
_X = ("gaze x [px]", "x")
_Y = ("gaze y [px]", "y")


def is_plain(folder: Path) -> bool:
    """Tell whether a folder is laid out this way."""
    has_eyes_or_gaze = (folder / GAZE).is_file() or (folder / EYES).is_file()
    return (folder / SCENE).is_file() and has_eyes_or_gaze


def open_plain(folder: Path, *, with_eyes: bool = False) -> Contents:
    """Open a plain folder. Its camera is guessed to see 90 degrees across.

    Args:
        folder: Holds the files.
        with_eyes: Send the eye video too, where there is one.

    Raises:
        DeviceError: A file is damaged or a column is missing; the message names it.
    """
    has_gaze = (folder / GAZE).is_file()
    samples = _read_gaze(folder / GAZE) if has_gaze else []
    eyes = _eyes_part(folder) if with_eyes or not has_gaze else None
    is_sorted = all(a.t_ns <= b.t_ns for a, b in itertools.pairwise(samples))
    start_ns = min((sample.t_ns for sample in samples), default=eyes.start_ns if eyes else 0)
    facts = media.probe(folder / SCENE)
    scene = media.MediaPart(folder / SCENE, start_ns, duration_ns=facts.duration_ns)
    sound = _sound_part(folder / AUDIO, scene, facts)
    last_ns = [eyes.start_ns + _length_ns(eyes)] if eyes else []
    last_ns += [sample.t_ns for sample in samples]
    end_ns = max(start_ns + facts.duration_ns, *last_ns)
    notices = [] if is_sorted else [(StatusKind.GAP, UNSORTED)]
    notices += [] if has_gaze else [(StatusKind.STREAM_MISSING, "The recording has no gaze.")]
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
            has_gaze=has_gaze,
            has_eye_state=False,
            has_eye_video=with_eyes and eyes is not None,
            has_imu=False,
            has_audio=sound is not None,
        ),
        end_ns=end_ns,
        notices=tuple(DeviceStatus(start_ns, kind, text) for kind, text in notices),
        streams=tuple(_streams(samples, eyes if with_eyes else None, scene, sound)),
    )


def _eyes_part(folder: Path) -> media.MediaPart | None:
    """Return the eye video with its times, or None without one."""
    if not (folder / EYES).is_file():
        return None
    media.probe(folder / EYES)
    times_ns = np.sort(_read_times(folder / EYE_TIMES))
    return media.MediaPart(folder / EYES, int(times_ns[0]), times_ns)


def _length_ns(part: media.MediaPart) -> int:
    return 0 if part.times_ns is None else int(part.times_ns[-1] - part.times_ns[0])


def _read_times(path: Path) -> npt.NDArray[np.int64]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            name = _find(path, tuple(reader.fieldnames or ()), _TIME)
            times_ns = np.array([int(row[name]) for row in reader], np.int64)
    except FileNotFoundError as error:
        raise DeviceError(
            "missing-file", f"{path} is missing; it holds the time of each picture of {EYES}"
        ) from error
    except (TypeError, ValueError, csv.Error) as error:
        raise DeviceError("damaged-times", f"{path} is no list of times: {error}") from error
    if not len(times_ns):
        raise DeviceError("empty-recording", f"{path} holds no times; record again")
    return times_ns


def _sound_part(
    path: Path, scene: media.MediaPart, facts: media.VideoFacts
) -> media.MediaPart | None:
    """Return where the sound is: beside the video, else inside it, else nowhere."""
    if path.exists():
        media.require_sound(path)
        return media.MediaPart(path, scene.start_ns)
    return scene if facts.has_audio else None


def _streams(
    samples: list[GazeSample],
    eyes: media.MediaPart | None,
    scene: media.MediaPart,
    sound: media.MediaPart | None,
) -> Iterator[Stream]:
    yield lambda: iter(sorted(samples, key=lambda sample: sample.t_ns))
    if eyes is not None:
        yield partial(media.pictures, [eyes], media.eye_frame)
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


def _find(path: Path, present: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Return the one of a column's names that is present."""
    for name in names:
        if name in present:
            return name
    raise DeviceError(
        "missing-column",
        f"{path} needs a column {' or '.join(map(repr, names))}, but has "
        f"{', '.join(present) or 'no header'}",
    )


class _Columns:
    """The columns of a ``gaze.csv``, whatever their names."""

    def __init__(self, path: Path, header: Iterable[str]) -> None:
        self._path = path
        present = tuple(header)
        self._time, self._x, self._y = (_find(path, present, names) for names in (_TIME, _X, _Y))

    def sample(self, row: dict[str, str], line: int) -> GazeSample:
        try:
            x_px, y_px = (float(row[name] or math.nan) for name in (self._x, self._y))
            return GazeSample(int(row[self._time]), x_px, y_px, float(row.get("confidence") or 1.0))
        except (TypeError, ValueError) as error:
            raise DeviceError(
                "damaged-gaze", f"{self._path}, line {line} is no gaze sample: {error}; mend it"
            ) from error
