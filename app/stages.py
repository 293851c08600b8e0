"""Every stage of perception, built for one device and one wearer."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.settings import Settings, SettingsError
from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import AUDIO_RATE_HZ
from memory.store import Memory
from perception.analytics.budget import Budget
from perception.attention.attention import Attention
from perception.attention.eye_movements import EyeMovements
from perception.attention.rates import Rates
from perception.attention.regions import Regions
from perception.emotion.feelings import Feelings
from perception.people.faces import Faces
from perception.people.identities import KnownFace
from perception.scene.objects import Objects
from perception.scene.text import Text
from perception.speech.embedder import VoiceEmbedder
from perception.speech.recogniser import Recogniser
from perception.speech.transcriber import Whisper
from perception.speech.voice_activity import VoiceActivity
from perception.speech.voices import WEARER_ID, KnownVoice, Voices

GUESSED_CAMERA = SceneCamera.from_field_of_view(1600, 1200, 103.0)


@dataclass(slots=True)
class Stages:
    """The stages of one run.

    Attributes:
        light: Cheap stages by name, run in line.
    """

    light: dict[str, Any]
    regions: Regions
    objects: Objects
    faces: Faces
    text: Text
    recogniser: Recogniser


def build_stages(camera: SceneCamera | None, memory: Memory, settings: Settings) -> Stages:
    """Build every stage, knowing the people whom the wearer has named.

    Raises:
        AssetError: Weights have not been fetched.
        SettingsError: The wearer's voice cannot be read.
    """
    # Lanes are threads already; OpenCV's own threads only take the cores from each other.
    cv2.setNumThreads(1)
    seen_by = camera or GUESSED_CAMERA
    faces = [KnownFace(key, embedding) for key, embedding in memory.known_faces()]
    voices = [KnownVoice(key, embedding) for key, embedding in memory.known_voices()]
    return Stages(
        light={
            "eye movements": EyeMovements(seen_by),
            "attention": Attention(seen_by),
            "rates": Rates(),
            "budget": Budget(),
            "voice activity": VoiceActivity(),
            "feelings": Feelings(),
        },
        regions=Regions(),
        objects=Objects(),
        faces=Faces(faces),
        text=Text(),
        recogniser=Recogniser(
            Whisper(threads=settings.sensing.speech_threads),
            enrolled_voices(voices, settings.wearer_voice),
        ),
    )


def enrolled_voices(known: list[KnownVoice], wearer_voice: Path | None) -> Voices:
    """Return voices that know the wearer, from a WAV file or from memory.

    Raises:
        SettingsError: The WAV file cannot be read.
    """
    if wearer_voice is None:
        return Voices(known)
    embedder = VoiceEmbedder()
    own = KnownVoice(WEARER_ID, Voices(embedder=embedder).enrol(read_voice(wearer_voice)))
    others = (voice for voice in known if voice.voice_id != WEARER_ID)
    return Voices([own, *others], embedder)


def read_voice(path: Path) -> npt.NDArray[np.int16]:
    """Read speech of the wearer, int16 at 16 kHz, shape ``(n,)``.

    Raises:
        SettingsError: The file is missing or not mono 16-bit at 16 kHz.
    """
    try:
        with wave.open(str(path)) as sound:
            form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
            if form != (1, 2, AUDIO_RATE_HZ):
                raise SettingsError(
                    "voice-format",
                    f"{path} must be mono, 16 bit, {AUDIO_RATE_HZ} Hz, but has {form[0]} channels, "
                    f"{form[1] * 8} bit, {form[2]} Hz",
                )
            return np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    except (OSError, EOFError, wave.Error) as error:
        raise SettingsError("voice-unreadable", f"{path} cannot be read: {error}") from error
