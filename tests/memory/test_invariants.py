"""Record, recall, correct, forget and restart in any order: the promises of the store hold.

``ATTUNE_FUZZ=200`` runs that many examples with new randomness each time, instead of the few fixed
ones.
"""

from __future__ import annotations

import os
import re
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from firmware_bridge.packets import GazeSample, SceneFrame
from memory.clips.film import Film
from memory.recall.embedding import Vectors
from memory.records import Cue, ForgetReport, MemoryStoreError, Selection
from memory.store import Memory
from perception.events import Box, CauseKind, Emotion, Event, TextSeen, Utterance
from tests.memory import day, invariants

EXAMPLES = int(os.environ.get("ATTUNE_FUZZ", "0"))
TOKEN = re.compile(r"q\d{4}q")
TOPICS = ("kiln", "garden", "tax")
SENTENCES = (
    "I live in {} now.",
    "I moved to {} last week.",
    "Hi, I'm {}.",
    "I am allergic to {}.",
    "I am here in the kitchen, and I live in {} now.",
    "He is my neighbour with the {}.",
    "The {topic} is full of {}.",
    "We were in the kitchen, and the {topic} smelt of {}.",
    "Do you know where the {} is?",
)
VOICES = ("wearer", "voice-1", "voice-2", "mimic")
FACES = ("person-1", "person-2", "person-3")

topics = st.sampled_from(TOPICS)
index = st.integers(0, 50)


class Words:
    """An embedder that costs nothing: each word adds to one of 32 dimensions."""

    version = "words"

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.full((len(texts), 32), 1e-3, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()):
                vector[zlib.crc32(word.encode()) % 32] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


class Life(RuleBasedStateMachine):
    """One wearer's store, and what is known of it without asking it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "memory.sqlite"
        self.media = Path(self.folder.name) / "media"
        self.memory = self.open()
        self.events: list[Event] = []
        self.recordings = 0
        self.now = 0.0
        self.tokens = 0
        self.names: dict[int, str] = {}
        self.forgotten: set[str] = set()
        self.begin()

    def open(self) -> Memory:
        if not self.path.exists():
            self.path.write_bytes(day.blank())
        return Memory.open(self.path, self.media, Words())

    def teardown(self) -> None:
        self.memory.close()
        self.folder.cleanup()

    def token(self) -> str:
        self.tokens += 1
        return f"Q{self.tokens:04d}q"

    def record(self, *events: Event) -> None:
        for event in events:
            self.events.append(event)
            self.film.on_event(event, self.memory.record(event))

    def begin(self) -> None:
        self.film = Film(self.memory)
        self.memory.begin(f"recording:/{self.recordings}", day.at(self.now))

    def after(self, seconds: float) -> float:
        """Let time pass; return when it began."""
        start, self.now = self.now, self.now + seconds
        return start

    # Perception

    @rule(voice=st.sampled_from(VOICES), form=st.sampled_from(SENTENCES), topic=topics)
    def speak(self, voice: str, form: str, topic: str) -> None:
        t = self.after(3)
        self.record(_said(t, form.format(self.token(), topic=topic), voice))

    @rule(topic=topics, is_attended=st.booleans())
    def see(self, topic: str, is_attended: bool) -> None:
        self.record(day.thing(self.after(1), topic, is_attended=is_attended))

    @rule(topic=topics, is_attended=st.booleans(), number=st.integers(1, 3))
    def read(self, topic: str, is_attended: bool, number: int) -> None:
        t = self.after(1)
        for place in range(number):
            text = f"{topic.upper()} {self.token()} {self.token()}"
            box = Box(120, 20.0 * place, 100, 20)
            self.record(TextSeen(day.at(t), text, box, 0.9, is_attended))

    @rule(face=st.sampled_from(FACES), says=st.sampled_from((None, *SENTENCES[2:5])))
    def meet(self, face: str, says: str | None) -> None:
        t, track = self.after(6), len(self.events) + 1
        self.record(*(day.face(t + i / 2, track) for i in range(10)))
        if says is not None:
            voice = "wearer" if says.startswith("He") else f"voice-of-{face}"
            self.record(_said(t + 1, says.format(self.token()), voice))
        self.record(day.person(t, t + 5, face, track, seed=FACES.index(face)))

    @rule(faces=st.permutations(FACES))
    def meet_two(self, faces: Sequence[str]) -> None:
        t, track = self.after(6), len(self.events) + 1
        self.record(day.person(t, t + 4, faces[0], track, seed=FACES.index(faces[0])))
        self.record(day.person(t + 1, t + 5, faces[1], track + 1, seed=FACES.index(faces[1])))

    @rule(
        topic=topics,
        seconds=st.integers(2, 70),
        is_filmed=st.booleans(),
        voice=st.sampled_from(VOICES),
    )
    def attend(self, topic: str, seconds: int, is_filmed: bool, voice: str) -> None:
        t = self.after(seconds + 1)
        self.record(day.thing(t + 0.5, topic))
        self.record(day.opened(t, t + 1))
        for picture in range(3 if is_filmed else 0):
            self.film.update(_picture(t + 1 + picture / 4))
            self.film.update(GazeSample(day.at(t + 1 + picture / 4), 16.0, 12.0))
        self.record(_said(t + 1, f"Look at the {topic}, {self.token()}.", voice))
        self.record(day.closed(t, t + seconds, topic))
        self.film.update(_picture(t + seconds))

    @rule(emotion=st.sampled_from(Emotion), kind=st.sampled_from(CauseKind), topic=topics)
    def feel(self, emotion: Emotion, kind: CauseKind, topic: str) -> None:
        t = self.after(2)
        self.record(day.felt(t, t + 2, emotion, kind, "" if kind == CauseKind.UNKNOWN else topic))

    @rule()
    def begin_another_recording(self) -> None:
        self.film.close()
        self.recordings += 1
        self.events = []
        self.after(120)
        self.begin()

    @rule()
    def go_through_it_again(self) -> None:
        """A replay brings nothing back and doubles nothing."""
        self.film.close()
        self.memory.consolidate(day.at(self.now))
        before, again = self.memory.counts(), self.events
        self.begin_again(again)
        self.memory.consolidate(day.at(self.now))
        assert self.memory.counts() == before

    def begin_again(self, again: list[Event]) -> None:
        start_ns = self.recording_start_ns()
        self.film = Film(self.memory)
        self.memory.begin(f"recording:/{self.recordings}", start_ns)
        for event in again:
            self.memory.record(event)

    def recording_start_ns(self) -> int:
        with self.memory._database.engine.connect() as raw:
            rows = raw.exec_driver_sql(
                "SELECT started_ns FROM recordings WHERE uri = ?",
                (f"recording:/{self.recordings}",),
            )
            return int(rows.scalar() or day.at(self.now))

    # The wearer

    @rule(topic=topics)
    def recall(self, topic: str) -> None:
        sure = {fact.id: fact.confidence for fact in self.memory.facts()}
        for hit in self.memory.recall(Cue(topic)) + self.memory.recall(Cue("Where do I live?")):
            assert not self.forgotten & _tokens(hit.text)
        assert {fact.id: fact.confidence for fact in self.memory.facts()} == sure

    @rule(topic=topics)
    def ask(self, topic: str) -> None:
        hits = self.memory.recall(Cue(topic))
        said = hits[0].text if hits else "I do not know."
        sources = hits[0].sources if hits else ()
        t = self.after(2)
        self.memory.add_turn(day.at(t), f"What about the {self.token()}?", said, sources)

    @rule()
    def tell(self) -> None:
        self.memory.add_fact(f"I like {self.token()}", day.at(self.after(1)))

    @rule(which=index)
    def correct(self, which: int) -> None:
        if holding := [fact for fact in self.memory.facts() if fact.valid_until_ns is None]:
            old = holding[which % len(holding)]
            new = self.memory.correct_fact(old.id, f"I like {self.token()}", day.at(self.after(1)))
            facts = {fact.id: fact for fact in self.memory.facts()}
            assert facts[old.id].text == old.text
            assert facts[old.id].valid_until_ns is not None
            assert facts[new.id].valid_until_ns is None

    @rule(which=index, is_named=st.booleans())
    def name(self, which: int, is_named: bool) -> None:
        if others := self.others():
            person_id = others[which % len(others)]
            self.memory.rename_person(person_id, self.token() if is_named else "")
            self.names.pop(person_id, None)
            if is_named:
                self.names[person_id] = self.memory.person(person_id).name

    @rule(keep=index, drop=index)
    def merge(self, keep: int, drop: int) -> None:
        if others := self.others():
            keep_id, drop_id = others[keep % len(others)], others[drop % len(others)]
            try:
                self.memory.merge_people(keep_id, drop_id)
            except MemoryStoreError:
                return
            if drop_id in self.names:
                self.names[keep_id] = self.names.pop(drop_id)

    @rule(which=index, is_confirmed=st.booleans())
    def confirm(self, which: int, is_confirmed: bool) -> None:
        if feelings := self.memory.feelings():
            self.memory.confirm_feeling(feelings[which % len(feelings)].id, is_confirmed)

    @rule(which=index)
    def enrol(self, which: int) -> None:
        if named := sorted(self.names):
            self.memory.add_template(named[which % len(named)], "face", day.unit(which))

    @rule()
    def consolidate(self) -> None:
        self.memory.consolidate(day.at(self.now))

    @rule()
    def restart(self) -> None:
        self.film.close()
        self.memory.close()
        self.memory = self.open()
        self.begin_again([])

    @rule()
    def export(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.memory.export(Path(folder))
            assert not self.forgotten & _tokens(invariants.raw_bytes(Path(folder)).decode("latin"))

    # Forgetting

    @rule(which=index)
    def forget_a_moment(self, which: int) -> None:
        if moments := self.memory.moments():
            moment = moments[which % len(moments)]
            self.forget(Selection(moment_ids=(moment.id,)))
            assert moment.id not in {m.id for m in self.memory.moments()}

    @rule(which=index)
    def forget_a_person(self, which: int) -> None:
        if everybody := self.memory.people():
            person = everybody[which % len(everybody)]
            self.forget(Selection(person_ids=(person.id,)))
            self.names.pop(person.id, None)
            assert person.id not in {p.id for p in self.memory.people()}

    @rule(which=index, start=st.integers(0, 100), length=st.integers(1, 40))
    def forget_a_person_within(self, which: int, start: int, length: int) -> None:
        if everybody := self.memory.people():
            person = everybody[which % len(everybody)]
            start_ns, end_ns = self.span(start, length)
            self.forget(Selection(person_ids=(person.id,), start_ns=start_ns, end_ns=end_ns))
            assert not self.memory.spoken(start_ns, end_ns, person.id)

    @rule(start=st.integers(0, 100), length=st.integers(1, 40))
    def forget_a_span(self, start: int, length: int) -> None:
        start_ns, end_ns = self.span(start, length)
        self.forget(Selection(start_ns=start_ns, end_ns=end_ns))
        assert not self.memory.spoken(start_ns, end_ns)
        assert not self.memory.moments(start_ns, end_ns)

    @rule(topic=topics)
    def forget_a_topic(self, topic: str) -> None:
        self.forget(Selection(topics=(topic,)))
        assert topic not in invariants.said(self.path).lower()

    @rule(topic=topics, start=st.integers(0, 100), length=st.integers(1, 40))
    def forget_a_topic_within(self, topic: str, start: int, length: int) -> None:
        start_ns, end_ns = self.span(start, length)
        self.forget(Selection(topics=(topic,), start_ns=start_ns, end_ns=end_ns))
        assert not [s for s in self.memory.spoken(start_ns, end_ns) if topic in s.text]

    @rule()
    def forget_a_place(self) -> None:
        self.memory.consolidate(day.at(self.now))
        self.forget(Selection(places=("kitchen",)))

    @precondition(lambda self: self.tokens > 20)
    @rule()
    def forget_everything(self) -> None:
        self.film.close()
        self.forget(Selection(everything=True))
        assert sum(self.memory.counts().values()) == 0
        self.names = {}
        self.events = []
        self.begin()

    def forget(self, selection: Selection) -> ForgetReport:
        """Forget, and hold the preview and what is left against it."""
        before = _tokens(invariants.said(self.path))
        promised = self.memory.would_forget(selection)
        report = self.memory.forget(selection)
        assert report == promised
        self.forgotten |= before - _tokens(invariants.said(self.path))
        left = invariants.raw_bytes(Path(self.folder.name)).decode("latin")
        assert not self.forgotten & _tokens(left)
        self.names = {i: name for i, name in self.names.items() if i in self.others()}
        return report

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Return a span of the life so far, from percents of it."""
        first = self.now * start / 100
        return day.at(first), day.at(first + self.now * length / 100 + 1)

    def others(self) -> list[int]:
        return [person.id for person in self.memory.people() if not person.is_wearer]

    @invariant()
    def every_promise_holds(self) -> None:
        assert invariants.broken(self.path, self.media, Words()) == []

    @invariant()
    def given_names_stay(self) -> None:
        names = {p.id: p.name for p in self.memory.people() if p.is_name_given}
        assert names == self.names


def _tokens(text: str) -> set[str]:
    return set(TOKEN.findall(text.lower()))


def _said(t: float, text: str, voice: str) -> Utterance:
    said = day.said(t, t + 2, text, "voice-9" if voice == "mimic" else voice)
    if voice != "mimic":
        return said
    # Claims to be the wearer, and is not.
    return Utterance(said.start_ns, said.end_ns, text, 0.9, "wearer", False, 0.9, said.embedding)


def _picture(t: float) -> SceneFrame:
    return SceneFrame(day.at(t), round(t * 30), np.full((24, 32, 3), 90, np.uint8))


Life.TestCase.settings = settings(
    max_examples=EXAMPLES or 25,
    stateful_step_count=40 if EXAMPLES else 20,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
)
# A long search is not one that hangs.
TestLife = pytest.mark.timeout(0)(Life.TestCase) if EXAMPLES else Life.TestCase
