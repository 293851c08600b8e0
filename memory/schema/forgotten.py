"""What is left of what was forgotten: spans that stay away, files on their way out."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from memory.schema.base import NEVER_REUSE, Base, Id, Ns


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
