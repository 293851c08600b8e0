"""Indexes that keep recording and recall fast in long stores."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_IS_LONG = "end_ns - start_ns > 600000000000"
_LONG = {
    "moments": f"end_ns IS NULL OR {_IS_LONG}",
    "sightings": _IS_LONG,
    "utterances": _IS_LONG,
    "feelings": _IS_LONG,
}


def upgrade() -> None:
    """Index what lasts long, and when people were met, and what involves them."""
    for table, is_long in _LONG.items():
        columns = ["recording_id", "start_ns", "end_ns"]
        op.create_index(f"ix_{table}_long", table, columns, sqlite_where=text(is_long))
    op.create_index(
        op.f("ix_sightings_recording_id_start_ns"), "sightings", ["recording_id", "start_ns"]
    )
    by_person = {
        "sightings": "start_ns",
        "utterances": "start_ns",
        "document_people": "document_id",
    }
    for table, column in by_person.items():
        op.drop_index(op.f(f"ix_{table}_person_id"), table)
        op.create_index(op.f(f"ix_{table}_person_id_{column}"), table, ["person_id", column])
