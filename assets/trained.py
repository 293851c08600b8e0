"""Networks trained by this project: small files of the repository, loaded only if unchanged."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assets.cache import sha256_of
from assets.errors import AssetError
from assets.manifest import Trained, manifest

WEIGHTS_FOLDER = Path(__file__).with_name("weights")


def described(name: str) -> Trained:
    """Return what the manifest says of a trained network.

    Raises:
        AssetError: ``unknown-weights``.
    """
    for entry in manifest().trained:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in manifest().trained)
    raise AssetError("unknown-weights", f"no trained network is called {name!r}, only: {known}")


@cache
def weights(name: str) -> Path:
    """Return the file of a trained network, verified once per process.

    Raises:
        AssetError: ``unknown-weights``, ``missing-weights`` or ``sha256-mismatch``.
    """
    entry = described(name)
    path = WEIGHTS_FOLDER / entry.file
    if not path.is_file():
        raise AssetError("missing-weights", f"{path} is missing; restore it from the repository")
    if sha256_of(path) != entry.sha256:
        raise AssetError(
            "sha256-mismatch",
            f"{path} is not the file that the manifest describes; restore it from the repository, "
            "or put its new sha256 into assets/manifest.toml after training",
        )
    return path
