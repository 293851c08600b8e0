"""Labelled gaze, varied so that one network fits every tracker: rate, scale, noise and losses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evals.data.gaze_events import LOST, UNLABELLED, GazeRecording, cut
from perception.attention.motion import AHEAD, HISTORY
from perception.attention.resampling import CHANNELS, STEP_MS, Floats, Resampler, X

Labels = npt.NDArray[np.int64]
Random = np.random.Generator
IGNORED = -1


@dataclass(frozen=True, slots=True, eq=False)
class Streams:
    """Gaze on the grid with what comes before and after it.

    Attributes:
        grids: Shape ``(streams, 5, HISTORY + n + AHEAD)``.
        labels: Of the ``n`` steps, ``IGNORED`` where nothing is known, shape ``(streams, n)``.
    """

    grids: Floats
    labels: Labels


def streams_of(recordings: list[GazeRecording], steps: int) -> Streams:
    """Put recordings on the grid, cut or filled up to one length."""
    grids = np.zeros((len(recordings), CHANNELS, HISTORY + steps + AHEAD))
    grids[:, X : X + 2] = np.nan
    labels = np.full((len(recordings), steps), IGNORED, np.int64)
    for place, recording in enumerate(recordings):
        grid, known = on_grid(recording)
        count = min(steps, grid.shape[1])
        grids[place, :, HISTORY : HISTORY + count] = grid[:, :count]
        grids[place, :, HISTORY + count :] = grid[:, count - 1 : count]
        labels[place, :count] = known[:count]
    return Streams(grids, labels)


def on_grid(recording: GazeRecording) -> tuple[Floats, Labels]:
    """Return one recording's steps ``(5, n)`` and their labels ``(n,)``."""
    t_ns = np.rint(recording.t_s * 1e9).astype(np.int64)
    resampler = Resampler()
    grid = np.concatenate(
        [
            resampler.push(t_ns, recording.x_deg, recording.y_deg, recording.confidence),
            resampler.flush(),
        ],
        axis=1,
    )
    at_s = recording.t_s[0] + np.arange(grid.shape[1]) * STEP_MS / 1000.0
    labels = nearest(recording, at_s).astype(np.int64)
    labels[labels == UNLABELLED] = IGNORED
    return grid, labels


def nearest(recording: GazeRecording, at_s: Floats) -> npt.NDArray[np.uint8]:
    """The label of the sample next to each time."""
    middles = (recording.t_s[1:] + recording.t_s[:-1]) / 2
    return recording.labels[np.searchsorted(middles, at_s)]


def pieces(recording: GazeRecording, seconds: float, random: Random) -> list[GazeRecording]:
    """Cut a recording into pieces from a random start on."""
    length = round(seconds * recording.rate_hz)
    start = int(random.integers(0, max(1, min(length, len(recording) - length))))
    starts = range(start, max(start + 1, len(recording) - length // 2), length)
    return [cut(recording, begin, begin + length) for begin in starts]


def varied(recording: GazeRecording, random: Random) -> GazeRecording:
    """Return what another tracker could have made of the same eyes."""
    recording = _turned(recording, random)
    if random.random() < 0.5:
        recording = _at_rate(
            recording, float(np.exp(random.uniform(np.log(100), np.log(1000)))), random
        )
    if random.random() < 0.5:
        recording = _noisier(recording, random)
    if random.random() < 0.2:
        recording = _with_spikes(recording, random)
    recording = _unsure(recording, random)
    return _with_losses(recording, random)


def _turned(recording: GazeRecording, random: Random) -> GazeRecording:
    """Turn, mirror and scale: uncalibrated cameras do."""
    angle = random.uniform(0, 2 * np.pi)
    scale = float(np.clip(np.exp(random.normal(0.0, 0.3)), 0.5, 2.0))
    x, y = recording.x_deg, recording.y_deg * random.choice([-1.0, 1.0])
    cosine, sine = np.cos(angle) * scale, np.sin(angle) * scale
    return replace(recording, x_deg=x * cosine - y * sine, y_deg=x * sine + y * cosine)


def _at_rate(recording: GazeRecording, rate_hz: float, random: Random) -> GazeRecording:
    span_s = float(recording.t_s[-1] - recording.t_s[0])
    t_s = np.arange(0.0, span_s, 1.0 / rate_hz)
    jitter = random.uniform(0, 0.2) / rate_hz
    t_s = np.sort(np.clip(t_s + random.normal(0, jitter, len(t_s)), 0.0, span_s))
    t_s = t_s[np.diff(t_s, prepend=-1.0) > 1e-4]
    at_s = recording.t_s[0] + t_s
    return replace(
        recording,
        t_s=t_s,
        x_deg=np.interp(at_s, recording.t_s, recording.x_deg),
        y_deg=np.interp(at_s, recording.t_s, recording.y_deg),
        confidence=np.interp(at_s, recording.t_s, recording.confidence),
        labels=nearest(recording, at_s),
    )


def _noisier(recording: GazeRecording, random: Random) -> GazeRecording:
    """Add noise: white or smooth, even or in bursts, up to that of glasses without calibration."""
    level = float(np.exp(random.uniform(np.log(0.01), np.log(0.6))))
    noise = random.normal(0, level, (2, len(recording)))
    if random.random() < 0.4:
        noise *= np.sqrt(2.0 / np.maximum(random.gamma(1.5, 1.0, len(recording)), 0.05))
    if random.random() < 0.3:
        width = int(random.integers(2, 6))
        noise = np.stack([np.convolve(axis, np.ones(width) / width, "same") for axis in noise])
    return replace(recording, x_deg=recording.x_deg + noise[0], y_deg=recording.y_deg + noise[1])


def _with_spikes(recording: GazeRecording, random: Random) -> GazeRecording:
    """Move single samples far away, which changes nothing."""
    axes = np.stack([recording.x_deg, recording.y_deg])
    places = random.integers(0, len(recording), random.poisson(4))
    axes[:, places] += random.normal(0, 6.0, (2, len(places)))
    return replace(recording, x_deg=axes[0], y_deg=axes[1])


def _unsure(recording: GazeRecording, random: Random) -> GazeRecording:
    """Trackers tell confidence finely, as yes or no, or not at all."""
    chance = random.random()
    if chance < 0.75:
        return recording
    if chance < 0.9:
        least = random.uniform(0.2, 0.6)
        is_sure = recording.confidence >= least
    else:
        is_sure = recording.confidence > 0.0
    return replace(recording, confidence=is_sure.astype(np.float64))


def _with_losses(recording: GazeRecording, random: Random) -> GazeRecording:
    """Lose single samples, which changes nothing, and whole stretches, which are lost eyes."""
    x_deg, labels = recording.x_deg.copy(), recording.labels.copy()
    rate_hz = recording.rate_hz
    if random.random() < 0.3:
        for _ in range(random.poisson(4)):
            start = int(random.integers(0, len(x_deg)))
            x_deg[start : start + 1 + int(random.uniform(0, 0.025) * rate_hz)] = np.nan
    if random.random() < 0.2:
        start = int(random.integers(0, len(x_deg)))
        lost = slice(start, start + int(random.uniform(0.06, 0.8) * rate_hz))
        x_deg[lost], labels[lost] = np.nan, LOST
    return replace(recording, x_deg=x_deg, labels=labels)
