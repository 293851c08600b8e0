from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from llm.chat.model import ChatError, Message, Role
from llm.chat.openai import OpenAiChat, is_loopback

HELLO = (Message(Role.USER, "a secret greeting"),)
CHUNK = (
    b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[%s]}\n\n'
)
DELTA = CHUNK % b'{"index":0,"delta":{"content":"plum"},"finish_reason":null}'

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(*answers: Answer) -> Iterator[tuple[str, list[str]]]:
    """Serve one misbehaving answer per request, the last one for ever."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.append(self.rfile.read(int(self.headers["content-length"])).decode())
            answers[min(len(requests), len(answers)) - 1](self)

        def log_message(self, *_: object) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/v1", requests
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


def status(code: int) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("content-length", "0")
        handler.end_headers()

    return answer


def body(*parts: bytes, pause_s: float = 0.0) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.end_headers()
        for part in parts:
            handler.wfile.write(part)
            handler.wfile.flush()
            time.sleep(pause_s)

    return answer


def ask(url: str, timeout_s: float = 5.0) -> str:
    chat = OpenAiChat(url, "plum-1", timeout_s=timeout_s)
    try:
        return "".join(chat.stream(HELLO, 10))
    finally:
        chat.close()


def test_pieces_come_in_order() -> None:
    with server(body(DELTA, CHUNK % b"", DELTA, b"data: [DONE]\n\n")) as (url, requests):
        assert ask(url) == "plumplum"
    assert '"temperature":0' in requests[0].replace(" ", "")


@pytest.mark.parametrize(
    ("answer", "code", "is_permanent"),
    [
        (status(401), "refused", True),
        (status(400), "refused", True),
        (status(404), "model-missing", True),
        (status(429), "unreachable", False),
        (status(503), "unreachable", False),
        (body(b"data: {broken\n\n"), "bad-reply", False),
        (body(b"<html>a router</html>"), "bad-reply", False),
        (body(b'data: {"error":{"message":"out of memory"}}\n\n'), "bad-reply", False),
        (body(b"data: [DONE]\n\n"), "bad-reply", False),
    ],
)
def test_every_failure_has_its_code(answer: Answer, code: str, is_permanent: bool) -> None:
    with server(answer) as (url, _), pytest.raises(ChatError) as caught:
        ask(url)
    assert (caught.value.code, caught.value.is_permanent) == (code, is_permanent)
    assert "secret" not in str(caught.value)


def test_a_busy_server_is_asked_once_more() -> None:
    with server(status(503), body(DELTA, b"data: [DONE]\n\n")) as (url, requests):
        assert ask(url) == "plum"
    assert len(requests) == 2


def test_a_refusal_is_final() -> None:
    with server(status(401)) as (url, requests), pytest.raises(ChatError):
        ask(url)
    assert len(requests) == 1


def test_nothing_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ChatError, match="start the server") as caught:
        ask(url)
    assert caught.value.code == "unreachable"


def test_a_silent_server_times_out_without_a_second_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started_s = time.monotonic()
        with pytest.raises(ChatError) as caught:
            ask(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", timeout_s=0.4)
    assert caught.value.code == "timeout"
    assert time.monotonic() - started_s < 2.0


def test_a_server_that_dribbles_times_out_as_a_whole() -> None:
    with (
        server(body(*[DELTA] * 20, pause_s=0.1)) as (url, _),
        pytest.raises(ChatError) as caught,
    ):
        ask(url, timeout_s=0.5)
    assert caught.value.code == "timeout"


def test_a_closed_client_says_so() -> None:
    chat = OpenAiChat("http://127.0.0.1:9/v1", "plum-1")
    chat.close()
    with pytest.raises(ChatError, match="closed"):
        next(chat.stream(HELLO, 10))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:80/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://192.168.1.2:80/v1", False),
        ("https://api.example.org/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
    ],
)
def test_loopback_is_recognised(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


@pytest.mark.parametrize("url", ["", "localhost:80", "ftp://host/v1"])
def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(ChatError, match="address of a model"):
        OpenAiChat(url, "plum-1")


def test_words_to_this_machine_do_not_take_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with server(body(DELTA, b"data: [DONE]\n\n")) as (url, _):
        assert ask(url) == "plum"
