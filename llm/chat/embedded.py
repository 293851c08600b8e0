"""The model that runs inside this process: llama.cpp, served on loopback with a key of its own."""

from __future__ import annotations

import atexit
import os
import secrets
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assets import fetch
from assets.errors import AssetError
from llm.chat.model import ChatError, JsonSchema, Message
from llm.chat.openai import OpenAiChat

DEFAULT_MODEL = "qwen2.5-1.5b"
SMALL_MODEL = "qwen2.5-0.5b"
CONTEXT_TOKENS = 4096
MAX_THREADS = 4
_SILENT = -1


class EmbeddedModel:
    """A GGUF model on this machine's processor.

    Its server listens on 127.0.0.1 only, on a free port, and asks for a random key, so that
    neither other users nor web pages of this machine can read along. It logs nothing. The prompt
    of the last turn stays in its cache: what the next prompt begins with alike is not computed
    again.

    Build it with :meth:`start`, end it with :meth:`close` or ``with``.
    """

    def __init__(self, server: Any, chat: OpenAiChat, name: str) -> None:  # noqa: ANN401 - xllamacpp ships no types
        self._server = server
        self._address = str(server.listening_address)
        self._chat = chat
        self._name = name
        # Without this a process that ends in the middle of an answer waits for the whole of it.
        atexit.register(self.close)

    @classmethod
    def start(
        cls, asset: str = DEFAULT_MODEL, threads: int | None = None, timeout_s: float = 60.0
    ) -> Self:
        """Load the weights and start serving; takes a few seconds.

        Args:
            asset: Name of the weights.
            threads: How many compute; without it as many as there are cores, at most four.
            timeout_s: Longest answer.

        Raises:
            ChatError: ``model-missing``, the weights are not fetched or do not load, or the
                runtime misses a system library.
        """
        weights = _weights(asset)
        key = secrets.token_hex(16)
        server = _serve(weights, key, threads or _cores())
        chat = OpenAiChat(
            f"{server.listening_address}/v1",
            asset,
            api_key=key,
            timeout_s=timeout_s,
            extra_body={"cache_prompt": True},
        )
        return cls(server, chat, asset)

    @property
    def name(self) -> str:
        """The model's name, with where it runs."""
        return f"{self._name} on this machine"

    @property
    def address(self) -> str:
        """Where the server listens."""
        return self._address

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Generator[str]:
        """Yield the answer in pieces; see :meth:`llm.chat.model.ChatModel.stream`."""
        return self._chat.stream(messages, max_tokens, stop)

    def structured(self, messages: Sequence[Message], max_tokens: int, schema: JsonSchema) -> str:
        """Return an answer in JSON; see :meth:`llm.chat.model.StructuredChat.structured`."""
        return self._chat.structured(messages, max_tokens, schema)

    def close(self) -> None:
        """Stop the server and free the weights; a second call does nothing."""
        self._chat.close()
        self._server = None
        atexit.unregister(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _weights(asset: str) -> Path:
    try:
        path = fetch.path(asset)
    except AssetError as error:
        raise ChatError("model-missing", error.message) from error
    return path if path.is_file() else next(path.glob("*.gguf"))


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)) if sys.platform == "linux" else 2, MAX_THREADS)


def _serve(weights: Path, key: str, threads: int) -> Any:  # noqa: ANN401 - xllamacpp ships no types
    # OpenMP reads this when it is loaded. Threads that wait actively for each other for long bring
    # generation to under one token per second as soon as other programs want the same cores; those
    # that sleep at once nearly halve it on a free machine. A short spin does neither.
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")
    try:
        import xllamacpp
    except ImportError as error:
        raise ChatError(
            "model-missing",
            f"the language model's runtime does not load ({error}); run `apt install libgomp1` "
            "if libgomp is missing, else install Attune anew",
        ) from error
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.cache_ram_mib = 0
    params.verbosity = _SILENT
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, ValueError, OSError) as error:
        raise ChatError(
            "model-missing",
            f"{weights} does not load as a language model ({error}); run `attune assets verify`",
        ) from error
