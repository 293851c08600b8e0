"""The WeSpeaker network: who does a voice sound like?"""

from __future__ import annotations

from pathlib import Path

import kaldi_native_fbank
import numpy as np
import numpy.typing as npt

from assets import fetch
from firmware_bridge.packets import AUDIO_RATE_HZ
from perception.events import Embedding
from perception.speech.session import Session

EMBEDDING_SIZE = 256
_LEAST_SAMPLES = 4_000


class VoiceEmbedder:
    """WeSpeaker ResNet34 behind the front end it was trained with.

    80 mel bands over Hamming windows of 25 ms every 10 ms, without dither, minus their mean.

    Args:
        path: The ONNX file; the asset ``wespeaker`` when None.
        threads: Cores that one call may use.

    Raises:
        AssetError: The asset has not been fetched.
    """

    def __init__(self, path: Path | None = None, threads: int = 1) -> None:
        self._session = Session(path or fetch.path("wespeaker"), threads)

    def embed(self, samples: npt.NDArray[np.int16]) -> Embedding:
        """Return the unit vector of a voice, float32, shape ``(256,)``.

        Args:
            samples: int16 mono at 16 kHz, shape ``(n,)``; repeated where it is shorter than 250 ms.
        """
        vector: Embedding = self.embed_all([samples])[0]
        return vector

    def embed_all(self, clips: list[npt.NDArray[np.int16]]) -> npt.NDArray[np.float32]:
        """Return the unit vectors of clips that are all equally long, shape ``(clips, 256)``."""
        features = np.stack([_features(clip) for clip in clips])
        (vectors,) = self._session.run(feats=features)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)


def _features(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """Return mean-free log mel energies, shape ``(frames, 80)``."""
    if 0 < len(samples) < _LEAST_SAMPLES:
        samples = np.resize(samples, _LEAST_SAMPLES)
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = AUDIO_RATE_HZ
    options.frame_opts.dither = 0.0
    options.frame_opts.window_type = "hamming"
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = 80
    bank = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(AUDIO_RATE_HZ, samples.astype(np.float32).tolist())
    bank.input_finished()
    frames = np.stack([bank.get_frame(i) for i in range(bank.num_frames_ready)])
    return np.asarray(frames - frames.mean(axis=0), np.float32)
