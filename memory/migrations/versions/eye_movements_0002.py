"""Dwells, and the rates of eye movements by the minute."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "dwells",
        *_span(),
        sa.Column("x_px", sa.Double),
        sa.Column("y_px", sa.Double),
        sa.Column("fixations", sa.Integer, nullable=False),
        sa.UniqueConstraint("recording_id", "start_ns"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "eye_movement_rates",
        *_span(),
        sa.Column("seen_ns", sa.BigInteger, nullable=False),
        sa.Column("saccades_hz", sa.Double, nullable=False),
        sa.Column("blinks_per_min", sa.Double, nullable=False),
        sa.UniqueConstraint("recording_id", "start_ns"),
        sqlite_autoincrement=True,
    )


def _span() -> list[sa.Column[int]]:
    recording = sa.ForeignKey("recordings.id", ondelete="CASCADE")
    return [
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recording_id", sa.Integer, recording, nullable=False),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger, nullable=False),
    ]
