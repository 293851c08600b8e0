"""Trains the network that judges attention three seconds late.

``python -m training.hindsight`` fits a temporal convolutional network to the sessions of
:mod:`training.attention_sessions`, made as unreliable as in :mod:`training.attention`, and writes
``assets/weights/attention-late.npz``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from assets.cache import sha256_of
from evals.attention import TRAIN_PEOPLE, TRAIN_SEQUENCES
from evals.attention_tally import f1
from perception.attention.hindsight import ATTENDING, WEIGHTS
from perception.attention.network import TAPS
from training.attention import CHUNK, WARM_UP, batch, piece, platt, write
from training.attention_sessions import Session, sessions

DELAY = 75
"""Ticks that an answer comes late: three seconds."""
CHANNELS, LAYERS = 12, 6
"""The oldest tick that counts lies five seconds back, two before the one that is judged."""
STEPS = 250
TICKS_HZ = 25
LEAST = 12
"""Ticks below which a stretch is not worth splicing."""
SPLICED = 0.4
"""Share of examples that are put together from short stretches."""
LOOK_S, REST_S = (1.0, 4.0), (0.5, 6.0)
"""Least and greatest length of a stretch of attention, and of one without."""
KEPT = 0.95
"""Share of attended time by which the threshold of what is kept is judged."""

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Stored = dict[str, npt.NDArray[np.float32]]


class Network(nn.Module):
    """The network as :class:`perception.attention.network.TemporalNetwork` computes it."""

    def __init__(self, mean: Floats, spread: Floats) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("spread", torch.from_numpy(np.maximum(spread, 0.05)))
        self.enter = nn.Linear(len(mean), CHANNELS)
        self.convolve = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, TAPS, dilation=1 << layer) for layer in range(LAYERS)
        )
        self.mix = nn.ModuleList(nn.Linear(CHANNELS, CHANNELS) for _ in range(LAYERS))
        self.drop = nn.Dropout(0.15)
        self.leave = nn.Linear(CHANNELS, 1)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Evidence ``(batch, n, 27)`` to logits ``(batch, n)``, each of the tick 75 earlier."""
        inner = torch.relu(self.enter((rows - self.mean) / self.spread))
        for layer in range(LAYERS):
            past = nn.functional.pad(inner.transpose(1, 2), ((TAPS - 1) << layer, 0))
            hidden = torch.relu(self.convolve[layer](past)).transpose(1, 2)
            inner = inner + self.drop(self.mix[layer](hidden))
        logits: torch.Tensor = self.leave(inner)[..., 0]
        return logits

    def weights(self, slope: float, offset: float) -> Stored:
        """Return the arrays that inference needs; of two classes, not attending scores 0."""
        state = {name: value.detach().numpy().copy() for name, value in self.state_dict().items()}
        layers = range(LAYERS)
        leave, leave_bias = np.zeros((CHANNELS, 2), np.float32), np.zeros(2, np.float32)
        leave[:, ATTENDING] = slope * state["leave.weight"][0]
        leave_bias[ATTENDING] = slope * state["leave.bias"][0] + offset
        taps = [state[f"convolve.{n}.weight"].transpose(2, 1, 0) for n in layers]
        return {
            "mean": state["mean"],
            "scale": state["spread"],
            "enter": state["enter.weight"].T,
            "enter_bias": state["enter.bias"],
            "convolve": np.stack([t.reshape(-1, CHANNELS) for t in taps]),
            "convolve_bias": np.stack([state[f"convolve.{n}.bias"] for n in layers]),
            "mix": np.stack([state[f"mix.{n}.weight"].T for n in layers]),
            "mix_bias": np.stack([state[f"mix.{n}.bias"] for n in layers]),
            "leave": leave,
            "leave_bias": leave_bias,
            "costs": np.zeros((2, 2), np.float32),
        }


def drawn(given: list[Session], random: np.random.Generator) -> tuple[Floats, Floats]:
    """Fifteen seconds of a session, or of looks that are shorter and follow one on the other.

    A simulated session has one thing to attend to, and some six seconds at a time. A day has many.
    """
    if random.random() >= SPLICED:
        return piece(given, random)
    rows: list[Floats] = []
    labels: list[Floats] = []
    while sum(len(stretch) for stretch in rows) < CHUNK:
        is_look = bool(random.random() < 0.5)
        session = given[int(random.integers(len(given)))]
        stretch = _stretch(session.labels, is_look, random)
        rows.append(session.rows[stretch])
        labels.append(session.labels[stretch])
    return np.concatenate(rows)[:CHUNK], np.concatenate(labels)[:CHUNK]


def _stretch(labels: Floats, is_look: bool, random: np.random.Generator) -> slice:
    """The beginning of a spell of attention, or of the lack of it; nothing where there is none."""
    spells = _spells(labels, is_look)
    if not spells:
        return slice(0)
    start, end = spells[int(random.integers(len(spells)))]
    seconds = random.uniform(*(LOOK_S if is_look else REST_S))
    return slice(start, min(end, start + round(TICKS_HZ * seconds)))


def _spells(labels: Floats, is_look: bool) -> list[tuple[int, int]]:
    """Where attention, or the lack of it after attention, begins and ends."""
    is_it = np.concatenate([[False], (labels > 0.5) == is_look, [False]])
    edges = np.flatnonzero(np.diff(is_it.astype(np.int8)))
    spells = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(a, b) for a, b in spells if b - a >= LEAST and (is_look or a > 0)]


def fit(given: list[Session], seed: int = 1) -> Network:
    """Train on chunks of sessions for a fixed number of steps."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    random = np.random.default_rng(seed)
    everything = np.concatenate([s.rows for s in given])
    mean, spread = everything.mean(axis=0), everything.std(axis=0)
    network = Network(mean, spread)
    steps = torch.optim.AdamW(network.parameters(), lr=4e-3, weight_decay=0.05)
    plan = torch.optim.lr_scheduler.OneCycleLR(steps, 8e-3, total_steps=STEPS)
    network.train()
    for _ in range(STEPS):
        rows, labels = batch(given, spread, mean, random, drawn)
        loss = nn.functional.binary_cross_entropy_with_logits(
            network(rows)[:, WARM_UP + DELAY :], labels[:, WARM_UP:-DELAY]
        )
        steps.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        steps.step()
        plan.step()
    network.eval()
    return network


def late_logits(network: Network, session: Session) -> Numbers:
    """Return the late logit of every tick; the last three seconds know less."""
    rows = np.concatenate([session.rows, np.repeat(session.rows[-1:], DELAY, axis=0)])
    with torch.no_grad():
        told: Numbers = network(torch.from_numpy(rows[None]))[0, DELAY:].numpy().astype(np.float64)
    return told


def left_out(given: list[Session]) -> tuple[Numbers, Numbers]:
    """Leave each sequence out in turn; return logits of its ticks, and labels."""
    logits, labels = [], []
    for name in sorted({name for session in given for name in session.sequences}):
        network = fit([s for s in given if name not in s.sequences])
        tested = [s for s in given if s.sequences == (name,)]
        told = np.concatenate([late_logits(network, session) for session in tested])
        truth = np.concatenate([session.labels for session in tested])
        print(f"without {name}: {worth(told, truth)}")
        logits.append(told)
        labels.append(truth)
    told, truth = np.concatenate(logits), np.concatenate(labels)
    print(f"together: {worth(told, truth)}")
    return told, truth.astype(np.float64)


def worth(logits: Numbers, labels: npt.NDArray[np.floating]) -> str:
    """Say the best F1, and the share of time that holds 95 % of attended time."""
    attended = labels > 0.5
    best = max(f1(logits >= t, attended) for t in np.quantile(logits, np.linspace(0.02, 0.98, 97)))
    least = np.quantile(logits[attended], 1 - KEPT)
    return f"best F1 {best:.3f}; {KEPT:.0%} of it in {(logits >= least).mean():.0%} of time"


def export(network: Network, slope: float, offset: float, shown: Session) -> Path:
    """Write the weights of this network, and how late it answers."""
    weights = {**network.weights(slope, offset), "delay": np.array(DELAY), "lag": np.array(0)}
    return write(WEIGHTS, network, weights, (slope, offset), shown)


def finish(given: list[Session]) -> None:
    """Calibrate, train on everything, export and say what the manifest must hold."""
    logits, labels = left_out(given)
    slope, offset = platt(logits, labels)
    network = fit(given)
    shown = next(s for s in given if s.is_plain)
    path = export(network, slope, offset, shown)
    sure = np.quantile(logits[labels > 0.5], 1 - KEPT)
    print(f"{sum(value.numel() for value in network.parameters())} parameters")
    print(f"{KEPT:.0%} of attended time from {1 / (1 + np.exp(-slope * sure - offset)):.3f} on")
    print(f'bytes = {path.stat().st_size}\nsha256 = "{sha256_of(path)}"')


if __name__ == "__main__":
    finish(list(sessions(TRAIN_SEQUENCES, TRAIN_PEOPLE, seed=1)))
