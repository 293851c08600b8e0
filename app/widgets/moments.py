"""A remembered moment as the few lines and the picture that fit on a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from app.widgets import words
from memory.records import Feeling, Kind, Moment, Seen, Spoken
from perception.events import Emotion


@dataclass(frozen=True, slots=True)
class PersonChip:
    """A person as shown on a chip."""

    id: int
    label: str
    picture: Path | None


@dataclass(frozen=True, slots=True)
class MomentCard:
    """A moment on a card.

    Attributes:
        title: What the wearer looked at.
        quote: The most telling words of the moment, or an empty string.
        quote_by: Who said or where stood the quote.
        emotion: The strongest feeling, or None.
    """

    id: int
    t_ns: int
    time: str
    span: str
    title: str
    picture: Path | None
    people: tuple[PersonChip, ...]
    quote: str
    quote_by: str
    emotion: Emotion | None


def moment_card(moment: Moment, zone: tzinfo) -> MomentCard:
    """Choose what a card shows of a moment."""
    quote, quote_by = _quote(moment)
    feeling = strongest(moment.feelings)
    return MomentCard(
        id=moment.id,
        t_ns=moment.start_ns,
        time=words.clock(moment.start_ns, zone),
        span=words.span(moment.end_ns - moment.start_ns),
        title=title(moment),
        picture=moment.thumbnail,
        people=tuple(
            PersonChip(person.id, words.sentence(person.label), person.thumbnail)
            for person in moment.people
            if not person.is_wearer
        ),
        quote=quote,
        quote_by=quote_by,
        emotion=feeling.emotion if feeling else None,
    )


def title(moment: Moment) -> str:
    """Name a moment by whom and what the wearer looked at."""
    people = [person.label for person in moment.people if not person.is_wearer]
    things = [thing for thing in moment.attended if thing not in {"person", "face"} or not people]
    named = list(dict.fromkeys([*people, *things]))
    return words.sentence(words.listed(named)) if named else "A look around"


def strongest(feelings: tuple[Feeling, ...]) -> Feeling | None:
    """Return the feeling to show for a moment: the most aroused of the most certain ones."""
    return max(feelings, key=lambda feeling: feeling.confidence * feeling.arousal, default=None)


def speaker(spoken: Spoken) -> str:
    """Name who spoke."""
    if spoken.is_wearer:
        return "You"
    return words.sentence(spoken.speaker.label) if spoken.speaker else "Someone"


def written(moment: Moment) -> list[Seen]:
    """Return the writing seen, what was looked at first."""
    lines = [seen for seen in moment.seen if seen.kind is Kind.TEXT]
    return sorted(lines, key=lambda seen: (not seen.is_attended, seen.t_ns))


def _quote(moment: Moment) -> tuple[str, str]:
    if moment.spoken:
        longest = max(moment.spoken, key=lambda spoken: len(spoken.text))
        return longest.text, speaker(longest)
    lines = written(moment)
    return (lines[0].text, "Written") if lines else ("", "")
