"""One moment in full, and what would be lost with it."""

from __future__ import annotations

from datetime import tzinfo

from app.lifelog.state import FeltLine, Line, MomentDetail
from app.widgets import words
from app.widgets.moments import moment_card, speaker, written
from memory.records import Feeling, Kind, Moment


def detail_of(moment: Moment, zone: tzinfo | None) -> MomentDetail:
    """Prepare everything that is known of a moment for reading."""
    card = moment_card(moment, zone)
    duration_ns = max(1, moment.end_ns - moment.start_ns)
    key_fraction = (moment.key_ns - moment.start_ns) / duration_ns
    looked_at = list(dict.fromkeys(moment.attended))
    others = [seen.text for seen in moment.seen if seen.kind is Kind.OBJECT]
    also = [label for label in dict.fromkeys(others) if label not in looked_at]
    return MomentDetail(
        card=card,
        when=_when(moment, zone),
        clip=moment.clip,
        key_fraction=min(max(key_fraction, 0.0), 1.0),
        gaze_in_scene_px=moment.gaze_in_scene_px,
        people=card.people,
        transcript=_transcript(moment, zone),
        feelings=tuple(felt_line(feeling) for feeling in moment.feelings),
        looked_at=words.listed(looked_at, 6),
        also_seen=words.listed(also, 6),
        writing=tuple(dict.fromkeys(seen.text for seen in written(moment))),
    )


def felt_line(feeling: Feeling) -> FeltLine:
    """Say a feeling and its cause in a few words."""
    cause = f", because of {feeling.cause}" if feeling.cause else ", cause unknown"
    return FeltLine(
        feeling.emotion,
        words.sentence(feeling.emotion.value) + cause,
        words.sure(feeling.confidence),
    )


def losses(moment: Moment) -> tuple[str, ...]:
    """Say what deleting a moment takes with it."""
    counts = (
        (len(moment.spoken), "spoken sentence", ""),
        (len(moment.seen), "thing seen", "things seen"),
        (len(moment.feelings), "feeling", ""),
    )
    media = ["The clip and the picture"] if moment.clip or moment.thumbnail else []
    return (
        *media,
        *(words.counted(count, noun, plural) for count, noun, plural in counts if count),
        "Whatever was concluded from them, such as facts and summaries",
    )


def _when(moment: Moment, zone: tzinfo | None) -> str:
    day = words.day_title(words.local_time(moment.start_ns, zone).date())
    start = words.clock(moment.start_ns, zone, has_seconds=True)
    return f"{day}, {start}   ·   {words.span(moment.end_ns - moment.start_ns)}"


def _transcript(moment: Moment, zone: tzinfo | None) -> tuple[Line, ...]:
    return tuple(
        Line(
            words.clock(spoken.start_ns, zone, has_seconds=True),
            speaker(spoken),
            spoken.text,
            spoken.is_wearer,
        )
        for spoken in sorted(moment.spoken, key=lambda spoken: spoken.start_ns)
    )
