from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from llm.chat.embedded import SMALL_MODEL, EmbeddedModel
from llm.chat.model import ChatError, Message, Role

ASK = (Message(Role.USER, "What is the capital of France? Answer with one word."),)

LIFE = """
from llm.chat.embedded import EmbeddedModel
from llm.chat.model import Message, Role
model = EmbeddedModel.start("qwen2.5-0.5b")
ask = (Message(Role.USER, "Tell me a long story about the heron of Zurzach."),)
pieces = model.stream(ask, 200)
next(pieces)
{end}
"""


def test_missing_weights_say_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    with pytest.raises(ChatError, match=f"attune assets fetch {SMALL_MODEL}") as caught:
        EmbeddedModel.start(SMALL_MODEL)
    assert (caught.value.code, caught.value.is_permanent) == ("model-missing", True)


@pytest.mark.weights
def test_answers_and_repeats_itself(small_model: EmbeddedModel) -> None:
    first = "".join(small_model.stream(ASK, 10))
    assert "paris" in first.lower()
    assert "".join(small_model.stream(ASK, 10)) == first


@pytest.mark.weights
def test_stops_where_told(small_model: EmbeddedModel) -> None:
    count = (Message(Role.USER, "Count from 1 to 9, with commas."),)
    assert "5" not in "".join(small_model.stream(count, 30, stop=("5",)))


@pytest.mark.weights
def test_serves_this_machine_alone_and_only_with_the_key(small_model: EmbeddedModel) -> None:
    address = small_model.address
    assert urlsplit(address).hostname == "127.0.0.1"
    body = {"messages": [{"role": "user", "content": "Hello"}]}
    assert httpx.post(f"{address}/v1/chat/completions", json=body).status_code == 401
    assert httpx.get(f"{address}/slots").status_code == 401


@pytest.mark.weights
@pytest.mark.parametrize("end", ["model.close()", ""])
def test_a_process_ends_in_the_middle_of_an_answer_and_logs_nothing(end: str) -> None:
    program = [sys.executable, "-c", LIFE.format(end=end)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.weights
def test_a_closed_model_cannot_be_asked() -> None:
    model = EmbeddedModel.start(SMALL_MODEL, threads=1)
    model.close()
    model.close()
    with pytest.raises(ChatError, match="closed"):
        next(model.stream(ASK, 5))
