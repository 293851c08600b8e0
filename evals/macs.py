"""How many multiply-accumulates the networks take, counted in their own graphs on real shapes."""

from __future__ import annotations

import json
import math
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from ai_edge_litert.interpreter import Interpreter

from app.stages import Stages
from assets import fetch
from firmware_bridge.packets import UInt8Image

Shape = tuple[int, ...]

# Which operand holds the weights, and which of its axes counts the outputs.
_TFLITE_OUTPUT_AXIS = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 3, "FULLY_CONNECTED": 0}


def onnx_macs(path: Path, inputs: Mapping[str, Shape]) -> int:
    """Count one run of an ONNX network, as ONNX Runtime went through it.

    Args:
        path: The network.
        inputs: Shape of each input; all are float32.
    """
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.enable_profiling = True
        options.log_severity_level = 3
        options.profile_file_prefix = str(Path(folder) / "run")
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        # Weights that were packed beforehand would be missing from the shapes.
        options.add_session_config_entry("session.disable_prepacking", "1")
        session = onnxruntime.InferenceSession(str(path), options)
        session.run(None, {name: np.zeros(shape, np.float32) for name, shape in inputs.items()})
        events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
    nodes = (event["args"] for event in events if event.get("cat") == "Node")
    return sum(_node_macs(node) for node in nodes if "output_type_shape" in node)


def tflite_macs(path: Path) -> int:
    """Count one run of a TFLite network at the input size it was made for."""
    interpreter = Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    shapes = {t["index"]: tuple(map(int, t["shape"])) for t in interpreter.get_tensor_details()}
    total = 0
    # There is no public list of operators.
    for op in interpreter._get_ops_details():
        axis = _TFLITE_OUTPUT_AXIS.get(op["op_name"])
        if axis is not None:
            weights = shapes[op["inputs"][1]]
            total += math.prod(shapes[op["outputs"][0]]) * math.prod(weights) // weights[axis]
    return total


class Tally:
    """Counts what the networks of the heavy stages take while they run.

    Attributes:
        macs: Multiply-accumulates so far, by what was run.
    """

    def __init__(self) -> None:
        self.macs: dict[str, int] = defaultdict(int)

    def watch(self, stages: Stages) -> None:
        """Count every run of the networks of these stages from now on."""
        objects = tflite_macs(fetch.path("efficientdet-lite0"))
        embedding = onnx_macs(fetch.path("sface"), {"data": (1, 3, 112, 112)})
        self._count(stages.objects._detector, "detect", "objects", lambda *_: objects)
        self._count(stages.faces._detector, "_search", "faces", _search_macs)
        self._count(stages.faces._embedder, "embed", "faces", lambda *_: embedding)
        engine, folder = stages.text._reader._engine, fetch.path("ocr")
        self._count_session(engine._load_det_model(), folder / "det.onnx")
        self._count_session(engine._load_cls_model(), folder / "cls.onnx")
        self._count_session(engine._load_rec_model(), folder / "rec.onnx")

    def _count(self, owner: Any, name: str, kind: str, macs: Callable[..., int]) -> None:  # noqa: ANN401
        run = getattr(owner, name)

        def counted(*args: Any) -> Any:  # noqa: ANN401
            self.macs[kind] += macs(*args)
            return run(*args)

        setattr(owner, name, counted)

    def _count_session(self, part: Any, path: Path) -> None:  # noqa: ANN401
        known: dict[Shape, int] = {}
        run = part.session

        def counted(pixels: npt.NDArray[np.float32]) -> Any:  # noqa: ANN401
            shape = pixels.shape
            if shape not in known:
                known[shape] = onnx_macs(path, {"x": shape})
            self.macs["text"] += known[shape]
            return run(pixels)

        part.session = counted


@cache
def _yunet_macs() -> int:
    return onnx_macs(fetch.path("yunet"), {"input": (1, 3, 640, 640)})


def _search_macs(image: UInt8Image, scale: float) -> int:
    """YuNet is convolutions only, so that its work grows with the pixels, in steps of 32."""
    height, width = (math.ceil(round(side * scale) / 32) * 32 for side in image.shape[:2])
    return int(_yunet_macs() * height * width // (640 * 640))


def _node_macs(node: dict[str, Any]) -> int:
    """Count one node that was run; all but convolutions and products are small beside them."""
    operands, results = _shapes(node["input_type_shape"]), _shapes(node["output_type_shape"])
    match node["op_name"]:
        case "Conv":
            return math.prod(results[0]) * math.prod(operands[1][1:])
        case "ConvTranspose":
            return math.prod(operands[0]) * math.prod(operands[1][1:])
        case "MatMul" | "Gemm":
            return math.prod(results[0]) * operands[0][-1]
    return 0


def _shapes(typed: list[dict[str, list[int]]]) -> list[list[int]]:
    return [shape for entry in typed for shape in entry.values()]
