"""The folder of verified files: where it lies, what is in it, how files get into it.

A file counts as present only while its hash has been seen to match. The hash is taken once and
remembered, with size and modification time, in a stamp beside the file.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from assets.errors import AssetError
from assets.manifest import Asset, AssetFile

CHUNK_BYTES = 1 << 20
_SPARE_BYTES = 32 << 20
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def cache_root() -> Path:
    """The cache folder: ``ATTUNE_CACHE`` or the user's cache directory."""
    chosen = os.environ.get("ATTUNE_CACHE")
    return Path(chosen) if chosen else platformdirs.user_cache_path("attune")


def sha256_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """Verified files under one folder.

    Attributes:
        root: The folder; created when the first file is fetched.
    """

    root: Path

    @property
    def downloads(self) -> Path:
        """Unfinished downloads and archives that are still needed."""
        return self.root / "downloads"

    def file(self, asset: Asset, file: AssetFile) -> Path:
        """Where a file lies once it has been fetched."""
        return self.root / asset.name / file.name

    def holds(self, asset: Asset, file: AssetFile) -> bool:
        """Whether the file is present and unchanged since its hash matched.

        Raises:
            AssetError: ``sha256-mismatch`` when it has other contents.
        """
        target = self.file(asset, file)
        if not target.is_file():
            return False
        expected = _stamp_text(target, file.sha256)
        with contextlib.suppress(OSError):
            if _stamp_file(target).read_text("utf-8") == expected:
                return True
        if sha256_of(target) != file.sha256:
            raise AssetError(
                "sha256-mismatch",
                f"{target} is not the file that the manifest names, so it is not used; "
                f"run `attune assets fetch {asset.name}` to replace it",
            )
        with contextlib.suppress(OSError):  # a read-only cache is hashed each time
            _stamp_file(target).write_text(expected, "utf-8")
        return True

    def store(self, verified: Path, asset: Asset, file: AssetFile) -> None:
        """Move a file whose hash has just matched to its place, in one step."""
        target = self.file(asset, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        verified.replace(target)
        _stamp_file(target).write_text(_stamp_text(target, file.sha256), "utf-8")

    def require_space(self, needed_bytes: int) -> None:
        """Refuse before a long download what cannot fit.

        Raises:
            AssetError: ``disk-full``.
        """
        free = shutil.disk_usage(self.root).free
        if free < needed_bytes + _SPARE_BYTES:
            raise AssetError(
                "disk-full",
                f"{self.root} has {free >> 20} MB left, but {needed_bytes >> 20} MB are needed; "
                "free some space or set ATTUNE_CACHE to a folder on another disk",
            )

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Turn the system's refusals inside the block into errors that say what to do.

        Raises:
            AssetError: ``disk-full`` or ``cache-not-writable``.
        """
        try:
            self.downloads.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            if error.errno in _NO_SPACE:
                raise AssetError(
                    "disk-full",
                    f"no space is left in {self.root}; free some space or set ATTUNE_CACHE to a "
                    "folder on another disk, then fetch again: finished parts are kept",
                ) from error
            raise AssetError(
                "cache-not-writable",
                f"{self.root} cannot be written ({error.strerror}); "
                "give yourself write access or set ATTUNE_CACHE to a folder of your own",
            ) from error


def _stamp_file(target: Path) -> Path:
    return target.with_name(f".{target.name}.verified")


def _stamp_text(target: Path, sha256: str) -> str:
    seen = target.stat()
    return json.dumps({"sha256": sha256, "bytes": seen.st_size, "mtime_ns": seen.st_mtime_ns})
