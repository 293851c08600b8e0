"""Does the network tell eye movements apart, on people, movies and trackers it has never seen?

All systems label the same recordings: every file that is present and was neither trained on nor
used to choose a setting. The baselines are tuned on the recordings of training and of choosing.
"""

from __future__ import annotations

import itertools
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from assets.trained import WEIGHTS_FOLDER
from evals.data.folder import DataError
from evals.data.gaze_events import (
    FIXATION,
    LOST,
    PURSUIT,
    SACCADE,
    UNLABELLED,
    Codes,
    Floats,
    GazeRecording,
    cut,
    read_gazecom,
    read_hmr,
    read_lund,
)
from evals.gaze_scores import KINDS, Agreement
from evals.report import Cell, EvalReport
from perception.attention import thresholds as classic
from perception.attention.classifier import Classes, GazeClassifier
from perception.attention.thresholds import Gaze, Thresholds

Label = Callable[[GazeRecording], Codes]
Classic = Callable[[Gaze, Thresholds], Classes]
READERS = {"gazecom": read_gazecom, "hmr": read_hmr, "lund2013": read_lund}
NETWORK = "Attune"
BARS = {
    "gazecom": (0.82, 0.75, "GazeCom"),
    "hmr": (0.83, 0.75, "the head-mounted data"),
    "lund2013": (0.80, 0.75, "a tracker never seen in training"),
}
LATENCY_MS_MAX = 50.0
SAMPLES_S_MIN = 20_000
PACKET = 64
TUNED_ON_SAMPLES = 8_000
REMODNAV_HELD_S = 0.1
REMODNAV_CLASSES = {"FIXA": FIXATION, "SACC": SACCADE, "ISAC": SACCADE, "PURS": PURSUIT}
RATES_HZ = (100.0, 120.0, 200.0, 250.0, 500.0, 1000.0)
LATENCY_S = 4.0
COLUMNS = (
    "system",
    "tracker",
    "macro F1",
    "event F1",
    *(f"{kind} {unit}" for kind in ("fix", "sac", "pur", "lost") for unit in ("F1", "ev")),
    "kappa",
    "samples",
)
GRIDS: dict[str, tuple[Classic, Mapping[str, Sequence[float]]]] = {
    "I-VT": (classic.ivt, {"saccade_deg_s": (20, 30, 45, 60, 80, 100, 140)}),
    "I-DT": (classic.idt, {"dispersion_deg": (0.5, 1, 1.5, 2, 3, 5), "window_s": (0.05, 0.1, 0.2)}),
    "I-VVT": (
        classic.ivvt,
        {
            "saccade_deg_s": (20, 30, 45, 60, 80, 100),
            "pursuit_deg_s": (3, 5, 8, 12, 18),
            "window_s": (0.05, 0.1, 0.2, 0.3),
        },
    ),
    "I-VDT": (
        classic.ivdt,
        {
            "saccade_deg_s": (20, 30, 45, 60, 80, 100),
            "dispersion_deg": (0.5, 1, 1.5, 2, 3, 5),
            "window_s": (0.1, 0.2, 0.3),
        },
    ),
}


def run() -> EvalReport:
    """Let every system label every recording that is left out."""
    notes: list[str] = []
    left_out, used = recordings(notes)
    systems: dict[str, Label] = {NETWORK: network_labels}
    systems |= {name: tuned(*how, used) for name, how in GRIDS.items()}
    found = {name: judge(label, left_out) for name, label in (systems | remodnav()).items()}
    found |= second_expert(notes)
    late_ms = max(latency_ms(at_rate(left_out[0], rate_hz)) for rate_hz in RATES_HZ)
    speed = samples_per_second(left_out[0], PACKET)
    notes.append(f"one by one: {samples_per_second(at_rate(left_out[0], 250), 1):.0f} samples/s")
    return EvalReport(
        name="gaze-events",
        claim="Eye movements told apart, on people, movies and trackers left out of training",
        columns=COLUMNS,
        rows=tuple(
            _row(name, tracker, by_tracker[tracker])
            for tracker in READERS
            for name, by_tracker in found.items()
            if tracker in by_tracker
        ),
        verdicts=_verdicts(found[NETWORK])
        | {
            f"labels at most {LATENCY_MS_MAX:.0f} ms later ({late_ms:.1f} ms at worst, from "
            f"{RATES_HZ[0]:.0f} to {RATES_HZ[-1]:.0f} Hz)": late_ms <= LATENCY_MS_MAX,
            f"{SAMPLES_S_MIN} samples per second and core ({speed:.0f} in packets of {PACKET})": (
                speed >= SAMPLES_S_MIN
            ),
        },
        notes=notes,
    )


def recordings(notes: list[str]) -> tuple[list[GazeRecording], list[GazeRecording]]:
    """Return the recordings left out, and those that training has used or chosen by."""
    path = WEIGHTS_FOLDER / "eye-movements.seen.json"
    seen = json.loads(path.read_text(encoding="utf-8"))
    names = {*seen["trained"], *seen["chosen_on"]}
    left_out: list[GazeRecording] = []
    used: list[GazeRecording] = []
    for tracker, read in READERS.items():
        try:
            for recording in read():
                (used if recording.name in names else left_out).append(recording)
        except DataError as error:
            notes.append(f"{tracker} is left out: {error.message}")
    if not left_out:
        raise DataError(
            "no-data", "no labelled gaze is left out; set ATTUNE_DATA to a folder of it"
        )
    return left_out, used


def network_labels(recording: GazeRecording) -> Codes:
    """Stream a recording through the classifier, packet by packet."""
    return np.array([label for labels in streamed(recording, PACKET) for label in labels], np.uint8)


def streamed(recording: GazeRecording, size: int) -> Iterator[list[int]]:
    """Yield what each packet of ``size`` samples makes certain, and at last the rest."""
    classifier = GazeClassifier()
    t_ns = np.rint(recording.t_s * 1e9).astype(np.int64)
    for start in range(0, len(recording), size):
        part = slice(start, start + size)
        yield classifier.push(
            t_ns[part], recording.x_deg[part], recording.y_deg[part], recording.confidence[part]
        )
    yield classifier.flush()


def gaze_of(recording: GazeRecording) -> Gaze:
    """Return the recording as the classic classifiers take it."""
    return Gaze(recording.t_s, recording.x_deg, recording.y_deg, recording.confidence)


def tuned(
    classifier: Classic, grid: Mapping[str, Sequence[float]], recordings: list[GazeRecording]
) -> Label:
    """Give a classic classifier the thresholds that suit the recordings of training best."""
    parts = [cut(recording, 0, TUNED_ON_SAMPLES) for recording in recordings]
    choices = (
        Thresholds(**dict(zip(grid, values, strict=True)))
        for values in itertools.product(*grid.values())
    )

    def label(recording: GazeRecording, thresholds: Thresholds) -> Codes:
        return classifier(gaze_of(recording), thresholds).astype(np.uint8)

    def merit(thresholds: Thresholds) -> float:
        found = judge(lambda recording: label(recording, thresholds), parts)
        return sum(agreement.macro_sample_f1 for agreement in found.values())

    best = max(choices, key=merit)
    return lambda recording: label(recording, best)


def remodnav() -> dict[str, Label]:
    """REMoDNaV (Dar et al. 2021), offline, as documented; nothing where it is not installed."""
    try:
        from remodnav import EyegazeClassifier
    except ImportError:
        return {}
    logging.getLogger("remodnav").setLevel(logging.ERROR)

    def label(recording: GazeRecording) -> Codes:
        rate_hz = recording.rate_hz
        # It fails on gaze that is lost at either end, so the ends are held for a while.
        held = round(REMODNAV_HELD_S * rate_hz)
        data = np.empty(len(recording) + 2 * held, [("x", float), ("y", float)])
        for name, axis in zip(data.dtype.names or (), _ends_seen(recording), strict=True):
            data[name] = np.pad(axis, held, mode="edge")
        # Its default of 19 ms must come to an odd number of samples, five at least for its fit.
        taps = max(5, int(0.019 * rate_hz) | 1)
        classifier = EyegazeClassifier(px2deg=1.0, sampling_rate=rate_hz)
        codes = np.full(len(data), LOST, np.uint8)
        for event in classifier(classifier.preproc(data, savgol_length=(taps + 0.01) / rate_hz)):
            start, end = (round(event[name] * rate_hz) for name in ("start_time", "end_time"))
            codes[start:end] = REMODNAV_CLASSES.get(event["label"], FIXATION)
        return codes[held : len(codes) - held]

    return {"REMoDNaV (offline)": label}


def _ends_seen(recording: GazeRecording) -> Iterator[Floats]:
    """Yield both axes, NaN where the eyes are lost, but for the first and the last sample."""
    is_seen = gaze_of(recording).seen(Thresholds().least_confidence)
    places = np.flatnonzero(is_seen)
    for axis in (recording.x_deg, recording.y_deg):
        seen = np.where(is_seen, axis, np.nan)
        if len(places):
            seen[[0, -1]] = seen[places[[0, -1]]]
        yield seen


def second_expert(notes: list[str]) -> dict[str, dict[str, Agreement]]:
    """How well two experts agree, where both have labelled."""
    try:
        theirs = {recording.name[:-6]: recording for recording in read_lund("MN")}
        both = [(r, theirs[r.name[:-6]]) for r in read_lund("RA") if r.name[:-6] in theirs]
    except DataError:
        return {}
    agreement = Agreement()
    # One pair of files is of two lengths: an expert's mistake that was mended later.
    pairs = [(ours, other) for ours, other in both if len(ours) == len(other)]
    for ours, other in pairs:
        agreement.add(ours.labels, other.labels)
    notes.append(f"the second expert has labelled {len(pairs)} of the recordings of lund2013")
    return {"a second expert": {"lund2013": agreement}}


def judge(label: Label, recordings: Iterable[GazeRecording]) -> dict[str, Agreement]:
    """Compare a system's labels with the raters', by tracker."""
    by_tracker: dict[str, Agreement] = {}
    for recording in recordings:
        agreement = by_tracker.setdefault(recording.tracker, Agreement())
        agreement.add(recording.labels, label(recording))
    return by_tracker


def latency_ms(recording: GazeRecording) -> float:
    """The longest time in the stream from a sample to the sample at which it is labelled."""
    longest_s, done = 0.0, 0
    for now, labels in enumerate(streamed(recording, 1)):
        if labels and now < len(recording):
            longest_s = max(longest_s, float(recording.t_s[now] - recording.t_s[done]))
        done += len(labels)
    return 1000 * longest_s


def at_rate(recording: GazeRecording, rate_hz: float) -> GazeRecording:
    """Some seconds of a recording as another tracker would have sampled them."""
    t_s = np.arange(0.0, LATENCY_S, 1.0 / rate_hz)
    x_deg, y_deg, confidence = (
        np.interp(t_s, recording.t_s - recording.t_s[0], values)
        for values in (recording.x_deg, recording.y_deg, recording.confidence)
    )
    labels = np.full(len(t_s), UNLABELLED, np.uint8)
    return replace(
        recording, t_s=t_s, x_deg=x_deg, y_deg=y_deg, confidence=confidence, labels=labels
    )


def samples_per_second(recording: GazeRecording, size: int) -> float:
    """Speed of the classifier in packets of ``size``, on this machine as busy as it is."""
    started_s = time.process_time()
    for _ in streamed(recording, size):
        pass
    return len(recording) / (time.process_time() - started_s)


def _verdicts(found: dict[str, Agreement]) -> dict[str, bool]:
    verdicts = {}
    for tracker, agreement in found.items():
        least, least_events, name = BARS[tracker]
        verdicts[f"macro F1 of at least {least} on {name}"] = agreement.macro_sample_f1 >= least
        verdicts[f"event F1 of at least {least_events} on {name}"] = (
            agreement.macro_event_f1 >= least_events
        )
    return verdicts


def _row(system: str, tracker: str, agreement: Agreement) -> tuple[Cell, ...]:
    by_kind = (
        figure for kind in KINDS for figure in (agreement.sample_f1(kind), agreement.event_f1(kind))
    )
    return (
        system,
        tracker,
        agreement.macro_sample_f1,
        agreement.macro_event_f1,
        *by_kind,
        agreement.kappa,
        int(agreement.confusion.sum()),
    )
