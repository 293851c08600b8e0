"""What was made of it: contexts and their keys, facts, exchanges, and where each comes from."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from memory.schema.base import NEVER_REUSE, Base, Id, Ns

# Details of what moved the wearer no more than this fade; OS-1's gate of 5 in 10.
MAY_FADE = "detail != '' AND arousal <= 0.5"


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
    place of earlier ones. ``place`` is where it was said, in words; empty where nothing told it.
    ``closed_ns`` and ``replaces_id`` are the wearer's own doing; ``valid_until_ns`` follows from
    all of this.
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
