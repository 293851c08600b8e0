"""Contexts of every length with the keys to them, kinds of facts, and what matters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


# Until then a correction was known by the fact that it rests on.
_CORRECTIONS = """
    UPDATE facts SET replaces_id = (
        SELECT source_id FROM sources
        WHERE derived_kind = 'fact' AND derived_id = facts.id AND source_kind = 'fact'
    ) WHERE NOT is_quote
"""

DROPPED = """
    CREATE TRIGGER documents_dropped AFTER DELETE ON documents BEGIN
        UPDATE revision SET value = value + 1;
        INSERT INTO dropped_documents SELECT value, old.id FROM revision;
    END
"""


def upgrade() -> None:
    """Let a context have a level, a fact a category, a document an importance; make the keys."""
    with op.batch_alter_table(
        "contexts", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ) as contexts:
        contexts.drop_constraint("uq_contexts_start_ns", type_="unique")
        contexts.alter_column("text", new_column_name="summary")
        contexts.add_column(_filled("level", "minute"))
        contexts.add_column(_filled("detail", ""))
        contexts.add_column(_filled("teller", ""))
        contexts.create_unique_constraint("uq_contexts_level_start_ns", ["level", "start_ns"])
    with op.batch_alter_table("facts") as facts:
        facts.add_column(_filled("category", "background"))
        facts.add_column(_filled("slot", ""))
        facts.add_column(_filled("place", ""))
        facts.add_column(_filled("value", ""))
        facts.add_column(sa.Column("is_update", sa.Boolean, nullable=False, server_default="0"))
        facts.add_column(sa.Column("closed_ns", sa.BigInteger))
        facts.add_column(sa.Column("replaces_id", sa.Integer))
    with op.batch_alter_table("utterances") as utterances:
        utterances.add_column(sa.Column("is_read", sa.Boolean, nullable=False, server_default="0"))
    op.create_index(op.f("ix_facts_replaces_id"), "facts", ["replaces_id"])
    op.execute(_CORRECTIONS)
    with op.batch_alter_table("documents") as documents:
        # A constant default, else the table would be made anew, without the word index's triggers.
        documents.add_column(sa.Column("importance", sa.Double, nullable=False, server_default="0"))
    op.create_table(
        "keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("row_kind", sa.String, nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.UniqueConstraint("kind", "key", "row_kind", "row_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_keys_row_kind_row_id"), "keys", ["row_kind", "row_id"])
    op.create_index(
        "ix_contexts_fading",
        "contexts",
        ["end_ns"],
        sqlite_where=sa.text("detail != '' AND arousal <= 0.5"),
    )
    op.create_index(op.f("ix_episodes_key_ns"), "episodes", ["key_ns"])
    op.create_index(op.f("ix_seen_t_ns"), "seen", ["t_ns"])
    op.create_table(
        "untold",
        sa.Column("level", sa.String, primary_key=True),
        sa.Column("t_ns", sa.BigInteger, primary_key=True),
    )
    # Every minute is told anew, in today's words, and with it what is longer.
    op.execute("INSERT INTO untold SELECT 'minute', start_ns FROM contexts")
    with op.batch_alter_table("forgotten") as forgotten:
        forgotten.add_column(_filled("kind", ""))
    op.create_index(
        op.f("ix_forgotten_recording_id_start_ns"), "forgotten", ["recording_id", "start_ns"]
    )
    # The vector of a quotation is that of its words alone, without who said them.
    op.execute("UPDATE documents SET embedding = NULL")
    op.create_table("leaving", sa.Column("name", sa.String, primary_key=True))
    _follow_documents()


def _follow_documents() -> None:
    """Let a copy of the documents follow what changed and what went without reading the others."""
    op.drop_index("ix_documents_revision", "documents")
    columns = ["revision", "kind", "start_ns", "end_ns"]
    op.create_index(op.f("ix_documents_revision_kind_start_ns_end_ns"), "documents", columns)
    op.create_table(
        "dropped_documents",
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("document_id", sa.Integer, nullable=False),
    )
    op.execute(DROPPED)


def _filled(name: str, value: str) -> sa.Column[str]:
    """Return a text column that rows from before get a value for."""
    return sa.Column(name, sa.String, nullable=False, server_default=value)
