"""What every chat model offers, and how it fails."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from assets.errors import AttuneError

_PERMANENT = frozenset({"refused", "model-missing"})


class Role(StrEnum):
    """Who a message is from."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str


class ChatError(AttuneError):
    """A chat model could not answer.

    ``code`` is one of ``unreachable``, ``timeout``, ``refused``, ``model-missing`` and
    ``bad-reply``.
    """

    @property
    def is_permanent(self) -> bool:
        """Asking again is pointless until somebody changes the settings."""
        return self.code in _PERMANENT


JsonSchema = Mapping[str, object]


class ChatModel(Protocol):
    """A language model that answers in pieces."""

    @property
    def name(self) -> str:
        """What to show where the wearer asks which model answers."""
        ...

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Generator[str]:
        """Yield the answer in pieces as they come; closing the iterator ends the request.

        Args:
            messages: The conversation, oldest first, the question last.
            max_tokens: Cut the answer there.
            stop: End the answer before any of these.

        Raises:
            ChatError: The model cannot be reached, is too slow, refuses, is absent, or answers
                with something that is no answer.
        """
        ...

    def close(self) -> None:
        """Let go of connections and memory. The model cannot be used afterwards."""
        ...


class StructuredChat(Protocol):
    """A language model that can be held to a schema."""

    def structured(self, messages: Sequence[Message], max_tokens: int, schema: JsonSchema) -> str:
        """Return an answer in JSON; servers that know grammars keep it within the schema.

        Args:
            messages: The conversation, oldest first, the question last.
            max_tokens: Cut the answer there.
            schema: What the answer is to look like. Check it nevertheless.

        Raises:
            ChatError: As :meth:`ChatModel.stream` does.
        """
        ...
