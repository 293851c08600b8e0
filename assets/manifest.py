"""The manifest: every file that is not code, with its origin, licence, hash and sources."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import model_validator as validate_model

from assets import conversion
from assets.errors import AssetError
from assets.sources import Https, Installed, Members, Source, parse_package_url, parse_source

MANIFEST_FILE = Path(__file__).with_name("manifest.toml")
GROUPS = {
    "core": "everything that `attune run` needs except the language model",
    "llm": "the default language model",
    "llm-small": "a language model for little memory",
    "sample": "the footage of the sample recording",
    "peers": "what evaluations hold Attune against",
}

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Bytes = Annotated[int, Field(gt=0)]


def _read_source(value: Any) -> Source:  # noqa: ANN401 - whatever stands in the file
    if isinstance(value, Https | Members | Installed):
        return value
    return parse_source(value)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Package(_Entry):
    """A published archive that carries files named elsewhere in the manifest.

    Attributes:
        archive: File name at the registry.
        licence: What the package itself declares.
    """

    archive: Sentence
    bytes: Bytes
    sha256: Sha256
    licence: Sentence


class MadeFrom(_Entry):
    """What the sources deliver of a file that is made on this machine.

    Attributes:
        conversion: How, one of :data:`assets.conversion.CONVERSIONS`.
    """

    conversion: str
    bytes: Bytes
    sha256: Sha256

    @validate_model(mode="after")
    def _is_known(self) -> MadeFrom:
        if self.conversion not in conversion.CONVERSIONS:
            raise ValueError(f"conversion must be one of {sorted(conversion.CONVERSIONS)}")
        return self


class AssetFile(_Entry):
    """One file of an asset.

    Attributes:
        sources: Deliver the file, or what it is made from; tried in order.
        made_from: Given where it is not delivered as it is used.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[\w][\w.-]*(/[\w][\w.-]*)*$")]
    bytes: Bytes
    sha256: Sha256
    sources: Annotated[
        tuple[Annotated[Source, BeforeValidator(_read_source)], ...], Field(min_length=1)
    ]
    made_from: MadeFrom | None = None


class Asset(_Entry):
    """A weight or a recording.

    Attributes:
        purpose: What it does in Attune.
        why: Why it is the default, with the measured figure.
        origin: Who made it and where it was published first.
        licence: Of the weights or the footage, not of the package that carries them.
        folder: The asset is the folder of its files rather than its one file.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    group: str
    purpose: Sentence
    why: Sentence
    origin: Sentence
    licence: Sentence
    folder: bool = False
    files: Annotated[tuple[AssetFile, ...], Field(min_length=1, alias="file")]

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(file.bytes for file in self.files)

    @validate_model(mode="after")
    def _is_consistent(self) -> Asset:
        if self.group not in GROUPS:
            raise ValueError(f"{self.name}: group must be one of {sorted(GROUPS)}")
        if len(self.files) > 1 and not self.folder:
            raise ValueError(f"{self.name}: an asset of several files must be a folder")
        return self


class Trained(_Entry):
    """A network trained by this project, committed in ``assets/weights``.

    Attributes:
        file: Name in that folder.
        purpose: What it does in Attune.
        data: What it was trained on, with licences.
        licence: Of the weights.
        card: Its model card, relative to the repository.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    file: Annotated[str, StringConstraints(pattern=r"^[\w][\w.-]*$")]
    bytes: Annotated[int, Field(gt=0, le=1_000_000)]
    sha256: Sha256
    purpose: Sentence
    data: Sentence
    licence: Sentence
    card: Sentence


class Manifest(_Entry):
    """All assets by name, all packages by package URL, and the project's own networks."""

    packages: Annotated[dict[str, Package], Field(alias="package")]
    assets: Annotated[tuple[Asset, ...], Field(alias="asset")]
    trained: tuple[Trained, ...] = ()

    @validate_model(mode="after")
    def _is_consistent(self) -> Manifest:
        for url in self.packages:
            parse_package_url(url)
        named = {url for asset in self.assets for file in asset.files for url in packages_of(file)}
        if named != set(self.packages):
            raise ValueError(f"packages named and described differ: {named ^ set(self.packages)}")
        names = [asset.name for asset in self.assets]
        if len(names) != len(set(names)):
            raise ValueError("two assets have the same name")
        return self

    def asset(self, name: str) -> Asset:
        """Look up one asset.

        Raises:
            AssetError: ``unknown-asset``.
        """
        for asset in self.assets:
            if asset.name == name:
                return asset
        raise AssetError(
            "unknown-asset",
            f"no asset or group is called {name!r}; `attune assets list` shows all",
        )

    def select(self, names: Iterable[str]) -> tuple[Asset, ...]:
        """The assets that are named, a group standing for its members, each once.

        Raises:
            AssetError: ``unknown-asset``.
        """
        selected: dict[str, Asset] = {}
        for name in names:
            members = [asset for asset in self.assets if asset.group == name]
            for asset in members or [self.asset(name)]:
                selected[asset.name] = asset
        return tuple(selected.values())


def packages_of(file: AssetFile) -> set[str]:
    """Package URLs that any source of the file names."""
    return {
        part.package
        for source in file.sources
        if isinstance(source, Members)
        for part in source.parts
    }


def read_manifest(file: Path) -> Manifest:
    """Read and check a manifest file.

    Raises:
        AssetError: ``bad-manifest`` with what is wrong in the file.
    """
    try:
        return Manifest.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise AssetError(
            "bad-manifest", f"{file} cannot be read: {error}. Reinstall Attune."
        ) from error


@cache
def manifest() -> Manifest:
    """The manifest that is shipped with Attune."""
    return read_manifest(MANIFEST_FILE)
