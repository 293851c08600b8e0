"""Downloads that resume: from a web address, or an archive from the registry that publishes it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
from pypi_simple import ProjectPage

from assets.cache import sha256_of
from assets.sources import FailureKind, SourceError, parse_package_url

PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0)
_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_UNREACHABLE = (httpx.ConnectError, httpx.ConnectTimeout)
_TRY_AGAIN = frozenset({408, 429, 500, 502, 503, 504})

Advance = Callable[[int], None]


def open_client() -> httpx.Client:
    """A client that follows redirects and gives up quickly on hosts that do not answer."""
    return httpx.Client(follow_redirects=True, timeout=_TIMEOUT)


class _InterruptedError(Exception):
    """The server broke off or was busy; what has arrived is kept."""


def download(
    client: httpx.Client, url: str, target: Path, size: int, sha256: str, advance: Advance
) -> None:
    """Load ``url`` into ``target``, continuing an earlier attempt where there is one.

    Args:
        client: From :func:`open_client`.
        url: Address of the file.
        target: Where the verified file goes. ``target`` with ``.part`` added keeps what has
            arrived so far.
        size: Expected bytes.
        sha256: Expected hash.
        advance: Told how many bytes are there.

    Raises:
        SourceError: The host is not reachable, has no such file, or sent other bytes.
        OSError: The disk refused.
    """
    part = target.with_name(f"{target.name}.part")
    pauses = iter(PAUSES_S)
    while (held := _size(part)) < size:
        try:
            _continue(client, url, part, size, advance)
        except _InterruptedError as error:
            if _size(part) > held:
                pauses = iter(PAUSES_S)
            pause_s = next(pauses, None)
            if pause_s is None:
                raise SourceError("missing", f"{url} kept breaking off: {error}") from error
            time.sleep(pause_s)
    if sha256_of(part) != sha256:
        part.unlink()
        raise SourceError("mismatch", f"{url} delivered other bytes than the manifest names")
    part.replace(target)


def _continue(client: httpx.Client, url: str, part: Path, size: int, advance: Advance) -> None:
    held = _size(part)
    headers = {"Range": f"bytes={held}-"} if held else {}
    # Compressed transfer would make byte offsets meaningless.
    headers["Accept-Encoding"] = "identity"
    try:
        with client.stream("GET", url, headers=headers) as response:
            _require_ok(response)
            resumes = response.status_code == httpx.codes.PARTIAL_CONTENT
            with part.open("ab" if resumes else "wb") as stream:
                advance(stream.tell())
                for chunk in response.iter_bytes():
                    stream.write(chunk)
                    advance(stream.tell())
                    if stream.tell() > size:
                        break
    except httpx.HTTPError as error:
        raise _failure(url, error) from error
    held = _size(part)
    if held > size:
        part.unlink()
        raise SourceError("mismatch", f"{url} is longer than the {size} bytes expected")
    if held < size:
        raise _InterruptedError(f"{held} of {size} bytes")


def _failure(url: str, error: httpx.HTTPError) -> Exception:
    if isinstance(error, _UNREACHABLE):
        return SourceError("offline", f"{httpx.URL(url).host} is not reachable")
    if isinstance(error, httpx.TransportError):
        return _InterruptedError(str(error) or type(error).__name__)
    return SourceError("missing", f"{url}: {error}")


def _require_ok(response: httpx.Response) -> None:
    if response.status_code in _TRY_AGAIN:
        raise _InterruptedError(f"status {response.status_code}")
    if response.is_error:
        raise SourceError("missing", f"{response.url} answered {response.status_code}")


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def archive_address(client: httpx.Client, package: str, archive: str) -> str:
    """Ask the registry where an archive lies.

    The registries are ``PIP_INDEX_URL`` and ``NPM_CONFIG_REGISTRY`` where set.

    Args:
        client: From :func:`open_client`.
        package: Package URL.
        archive: Name of the archive file.

    Raises:
        SourceError: The registry is not reachable or does not list the archive.
    """
    wanted = parse_package_url(package)
    if wanted.registry == "npm":
        registry = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org")
        page = _ask(client, f"{registry.rstrip('/')}/{wanted.name}/{wanted.version}")
        return str(page.json()["dist"]["tarball"])
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple")
    page = _ask(client, f"{index.rstrip('/')}/{wanted.name}/")
    listing = ProjectPage.from_html(wanted.name, page.text, base_url=str(page.url))
    for entry in listing.packages:
        if entry.filename == archive:
            return entry.url
    raise SourceError("missing", f"{page.url} lists no {archive}")


def _ask(client: httpx.Client, url: str) -> httpx.Response:
    try:
        response = client.get(url, headers={"Accept": "text/html, application/json"})
        _require_ok(response)
    except (httpx.HTTPError, _InterruptedError) as error:
        kind: FailureKind = "offline" if isinstance(error, _UNREACHABLE) else "missing"
        raise SourceError(kind, f"{url}: {error}") from error
    return response
