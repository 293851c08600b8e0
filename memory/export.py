"""Everything that is remembered in an open format: JSON Lines and the media files.

Equal stores give equal bytes: rows in the order of their ids, keys sorted, no clock.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.reader import Reader
from memory.records import ExportReport, Kind, MemoryStoreError
from memory.schema import (
    Base,
    DwellRow,
    EyeMovementRatesRow,
    ForgottenRow,
    PersonKeyRow,
    RecordingRow,
    SeenRow,
    SightingRow,
    SourceRow,
)

_README = """\
# What Attune remembers

One file per kind, one JSON object per line (JSON Lines, UTF-8). Times are Unix nanoseconds,
intervals are half open. Boxes and gaze are pixels of the scene camera's picture, origin top-left.
`media/` holds the clips (H.264 in MP4; time zero is the moment's `start_ns`), beside each clip the
gaze as CSV (`*.gaze.csv`), and the pictures. Paths are relative to `media/`. `sources.jsonl` names
the rows that each derived row came from.

A gaze track has one row per sample: `t_ns`; `clip_s`, seconds from the clip's beginning; `x_px` and
`y_px`, empty while the eyes are lost; `confidence`; `movement` of the eyes, empty where unknown;
`scene_width_px` and `scene_height_px` of the scene camera's picture. Clips are at most 960 pixels
wide: gaze lies at the share `x_px / scene_width_px` of a clip's width.

Left out on purpose: face and voice vectors, which would let others recognise people, and the
vectors and word index of the search, which are made anew from the text.
"""


def export(session: Session, media: Path, folder: Path) -> ExportReport:
    """Write everything into an empty folder.

    Raises:
        MemoryStoreError: The folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise MemoryStoreError(
            "export-not-empty", f"{folder} holds something already: choose an empty folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(_README, encoding="utf-8")
    reader = Reader(session, media)
    rows = {
        Kind.MOMENT: _write(folder, "moments", reader.moments(), media),
        Kind.PERSON: _write(folder, "people", reader.people(), media),
        Kind.UTTERANCE: _write(folder, "utterances", reader.spoken(), media),
        Kind.FEELING: _write(folder, "feelings", reader.feelings(), media),
        Kind.CONTEXT: _write(folder, "contexts", reader.contexts(), media),
        Kind.FACT: _write(folder, "facts", reader.facts(), media),
        Kind.TURN: _write(folder, "turns", reader.turns(), media),
        Kind.SIGHTING: _write(folder, "sightings", _all(session, SightingRow), media),
        Kind.OBJECT: _write(folder, "objects", _seen(session, Kind.OBJECT), media),
        Kind.TEXT: _write(folder, "texts", _seen(session, Kind.TEXT), media),
        Kind.DWELL: _write(folder, "dwells", _all(session, DwellRow), media),
        Kind.EYE_RATES: _write(
            folder, "eye_movement_rates", _all(session, EyeMovementRatesRow), media
        ),
    }
    _write(folder, "recordings", _all(session, RecordingRow), media)
    _write(folder, "person_keys", _all(session, PersonKeyRow), media)
    _write(folder, "forgotten", _all(session, ForgottenRow), media)
    _write(folder, "sources", _edges(session), media)
    files, size = _copy_media(media, folder / "media")
    return ExportReport(rows, files, size)


def _write(folder: Path, name: str, rows: Iterable[object], media: Path) -> int:
    count = 0
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            plain = _plain(row, media)
            file.write(json.dumps(plain, ensure_ascii=False, sort_keys=True, allow_nan=False))
            file.write("\n")
            count += 1
    return count


def _plain(value: Any, media: Path) -> Any:  # noqa: ANN401
    """Return a value as JSON knows it; people inside other rows shrink to their ids."""
    if isinstance(value, Base):
        value = {column.key: getattr(value, column.key) for column in value.__table__.columns}
    elif is_dataclass(value):
        value = {f.name: _reference(f.name, getattr(value, f.name)) for f in fields(value)}
    match value:
        case dict():
            return {key: _plain(item, media) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item, media) for item in value]
        case Path():
            return value.relative_to(media).as_posix()
        case float() if math.isnan(value):
            return None
    return value


def _reference(name: str, value: Any) -> Any:  # noqa: ANN401
    if name in ("seen", "people", "spoken", "feelings"):
        return [row.id for row in value]
    if name == "speaker":
        return None if value is None else value.id
    return value


def _all(session: Session, table: type[Any]) -> Iterable[object]:
    return session.scalars(select(table).order_by(table.id))


def _edges(session: Session) -> Iterable[object]:
    derived = (SourceRow.derived_kind, SourceRow.derived_id)
    source = (SourceRow.source_kind, SourceRow.source_id)
    names = ("derived_kind", "derived_id", "source_kind", "source_id")
    rows = session.execute(select(*derived, *source).order_by(*derived, *source))
    return [dict(zip(names, row, strict=True)) for row in rows]


def _seen(session: Session, kind: Kind) -> Iterable[object]:
    return session.scalars(select(SeenRow).where(SeenRow.kind == kind).order_by(SeenRow.id))


def _copy_media(media: Path, target: Path) -> tuple[int, int]:
    files = size = 0
    for path in sorted(media.rglob("*")):
        if path.is_file() and path.suffix in (".mp4", ".jpg", ".csv"):
            copy = target / path.relative_to(media)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            files, size = files + 1, size + copy.stat().st_size
    return files, size
