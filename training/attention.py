"""Trains the temporal visual attention network on simulated attention over real video.

``python -m training.attention`` simulates sessions (see :mod:`training.attention_sessions`), fits a
gated recurrent unit to the evidence of every tick, and writes ``assets/weights/attention.npz``.
``--folds`` trains once for each left-out sequence instead and prints what the network is worth
there.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from assets.cache import sha256_of
from assets.trained import WEIGHTS_FOLDER
from evals.attention import TRAIN_PEOPLE, TRAIN_SEQUENCES
from evals.data.davis import davis_names
from evals.data.eye_traces import read_traces
from perception.attention.engagement import WEIGHTS
from perception.attention.evidence import FEATURES, REGION
from training.attention_sessions import Floats, Session, sessions

HIDDEN = 12
STEPS = 200
CHUNK = 375
"""Ticks of one training example: fifteen seconds."""
BATCH = 24
WARM_UP = 25
"""First ticks of an example that do not count: nothing is known yet."""
NOISE, SHIFT, LOST, BLIND = 0.3, 0.4, 0.1, 0.08
"""Noise of each tick and of each example, in standard deviations; share of numbers that an example
lacks, and of examples that lack the scene."""
SCENE = [
    *range(REGION.start, REGION.stop),
    FEATURES.index("likeness_to_target"),
    FEATURES.index("familiar_log_s"),
]

Weights = dict[str, npt.NDArray[np.float32]]


Draw = Callable[[list[Session], np.random.Generator], tuple[Floats, Floats]]


class Network(nn.Module):
    """The network as :class:`perception.attention.engagement.Engagement` computes it."""

    def __init__(self, mean: Floats, scale: Floats) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("scale", torch.from_numpy(scale))
        self.gru = nn.GRU(len(FEATURES), HIDDEN, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(HIDDEN, 1)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Evidence ``(batch, n, 27)`` to logits ``(batch, n)``."""
        hidden, _ = self.gru((rows - self.mean) * self.scale)
        logits: torch.Tensor = self.head(self.drop(hidden))[..., 0]
        return logits

    def weights(self, slope: float = 1.0, offset: float = 0.0) -> Weights:
        """Return the arrays that inference without torch needs."""
        state = {name: value.detach().numpy().copy() for name, value in self.state_dict().items()}
        return {
            "mean": state["mean"],
            "scale": state["scale"],
            "input": state["gru.weight_ih_l0"],
            "input_bias": state["gru.bias_ih_l0"],
            "hidden": state["gru.weight_hh_l0"],
            "hidden_bias": state["gru.bias_hh_l0"],
            "head": state["head.weight"][0],
            "head_bias": state["head.bias"][0],
            "slope": np.float32(slope),
            "offset": np.float32(offset),
        }


def fit(given: list[Session], seed: int = 1) -> Network:
    """Train on chunks of sessions for a fixed number of steps."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    random = np.random.default_rng(seed)
    everything = np.concatenate([s.rows for s in given])
    mean, spread = everything.mean(axis=0), everything.std(axis=0)
    network = Network(mean, 1 / np.maximum(spread, 0.05))
    steps = torch.optim.AdamW(network.parameters(), lr=4e-3, weight_decay=0.05)
    plan = torch.optim.lr_scheduler.OneCycleLR(steps, 8e-3, total_steps=STEPS)
    network.train()
    for _ in range(STEPS):
        rows, labels = batch(given, spread, mean, random)
        loss = nn.functional.binary_cross_entropy_with_logits(
            network(rows)[:, WARM_UP:], labels[:, WARM_UP:]
        )
        steps.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        steps.step()
        plan.step()
    network.eval()
    return network


def piece(given: list[Session], random: np.random.Generator) -> tuple[Floats, Floats]:
    """Fifteen seconds of a session: evidence and labels."""
    session = given[int(random.integers(len(given)))]
    start = int(random.integers(max(1, len(session.rows) - CHUNK)))
    return session.rows[start : start + CHUNK], session.labels[start : start + CHUNK]


def batch(
    given: list[Session],
    spread: Floats,
    mean: Floats,
    random: np.random.Generator,
    draw: Draw = piece,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Chunks from anywhere, made unreliable, so that no single number of one film is trusted."""
    rows, labels = [], []
    for _ in range(BATCH):
        drawn, truth = draw(given, random)
        chunk = drawn.copy()
        chunk += spread * random.normal(0, NOISE, chunk.shape).astype(np.float32)
        chunk += spread * random.normal(0, SHIFT, len(FEATURES)).astype(np.float32)
        lost = random.random(len(FEATURES)) < LOST
        chunk[:, lost] = mean[lost]
        if random.random() < BLIND:
            chunk[:, SCENE] = 0.0
        rows.append(chunk)
        labels.append(truth)
    return torch.from_numpy(np.stack(rows)), torch.from_numpy(np.stack(labels))


def probabilities(network: Network, given: list[Session]) -> tuple[Floats, Floats]:
    """Return probability and truth of every tick."""
    with torch.no_grad():
        logits = [network(torch.from_numpy(s.rows[None]))[0].numpy() for s in given]
    joined = 1 / (1 + np.exp(-np.concatenate(logits)))
    return joined.astype(np.float32), np.concatenate([s.labels for s in given])


def f1(probability: Floats, labels: Floats, threshold: float = 0.5) -> float:
    """Return F1 of ticks."""
    told = probability >= threshold
    hits = float((told & (labels > 0.5)).sum())
    return 2 * hits / max(1.0, float(told.sum() + labels.sum()))


def calibration(given: list[Session]) -> tuple[float, float]:
    """Fit slope and offset of the logit on sequences that each fold has not seen (Platt 1999)."""
    logits, labels = [], []
    names = sorted({name for session in given for name in session.sequences})
    for name in names:
        network = fit([s for s in given if name not in s.sequences])
        left_out = [s for s in given if s.sequences == (name,)]
        probability, truth = probabilities(network, left_out)
        print(f"without {name}: F1 {f1(probability, truth):.3f} on it")
        sure = np.clip(probability, 1e-5, 1 - 1e-5)
        logits.append(np.log(sure / (1 - sure)))
        labels.append(truth)
    return platt(np.concatenate(logits), np.concatenate(labels))


def platt(
    logits: npt.NDArray[np.floating], labels: npt.NDArray[np.floating]
) -> tuple[float, float]:
    """Fit slope and offset of the logit that make it a probability (Platt 1999)."""
    line = torch.tensor([1.0, 0.0], requires_grad=True)
    x, y = (torch.from_numpy(np.asarray(each, np.float32)) for each in (logits, labels))
    search = torch.optim.LBFGS([line], max_iter=50)

    def loss() -> torch.Tensor:
        search.zero_grad()
        value = nn.functional.binary_cross_entropy_with_logits(line[0] * x + line[1], y)
        value.backward()
        return value

    search.step(loss)
    return float(line[0].detach()), float(line[1].detach())


def write(
    name: str,
    network: Callable[[torch.Tensor], torch.Tensor],
    weights: Mapping[str, npt.NDArray[np.float32]],
    platt_scale: tuple[float, float],
    shown: Session,
) -> Path:
    """Write the weights, and beside them what the network says to some evidence."""
    path = WEIGHTS_FOLDER / f"{name}.npz"
    np.savez(path, allow_pickle=False, features=np.array(FEATURES), **weights)
    rows = shown.rows[:200]
    slope, offset = platt_scale
    with torch.no_grad():
        logits = slope * network(torch.from_numpy(rows[None]))[0] + offset
    np.savez(
        WEIGHTS_FOLDER / f"{name}_reference.npz",
        rows=rows,
        probabilities=torch.sigmoid(logits).numpy(),
    )
    return path


def export(network: Network, slope: float, offset: float, shown: Session) -> Path:
    """Write the weights of this network."""
    return write(WEIGHTS, network, network.weights(slope, offset), (slope, offset), shown)


def cross_validate() -> None:
    """Train without each sequence in turn; print what that is worth on it, with other eyes."""
    names = davis_names()
    given = list(sessions(names, TRAIN_PEOPLE, seed=1))
    people = tuple(sorted({t.person for t in read_traces()} - set(TRAIN_PEOPLE)))
    for name in names:
        network = fit([s for s in given if name not in s.sequences])
        left_out = [s for s in sessions((name,), people, seed=2) if s.is_plain]
        probability, truth = probabilities(network, left_out)
        always = 2 * truth.mean() / (1 + truth.mean())
        print(f"{name}: F1 {f1(probability, truth):.3f} of ticks; always attending {always:.3f}")


def main() -> None:
    """Train and export, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", action="store_true", help="leave one sequence out at a time")
    if parser.parse_args().folds:
        cross_validate()
        return
    given = list(sessions(TRAIN_SEQUENCES, TRAIN_PEOPLE, seed=1))
    finish(given)


def finish(given: list[Session]) -> None:
    """Calibrate, train on everything, export and say what the manifest must hold."""
    slope, offset = calibration(given)
    network = fit(given)
    shown = next(s for s in given if s.is_plain)
    path = export(network, slope, offset, shown)
    count = sum(value.numel() for value in network.parameters())
    print(f"{count} parameters; slope {slope:.3f}, offset {offset:.3f}")
    print(f'bytes = {path.stat().st_size}\nsha256 = "{sha256_of(path)}"')


if __name__ == "__main__":
    main()
