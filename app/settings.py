"""One file and the environment: everything that a person may set."""

from __future__ import annotations

import tomllib
from datetime import time
from enum import StrEnum
from pathlib import Path

from platformdirs import user_config_path, user_data_path
from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assets.errors import AttuneError
from llm.manners import Manners
from perception.analytics.energy import EnergyConstants

SETTINGS_FILE = user_config_path("attune") / "settings.toml"


class SettingsError(AttuneError):
    """The settings file or an environment variable holds a value that cannot be used."""


class ChatSize(StrEnum):
    """The embedded language models, by what they ask of a machine."""

    STANDARD = "qwen2.5-1.5b"
    SMALL = "qwen2.5-0.5b"


class EyeFinder(StrEnum):
    """Who finds the pupil in eye pictures."""

    NETWORK = "network"
    THRESHOLD = "threshold"
    PUPIL_DETECTORS = "pupil-detectors"


class ChatSettings(BaseModel):
    """The language model: embedded by default, or any OpenAI-compatible server."""

    model: str = ChatSize.STANDARD
    """An embedded model's asset name, or the remote server's model name."""
    base_url: str = ""
    """Address of a remote server. Empty: the embedded model, and no socket but loopback."""
    api_key: SecretStr = SecretStr("")
    """Key of the remote server; never written to logs."""
    threads: int | None = Field(default=None, ge=1, le=64)
    """Cores for the embedded model. None: as many as there are, at most four."""


class CompanionSettings(BaseModel):
    """When the companion may speak unasked."""

    speaks_unasked: bool = False
    """Speak up about what the wearer keeps looking at, and about appointments that are due. Off by
    default: a voice in the ear that nobody asked for is for the wearer to wish for."""
    quiet_from: time = time(22)
    """Local time from which it does not speak unasked."""
    quiet_until: time = time(7)
    """Local time until which it does not."""
    unasked_per_hour: int = Field(default=4, ge=0, le=60)
    """How often within an hour, at most. Being ignored makes it rarer still."""

    @property
    def manners(self) -> Manners:
        """The same for the companion."""
        return Manners(self.quiet_from, self.quiet_until, self.unasked_per_hour)


class SensingSettings(BaseModel):
    """How the loop works."""

    speech_threads: int = Field(default=2, ge=1, le=64)
    """Cores for the transcriber."""
    region_lag_ms: int = Field(default=100, ge=0, le=10_000)
    """Stream time after which a look at the region under the gaze is taken up."""
    vision_lag_ms: int = Field(default=500, ge=0, le=10_000)
    """Stream time after which the analysis of a frame is taken up."""
    text_lag_ms: int = Field(default=1_500, ge=0, le=10_000)
    """Stream time after which the reading of a frame is taken up."""
    speech_lag_ms: int = Field(default=800, ge=0, le=10_000)
    """Stream time after the end of an utterance at which its words are taken up."""
    queue_frames: int = Field(default=8, ge=1, le=256)
    """Frames that may wait for one heavy analysis before live video drops the oldest."""


class MemorySettings(BaseModel):
    """What is kept for how long."""

    details_days: float = Field(default=7.0, ge=0.0, le=36_500.0)
    """Days for which the details of what did not move the wearer are kept. Summaries stay."""

    @property
    def details_ns(self) -> int:
        """The same in nanoseconds."""
        return round(self.details_days * 24 * 3600 * 1_000_000_000)


class Settings(BaseSettings):
    """Everything that a person may set, with defaults that work offline.

    Values come from ``settings.toml`` and from variables such as ``ATTUNE_CHAT__MODEL``; a
    variable wins over the file.
    """

    model_config = SettingsConfigDict(
        env_prefix="ATTUNE_", env_nested_delimiter="__", extra="forbid", toml_file=SETTINGS_FILE
    )

    store: Path = user_data_path("attune") / "store"
    """Folder of the memory: database, clips and pictures."""
    wearer_voice: Path | None = None
    """A WAV file of the wearer speaking for at least six seconds; makes their words theirs."""
    speak: bool = True
    """Speak replies where a sound card exists; they are written as WAV in any case."""
    eye_finder: EyeFinder = EyeFinder.NETWORK
    """Who finds the pupil, for glasses that send eye pictures but no gaze."""
    chat: ChatSettings = ChatSettings()
    companion: CompanionSettings = CompanionSettings()
    sensing: SensingSettings = SensingSettings()
    memory: MemorySettings = MemorySettings()
    energy: EnergyConstants = EnergyConstants()
    """What this device draws, where it is known better than by the published defaults."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> Path:
        """The database file inside :attr:`store`."""
        return self.store / "memory.db"

    @property
    def media(self) -> Path:
        """The folder of clips and pictures inside :attr:`store`."""
        return self.store / "media"

    @property
    def calibration(self) -> Path:
        """The file of the wearer's eye calibration inside :attr:`store`."""
        return self.store / "calibration.json"

    @property
    def replies(self) -> Path:
        """The folder into which spoken replies are written."""
        return self.store / "replies"


def load_settings(store: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        store: Overrides the folder of the memory.

    Raises:
        SettingsError: A value cannot be used; the message names it and where it came from.
    """
    try:
        return Settings() if store is None else Settings(store=store)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            "settings-invalid",
            f"setting {name!r} cannot be used: {first['msg']}. It comes from {SETTINGS_FILE} "
            f"or from the variable ATTUNE_{name.upper().replace('.', '__')}.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            "settings-unreadable", f"{SETTINGS_FILE} is not valid TOML: {error}. Mend or remove it."
        ) from error
