"""Trains the network that tells fixations, saccades, smooth pursuits and lost eyes apart.

``python -m training.eye_movements`` trains on head-mounted recordings (HMR, MIT) and simulated
gaze, and writes what ships. ``--gazecom`` adds GazeCom, whose licence does not allow to ship the
result, to measure what is lost without it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from assets.trained import WEIGHTS_FOLDER
from evals.data.gaze_events import UNLABELLED, GazeRecording, read_gazecom, read_hmr
from evals.gaze_scores import Agreement
from perception.attention.decoding import FixedLag
from perception.attention.motion import FEATURES, Features, describe
from perception.attention.network import TAPS
from perception.attention.resampling import STEP_MS
from training.gaze_streams import IGNORED, Labels, on_grid, pieces, streams_of, varied
from training.oculomotor import simulate

Random = np.random.Generator
Log = npt.NDArray[np.float32]

NAME = "eye-movements"
CLASSES = 4
CHANNELS = 32
LAYERS = 7
DELAY = 2
LAG = 5
EPOCHS = 16
BATCH = 32
SECONDS = 8.0
SIMULATED = 240
RATE = 4e-3
SMOOTHING = 0.02

HMR_TEST = ("user_7", "user_8")
HMR_CHOSEN_ON = ("user_6",)
GAZECOM_TEST_MOVIE = "golf"


@dataclass(frozen=True, slots=True)
class Split:
    """Whose recordings are for what; people and movies of the test are in neither list.

    Attributes:
        trained: The weights are fitted to these.
        chosen_on: Settings are chosen on these.
    """

    trained: list[GazeRecording]
    chosen_on: list[GazeRecording]


def split(with_gazecom: bool) -> Split:
    """Split by person, and on GazeCom by person and movie."""
    hmr, gazecom = list(read_hmr()), list(read_gazecom())
    people = sorted({recording.person for recording in gazecom})
    test, chosen = set(people[3::4]), set(people[1::8])
    open_to_us = [g for g in gazecom if g.person not in test and g.stimulus != GAZECOM_TEST_MOVIE]
    trained = [h for h in hmr if h.person not in HMR_TEST + HMR_CHOSEN_ON]
    if with_gazecom:
        trained += [g for g in open_to_us if g.person not in chosen]
    chosen_on = [h for h in hmr if h.person in HMR_CHOSEN_ON]
    return Split(trained, chosen_on + [g for g in open_to_us if g.person in chosen])


class Layer(nn.Module):
    """A dilated causal convolution whose result is added to its input."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.before = (TAPS - 1) * dilation
        self.convolve = nn.Conv1d(CHANNELS, CHANNELS, TAPS, dilation=dilation)
        self.norm = nn.BatchNorm1d(CHANNELS)
        self.mix = nn.Conv1d(CHANNELS, CHANNELS, 1)

    def forward(self, inner: torch.Tensor) -> torch.Tensor:
        """Add what the layer sees, shape ``(streams, channels, steps)``."""
        hidden = self.norm(self.convolve(functional.pad(inner, (self.before, 0))))
        return inner + self.mix(functional.dropout(functional.relu(hidden), 0.05, self.training))


class Network(nn.Module):
    """Features ``(streams, features, steps)`` in, log-probabilities ``(streams, 4, steps)`` out."""

    def __init__(self, features: Features) -> None:
        super().__init__()
        flat = features.reshape(-1, FEATURES)
        self.register_buffer("mean", torch.tensor(flat.mean(axis=0))[:, None])
        self.register_buffer("scale", torch.tensor(flat.std(axis=0) + 0.05)[:, None])
        self.enter = nn.Conv1d(FEATURES, CHANNELS, 1)
        self.layers = nn.ModuleList(Layer(1 << place) for place in range(LAYERS))
        self.leave = nn.Conv1d(CHANNELS, CLASSES, 1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return log-probabilities; those of a step come ``DELAY`` steps later."""
        inner = functional.relu(self.enter((features - self.mean) / self.scale))
        for layer in self.layers:
            inner = layer(inner)
        return functional.log_softmax(self.leave(inner), dim=1)


def epoch_of(recordings: list[GazeRecording], random: Random) -> tuple[Features, Labels]:
    """Cut, vary and simulate anew: every epoch sees other eyes and other trackers."""
    parts = [varied(p, random) for r in recordings for p in pieces(r, SECONDS, random)]
    parts += [simulate(SECONDS, random) for _ in range(SIMULATED)]
    order = random.permutation(len(parts))
    steps = round(SECONDS * 1000 / STEP_MS)
    batches = [
        streams_of([parts[place] for place in order[start : start + BATCH]], steps)
        for start in range(0, len(order), BATCH)
    ]
    features = np.concatenate([describe(batch.grids) for batch in batches])
    return features, np.concatenate([batch.labels for batch in batches])


def train(recordings: list[GazeRecording], epochs: int, seed: int) -> Network:
    """Fit a network."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    random = np.random.default_rng(seed)
    features, labels = epoch_of(recordings, random)
    network, weight = Network(features), class_weights(labels)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=epochs * (len(labels) // BATCH + 4), pct_start=0.15
    )
    for epoch in range(epochs):
        losses = []
        for batch_features, batch_labels in batches_of(features, labels):
            loss = loss_of(network(batch_features), batch_labels, weight)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.3f}", flush=True)
        if epoch + 1 < epochs:
            features, labels = epoch_of(recordings, random)
    network.eval()
    return network


def class_weights(labels: Labels) -> torch.Tensor:
    """Weights between equal samples and equal classes."""
    shares = np.bincount(labels[labels != IGNORED], minlength=CLASSES) / (labels != IGNORED).sum()
    weight = torch.tensor(shares**-0.5, dtype=torch.float32)
    return weight / (weight * torch.tensor(shares, dtype=torch.float32)).sum()


def batches_of(features: Features, labels: Labels) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Streams that lie together; an epoch is in random order already."""
    for start in range(0, len(labels) - BATCH // 2, BATCH):
        part = slice(start, start + BATCH)
        yield torch.tensor(features[part]).permute(0, 2, 1), torch.tensor(labels[part])


def loss_of(likely: torch.Tensor, labels: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Weighted cross-entropy, and a price for flicker (Farha and Gall, arXiv 1903.01945)."""
    likely, labels = likely[:, :, DELAY:], labels[:, : labels.shape[1] - DELAY]
    change = likely[:, :, 1:] - likely[:, :, :-1].detach()
    flicker = torch.clamp(change**2, max=16.0).mean()
    missed = functional.nll_loss(likely, labels, weight=weight, ignore_index=IGNORED)
    return missed + SMOOTHING * flicker


def likely_of(network: Network, recording: GazeRecording) -> tuple[Log, Labels]:
    """Log-probabilities and labels of a recording's steps, ``(n, 4)`` and ``(n,)``."""
    steps = on_grid(recording)[0].shape[1]
    stream = streams_of([recording], steps)
    features = torch.tensor(describe(stream.grids)).permute(0, 2, 1)
    with torch.no_grad():
        likely = network(functional.pad(features, (0, DELAY), mode="replicate"))
    return likely[0, :, DELAY:].T.numpy(), stream.labels[0]


def costs_of(prices: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The decoder's table from prices of F-S, S-F, F-P and P-F, P-S, S-P, and to and from lost."""
    fs, sf, fp, ps, sp, lost = prices.tolist()
    return np.array(
        [[0, fs, fp, lost], [sf, 0, sp, lost], [fp, ps, 0, lost], [lost, lost, lost, 0]]
    )


def chosen_costs(network: Network, recordings: list[GazeRecording]) -> npt.NDArray[np.float64]:
    """Choose the decoder's costs by one price after the other, for samples and events alike."""
    data = [(r.tracker, *likely_of(network, r)) for r in recordings]
    prices = np.array([4.0, 2.5, 7.0, 4.0, 2.5, 4.0])
    best = merit(data, costs_of(prices))
    for factor in (1.6, 1.25):
        for place in range(len(prices)):
            for step in (factor, 1 / factor):
                trial = prices.copy()
                trial[place] *= step
                value = merit(data, costs_of(trial))
                if value > best:
                    best, prices = value, trial
                    break
    print(
        f"chosen prices {prices.round(2).tolist()}: mean of F1 over samples and events {best:.3f}"
    )
    return costs_of(prices)


def merit(data: list[tuple[str, Log, Labels]], costs: npt.NDArray[np.float64]) -> float:
    """Mean of macro F1 over samples and events, and over trackers."""
    return float(
        np.mean(
            [(a.macro_sample_f1 + a.macro_event_f1) / 2 for a in agreements(data, costs).values()]
        )
    )


def agreements(
    data: list[tuple[str, Log, Labels]], costs: npt.NDArray[np.float64]
) -> dict[str, Agreement]:
    """Compare decoded labels with the raters', by tracker."""
    by_tracker: dict[str, Agreement] = {}
    for tracker, likely, labels in data:
        decoder = FixedLag(costs.tolist(), LAG)
        found = [*decoder.push(likely.tolist()), *decoder.flush()]
        true = np.where(labels == IGNORED, UNLABELLED, labels).astype(np.uint8)
        agreement = by_tracker.setdefault(tracker, Agreement())
        agreement.add(true, np.array(found, np.uint8))
    return by_tracker


def exported(
    network: Network, costs: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.float32]]:
    """Return the arrays of :class:`perception.attention.network.Weights`."""
    convolve, convolve_bias = zip(*(folded(layer) for layer in network.layers), strict=True)
    arrays = {
        "mean": network.mean[:, 0],
        "scale": network.scale[:, 0],
        "enter": network.enter.weight[:, :, 0].T,
        "enter_bias": network.enter.bias,
        "convolve": torch.stack(convolve),
        "convolve_bias": torch.stack(convolve_bias),
        "mix": torch.stack([layer.mix.weight[:, :, 0].T for layer in network.layers]),
        "mix_bias": torch.stack([layer.mix.bias for layer in network.layers]),
        "leave": network.leave.weight[:, :, 0].T,
        "leave_bias": network.leave.bias,
    }
    plain = {name: tensor.detach().numpy().astype(np.float32) for name, tensor in arrays.items()}
    numbers = {"costs": costs, "delay": np.array(DELAY), "lag": np.array(LAG)}
    return plain | {name: value.astype(np.float32) for name, value in numbers.items()}


def folded(layer: Layer) -> tuple[torch.Tensor, torch.Tensor]:
    """A convolution with its normalisation, oldest tap first."""
    scale = layer.norm.weight / torch.sqrt(layer.norm.running_var + layer.norm.eps)
    bias = (layer.convolve.bias - layer.norm.running_mean) * scale + layer.norm.bias
    weight = layer.convolve.weight * scale[:, None, None]
    return weight.permute(2, 1, 0).reshape(TAPS * CHANNELS, CHANNELS), bias


def write(network: Network, costs: npt.NDArray[np.float64], used: Split, folder: Path) -> None:
    """Write the weights, which files they have seen, and what torch makes of some gaze."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / f"{NAME}.npz", allow_pickle=False, **exported(network, costs))
    seen = {
        "trained": [recording.name for recording in used.trained],
        "chosen_on": [recording.name for recording in used.chosen_on],
    }
    (folder / f"{NAME}.seen.json").write_text(json.dumps(seen, indent=1) + "\n", encoding="utf-8")
    features = describe(streams_of([simulate(2.0, np.random.default_rng(0))], 500).grids)
    features = features.astype(np.float16).astype(np.float32)
    with torch.no_grad():
        likely = network(torch.tensor(features).permute(0, 2, 1))[0].T.numpy()
    np.savez_compressed(
        folder / f"{NAME}.reference.npz",
        features=features[0],
        likely=likely,
    )


def main() -> None:
    """Train, choose the decoder's costs, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gazecom", action="store_true", help="train on GazeCom too; not to ship")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER)
    options = parser.parse_args()
    started_s = time.monotonic()
    used = split(options.gazecom)
    network = train(used.trained, options.epochs, options.seed)
    costs = chosen_costs(network, used.chosen_on)
    write(network, costs, used, options.out)
    print(f"trained in {(time.monotonic() - started_s) / 60:.1f} min")


if __name__ == "__main__":
    main()
