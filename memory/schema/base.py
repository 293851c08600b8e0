"""What all tables share: the root, the columns of ids and of times."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

Ns = Annotated[int, mapped_column(BigInteger)]
Id = Annotated[int, mapped_column(primary_key=True)]

# Ids are never reused: a stale id in a window must not open somebody else's row.
NEVER_REUSE = {"sqlite_autoincrement": True}

# What lasts longer than this is found by an index of its own, so that nothing else has to be looked
# for further back. Rare: faces that stay in view.
LONG_NS = 600_000_000_000
IS_LONG = f"end_ns - start_ns > {LONG_NS}"


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
