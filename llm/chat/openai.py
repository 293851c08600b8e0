"""Any model behind an OpenAI-compatible address."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import openai
from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema

from llm.chat.model import ChatError, JsonSchema, Message

SEED = 1
CONNECT_TIMEOUT_S = 3.0
RETRY_AFTER_S = 0.3


class OpenAiChat:
    """A chat model reached through the ``openai`` package.

    Answers are as repeatable as the server allows: temperature 0 and a fixed seed. A request is
    tried a second time only when the server was unreachable or busy before the first piece came;
    never after a timeout, because the wearer is waiting.

    Args:
        base_url: Up to and including ``/v1``.
        model: The model's name on that server.
        api_key: Sent as a bearer token.
        timeout_s: Longest silence of the server, and longest whole answer.
        extra_body: Further fields of each request that this kind of server understands.

    Raises:
        ChatError: ``refused``, the address is none.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "none",
        timeout_s: float = 30.0,
        extra_body: dict[str, object] | None = None,
    ) -> None:
        self._base_url, self._model, self._timeout_s = base_url, model, timeout_s
        self._extra_body = extra_body
        # What is said to a model on this machine must not travel through a proxy.
        http = openai.DefaultHttpxClient(trust_env=not is_loopback(base_url))
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=api_key,
            timeout=openai.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            max_retries=0,
            http_client=http,
        )

    @property
    def name(self) -> str:
        """The model and where it runs."""
        return f"{self._model} at {urlsplit(self._base_url).netloc}"

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Generator[str]:
        """Yield the answer in pieces; see :meth:`llm.chat.model.ChatModel.stream`."""
        yield from self._answer(messages, max_tokens, stop, None)

    def structured(self, messages: Sequence[Message], max_tokens: int, schema: JsonSchema) -> str:
        """Return an answer in JSON; see :meth:`llm.chat.model.StructuredChat.structured`."""
        return "".join(self._answer(messages, max_tokens, (), schema))

    def _answer(
        self,
        messages: Sequence[Message],
        max_tokens: int,
        stop: Sequence[str],
        schema: JsonSchema | None,
    ) -> Generator[str]:
        if self._client.is_closed():
            raise ChatError("unreachable", f"{self.name} was closed; start it again")
        deadline_s = time.monotonic() + self._timeout_s
        with self._errors():
            chunks = self._open(messages, max_tokens, stop, schema)
            try:
                is_empty = True
                for piece in _pieces(chunks):
                    is_empty = False
                    yield piece
                    if time.monotonic() > deadline_s:
                        raise self._timeout()
            finally:
                chunks.close()
        if is_empty:
            raise ChatError("bad-reply", f"{self.name} gave an empty answer; ask again")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _open(
        self,
        messages: Sequence[Message],
        max_tokens: int,
        stop: Sequence[str],
        schema: JsonSchema | None,
    ) -> openai.Stream[ChatCompletionChunk]:
        def request() -> openai.Stream[ChatCompletionChunk]:
            return self._client.chat.completions.create(
                model=self._model,
                messages=[_as_param(message) for message in messages],
                max_tokens=max_tokens,
                stop=list(stop) or openai.omit,
                response_format=openai.omit if schema is None else _held_to(schema),
                temperature=0,
                seed=SEED,
                stream=True,
                extra_body=self._extra_body,
            )

        return _retried_once(request)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn what the libraries raise into a :class:`ChatError` without the prompt in it."""
        try:
            yield
        except openai.APITimeoutError:
            raise self._timeout() from None
        except openai.APIConnectionError as error:
            raise ChatError(
                "unreachable",
                f"no language model answers at {self._base_url} ({type(error).__name__}); "
                "start the server, or correct the address in the settings",
            ) from None
        except openai.APIStatusError as error:
            raise self._status_error(error.status_code) from None
        except (openai.APIError, ValueError) as error:
            raise ChatError(
                "bad-reply",
                f"{self.name} sent something that is no chat answer ({type(error).__name__}); "
                "check that the address is an OpenAI-compatible one",
            ) from None

    def _timeout(self) -> ChatError:
        return ChatError(
            "timeout",
            f"{self.name} did not finish within {self._timeout_s:g} s; "
            "choose a smaller model, or allow more time in the settings",
        )

    def _status_error(self, status: int) -> ChatError:
        if status == 404:
            return ChatError(
                "model-missing",
                f"there is no model {self._model} at {self._base_url}; correct its name in the "
                "settings",
            )
        if status == 429 or status >= 500:
            return ChatError("unreachable", f"{self.name} is busy or ill (HTTP {status}); wait")
        return ChatError(
            "refused",
            f"{self.name} refused the request (HTTP {status}); check the key and the model's "
            "limits in the settings",
        )


def is_loopback(base_url: str) -> bool:
    """Tell whether an address is this machine.

    Raises:
        ChatError: ``refused``, it is no http address.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ChatError(
            "refused", f"{base_url!r} is no address of a model; give one like http://host:8080/v1"
        )
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def _as_param(message: Message) -> ChatCompletionMessageParam:
    param: Any = {"role": str(message.role), "content": message.content}
    return param  # type: ignore[no-any-return]


def _held_to(schema: JsonSchema) -> ResponseFormatJSONSchema:
    form: Any = {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": dict(schema), "strict": True},
    }
    return form  # type: ignore[no-any-return]


def _retried_once(
    request: Callable[[], openai.Stream[ChatCompletionChunk]],
) -> openai.Stream[ChatCompletionChunk]:
    try:
        return request()
    except openai.APITimeoutError:
        raise
    except (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError):
        time.sleep(RETRY_AFTER_S)
        return request()


def _pieces(chunks: openai.Stream[ChatCompletionChunk]) -> Generator[str]:
    for chunk in chunks:
        for choice in chunk.choices or ():
            if choice.delta.content:
                yield choice.delta.content
