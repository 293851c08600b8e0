"""Builds the sample recording: eleven real clips, real voices and real eyes, joined into one day.

No recording of a whole day with open licences exists, so the day is put together: films and a
photograph from open-source packages, voices from two of the films and a telephone call, and eye
and head streams of a real Pupil Labs Neon. **They were not recorded together.** What was changed
about the eyes stands in :mod:`app.sample.gaze`; the wearer's own lines are synthesised. What is
shown, said and looked at stands in ``script.toml``; what is true of the result is written beside
the recording and read by tests and evaluations only.
"""

from __future__ import annotations

import hashlib
import shutil
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock
import numpy as np

from app.sample.gaze import Aim, Floats, fill, move, packets, read_stretches, sample_camera
from app.sample.picture import clip_pictures
from app.sample.script import FRAME_RATE_HZ, Script, Thing, frame_ns, script
from app.sample.sound import Samples, Voice, mix_day, write_voice
from app.sample.truth import TRUTH_FILE, tell_truth
from assets.cache import Cache, cache_root
from assets.errors import AssetError
from assets.fetch import path
from assets.manifest import manifest
from firmware_bridge.device import DeviceInfo
from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk, SceneFrame
from firmware_bridge.recording.writer import NeonWriter

RECORDING = "day"
VOICE_FILE = "wearer_voice.wav"
_FINGERPRINT_FILE = "fingerprint"

Progress = Callable[[int, int], None]


def sample_path(progress: Progress | None = None) -> Path:
    """The folder of the sample recording, built first where it is missing or out of date.

    ``truth.json`` and ``wearer_voice.wav`` lie beside it.

    Args:
        progress: Told how many pictures of how many are written.

    Raises:
        AssetError: The footage has not been fetched, or the cache cannot be written.
        DeviceError: The recording cannot be written.
    """
    cache = Cache(cache_root())
    folder = cache.root / "sample"
    wanted = _fingerprint()
    with cache.writing(), filelock.FileLock(cache.root / "sample.lock"):
        if not _is_current(folder, wanted):
            _require_footage()
            partial = cache.root / "sample.partial"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            build(script(), partial, progress or _silent)
            (partial / _FINGERPRINT_FILE).write_text(wanted, "ascii")
            shutil.rmtree(folder, ignore_errors=True)
            partial.rename(folder)
    return folder / RECORDING


def build(script: Script, folder: Path, progress: Progress) -> None:
    """Write the recording, the wearer's voice and the truth into ``folder``."""
    voice = Voice()
    sound, spoken = mix_day(script, voice)
    info = DeviceInfo("Neon", "sample", script.start_ns, script.duration_ns, sample_camera())
    with NeonWriter(
        folder / RECORDING, info, wearer_name="Sample", frame_rate_hz=FRAME_RATE_HZ
    ) as writer:
        stretch = fill(read_stretches(path("footage-neon-streams")), script.duration_ns)
        gaze_px = move(stretch, lambda t_s: aim_at(script, t_s))
        for measured in packets(stretch, gaze_px, script.start_ns, script.duration_ns):
            writer.add(measured)
        for frame, chunk in _scene(script, sound):
            writer.add(frame)
            writer.add(chunk)
            progress(frame.index + 1, script.frames)
    write_voice(script, voice, folder / VOICE_FILE)
    truth = tell_truth(script, spoken).model_dump_json(indent=1)
    (folder / TRUTH_FILE).write_text(truth, "utf-8")


def aim_at(script: Script, t_s: float) -> Aim:
    """What the wearer looks at, ``t_s`` seconds into the day."""
    starts = script.starts()
    frame = min(int(t_s * FRAME_RATE_HZ), script.frames - 1)
    index = bisect_right(starts, frame) - 1
    clip_s = starts[index] / FRAME_RATE_HZ
    thing = script.clips[index].looked_at(max(0.0, t_s - clip_s))
    left, top, right, bottom = thing.box(t_s - clip_s)
    return Aim(
        lambda times_s: _centre(thing, times_s - clip_s), ((right - left) / 2, (bottom - top) / 2)
    )


def _centre(thing: Thing, times_s: Floats) -> Floats:
    keys = np.array(thing.path)
    left, top, right, bottom = (np.interp(times_s, keys[:, 0], keys[:, i]) for i in range(1, 5))
    return np.stack([(left + right) / 2, (top + bottom) / 2], axis=1)


def _scene(script: Script, sound: Samples) -> Iterator[tuple[SceneFrame, AudioChunk]]:
    index = 0
    for clip in script.clips:
        for image in clip_pictures(clip, path(clip.asset)):
            first, last = (round(i * AUDIO_RATE_HZ / FRAME_RATE_HZ) for i in (index, index + 1))
            since_ns = first * 1_000_000_000 // AUDIO_RATE_HZ
            yield (
                SceneFrame(script.start_ns + frame_ns(index), index, image),
                AudioChunk(script.start_ns + since_ns, sound[first:last]),
            )
            index += 1


def _fingerprint() -> str:
    """Changes whenever the script, this package or any of the footage changes."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for file in sorted([*here.glob("*.py"), *here.glob("*.toml")]):
        digest.update(file.read_bytes())
    for name in script().assets():
        for part in manifest().asset(name).files:
            digest.update(part.sha256.encode())
    return digest.hexdigest()


def _require_footage() -> None:
    for name in (*script().assets(), "hibari"):
        try:
            path(name)
        except AssetError as error:
            if error.code != "not-fetched":
                raise
            raise AssetError(
                "not-fetched",
                f"the sample is made of footage that is not here ({name}); "
                "run `attune assets fetch core sample`",
            ) from error


def _is_current(folder: Path, wanted: str) -> bool:
    file = folder / _FINGERPRINT_FILE
    return file.is_file() and file.read_text("ascii") == wanted


def _silent(done: int, total: int) -> None:
    """Nobody watches."""
