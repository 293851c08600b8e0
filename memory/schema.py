"""The tables. Every derived row names the rows it came from, in ``sources``.

Times are Unix nanoseconds, boxes and gaze are scene pixels, media paths are relative to the media
folder, vectors are little-endian float32.
"""

from __future__ import annotations

import math
from typing import Annotated

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from perception.events import Box

Ns = Annotated[int, mapped_column(BigInteger)]
Id = Annotated[int, mapped_column(primary_key=True)]

# Ids are never reused: a stale id in a window must not open somebody else's row.
NEVER_REUSE = {"sqlite_autoincrement": True}

# Details of what moved the wearer no more than this fade; OS-1's gate of 5 in 10.
MAY_FADE = "detail != '' AND arousal <= 0.5"


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class RecordingRow(Base):
    """One session of one source."""

    __tablename__ = "recordings"
    __table_args__ = (UniqueConstraint("uri", "started_ns"), NEVER_REUSE)

    id: Mapped[Id]
    uri: Mapped[str]
    started_ns: Mapped[Ns]
    ended_ns: Mapped[Ns | None]


class ForgottenRow(Base):
    """A span that the wearer deleted: replaying the recording does not bring it back.

    ``kind`` is that of the rows that went, ``"clip"``, or empty where everything of the span went.
    """

    __tablename__ = "forgotten"
    __table_args__ = (Index(None, "recording_id", "start_ns"), NEVER_REUSE)

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    kind: Mapped[str]
    start_ns: Mapped[Ns]
    end_ns: Mapped[Ns]


class LeavingRow(Base):
    """A media file that is to be deleted, or under an empty name the deleted rows' old pages.

    Written with the rows' deletion and removed when all is gone, so that a cut deletion is
    completed when the store is opened next.
    """

    __tablename__ = "leaving"

    name: Mapped[str] = mapped_column(primary_key=True)


class MomentRow(Base):
    """A kept stretch of attention; ``end_ns`` is None while it is open."""

    __tablename__ = "moments"
    __table_args__ = (UniqueConstraint("recording_id", "start_ns"), NEVER_REUSE)

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
    __table_args__ = (UniqueConstraint("recording_id", "track_id", "start_ns"), NEVER_REUSE)

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
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


class UtteranceRow(Base):
    """What somebody said; ``is_read`` once a model has looked for facts in it."""

    __tablename__ = "utterances"
    __table_args__ = (UniqueConstraint("recording_id", "start_ns", "end_ns"), NEVER_REUSE)

    id: Mapped[Id]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
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
    __table_args__ = (UniqueConstraint("recording_id", "start_ns", "peak_ns"), NEVER_REUSE)

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


class ContextRow(Base):
    """What happened within a minute, ten minutes and so on up to a year.

    ``summary`` and ``detail`` hold a sentence per line. ``detail`` is empty once it has faded;
    ``summary`` stays. ``teller`` names the model that was last asked to summarise it better, and is
    empty while none was.
    """

    __tablename__ = "contexts"
    __table_args__ = (
        UniqueConstraint("level", "start_ns"),
        # What may fade must be found without reading what never will.
        Index("ix_contexts_fading", "end_ns", sqlite_where=text(MAY_FADE)),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    level: Mapped[str]
    start_ns: Mapped[Ns]
    end_ns: Mapped[Ns]
    summary: Mapped[str]
    detail: Mapped[str]
    arousal: Mapped[float]
    teller: Mapped[str]


class UntoldRow(Base):
    """Something changed at a time: the contexts of a level that hold this time are out of date."""

    __tablename__ = "untold"

    level: Mapped[str] = mapped_column(primary_key=True)
    t_ns: Mapped[Ns] = mapped_column(primary_key=True)


class KeyRow(Base):
    """One of the keys to a row: an activity, a place, an object, a person or a topic."""

    __tablename__ = "keys"
    __table_args__ = (
        UniqueConstraint("kind", "key", "row_kind", "row_id"),
        Index(None, "row_kind", "row_id"),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    kind: Mapped[str]
    key: Mapped[str]
    row_kind: Mapped[str]
    row_id: Mapped[int]


class FactRow(Base):
    """A statement, quoted from a speaker or, after a correction, in the wearer's own words.

    A person id of None stands for somebody unknown. ``slot`` names what can have one answer at a
    time, e.g. where somebody lives; it is empty for what contradicts nothing. ``value`` is the
    answer, normalised, empty where it cannot be compared; ``is_update`` says that it takes the
    place of earlier ones. ``place`` is where it was said, in words. ``closed_ns`` and
    ``replaces_id`` are the wearer's own doing; ``valid_until_ns`` follows from all of this.
    """

    __tablename__ = "facts"
    __table_args__ = (NEVER_REUSE,)

    id: Mapped[Id]
    subject_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    said_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    category: Mapped[str]
    slot: Mapped[str]
    value: Mapped[str]
    is_update: Mapped[bool]
    statement: Mapped[str]
    place: Mapped[str]
    is_quote: Mapped[bool]
    t_ns: Mapped[Ns]
    confidence: Mapped[float]
    valid_from_ns: Mapped[Ns]
    valid_until_ns: Mapped[Ns | None]
    closed_ns: Mapped[Ns | None]
    # The replaced fact may be forgotten and the correction stay; ids are never reused.
    replaces_id: Mapped[int | None] = mapped_column(index=True)


class TurnRow(Base):
    """One exchange with the companion."""

    __tablename__ = "turns"
    __table_args__ = (NEVER_REUSE,)

    id: Mapped[Id]
    t_ns: Mapped[Ns] = mapped_column(index=True)
    asked: Mapped[str]
    replied: Mapped[str]


class SourceRow(Base):
    """One edge of provenance: the derived row rests on the source row."""

    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("derived_kind", "derived_id", "source_kind", "source_id"),
        Index(None, "source_kind", "source_id"),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    derived_kind: Mapped[str]
    derived_id: Mapped[int]
    source_kind: Mapped[str]
    source_id: Mapped[int]


class DocumentRow(Base):
    """The sentence under which a row is found, indexed by word and by meaning.

    ``importance`` is arousal at the time, in [0, 1]. ``revision`` grows with every change of any
    document, so that a copy can follow.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("kind", "row_id"),
        # Following what changed must not read texts and vectors.
        Index(None, "revision", "kind", "start_ns", "end_ns"),
        # Finding those without a vector must not read the others.
        Index("ix_documents_pending", "id", sqlite_where=text("embedding IS NULL")),
        NEVER_REUSE,
    )

    id: Mapped[Id]
    kind: Mapped[str]
    row_id: Mapped[int]
    start_ns: Mapped[Ns] = mapped_column(index=True)
    end_ns: Mapped[Ns]
    moment_id: Mapped[int | None]
    text: Mapped[str]
    importance: Mapped[float]
    embedding: Mapped[bytes | None]
    revision: Mapped[int]


class DroppedDocumentRow(Base):
    """The number of a document that went, so that copies drop it too; a trigger writes it."""

    __tablename__ = "dropped_documents"

    revision: Mapped[Id]
    document_id: Mapped[int]


class RevisionRow(Base):
    """The last revision of any document, or of one that went: one row."""

    __tablename__ = "revision"

    id: Mapped[Id]
    value: Mapped[int]


class DocumentPersonRow(Base):
    """A document involves a person."""

    __tablename__ = "document_people"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class DocumentSourceRow(Base):
    """A document's text was made from a row."""

    __tablename__ = "document_sources"
    __table_args__ = (Index(None, "kind", "row_id"),)

    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True)


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
