from __future__ import annotations

from typing import Any

import pytest

from assets import fetch
from evals.macs import _node_macs, onnx_macs, tflite_macs


def node(name: str, operands: list[list[int]], result: list[int]) -> dict[str, Any]:
    return {
        "op_name": name,
        "input_type_shape": [{"float": shape} for shape in operands],
        "output_type_shape": [{"float": result}],
    }


@pytest.mark.parametrize(
    ("run", "macs"),
    [
        (node("Conv", [[1, 3, 8, 8], [16, 3, 3, 3], [16]], [1, 16, 8, 8]), 16 * 64 * 27),
        (node("Conv", [[1, 16, 8, 8], [16, 1, 3, 3]], [1, 16, 4, 4]), 16 * 16 * 9),
        (node("ConvTranspose", [[1, 4, 5, 5], [4, 2, 2, 2]], [1, 2, 10, 10]), 4 * 25 * 8),
        (node("MatMul", [[1, 40, 120]], [1, 40, 360]), 40 * 360 * 120),
        (node("Gemm", [[2, 64], [10, 64], [10]], [2, 10]), 2 * 10 * 64),
        (node("Relu", [[1, 3, 8, 8]], [1, 3, 8, 8]), 0),
    ],
)
def test_a_layer_takes_what_its_shapes_say(run: dict[str, Any], macs: int) -> None:
    assert _node_macs(run) == macs


@pytest.mark.weights
def test_work_grows_with_the_picture() -> None:
    path = fetch.path("ocr") / "det.onnx"
    small, large = (onnx_macs(path, {"x": (1, 3, side, 160)}) for side in (160, 320))
    assert small > 0
    assert large == pytest.approx(2 * small, rel=0.02)


@pytest.mark.weights
def test_the_object_detector_takes_what_is_published_of_it() -> None:
    # EfficientDet-Lite0 is named with about one giga-multiply-accumulate.
    assert tflite_macs(fetch.path("efficientdet-lite0")) == pytest.approx(0.98e9, rel=0.05)
