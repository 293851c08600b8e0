"""Where the bytes of a file may come from, and the one line of text that names each place.

Three kinds, written in the manifest as they are written here::

    https://host/file                                   the upstream address
    pkg:pypi/name@1.0#folder/file                       a member of a published archive
    installed:package/folder/file                       a file of an installed dependency

A file that was published in pieces is a list of ``pkg:`` members, joined in order. Where they join
to a zip, ``#folder/file`` ends the list and names the file in it. Archives are read, never
installed, imported or run.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

FailureKind = Literal["offline", "missing", "mismatch"]


class SourceError(Exception):
    """One source did not deliver; the next one is tried.

    Attributes:
        kind: ``offline`` when its host cannot be reached, ``mismatch`` when it delivered other
            bytes than the manifest names, ``missing`` for everything else.
    """

    def __init__(self, kind: FailureKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Https:
    """A file at a web address."""

    url: str

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a published archive.

    Attributes:
        package: Package URL without a subpath, e.g. ``pkg:pypi/name@1.0``.
        path: Path inside the archive.
    """

    package: str
    path: str


@dataclass(frozen=True, slots=True)
class Members:
    """Archive members that are joined in order.

    Attributes:
        path: Path inside the zip that they join to; empty where they join to the file itself.
    """

    parts: tuple[Member, ...]
    path: str = ""

    def __str__(self) -> str:
        first = self.parts[0].package
        return first if len(self.parts) == 1 else f"{first} and {len(self.parts) - 1} more"


@dataclass(frozen=True, slots=True)
class Installed:
    """A file that an installed dependency carries."""

    package: str
    path: str

    def __str__(self) -> str:
        return f"installed:{self.package}/{self.path}"

    def locate(self) -> Path:
        """The file on disk, found without importing the package.

        Raises:
            SourceError: The package is not installed or has no such file.
        """
        spec = importlib.util.find_spec(self.package)
        for folder in (spec and spec.submodule_search_locations) or ():
            file = Path(folder) / self.path
            if file.is_file():
                return file
        raise SourceError("missing", f"no installed package {self.package!r} has {self.path}")


Source = Https | Members | Installed


@dataclass(frozen=True, slots=True)
class PackageUrl:
    """A package URL of the two registries that are used here."""

    registry: Literal["pypi", "npm"]
    name: str
    version: str


def parse_package_url(text: str) -> PackageUrl:
    """Read ``pkg:pypi/name@version`` or ``pkg:npm/name@version``.

    Raises:
        ValueError: It is neither.
    """
    for registry in ("pypi", "npm"):
        prefix = f"pkg:{registry}/"
        name, at, version = text.removeprefix(prefix).rpartition("@")
        if text.startswith(prefix) and at and name and version:
            return PackageUrl(registry, unquote(name), version)
    raise ValueError(f"expected pkg:pypi/NAME@VERSION or pkg:npm/NAME@VERSION, but got {text!r}")


def parse_source(text: str | Sequence[str]) -> Source:
    """Read one source of the manifest.

    Raises:
        ValueError: The text names no known kind of source.
    """
    if not isinstance(text, str):
        return _parse_pieces(list(text))
    if text.startswith("https://"):
        return Https(text)
    if text.startswith("installed:"):
        package, _, path = text.removeprefix("installed:").partition("/")
        return Installed(package, path)
    return Members((_parse_member(text),))


def _parse_pieces(texts: list[str]) -> Members:
    path = unquote(texts.pop()[1:]) if texts and texts[-1].startswith("#") else ""
    if not texts:
        raise ValueError("a file in pieces has no parts: expected pkg:pypi/NAME@VERSION#FILE")
    return Members(tuple(map(_parse_member, texts)), path)


def _parse_member(text: str) -> Member:
    package, _, path = text.partition("#")
    parse_package_url(package)
    if not path:
        raise ValueError(f"{text!r} must name a member after '#'")
    return Member(package, unquote(path))
