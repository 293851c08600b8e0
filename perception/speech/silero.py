"""The Silero network: how likely is it that somebody speaks?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from assets import fetch
from perception.speech.segment import WINDOW_SAMPLES
from perception.speech.session import Session

_CONTEXT_SAMPLES = 64


class Silero:
    """Silero VAD, version 6: a recurrent network over windows of 32 ms.

    Args:
        path: The ONNX file; the asset ``silero-vad`` when None.

    Raises:
        AssetError: The asset has not been fetched.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._session = Session(path or fetch.path("silero-vad"))
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._hidden = np.zeros((1, 1, 128), np.float32)
        self._cell = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT_SAMPLES, np.float32)

    def probabilities(self, samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
        """Return the probability of speech in each window of a stream.

        Args:
            samples: int16, shape ``(n,)``; a last window that is not full ends in silence.

        Returns:
            float32, shape ``(ceil(n / 512),)``.
        """
        heard = samples.astype(np.float32) / 32768
        heard = np.pad(heard, (0, -len(heard) % WINDOW_SAMPLES))
        stream = np.concatenate([self._context, heard])
        self._context = stream[-_CONTEXT_SAMPLES:]
        frames = np.lib.stride_tricks.sliding_window_view(
            stream, _CONTEXT_SAMPLES + WINDOW_SAMPLES
        )[::WINDOW_SAMPLES]
        output, self._hidden, self._cell = self._session.run(
            input=np.ascontiguousarray(frames), h=self._hidden, c=self._cell
        )
        return np.asarray(output, np.float32).reshape(-1)
