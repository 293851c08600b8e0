"""What is seen as rows remember it, and as it was perceived."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.records import Kind
from memory.schema import SeenRow
from perception.events import Box, ObjectSeen, TextSeen

View = ObjectSeen | TextSeen


def kind_and_text(view: View) -> tuple[Kind, str]:
    """Return as what a view is remembered."""
    if isinstance(view, ObjectSeen):
        return Kind.OBJECT, view.label
    return Kind.TEXT, " ".join(view.text.split())


def last_views(session: Session, recording_id: int, at_most: int) -> list[View]:
    """Return the last views that are remembered of a recording, oldest first."""
    rows = select(SeenRow).where(SeenRow.recording_id == recording_id)
    latest = session.scalars(rows.order_by(SeenRow.t_ns.desc(), SeenRow.id.desc()).limit(at_most))
    return [_view(row) for row in reversed(latest.all())]


def _view(row: SeenRow) -> View:
    box = Box(row.box_x_px, row.box_y_px, row.box_width_px, row.box_height_px)
    kind = ObjectSeen if row.kind == Kind.OBJECT else TextSeen
    return kind(row.t_ns, row.text, box, row.confidence, row.is_attended)
