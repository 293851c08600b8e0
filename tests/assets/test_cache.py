from __future__ import annotations

import os
from pathlib import Path

import pytest

from assets import cache as cache_module
from assets.cache import Cache, cache_root
from assets.errors import AssetError
from assets.manifest import Asset, AssetFile
from assets.sources import Https
from tests.assets.archives import sha256

FILE = AssetFile(
    name="a.bin", bytes=3, sha256=sha256(b"abc"), sources=(Https("https://example.org/a"),)
)
ASSET = Asset.model_validate(
    {
        "name": "thing",
        "group": "core",
        "file": (FILE,),
        **dict.fromkeys(("purpose", "why", "origin", "licence"), "words"),
    }
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    place = Cache(tmp_path)
    verified = tmp_path / "verified"
    verified.write_bytes(b"abc")
    place.store(verified, ASSET, FILE)
    return place


def test_a_stored_file_is_held_and_nothing_is_left_behind(cache: Cache) -> None:
    assert cache.holds(ASSET, FILE)
    assert not (cache.root / "verified").exists()


def test_the_hash_is_taken_once(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: Path) -> str:
        raise AssertionError(f"{file} was hashed again")

    monkeypatch.setattr(cache_module, "sha256_of", refuse)
    assert cache.holds(ASSET, FILE)


def test_a_touched_file_is_hashed_again_and_held(cache: Cache) -> None:
    os.utime(cache.file(ASSET, FILE), ns=(1, 1))
    assert cache.holds(ASSET, FILE)


def test_a_lost_stamp_is_written_again(cache: Cache) -> None:
    stamp = cache.root / "thing" / ".a.bin.verified"
    stamp.unlink()
    assert cache.holds(ASSET, FILE)
    assert stamp.exists()


def test_other_bytes_of_the_same_size_are_refused(cache: Cache) -> None:
    cache.file(ASSET, FILE).write_bytes(b"abd")
    with pytest.raises(AssetError) as error:
        cache.holds(ASSET, FILE)
    assert error.value.code == "sha256-mismatch"


def test_the_environment_chooses_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    assert cache_root() == tmp_path
    monkeypatch.delenv("ATTUNE_CACHE")
    assert cache_root().name == "attune"
