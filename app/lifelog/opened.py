"""One moment in full."""

from __future__ import annotations

from datetime import tzinfo

from app.lifelog.state import FeltLine, Line, MomentDetail
from app.widgets import words
from app.widgets.moments import moment_card, speaker, written
from memory.records import Feeling, Kind, Moment


def detail_of(moment: Moment, zone: tzinfo) -> MomentDetail:
    """Prepare everything that is known of a moment for reading."""
    card = moment_card(moment, zone)
    looked_at = list(dict.fromkeys(moment.attended))
    others = [seen.text for seen in moment.seen if seen.kind is Kind.OBJECT]
    also = [label for label in dict.fromkeys(others) if label not in looked_at]
    return MomentDetail(
        card=card,
        when=_when(moment, zone),
        clip=moment.clip,
        key_s=max(0.0, (moment.key_ns - moment.start_ns) / 1e9),
        gaze_track=moment.gaze_track,
        people=card.people,
        transcript=_transcript(moment, zone),
        feelings=tuple(felt_line(feeling) for feeling in moment.feelings),
        looked_at=words.listed(looked_at, 6),
        also_seen=words.listed(also, 6),
        writing=tuple(dict.fromkeys(seen.text for seen in written(moment))),
    )


def felt_line(feeling: Feeling) -> FeltLine:
    """Say a feeling and its cause in a few words."""
    return FeltLine(
        feeling.emotion,
        f"{words.sentence(feeling.emotion.value)}, {words.because(feeling.cause)}",
        words.sure(feeling.confidence),
    )


def _when(moment: Moment, zone: tzinfo) -> str:
    day = words.day_title(words.local_time(moment.start_ns, zone).date())
    start = words.clock(moment.start_ns, zone, has_seconds=True)
    return f"{day}, {start}   ·   {words.span(moment.end_ns - moment.start_ns)}"


def _transcript(moment: Moment, zone: tzinfo) -> tuple[Line, ...]:
    return tuple(
        Line(
            words.clock(spoken.start_ns, zone, has_seconds=True),
            speaker(spoken),
            spoken.text,
            spoken.is_wearer,
        )
        for spoken in sorted(moment.spoken, key=lambda spoken: spoken.start_ns)
    )
