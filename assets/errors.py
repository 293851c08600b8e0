"""The root of every house's error tree."""

from __future__ import annotations


class AttuneError(Exception):
    """An error that a person can act on.

    Lives in ``assets`` because it is the one house that every other house may import.

    Attributes:
        code: A stable, kebab-case machine name such as ``"sha256-mismatch"``.
        message: What went wrong, with which file or value, and what to do next.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[AttuneError], tuple[str, str]]:
        return type(self), (self.code, self.message)

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"


class AssetError(AttuneError):
    """A weight or sample file could not be fetched, verified or read."""
