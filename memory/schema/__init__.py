"""The tables. Every derived row names the rows it came from, in ``sources``.

Times are Unix nanoseconds, boxes and gaze are scene pixels, media paths are relative to the media
folder, vectors are little-endian float32.
"""

from memory.schema.base import LONG_NS, Base
from memory.schema.forgotten import ForgottenRow, LeavingRow
from memory.schema.found import (
    DocumentPersonRow,
    DocumentRow,
    DocumentSourceRow,
    DroppedDocumentRow,
    EmbedderRow,
    RevisionRow,
)
from memory.schema.happened import (
    DwellRow,
    EpisodeRow,
    EyeMovementRatesRow,
    FeelingRow,
    MomentRow,
    RecordingRow,
    SeenRow,
    UtteranceRow,
    box_columns,
    number,
)
from memory.schema.people import PersonKeyRow, PersonRow, SightingRow, TemplateRow
from memory.schema.told import MAY_FADE, ContextRow, FactRow, KeyRow, SourceRow, TurnRow, UntoldRow

__all__ = [
    "LONG_NS",
    "MAY_FADE",
    "Base",
    "ContextRow",
    "DocumentPersonRow",
    "DocumentRow",
    "DocumentSourceRow",
    "DroppedDocumentRow",
    "DwellRow",
    "EmbedderRow",
    "EpisodeRow",
    "EyeMovementRatesRow",
    "FactRow",
    "FeelingRow",
    "ForgottenRow",
    "KeyRow",
    "LeavingRow",
    "MomentRow",
    "PersonKeyRow",
    "PersonRow",
    "RecordingRow",
    "RevisionRow",
    "SeenRow",
    "SightingRow",
    "SourceRow",
    "TemplateRow",
    "TurnRow",
    "UntoldRow",
    "UtteranceRow",
    "box_columns",
    "number",
]
