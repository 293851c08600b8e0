"""What is known of the sample day. The pipeline never reads it; tests and evaluations do."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from app.sample.script import FRAME_RATE_HZ, Clip, Script, Thing, frame_ns
from app.sample.sound import Spoken

TRUTH_FILE = "truth.json"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TrueLook(_Entry):
    """The wearer looks at ``label`` from ``start_ns`` until before ``end_ns``."""

    label: str
    kind: str
    person: str
    start_ns: int
    end_ns: int


class TrueThing(_Entry):
    """Something in the picture, in view from the first row of ``boxes`` to the last.

    Attributes:
        boxes: Time, left, top, right, bottom; straight in between.
    """

    label: str
    kind: str
    person: str
    boxes: tuple[tuple[int, float, float, float, float], ...]


class TrueLine(_Entry):
    """What is said, and by whom."""

    by: str
    text: str
    start_ns: int
    end_ns: int


class TrueQuestion(_Entry):
    """A question of the wearer's; a right answer holds at least one of ``answer``.

    Attributes:
        asked_ns: When its last word ends.
        evidence: The clips in which the answer is seen or heard.
    """

    text: str
    asked_ns: int
    answer: tuple[str, ...]
    evidence: tuple[str, ...]


class TrueClip(_Entry):
    """One clip of the day."""

    name: str
    asset: str
    description: str
    start_ns: int
    end_ns: int
    looks: tuple[TrueLook, ...]
    things: tuple[TrueThing, ...]
    said: tuple[TrueLine, ...]


class Truth(_Entry):
    """The whole day; times are Unix nanoseconds, as in the recording.

    Attributes:
        people: Key to name; an empty name where nobody says it.
    """

    start_ns: int
    end_ns: int
    people: dict[str, str]
    clips: tuple[TrueClip, ...]
    questions: tuple[TrueQuestion, ...]


def tell_truth(script: Script, spoken: tuple[Spoken, ...]) -> Truth:
    """Put the script and the times of speech onto the recording's clock."""
    clips = tuple(
        _true_clip(clip, script.start_ns, frame_ns(first), frame_ns(first + clip.frames), spoken)
        for clip, first in zip(script.clips, script.starts(), strict=True)
    )
    questions = tuple(
        TrueQuestion(
            text=clip.question.text,
            asked_ns=next(line.end_ns for line in true.said if line.text == clip.question.text),
            answer=clip.question.answer,
            evidence=clip.question.evidence,
        )
        for clip, true in zip(script.clips, clips, strict=True)
        if clip.question
    )
    return Truth(
        start_ns=script.start_ns,
        end_ns=script.start_ns + script.duration_ns,
        people=script.people,
        clips=clips,
        questions=questions,
    )


def read_truth(recording: Path) -> Truth:
    """Read what is known of the recording that ``sample_path`` built."""
    return Truth.model_validate_json((recording.parent / TRUTH_FILE).read_bytes())


def _true_clip(
    clip: Clip, day_ns: int, first_ns: int, end_ns: int, spoken: tuple[Spoken, ...]
) -> TrueClip:
    start_ns = day_ns + first_ns
    return TrueClip(
        name=clip.name,
        asset=clip.asset,
        description=clip.description,
        start_ns=start_ns,
        end_ns=day_ns + end_ns,
        looks=_true_looks(clip, start_ns),
        things=tuple(_true_thing(clip, thing, start_ns) for thing in clip.things),
        said=tuple(
            TrueLine(
                by=line.by,
                text=line.text,
                start_ns=day_ns + line.start_ns,
                end_ns=day_ns + line.end_ns,
            )
            for line in spoken
            if first_ns <= line.start_ns < end_ns
        ),
    )


def _true_looks(clip: Clip, start_ns: int) -> tuple[TrueLook, ...]:
    until_s = [*(t_s for t_s, _ in clip.looks[1:]), clip.frames / FRAME_RATE_HZ]
    looked_at = [clip.looked_at(t_s) for t_s, _ in clip.looks]
    return tuple(
        TrueLook(
            label=thing.label,
            kind=thing.kind,
            person=thing.person,
            start_ns=start_ns + round(from_s * 1e9),
            end_ns=start_ns + round(to_s * 1e9),
        )
        for thing, (from_s, _), to_s in zip(looked_at, clip.looks, until_s, strict=True)
    )


def _true_thing(clip: Clip, thing: Thing, start_ns: int) -> TrueThing:
    path = thing.path
    if len(path) == 1:
        path = ((0.0, *path[0][1:]), (clip.frames / FRAME_RATE_HZ, *path[0][1:]))
    return TrueThing(
        label=thing.label,
        kind=thing.kind,
        person=thing.person,
        boxes=tuple((start_ns + round(t_s * 1e9), *box) for t_s, *box in path),
    )
