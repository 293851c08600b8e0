"""What happened while recording: moments, what was seen, said and felt, and what the eyes did."""

from __future__ import annotations

import math

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from memory.schema.base import IS_LONG, NEVER_REUSE, Base, Id, Ns
from perception.events import Box


class RecordingRow(Base):
    """One session of one source."""

    __tablename__ = "recordings"
    __table_args__ = (UniqueConstraint("uri", "started_ns"), NEVER_REUSE)

    id: Mapped[Id]
    uri: Mapped[str]
    started_ns: Mapped[Ns]
    ended_ns: Mapped[Ns | None]


class MomentRow(Base):
    """A kept stretch of attention; ``end_ns`` is None while it is open."""

    __tablename__ = "moments"
    __table_args__ = (
        UniqueConstraint("recording_id", "start_ns"),
        Index(
            "ix_moments_long",
            "recording_id",
            "start_ns",
            "end_ns",
            sqlite_where=text(f"end_ns IS NULL OR {IS_LONG}"),
        ),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    start_ns: Mapped[Ns] = mapped_column(index=True)
    end_ns: Mapped[Ns | None]
    key_ns: Mapped[Ns]
    x_px: Mapped[float | None]
    y_px: Mapped[float | None]
    confidence: Mapped[float]
    clip: Mapped[str | None]
    thumbnail: Mapped[str | None]


class EpisodeRow(Base):
    """One attended thing within a moment."""

    __tablename__ = "episodes"
    __table_args__ = (NEVER_REUSE,)

    id: Mapped[Id]
    moment_id: Mapped[int] = mapped_column(ForeignKey("moments.id", ondelete="CASCADE"), index=True)
    start_ns: Mapped[Ns]
    end_ns: Mapped[Ns]
    key_ns: Mapped[Ns] = mapped_column(index=True)
    x_px: Mapped[float | None]
    y_px: Mapped[float | None]
    box_x_px: Mapped[float]
    box_y_px: Mapped[float]
    box_width_px: Mapped[float]
    box_height_px: Mapped[float]
    label: Mapped[str]
    confidence: Mapped[float]


class SeenRow(Base):
    """An object or a line of writing, once per slot: a moment, else a minute."""

    __tablename__ = "seen"
    __table_args__ = (
        CheckConstraint("kind IN ('object', 'text')", name="kind"),
        Index(None, "recording_id", "t_ns"),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    moment_id: Mapped[int | None] = mapped_column(
        ForeignKey("moments.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[str]
    t_ns: Mapped[Ns] = mapped_column(index=True)
    text: Mapped[str]
    box_x_px: Mapped[float]
    box_y_px: Mapped[float]
    box_width_px: Mapped[float]
    box_height_px: Mapped[float]
    confidence: Mapped[float]
    is_attended: Mapped[bool]


class UtteranceRow(Base):
    """What somebody said; ``is_read`` once a model has looked for facts in it."""

    __tablename__ = "utterances"
    __table_args__ = (
        UniqueConstraint("recording_id", "start_ns", "end_ns"),
        Index(
            "ix_utterances_long", "recording_id", "start_ns", "end_ns", sqlite_where=text(IS_LONG)
        ),
        # When somebody was first and last heard.
        Index(None, "person_id", "start_ns"),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    moment_id: Mapped[int | None] = mapped_column(
        ForeignKey("moments.id", ondelete="SET NULL"), index=True
    )
    start_ns: Mapped[Ns] = mapped_column(index=True)
    end_ns: Mapped[Ns]
    text: Mapped[str]
    is_wearer: Mapped[bool]
    confidence: Mapped[float]
    voice_confidence: Mapped[float]
    is_read: Mapped[bool]


class FeelingRow(Base):
    """An emotionship; ``is_confirmed`` is the wearer's answer to "was this why?"."""

    __tablename__ = "feelings"
    __table_args__ = (
        UniqueConstraint("recording_id", "start_ns", "peak_ns"),
        Index("ix_feelings_long", "recording_id", "start_ns", "end_ns", sqlite_where=text(IS_LONG)),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    moment_id: Mapped[int | None] = mapped_column(
        ForeignKey("moments.id", ondelete="SET NULL"), index=True
    )
    start_ns: Mapped[Ns]
    end_ns: Mapped[Ns]
    peak_ns: Mapped[Ns] = mapped_column(index=True)
    emotion: Mapped[str]
    valence: Mapped[float]
    arousal: Mapped[float]
    confidence: Mapped[float]
    cause_kind: Mapped[str]
    cause: Mapped[str]
    influence: Mapped[float]
    is_confirmed: Mapped[bool | None]


class DwellRow(Base):
    """A visit of gaze to one place that lasted."""

    __tablename__ = "dwells"
    __table_args__ = (UniqueConstraint("recording_id", "start_ns"), NEVER_REUSE)

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    start_ns: Mapped[Ns]
    end_ns: Mapped[Ns]
    x_px: Mapped[float | None]
    y_px: Mapped[float | None]
    fixations: Mapped[int]


class EyeMovementRatesRow(Base):
    """How often the eyes moved and closed within a minute."""

    __tablename__ = "eye_movement_rates"
    __table_args__ = (UniqueConstraint("recording_id", "start_ns"), NEVER_REUSE)

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    start_ns: Mapped[Ns]
    end_ns: Mapped[Ns]
    seen_ns: Mapped[Ns]
    saccades_hz: Mapped[float]
    blinks_per_min: Mapped[float]


def box_columns(box: Box) -> dict[str, float]:
    """Return a box as the four columns that hold it."""
    return {
        "box_x_px": box.x_px,
        "box_y_px": box.y_px,
        "box_width_px": box.width_px,
        "box_height_px": box.height_px,
    }


def number(value: float) -> float | None:
    """Return a number, or None for NaN, which SQL does not know."""
    return None if math.isnan(value) else value
