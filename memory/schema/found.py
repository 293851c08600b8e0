"""Under what it is found: sentences with their vectors, and what follows their changes."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from memory.schema.base import NEVER_REUSE, Base, Id, Ns


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


class EmbedderRow(Base):
    """What made the vectors that are stored: one row, none before the first embedder."""

    __tablename__ = "embedder"

    id: Mapped[Id]
    version: Mapped[str]


class DocumentPersonRow(Base):
    """A document involves a person."""

    __tablename__ = "document_people"
    # Recalling by a person reads no row.
    __table_args__ = (Index(None, "person_id", "document_id"),)

    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
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
