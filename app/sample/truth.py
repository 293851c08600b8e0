"""What is known of the sample day. The pipeline never reads it; tests and evaluations do."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from app.sample.script import FRAME_RATE_HZ, Clip, Script, frame_ns
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
    """Something in the picture; rows of ``boxes`` are time, left, top, right, bottom."""

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
    def at(t_s: float) -> int:
        return day_ns + first_ns + round(t_s * 1e9)

    until = [*(t_s for t_s, _ in clip.looks[1:]), clip.frames / FRAME_RATE_HZ]
    looks = [
        (start_s, end_s, clip.looked_at(start_s))
        for (start_s, _), end_s in zip(clip.looks, until, strict=True)
    ]
    return TrueClip(
        name=clip.name,
        asset=clip.asset,
        description=clip.description,
        start_ns=day_ns + first_ns,
        end_ns=day_ns + end_ns,
        looks=tuple(
            TrueLook(
                label=thing.label,
                kind=thing.kind,
                person=thing.person,
                start_ns=at(start_s),
                end_ns=at(end_s),
            )
            for start_s, end_s, thing in looks
        ),
        things=tuple(
            TrueThing(
                label=thing.label,
                kind=thing.kind,
                person=thing.person,
                boxes=tuple((at(t_s), *box) for t_s, *box in thing.path),
            )
            for thing in clip.things
        ),
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
