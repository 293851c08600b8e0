from pathlib import Path

import pytest

from assets import trained
from assets.cache import sha256_of
from assets.errors import AssetError
from assets.manifest import manifest
from tests.conftest import REPOSITORY


def test_every_committed_network_is_described_and_unchanged() -> None:
    for entry in manifest().trained:
        path = trained.weights(entry.name)
        assert path.stat().st_size == entry.bytes
        assert (REPOSITORY / entry.card).is_file()


def test_an_unknown_network_is_told_with_those_that_exist() -> None:
    with pytest.raises(AssetError, match="no trained network is called 'nothing'"):
        trained.weights("nothing")


def test_changed_weights_are_never_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in manifest().trained[:1]:
        (tmp_path / entry.file).write_bytes(b"other")
        assert sha256_of(tmp_path / entry.file) != entry.sha256
        monkeypatch.setattr(trained, "WEIGHTS_FOLDER", tmp_path)
        trained.weights.cache_clear()
        with pytest.raises(AssetError, match="restore it from the repository"):
            trained.weights(entry.name)
        trained.weights.cache_clear()
