"""An ONNX network that can be pickled, on one thread of the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from perception.stage import PerceptionError


class Session:
    """One network, read from a file and read again after unpickling.

    Args:
        path: The verified ONNX file.
        threads: Cores that one run may use. More than one saves no total work.

    Raises:
        PerceptionError: The file is not a network that this runtime can read.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._path = path
        self._threads = threads
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Growing arenas keep the memory of the longest input ever seen.
        options.enable_cpu_mem_arena = False
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime raises many unrelated classes
            raise PerceptionError(
                "unreadable-network",
                f"cannot load the network {path}: {error}; run `attune assets verify`",
            ) from error

    def __reduce__(self) -> tuple[type[Session], tuple[Path, int]]:
        return type(self), (self._path, self._threads)

    def run(self, **inputs: npt.NDArray[np.float32]) -> list[Any]:
        """Return the outputs in the order that the network declares them."""
        return list(self._session.run(None, inputs))
