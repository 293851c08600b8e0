"""Weights brought into the form in which they run, once, when they are fetched.

The bytes that come out depend on nothing but the bytes that go in and the version of CTranslate2,
so that the manifest can name their hash too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Weights = Mapping[str, npt.NDArray[np.float32]]

MAX_DISTANCE = 128
_BIAS = "encoder.relative_attention_bias.weight"


def convert_mpnet(source: Path, target: Path, quantization: str | None = "int8") -> None:
    """Write the encoder of MPNet (Song et al. 2020) as a CTranslate2 model.

    The attention of all layers adds one bias for each of 32 distances between tokens, as T5's does,
    and there are absolute positions besides. CTranslate2 has either: so positions are the second
    input whose vectors are added to those of the tokens, and whoever runs the model numbers them.

    Args:
        source: The published weights, safetensors.
        target: File of the model.
        quantization: Of the matrices, a scale to each row; None keeps them float32.
    """
    # Only a fetch needs these, and they take a second to load.
    from ctranslate2.specs import (
        Activation,
        EmbeddingsMerge,
        TransformerEncoderModelSpec,
        TransformerEncoderSpec,
    )
    from safetensors.numpy import load_file

    weights = load_file(source)
    _, heads = weights[_BIAS].shape
    encoder = TransformerEncoderSpec(
        len({name.split(".")[2] for name in weights if name.startswith("encoder.layer.")}),
        heads,
        pre_norm=False,
        activation=Activation.GELU,
        num_source_embeddings=2,
        embeddings_merge=EmbeddingsMerge.ADD,
        layernorm_embedding=True,
        relative_attention_bias=True,
    )
    _fill(encoder, weights)
    model = TransformerEncoderModelSpec(encoder)
    model.register_vocabulary(map(str, range(model.get_vocabulary_size())))
    model.validate()
    model.optimize(quantization)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        model.save(folder)
        (Path(folder) / "model.bin").replace(target)


def _fill(encoder: Any, weights: Weights) -> None:  # noqa: ANN401 - the library has no types
    encoder.scale_embeddings = False
    tokens, positions = encoder.embeddings
    tokens.weight = weights["embeddings.word_embeddings.weight"]
    positions.weight = weights["embeddings.position_embeddings.weight"]
    _set(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _fill_layer(layer, weights, f"encoder.layer.{number}")


def _fill_layer(layer: Any, weights: Weights, name: str) -> None:  # noqa: ANN401
    attention, inputs = layer.self_attention, [f"{name}.attention.attn.{one}" for one in "qkv"]
    for part in ("weight", "bias"):
        joined = np.concatenate([weights[f"{one}.{part}"] for one in inputs])
        setattr(attention.linear[0], part, joined)
    _set(attention.linear[1], weights, f"{name}.attention.attn.o")
    _set(attention.layer_norm, weights, f"{name}.attention.LayerNorm")
    attention.relative_attention_bias = weights[_BIAS]
    attention.relative_attention_max_distance = np.int32(MAX_DISTANCE)
    _set(layer.ffn.linear_0, weights, f"{name}.intermediate.dense")
    _set(layer.ffn.linear_1, weights, f"{name}.output.dense")
    _set(layer.ffn.layer_norm, weights, f"{name}.output.LayerNorm")


def _set(spec: Any, weights: Weights, name: str) -> None:  # noqa: ANN401
    """Give a linear layer or a normalisation its two arrays, whatever it calls them."""
    first, second = ("gamma", "beta") if hasattr(spec, "gamma") else ("weight", "bias")
    setattr(spec, first, weights[f"{name}.weight"])
    setattr(spec, second, weights[f"{name}.bias"])


CONVERSIONS: Final[Mapping[str, Callable[[Path, Path], None]]] = {"mpnet": convert_mpnet}
"""Makes a file from another one, by the name that the manifest uses."""
