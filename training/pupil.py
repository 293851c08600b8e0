"""Trains the pupil network on MEYE: ``python -m training.pupil``; some twenty minutes on one core.

Two subjects are never touched. What is chosen, and what the network's answers are worth, comes from
cross-validation between the other four.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from assets.cache import sha256_of
from assets.trained import WEIGHTS_FOLDER
from evals.data.near_eye import NearEye, centres_px, read_near_eye
from perception.eyes.logistic import Logistic
from perception.eyes.network import Answer, normalised, read_answer
from training.pupil_network import LateralInhibition, PupilNet
from training.pupil_pictures import Hardener

HELD_OUT = (43, 49)
FOLDS = ((44, 46), (42, 48))
STEPS, FOLD_STEPS, BATCH = 2600, 1300, 32
RATE = 4e-3
BLINK_SHARE = 0.35
NEAR_PX = 3.0
WEIGHTS_FILE = WEIGHTS_FOLDER / "pupil.onnx"
REFERENCE_FILE = WEIGHTS_FOLDER / "pupil_reference.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What one step learns from; shapes ``(n, 1, height, width)`` and ``(n, 1)``."""

    pictures: Tensor
    masks: Tensor
    mask_weights: Tensor
    is_open: Tensor
    open_weights: Tensor


def batches(data: NearEye, steps: int, seed: int) -> Iterator[Batch]:
    """Draw batches in which subjects and blinks have their fixed shares."""
    random, harden = np.random.default_rng(seed), Hardener(seed + 1)
    shares = _shares(data)
    for _ in range(steps):
        chosen = random.choice(len(data), BATCH, p=shares)
        examples = [harden(data.images[i], data.masks[i]) for i in chosen]
        masks = torch.from_numpy(np.stack([each.mask for each in examples]))[:, None]
        is_blink = torch.from_numpy(data.is_blink[chosen])[:, None]
        # In some subjects a pupil that is seen during a blink is not drawn.
        doubtful = is_blink[..., None, None] & ~masks.any(3, True).any(2, True)
        yield Batch(
            pictures=torch.from_numpy(np.stack([normalised(each.picture) for each in examples])),
            masks=functional.avg_pool2d(masks, 2),
            mask_weights=torch.where(doubtful, 0.2, 1.0),
            is_open=(~is_blink & torch.from_numpy(data.has_eye[chosen])[:, None]).float(),
            open_weights=torch.tensor([[float(each.tells_blink)] for each in examples]),
        )


def _shares(data: NearEye) -> npt.NDArray[np.float64]:
    """Each subject by the root of its pictures, a fixed share of them blinks."""
    shares = np.zeros(len(data))
    for subject in np.unique(data.subjects):
        own = data.subjects == subject
        for kind, share in ((data.is_blink, BLINK_SHARE), (~data.is_blink, 1 - BLINK_SHARE)):
            chosen = own & kind
            shares[chosen] = share * np.sqrt(own.sum()) / max(1, chosen.sum())
    return np.asarray(shares / shares.sum())


def loss_of(mask: Tensor, openness: Tensor, batch: Batch) -> Tensor:
    """Cross entropy and Dice of the mask, distance of its centre, cross entropy of openness."""
    drawn, chance = batch.masks, mask.sigmoid()
    pixels = functional.binary_cross_entropy_with_logits(mask, drawn, reduction="none")
    weighted = (pixels * (1 + 4 * drawn) * batch.mask_weights).mean() * 4
    has_pupil = (drawn.sum((1, 2, 3)) > 4).float()
    overlap = 2 * (chance * drawn).sum((1, 2, 3)) + 1
    dice = 1 - overlap / (chance.sum((1, 2, 3)) + drawn.sum((1, 2, 3)) + 1)
    apart = (_centres(chance**2) - _centres(drawn)).abs().sum(1).clamp(max=12)
    lids = functional.binary_cross_entropy_with_logits(openness, batch.is_open, reduction="none")
    shape = (has_pupil * (dice + 0.15 * apart)).sum() / has_pupil.sum().clamp(min=1)
    return weighted + shape + (lids * batch.open_weights).mean()


def _centres(weights: Tensor) -> Tensor:
    """Return column and row of each mask's centre, shape ``(n, 2)``."""
    places = torch.arange(weights.shape[-1], dtype=weights.dtype)
    total = weights.sum((1, 2, 3)) + 1e-4
    columns = (weights.sum((1, 2)) * places).sum(1) / total
    return torch.stack([columns, (weights.sum((1, 3)) * places).sum(1) / total], 1)


def fit(data: NearEye, steps: int, seed: int = 0, is_inhibited: bool = True) -> nn.Module:
    """Train a network and return the running mean of its weights."""
    torch.manual_seed(seed)
    network = PupilNet(is_inhibited).to(memory_format=torch.channels_last)
    mean = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(0.995), use_buffers=True)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.1)
    for step, batch in enumerate(batches(data, steps, seed)):
        pictures = batch.pictures.contiguous(memory_format=torch.channels_last)
        mask, openness = network(pictures)
        loss = loss_of(mask, openness, batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        mean.update_parameters(network)
        if step % 100 == 0:
            print(f"step {step} of {steps}: loss {loss.item():.3f}", flush=True)
    trained: nn.Module = mean.module.eval()
    return trained


def answers(network: nn.Module, pictures: npt.NDArray[np.uint8]) -> list[Answer]:
    """Return what the network says of pictures of shape ``(n, 128, 128)``."""
    with torch.no_grad():
        said = [network(torch.from_numpy(normalised(each))[None]) for each in pictures]
    return [read_answer(mask.sigmoid().numpy()[0, 0], float(openness)) for mask, openness in said]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Answers beside what is true; ``(n,)`` and ``(n, features)``.

    Attributes:
        features: What confidence rests on.
        logits: Of openness.
        apart_px: Distance to the drawn centre; NaN where there is none.
    """

    features: npt.NDArray[np.float64]
    logits: npt.NDArray[np.float64]
    apart_px: npt.NDArray[np.float64]
    is_open: npt.NDArray[np.bool_]
    is_blink: npt.NDArray[np.bool_]
    subjects: npt.NDArray[np.int64]


def judge(network: nn.Module, data: NearEye) -> Judged:
    """Compare a network's answers with the annotation."""
    said = answers(network, data.images)
    found = np.array([(each.x, each.y) for each in said])
    return Judged(
        features=np.array([each.features for each in said]),
        logits=np.array([each.openness_logit for each in said]),
        apart_px=np.hypot(*(found - centres_px(data.masks)).T),
        is_open=data.is_open,
        is_blink=data.is_blink,
        subjects=data.subjects,
    )


def summary(judged: Judged) -> str:
    """One line for each subject, for the eyes of who trains."""
    lines = []
    for subject in np.unique(judged.subjects):
        own = judged.subjects == subject
        near = judged.apart_px[own & judged.is_open] <= NEAR_PX
        said_blink = judged.logits[own] < 0
        hits = (said_blink & judged.is_blink[own]).sum()
        f1 = 2 * hits / max(1, said_blink.sum() + judged.is_blink[own].sum())
        lines.append(f"subject {subject}: within 3 px {near.mean():.4f}, blink F1 {f1:.3f}")
    return "\n".join(lines)


def joined(parts: Sequence[Judged]) -> Judged:
    """Put judgements together."""
    names = Judged.__dataclass_fields__
    return Judged(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def cross_validated(data: NearEye) -> tuple[Judged, Judged]:
    """Judge every training subject by a network that has not seen it.

    Returns:
        Its pictures as they are, and hardened ones.
    """
    plain, hardened = [], []
    for fold in FOLDS:
        network = fit(data.without(fold), FOLD_STEPS)
        plain.append(judge(network, data.of(fold)))
        hardened.append(judge(network, harder(data.of(fold))))
        print(summary(plain[-1]), summary(hardened[-1]), sep="\nhardened\n", flush=True)
    return joined(plain), joined(hardened)


def harder(data: NearEye, seed: int = 5) -> NearEye:
    """Return one hardened variant of each picture."""
    harden = Hardener(seed)
    examples = [harden(*pair) for pair in zip(data.images, data.masks, strict=True)]
    return NearEye(
        np.stack([each.picture for each in examples]).astype(np.uint8),
        np.stack([each.mask for each in examples]) > 0.5,
        data.has_eye,
        data.is_blink,
        data.subjects,
    )


def confidence_of(judged: Judged) -> Logistic:
    """Fit the probability that the eye is open and its centre near the drawn one."""
    is_near = judged.is_open & (judged.apart_px <= NEAR_PX)
    return Logistic.fit(judged.features, is_near)


def openness_of(judged: Judged) -> Logistic:
    """Fit the probability that an eye is open (Platt 1999)."""
    return Logistic.fit(np.stack([judged.logits, np.ones_like(judged.logits)], 1), ~judged.is_blink)


class Probabilities(nn.Module):
    """A network whose mask is a probability, as it is exported."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mask and the openness logit."""
        mask, openness = self.network(pictures)
        return mask.sigmoid(), openness


def export(network: nn.Module, facts: dict[str, object], path: Path) -> None:
    """Write the network as ONNX with what is to be known of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # The other exporter needs a second package and writes the same graph.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            Probabilities(network).eval(),
            (torch.zeros(1, 1, 128, 128),),
            str(path),
            input_names=["picture"],
            output_names=["mask", "openness"],
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load(path)
    onnx.helper.set_model_props(model, {name: json.dumps(value) for name, value in facts.items()})
    onnx.save(model, path)


def macs_of(network: nn.Module) -> int:
    """Count the multiplications of all convolutions and dense layers for one picture."""
    counted = 0

    def count(layer: nn.Module, _: object, out: Tensor) -> None:
        nonlocal counted
        weight = layer.weight if hasattr(layer, "weight") else torch.zeros(1, 3, 3)
        counted += weight[0].numel() * out[0].numel()

    kinds = (nn.Conv2d, nn.Linear, LateralInhibition)
    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, kinds)]
    with torch.no_grad():
        network(torch.zeros(1, 1, 128, 128))
    for hook in hooks:
        hook.remove()
    return counted


def drawn_eyes(seed: int = 3) -> npt.NDArray[np.uint8]:
    """Draw a few eyes, so that no picture of a person is stored; shape ``(6, 128, 128)``."""
    random = np.random.default_rng(seed)
    pictures = []
    for _ in range(6):
        x, y = (int(v) for v in random.integers(40, 88, 2))
        picture = np.full((128, 128), 150, np.uint8)
        cv2.ellipse(picture, (64, 64), (58, 36), 0, 0, 360, 190, -1)
        cv2.circle(picture, (x, y), 30, 95, -1)
        cv2.circle(picture, (x, y), int(random.integers(8, 15)), 35, -1)
        cv2.circle(picture, (x - 6, y - 5), 2, 250, -1)
        noise = random.normal(0, 4, picture.shape)
        soft = cv2.GaussianBlur(picture, (5, 5), 0) + noise
        pictures.append(np.clip(soft, 0, 255).astype(np.uint8))
    return np.stack(pictures)


def write_reference(network: nn.Module) -> None:
    """Store drawn eyes with what torch says of them, so that ONNX can be held against it."""
    pictures = drawn_eyes()
    with torch.no_grad():
        said = [Probabilities(network)(torch.from_numpy(normalised(p))[None]) for p in pictures]
    np.savez_compressed(
        REFERENCE_FILE,
        pictures=pictures,
        masks=np.stack([mask.numpy()[0, 0] for mask, _ in said]).astype(np.float16),
        openness=np.array([float(openness) for _, openness in said]),
    )


def main() -> None:
    """Cross-validate, train, export, and print what goes into the manifest."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    data = read_near_eye().without(HELD_OUT)
    plain, hardened = cross_validated(data)
    network = fit(data, STEPS)
    facts = {
        "subjects": np.unique(data.subjects).tolist(),
        "macs": macs_of(network),
        "openness": openness_of(plain).weights,
        "confidence": confidence_of(joined((plain, hardened))).weights,
    }
    export(network, facts, WEIGHTS_FILE)
    write_reference(network)
    print(f"bytes = {WEIGHTS_FILE.stat().st_size}\nsha256 = {sha256_of(WEIGHTS_FILE)!r}")
    print(facts)


if __name__ == "__main__":
    main()
