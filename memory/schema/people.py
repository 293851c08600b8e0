"""Who was there: people, the keys they are met under, their faces and voices."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from memory.schema.base import IS_LONG, NEVER_REUSE, Base, Id, Ns


class PersonRow(Base):
    """Somebody the wearer met, or the wearer."""

    __tablename__ = "people"
    __table_args__ = (NEVER_REUSE,)

    id: Mapped[Id]
    name: Mapped[str]
    is_name_given: Mapped[bool]
    is_wearer: Mapped[bool]


class PersonKeyRow(Base):
    """Perception's name for a person within one recording, or everywhere without one.

    ``person_id`` is None for somebody the wearer asked to forget: the key stays ignored for the
    rest of that recording.
    """

    __tablename__ = "person_keys"
    __table_args__ = (UniqueConstraint("recording_id", "key"), NEVER_REUSE)

    id: Mapped[Id]
    recording_id: Mapped[int | None] = mapped_column(
        ForeignKey("recordings.id", ondelete="CASCADE")
    )
    key: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )


class TemplateRow(Base):
    """A face or voice vector of the wearer or of somebody the wearer has named."""

    __tablename__ = "templates"
    __table_args__ = (CheckConstraint("kind IN ('face', 'voice')", name="kind"), NEVER_REUSE)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    embedding: Mapped[bytes]
    sighting_id: Mapped[int | None] = mapped_column(ForeignKey("sightings.id", ondelete="CASCADE"))
    utterance_id: Mapped[int | None] = mapped_column(
        ForeignKey("utterances.id", ondelete="CASCADE")
    )


class SightingRow(Base):
    """One person through one face track."""

    __tablename__ = "sightings"
    __table_args__ = (
        UniqueConstraint("recording_id", "track_id", "start_ns"),
        Index(None, "recording_id", "start_ns"),
        Index(
            "ix_sightings_long", "recording_id", "start_ns", "end_ns", sqlite_where=text(IS_LONG)
        ),
        # When somebody was first and last seen.
        Index(None, "person_id", "start_ns"),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    moment_id: Mapped[int | None] = mapped_column(
        ForeignKey("moments.id", ondelete="SET NULL"), index=True
    )
    start_ns: Mapped[Ns] = mapped_column(index=True)
    end_ns: Mapped[Ns]
    key_ns: Mapped[Ns]
    track_id: Mapped[int]
    box_x_px: Mapped[float]
    box_y_px: Mapped[float]
    box_width_px: Mapped[float]
    box_height_px: Mapped[float]
    confidence: Mapped[float]
    attended_ns: Mapped[Ns]
    thumbnail: Mapped[str | None]
