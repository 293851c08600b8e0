"""Single members out of wheels, source archives and npm packages, as streams of bytes."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from assets.sources import SourceError


@contextmanager
def open_member(archive: Path, path: str) -> Iterator[IO[bytes]]:
    """Open one member for reading; nothing else is unpacked.

    Args:
        archive: A zip (wheel) or a gzipped tar (source archive, npm package).
        path: The member's path inside it.

    Raises:
        SourceError: The archive has no such file or is damaged.
    """
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as wheel, wheel.open(path) as stream:
                yield stream
        else:
            with tarfile.open(archive, "r:gz") as tar:
                yield _tar_member(tar, path)
    except (KeyError, EOFError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise SourceError("missing", f"{archive.name} has no readable {path}: {error}") from error


def _tar_member(tar: tarfile.TarFile, path: str) -> IO[bytes]:
    for info in tar:
        if info.name == path and info.isfile():
            stream = tar.extractfile(info)
            if stream is not None:
                return stream
    raise KeyError(path)
