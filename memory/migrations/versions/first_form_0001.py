"""The first form of the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The word index keeps no text of its own: it reads the documents, and triggers keep it in step.
WORD_INDEX = (
    """
    CREATE VIRTUAL TABLE words USING fts5(
        text, content='documents', content_rowid='id', tokenize='porter unicode61'
    )
    """,
    """
    CREATE TRIGGER words_insert AFTER INSERT ON documents BEGIN
        INSERT INTO words(rowid, text) VALUES (new.id, new.text);
    END
    """,
    """
    CREATE TRIGGER words_delete AFTER DELETE ON documents BEGIN
        INSERT INTO words(words, rowid, text) VALUES ('delete', old.id, old.text);
    END
    """,
    """
    CREATE TRIGGER words_update AFTER UPDATE OF text ON documents BEGIN
        INSERT INTO words(words, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO words(rowid, text) VALUES (new.id, new.text);
    END
    """,
)


def upgrade() -> None:
    """Make every table and the word index."""
    op.create_table(
        "contexts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("arousal", sa.Double, nullable=False),
        sa.UniqueConstraint("start_ns"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger, nullable=False),
        sa.Column("moment_id", sa.Integer),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("embedding", sa.LargeBinary),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.UniqueConstraint("kind", "row_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_documents_pending", "documents", ["id"], sqlite_where=sa.text("embedding IS NULL")
    )
    op.create_index(op.f("ix_documents_revision"), "documents", ["revision"])
    op.create_index(op.f("ix_documents_start_ns"), "documents", ["start_ns"])
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("is_name_given", sa.Boolean, nullable=False),
        sa.Column("is_wearer", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "recordings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uri", sa.String, nullable=False),
        sa.Column("started_ns", sa.BigInteger, nullable=False),
        sa.Column("ended_ns", sa.BigInteger),
        sa.UniqueConstraint("uri", "started_ns"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.execute("INSERT INTO revision VALUES (1, 0)")
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("derived_kind", sa.String, nullable=False),
        sa.Column("derived_id", sa.Integer, nullable=False),
        sa.Column("source_kind", sa.String, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.UniqueConstraint("derived_kind", "derived_id", "source_kind", "source_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_sources_source_kind_source_id"), "sources", ["source_kind", "source_id"]
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("t_ns", sa.BigInteger, nullable=False),
        sa.Column("asked", sa.String, nullable=False),
        sa.Column("replied", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_turns_t_ns"), "turns", ["t_ns"])
    op.create_table(
        "document_people",
        sa.Column(
            "document_id",
            sa.Integer,
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "person_id",
            sa.Integer,
            sa.ForeignKey("people.id", ondelete="CASCADE"),
            primary_key=True,
        ),
    )
    op.create_index(op.f("ix_document_people_person_id"), "document_people", ["person_id"])
    op.create_table(
        "document_sources",
        sa.Column(
            "document_id",
            sa.Integer,
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("row_id", sa.Integer, primary_key=True),
    )
    op.create_index(op.f("ix_document_sources_kind_row_id"), "document_sources", ["kind", "row_id"])
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject_id", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE")),
        sa.Column("said_by_id", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE")),
        sa.Column("statement", sa.String, nullable=False),
        sa.Column("is_quote", sa.Boolean, nullable=False),
        sa.Column("t_ns", sa.BigInteger, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("valid_from_ns", sa.BigInteger, nullable=False),
        sa.Column("valid_until_ns", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_facts_said_by_id"), "facts", ["said_by_id"])
    op.create_index(op.f("ix_facts_subject_id"), "facts", ["subject_id"])
    op.create_table(
        "forgotten",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "recording_id",
            sa.Integer,
            sa.ForeignKey("recordings.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "moments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "recording_id",
            sa.Integer,
            sa.ForeignKey("recordings.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger),
        sa.Column("key_ns", sa.BigInteger, nullable=False),
        sa.Column("x_px", sa.Double),
        sa.Column("y_px", sa.Double),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("clip", sa.String),
        sa.Column("thumbnail", sa.String),
        sa.UniqueConstraint("recording_id", "start_ns"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_moments_start_ns"), "moments", ["start_ns"])
    op.create_table(
        "person_keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recording_id", sa.Integer, sa.ForeignKey("recordings.id", ondelete="CASCADE")),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id", ondelete="SET NULL")),
        sa.UniqueConstraint("recording_id", "key"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_person_keys_person_id"), "person_keys", ["person_id"])
    op.create_table(
        "episodes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "moment_id", sa.Integer, sa.ForeignKey("moments.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger, nullable=False),
        sa.Column("key_ns", sa.BigInteger, nullable=False),
        sa.Column("x_px", sa.Double),
        sa.Column("y_px", sa.Double),
        *_box(),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_episodes_moment_id"), "episodes", ["moment_id"])
    op.create_table(
        "feelings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "recording_id",
            sa.Integer,
            sa.ForeignKey("recordings.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("moment_id", sa.Integer, sa.ForeignKey("moments.id", ondelete="SET NULL")),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger, nullable=False),
        sa.Column("peak_ns", sa.BigInteger, nullable=False),
        sa.Column("emotion", sa.String, nullable=False),
        sa.Column("valence", sa.Double, nullable=False),
        sa.Column("arousal", sa.Double, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("cause_kind", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("influence", sa.Double, nullable=False),
        sa.Column("is_confirmed", sa.Boolean),
        sa.UniqueConstraint("recording_id", "start_ns", "peak_ns"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feelings_moment_id"), "feelings", ["moment_id"])
    op.create_index(op.f("ix_feelings_peak_ns"), "feelings", ["peak_ns"])
    op.create_table(
        "seen",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "recording_id",
            sa.Integer,
            sa.ForeignKey("recordings.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("moment_id", sa.Integer, sa.ForeignKey("moments.id", ondelete="SET NULL")),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("t_ns", sa.BigInteger, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        *_box(),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("is_attended", sa.Boolean, nullable=False),
        sa.CheckConstraint("kind IN ('object', 'text')", name="kind"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_seen_moment_id"), "seen", ["moment_id"])
    op.create_index(op.f("ix_seen_recording_id_t_ns"), "seen", ["recording_id", "t_ns"])
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "recording_id",
            sa.Integer,
            sa.ForeignKey("recordings.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "person_id", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("moment_id", sa.Integer, sa.ForeignKey("moments.id", ondelete="SET NULL")),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger, nullable=False),
        sa.Column("key_ns", sa.BigInteger, nullable=False),
        sa.Column("track_id", sa.Integer, nullable=False),
        *_box(),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("attended_ns", sa.BigInteger, nullable=False),
        sa.Column("thumbnail", sa.String),
        sa.UniqueConstraint("recording_id", "track_id", "start_ns"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sightings_moment_id"), "sightings", ["moment_id"])
    op.create_index(op.f("ix_sightings_person_id"), "sightings", ["person_id"])
    op.create_index(op.f("ix_sightings_start_ns"), "sightings", ["start_ns"])
    op.create_table(
        "utterances",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "recording_id",
            sa.Integer,
            sa.ForeignKey("recordings.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id", ondelete="SET NULL")),
        sa.Column("moment_id", sa.Integer, sa.ForeignKey("moments.id", ondelete="SET NULL")),
        sa.Column("start_ns", sa.BigInteger, nullable=False),
        sa.Column("end_ns", sa.BigInteger, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("is_wearer", sa.Boolean, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("voice_confidence", sa.Double, nullable=False),
        sa.UniqueConstraint("recording_id", "start_ns", "end_ns"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_utterances_moment_id"), "utterances", ["moment_id"])
    op.create_index(op.f("ix_utterances_person_id"), "utterances", ["person_id"])
    op.create_index(op.f("ix_utterances_start_ns"), "utterances", ["start_ns"])
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "person_id", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("embedding", sa.LargeBinary, nullable=False),
        sa.Column("sighting_id", sa.Integer, sa.ForeignKey("sightings.id", ondelete="CASCADE")),
        sa.Column("utterance_id", sa.Integer, sa.ForeignKey("utterances.id", ondelete="CASCADE")),
        sa.CheckConstraint("kind IN ('face', 'voice')", name="kind"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_templates_person_id"), "templates", ["person_id"])
    for statement in WORD_INDEX:
        op.execute(statement)


def _box() -> list[sa.Column[float]]:
    names = ("box_x_px", "box_y_px", "box_width_px", "box_height_px")
    return [sa.Column(name, sa.Double, nullable=False) for name in names]
