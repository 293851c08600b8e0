"""Networks that several tests of speech share, loaded once."""

from __future__ import annotations

import pytest

from perception.speech.embedder import VoiceEmbedder
from perception.speech.transcriber import Whisper


@pytest.fixture(scope="package")
def embedder() -> VoiceEmbedder:
    return VoiceEmbedder()


@pytest.fixture(scope="package")
def whisper() -> Whisper:
    return Whisper(threads=1)
