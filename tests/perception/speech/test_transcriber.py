from __future__ import annotations

import csv
import pickle
import re
import socket
from pathlib import Path

import jiwer
import numpy as np
import pytest

from assets import fetch
from perception.speech.transcriber import SILENCE, Whisper
from perception.stage import PerceptionError
from tests.perception.speech.audio import Sound, load, noise, phone, silence

pytestmark = pytest.mark.weights


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9' ]", "", text.lower().replace("-", " "))


def test_word_error_rate_on_read_speech(whisper: Whisper, shared_data: Path) -> None:
    folder = shared_data / "speech" / "read"
    with (folder / "transcripts.tsv").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[::16]
    heard = [whisper.transcribe(load(folder / f"{name}.flac")).text for name, _ in rows]
    error = jiwer.wer([plain(text) for _, text in rows], [plain(text) for text in heard])
    assert len(rows) == 4
    assert error < 0.2


def test_punctuation_is_kept(whisper: Whisper) -> None:
    transcript = whisper.transcribe(load(fetch.path("footage-jon-2")))
    assert "University of Nottingham" in transcript.text
    assert transcript.text.rstrip().endswith(".")
    assert 0.4 < transcript.confidence < 1.0


@pytest.mark.parametrize(
    "sound", [silence(3), noise(3, 20), noise(3, 2_000)], ids=["silence", "hiss", "roar"]
)
def test_nothing_is_made_up_where_nobody_speaks(whisper: Whisper, sound: Sound) -> None:
    assert whisper.transcribe(sound) == SILENCE


def test_a_loop_is_not_said(whisper: Whisper) -> None:
    beat = np.tile(np.concatenate([phone(7.6, 8.1), silence(0.1)]), 20)
    words = plain(whisper.transcribe(beat).text).split()
    assert len(words) <= 40


def test_same_sound_gives_same_words_after_pickling(whisper: Whisper) -> None:
    sound = phone(12.4, 14.3)
    restored: Whisper = pickle.loads(pickle.dumps(whisper))  # noqa: S301 - our own bytes
    assert whisper.transcribe(sound) == whisper.transcribe(sound) == restored.transcribe(sound)


def test_vocabulary_helps_to_spell_names() -> None:
    sound = load(fetch.path("footage-jon-2"))
    whisper = Whisper(vocabulary=["Jon Peirce", "PsychoPy"], threads=1)
    assert "Jon Peirce" in whisper.transcribe(sound).text


def test_loading_asks_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    Whisper(fetch.path("whisper-tiny.en"), threads=1).transcribe(phone(12.4, 14.3))


def test_too_long_speech_is_refused(whisper: Whisper) -> None:
    with pytest.raises(PerceptionError, match="shorter segments"):
        whisper.transcribe(silence(29.1))


def test_incomplete_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(PerceptionError, match=r"lacks model\.bin, tokenizer\.json"):
        Whisper(tmp_path)
