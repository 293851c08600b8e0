"""The converted network says what MPNet's formulas say: a small one of random weights, by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from assets.conversion import convert_mpnet
from memory.recall.mpnet import DIMENSIONS, FIRST_POSITION, MpnetEncoder

LAYERS, HEADS, INNER, WORDS, POSITIONS, BUCKETS = 2, 12, 128, 60, 300, 32
SHORT = "w5 w9 w14"
LONG = " ".join(f"w{number % WORDS}" for number in range(170))

Array = npt.NDArray[np.float32]
Weights = Mapping[str, Array]


@pytest.fixture(scope="module")
def weights() -> Weights:
    random = np.random.default_rng(0)

    def drawn(*shape: int, spread: float = 0.05, middle: float = 0.0) -> Array:
        return random.normal(middle, spread, shape).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": drawn(WORDS, DIMENSIONS),
        "embeddings.position_embeddings.weight": drawn(POSITIONS, DIMENSIONS),
        "encoder.relative_attention_bias.weight": drawn(BUCKETS, HEADS, spread=2.0),
    }
    norms, square = ["embeddings.LayerNorm"], []
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        norms += [f"{layer}.attention.LayerNorm", f"{layer}.output.LayerNorm"]
        square += [f"{layer}.attention.attn.{one}" for one in "qkvo"]
        made[f"{layer}.intermediate.dense.weight"] = drawn(INNER, DIMENSIONS)
        made[f"{layer}.intermediate.dense.bias"] = drawn(INNER)
        made[f"{layer}.output.dense.weight"] = drawn(DIMENSIONS, INNER)
        made[f"{layer}.output.dense.bias"] = drawn(DIMENSIONS)
    for name in square:
        made[f"{name}.weight"], made[f"{name}.bias"] = drawn(DIMENSIONS, DIMENSIONS), drawn(768)
    for name in norms:
        made[f"{name}.weight"], made[f"{name}.bias"] = drawn(768, middle=1.0), drawn(768)
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, weights: Weights) -> Path:
    made = tmp_path_factory.mktemp("mpnet")
    save_file(dict(weights), made / "weights.safetensors")
    tokenizer = Tokenizer(WordLevel({f"w{n}": n for n in range(WORDS)}, "w0"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.save(str(made / "tokenizer.json"))
    for name, quantization in (("int8", "int8"), ("float32", None)):
        convert_mpnet(made / "weights.safetensors", made / f"{name}.bin", quantization)
    return made


def encoder(folder: Path, name: str, threads: int = 1) -> MpnetEncoder:
    return MpnetEncoder(folder / f"{name}.bin", folder / "tokenizer.json", threads)


def buckets(length: int) -> npt.NDArray[np.int64]:
    """T5's: near distances each their own, far ones on a scale of logarithms, ahead and behind."""
    places = np.arange(length)
    ahead = places[None, :] - places[:, None]
    distance, half = np.abs(ahead), BUCKETS // 4
    far = half + (np.log(np.maximum(distance, 1) / half) / math.log(128 / half) * half).astype(int)
    found = np.where(distance < half, distance, np.minimum(far, 2 * half - 1))
    return np.asarray(found + (ahead > 0) * 2 * half)


def by_hand(weights: Weights, text: str) -> Array:
    """MPNet as its paper and the published code write it, one formula a line."""
    ids = [int(word[1:]) for word in text.split()]

    def linear(x: Array, name: str) -> Array:
        return np.asarray(x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])

    def norm(x: Array, name: str) -> Array:
        unit = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        return np.asarray(unit * weights[f"{name}.weight"] + weights[f"{name}.bias"])

    def heads(x: Array) -> Array:
        return x.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    places = slice(FIRST_POSITION, FIRST_POSITION + len(ids))
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][places]
    x = norm(x, "embeddings.LayerNorm")
    bias = weights["encoder.relative_attention_bias.weight"][buckets(len(ids))].transpose(2, 0, 1)
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        q, k, v = (heads(linear(x, f"{layer}.attention.attn.{one}")) for one in "qkv")
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1]) + bias
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (shares / shares.sum(-1, keepdims=True)) @ v
        seen = seen.transpose(1, 0, 2).reshape(len(ids), DIMENSIONS)
        x = norm(x + linear(seen, f"{layer}.attention.attn.o"), f"{layer}.attention.LayerNorm")
        inner = linear(x, f"{layer}.intermediate.dense")
        gelu = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = norm(x + linear(gelu, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    return np.asarray(x.mean(axis=0), np.float32)


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_the_network_says_what_the_formulas_say(folder: Path, weights: Weights, text: str) -> None:
    (mean,) = encoder(folder, "float32").means([text])
    np.testing.assert_allclose(mean, by_hand(weights, text), atol=2e-5)


def test_whole_numbers_say_nearly_the_same(folder: Path) -> None:
    exact, rounded = (encoder(folder, name).means([SHORT, LONG]) for name in ("float32", "int8"))
    lengths = np.linalg.norm(exact, axis=1) * np.linalg.norm(rounded, axis=1)
    assert (np.einsum("ij,ij->i", exact, rounded) / lengths > 0.995).all()
    assert (folder / "int8.bin").stat().st_size < 0.3 * (folder / "float32.bin").stat().st_size


def test_a_conversion_gives_the_same_bytes_again(folder: Path, tmp_path: Path) -> None:
    convert_mpnet(folder / "weights.safetensors", tmp_path / "again.bin")
    assert (tmp_path / "again.bin").read_bytes() == (folder / "int8.bin").read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["again.bin"]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_sentence_does_not_depend_on_its_neighbours_or_threads(
    folder: Path, threads: int
) -> None:
    texts = [" ".join(f"w{(7 * at + n) % WORDS}" for n in range(3 + at % 3)) for at in range(80)]
    together = encoder(folder, "int8", threads).means(texts)
    alone = encoder(folder, "int8")
    np.testing.assert_array_equal(together, np.concatenate([alone.means([t]) for t in texts]))


def test_what_is_too_long_is_cut_off(folder: Path) -> None:
    first = " ".join(f"w{number % WORDS}" for number in range(256))
    long, cut = encoder(folder, "int8").means([f"{first} w3 w4", first])
    np.testing.assert_array_equal(long, cut)
