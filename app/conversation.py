"""Talking outside of a recording: by typing, or by the machine's microphone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import numpy as np
import numpy.typing as npt
from rich.markup import escape

from app.ear import Ear
from app.remembering import open_memory
from app.settings import Settings
from app.sound import ReplySound
from app.terminal import console, errors
from app.turns import Turns
from firmware_bridge.host_audio import Microphone
from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk
from llm.chat.embedded import EmbeddedModel
from llm.chat.model import ChatError
from llm.chat.openai import OpenAiChat
from llm.extraction import ChatExtractor
from llm.quoting import age
from llm.voice.hibari import HibariVoice
from llm.why import WITHOUT_MEMORY, explain, is_why
from memory.store import Memory
from perception.speech.voices import Voices

ENROL_S = 10


@contextmanager
def open_chat(settings: Settings) -> Iterator[EmbeddedModel | OpenAiChat | None]:
    """Open the language model that the settings name, or None when it cannot be had.

    Without one, replies quote what is remembered; the person is told so once.
    """
    try:
        chat = _chat(settings)
    except ChatError as error:
        errors.print(f"[yellow]No language model: {error.message}. Replies quote memory.[/yellow]")
        yield None
        return
    try:
        yield chat
    finally:
        chat.close()


@contextmanager
def open_turns(memory: Memory, settings: Settings) -> Iterator[Turns]:
    """Open everything that a spoken reply needs.

    Raises:
        VoiceError: The voice cannot be loaded.
    """
    with open_chat(settings) as chat:
        sound = ReplySound(settings.replies, settings.speak)
        turns = Turns(memory, chat, HibariVoice(), sound)
        try:
            yield turns
        finally:
            turns.close()


def _chat(settings: Settings) -> OpenAiChat | EmbeddedModel:
    if settings.chat.base_url:
        key = settings.chat.api_key.get_secret_value()
        return OpenAiChat(settings.chat.base_url, settings.chat.model, api_key=key)
    return EmbeddedModel.start(settings.chat.model, settings.chat.threads)


@contextmanager
def open_conversation(settings: Settings) -> Iterator[tuple[Memory, Turns]]:
    """Open memory and everything that a spoken reply needs."""
    with ExitStack() as stack:
        memory = stack.enter_context(open_memory(settings, by_meaning=True))
        yield memory, stack.enter_context(open_turns(memory, settings))


def show_reply(
    memory: Memory, turns: Turns, question: str, why: bool = False, by_wearer: bool = True
) -> None:
    """Answer a question: print it, speak it, and on request say what it rests on."""
    answered = turns.answer(question, time.time_ns(), by_wearer=by_wearer)
    console.print(f"[bold magenta]Attune[/] {answered.replied}", highlight=False)
    if why and answered.report.turn_id is not None:
        show_reasons(memory, answered.report.turn_id, time.time_ns())
    if not turns.sound.is_played:
        console.print(f"[dim]No sound card; spoken into {turns.sound.path(answered.t_ns)}[/dim]")


def show_reasons(memory: Memory, turn_id: int | None, now_ns: int) -> None:
    """Print what a reply rests on: each memory with its age and its clip.

    Args:
        memory: Holds the exchange.
        turn_id: The exchange; the last one when None.
        now_ns: What ages are told from.
    """
    turns = [
        t for t in memory.turns() if t.id == turn_id or (turn_id is None and not is_why(t.asked))
    ]
    if not turns:
        console.print("Nothing has been said yet. Ask something with `attune ask`.")
        return
    explanation = explain(memory, turns[-1])
    if turn_id is None:
        console.print(f"[bold green]you[/] {turns[-1].asked or '(nothing)'}", highlight=False)
        console.print(f"[bold magenta]Attune[/] {turns[-1].replied}", highlight=False)
    if not explanation.evidence:
        console.print(f"  [dim]{WITHOUT_MEMORY}[/]")
    for hit in explanation.evidence:
        console.print(f"  [dim]{age(hit.t_ns, now_ns)}[/] {escape(hit.text)}", highlight=False)
        clip = memory.moment(hit.moment_id).clip if hit.moment_id is not None else None
        if clip is not None:
            console.print(f"    [dim]{clip}[/]", soft_wrap=True, highlight=False)


def listen_and_answer(memory: Memory, turns: Turns, settings: Settings) -> None:
    """Answer spoken questions until interrupted.

    While a reply is spoken the microphone is not listened to, so Attune does not hear itself.

    Raises:
        DeviceError: There is no microphone.
    """
    ear = Ear(memory, settings)
    with Microphone() as microphone:
        console.print("Listening. Ask something; Ctrl+C ends.")
        for said in ear.hear(microphone):
            console.print(f"[bold green]you[/] {said.text}", highlight=False)
            show_reply(memory, turns, said.text, by_wearer=said.is_wearer)
            microphone.discard()


def read_facts(memory: Memory, settings: Settings) -> int:
    """Let the language model look for facts that the rules missed; return how many it found.

    Raises:
        ChatError: The model cannot be had, or fails.
    """
    found = 0
    chat = _chat(settings)
    try:
        while memory.has_unread():
            found += memory.extract(ChatExtractor(chat))
    finally:
        chat.close()
    return found


def enrol_wearer(settings: Settings) -> None:
    """Learn the wearer's voice from the microphone and keep it with the store.

    Raises:
        DeviceError: There is no microphone.
        PerceptionError: Too little was said.
    """
    console.print(f"Please speak for {ENROL_S} seconds, as you would to a friend.")
    samples: list[npt.NDArray[np.int16]] = []
    with Microphone() as microphone:
        for packet in microphone:
            if isinstance(packet, AudioChunk):
                samples.append(packet.samples)
            if sum(map(len, samples)) >= ENROL_S * AUDIO_RATE_HZ:
                break
    embedding = Voices().enrol(np.concatenate(samples))
    with open_memory(settings) as memory:
        memory.add_template(memory.wearer().id, "voice", embedding)
    console.print("Your voice is learnt. Only what this voice says becomes a fact about you.")
