"""What is in the sample day is in its memory."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import cv2
import jiwer
import numpy as np
import numpy.typing as npt
import pytest

from app.remembering import open_memory
from app.sample.build import sample_path
from app.sample.truth import TrueLook, Truth
from app.settings import load_settings
from app.transcript import read_questions
from firmware_bridge.packets import SceneFrame
from firmware_bridge.recording.media import MediaPart, pictures, scene_frame
from firmware_bridge.recording.series import read_gaze, read_times
from llm.chat.embedded import SMALL_MODEL, EmbeddedModel
from llm.companion import Companion
from llm.context import CurrentContext
from memory.clips.gaze_track import read_track
from memory.records import Kind, Moment
from memory.store import Memory
from tests.conftest import REPOSITORY
from tests.system.conftest import Walked

CONVERSATION = REPOSITORY / "docs" / "conversation.toml"
THREE_OF_IT = (
    "Where did I leave the biscuits?",
    "What did I take with me?",
    "Where is Sheila from originally?",
)

pytestmark = [pytest.mark.weights, pytest.mark.slow]


Picture = npt.NDArray[Any]


def spoken_words(text: str) -> str:
    return " ".join(re.sub(r"[^a-z' ]+", " ", text.lower()).split())


def test_the_people_of_the_day_are_remembered_and_nobody_else(memory: Memory) -> None:
    others = [person for person in memory.people() if not person.is_wearer]
    with_face = [person for person in others if person.sightings]
    by_voice_only = [person for person in others if not person.sightings]
    assert len(with_face) == 2, "Jon and the neighbour"
    assert all(person.sightings == 2 for person in with_face), "each of them came back"
    assert len(by_voice_only) == 2, "Diane and Sheila"


def test_a_face_and_a_voice_became_one_person(memory: Memory) -> None:
    jon = next(person for person in memory.people() if person.sightings and person.utterances)
    assert jon.name.lower().startswith(("jon", "john"))
    assert not jon.is_name_given, "he introduced himself; the wearer has not named him"


def test_the_words_are_the_words_that_were_said(memory: Memory, truth: Truth) -> None:
    said = [line for clip in truth.clips for line in clip.said]
    reference = " ".join(spoken_words(line.text) for line in said)
    heard = " ".join(spoken_words(line.text) for line in memory.spoken())
    assert jiwer.wer(reference, heard) <= 0.25


def test_only_the_wearers_voice_is_the_wearers(memory: Memory, truth: Truth) -> None:
    own = [line for clip in truth.clips for line in clip.said if line.by == "wearer"]
    verified = [line for line in memory.spoken() if line.is_wearer]
    assert len(verified) == len(own)
    for line in verified:
        assert any(line.start_ns < true.end_ns and true.start_ns < line.end_ns for true in own)


def test_no_fact_about_the_wearer_comes_from_others(memory: Memory) -> None:
    assert memory.facts("wearer") == [], "what the wearer says there holds for that day only"
    told = [fact for fact in memory.facts() if fact.said_by == "wearer"]
    assert any(re.search("neighbou?r", fact.text) for fact in told)
    assert not any("lecturer" in fact.text or "Chicago" in fact.text for fact in told)


def test_what_was_looked_at_is_remembered_as_attended(memory: Memory, truth: Truth) -> None:
    """Every look of two seconds at something lies in a moment, and faces are known as such."""
    looks = [look for clip in truth.clips for look in clip.looks]
    long_looks = [look for look in looks if look.end_ns - look.start_ns >= 2_000_000_000]
    moments = memory.moments()
    kept = [look for look in long_looks if any(overlap_ns(m, look) > 1e9 for m in moments)]
    assert len(kept) >= 0.9 * len(long_looks)
    faces = [look for look in long_looks if look.kind == "face"]
    attended_people = [
        m for look in faces for m in moments if overlap_ns(m, look) > 1e9 and m.people
    ]
    assert len(attended_people) >= len(faces)


def test_the_lid_was_read(memory: Memory) -> None:
    writing = [seen.text for m in memory.moments() for seen in m.seen if seen.kind is Kind.TEXT]
    assert any("CAMPRODON" in text.upper() for text in writing)


def test_the_two_spoken_questions_are_answered_with_the_fact(memory: Memory, truth: Truth) -> None:
    turns = memory.turns()
    for question in truth.questions:
        turn = next(
            t for t in turns if spoken_words(t.asked)[:12] == spoken_words(question.text)[:12]
        )
        assert any(answer.lower() in turn.replied.lower() for answer in question.answer), turn
        assert turn.sources, "a reply names what it rests on"


def test_the_two_typed_questions_are_answered(memory: Memory) -> None:
    replies = {turn.asked: turn.replied.lower() for turn in memory.turns()}
    assert "chicago" in replies["Where is Sheila from originally?"]
    assert "cup" in replies["What did I take with me?"]


def test_replies_are_written_as_sound(walked: Walked) -> None:
    files = sorted((walked.store / "replies").glob("*.wav"))
    assert len(files) >= 3
    assert all(file.stat().st_size > 20_000 for file in files)


def test_every_clip_plays_and_shows_the_attended_frame(memory: Memory) -> None:
    show = frame_of_day()
    for moment in memory.moments():
        assert moment.clip is not None
        with av.open(str(moment.clip)) as clip:
            shown = [(frame.time or 0.0, frame) for frame in clip.decode(video=0)]
        assert shown[-1][0] >= 0.8 * (moment.end_ns - moment.start_ns) / 1e9 - 0.2
        key_s = (moment.key_ns - moment.start_ns) / 1e9
        nearest = min(shown, key=lambda pair: abs(pair[0] - key_s))[1]
        difference = np.abs(small(nearest.to_ndarray(format="bgr24")) - show(moment.key_ns))
        assert float(difference.mean()) < 12, f"moment {moment.id} shows something else"
        assert moment.thumbnail is not None
        thumbnail = cv2.imread(str(moment.thumbnail))
        assert thumbnail is not None
        pictured = small(thumbnail)
        assert float(np.abs(pictured - show(moment.key_ns)).mean()) < 12


def test_every_clip_has_the_gaze_of_its_time_beside_it(memory: Memory) -> None:
    day = read_gaze(sample_path())
    assert day is not None
    for moment in memory.moments():
        assert moment.gaze_track is not None
        track = read_track(moment.gaze_track)
        times_ns = moment.start_ns + np.round(track.clip_s * 1e9).astype(np.int64)
        at = np.searchsorted(day.times_ns, times_ns - 500)
        assert np.abs(day.times_ns[at] - times_ns).max() < 1_000
        assert np.array_equal(np.diff(at), np.ones(len(at) - 1)), "no sample is left out"
        assert times_ns[0] - moment.start_ns < 50_000_000, "the pre-roll is there"
        assert moment.end_ns - times_ns[-1] < 50_000_000, "and the post-roll"
        measured = np.column_stack([day.rows["x"][at], day.rows["y"][at]])
        np.testing.assert_allclose(track.gaze_in_scene_px, measured, atol=0.01)
        unknown = sum(kind is None for kind in track.movement)
        assert unknown < 0.15 * len(track.movement)


def test_feelings_carry_cause_and_honest_confidence(memory: Memory) -> None:
    feelings = memory.feelings()
    assert feelings
    assert all(feeling.confidence <= 0.7 for feeling in feelings)
    assert any(feeling.cause for feeling in feelings)


def overlap_ns(moment: Moment, look: TrueLook) -> int:
    return min(moment.end_ns, look.end_ns) - max(moment.start_ns, look.start_ns)


def small(image: Picture) -> Picture:
    shrunk: Picture = cv2.resize(image, (64, 48), interpolation=cv2.INTER_AREA)
    return shrunk.astype(np.float32)


def frame_of_day() -> Callable[[int], Picture]:
    """A function from a time to the picture that the sample recording shows then."""
    video = sample_path() / "Neon Scene Camera v1 ps1.mp4"
    times_ns = read_times(video.with_suffix(".time"))
    part = MediaPart(video, int(times_ns[0]), times_ns)
    shown = (p for p in pictures([part], scene_frame) if isinstance(p, SceneFrame))
    kept = {frame.t_ns: small(frame.image) for frame in shown}
    known = np.array(sorted(kept))

    def show(t_ns: int) -> Picture:
        return kept[int(known[np.abs(known - t_ns).argmin()])]

    return show


def test_the_conversation_of_the_docs_can_be_had(walked: Walked, tmp_path: Path) -> None:
    """Three of its questions, with the smaller model; what is said is remembered, in a copy."""
    asked = {question.words: question for question in read_questions(CONVERSATION)}
    store = shutil.copytree(walked.store, tmp_path / "store")
    with (
        open_memory(load_settings(store), by_meaning=True) as memory,
        EmbeddedModel.start(SMALL_MODEL) as chat,
    ):
        companion = Companion(memory, chat)
        for words in THREE_OF_IT:
            question = asked[words]
            reply = companion.reply(words, CurrentContext(question.t_ns), question.t_ns)
            told = " ".join(sentence.text for sentence in reply).casefold()
            assert all(gold.casefold() in told for gold in question.holds), told
