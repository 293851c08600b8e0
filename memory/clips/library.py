"""The media folder: which file belongs to which row, and what to do after a crash."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import av
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from memory import documents
from memory.clips.gaze_track import finish_track, journal_of, track_beside
from memory.clips.media import finish_part, parts_of, thumbnail_at, write_file
from memory.forget.burial import is_clip_buried
from memory.records import Kind, Source
from memory.schema import EpisodeRow, MomentRow, SeenRow, SightingRow, UtteranceRow
from memory.slots import dissolve, relink

CLIPS = "clips"
THUMBNAILS = "thumbnails"
FACES = "faces"

_NS_PER_S = 1_000_000_000


class Library:
    """Names and keeps files; the paths in rows are relative to the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def clip(self, moment_id: int) -> Path:
        """Return where the clip of a moment lies."""
        return self.folder / _clip_name(moment_id)

    def attach_clip(self, session: Session, moment_id: int, thumbnail: bytes | None) -> None:
        """Tell a moment that its clip is finished, and keep its picture."""
        row = session.get(MomentRow, moment_id)
        if row is None or is_clip_buried(session, row):
            # Forgotten while it was filmed.
            for path in (self.clip(moment_id), track_beside(self.clip(moment_id))):
                path.unlink(missing_ok=True)
            return
        row.clip = self.clip(moment_id).relative_to(self.folder).as_posix()
        if thumbnail is not None:
            row.thumbnail = f"{THUMBNAILS}/moment-{moment_id:06d}.jpg"
            write_file(self.folder / row.thumbnail, thumbnail)

    def attach_face(self, session: Session, sighting_id: int, picture: bytes) -> None:
        """Keep the picture of a face."""
        row = session.get(SightingRow, sighting_id)
        if row is not None and row.thumbnail is None:
            row.thumbnail = f"{FACES}/sighting-{sighting_id:06d}.jpg"
            write_file(self.folder / row.thumbnail, picture)

    def present(self, names: Iterable[str]) -> list[str]:
        """Return those of some files that there are, each once."""
        return [name for name in dict.fromkeys(names) if (self.folder / name).is_file()]

    def measure(self, names: Iterable[str]) -> int:
        """Return how many bytes some files take."""
        return sum((self.folder / name).stat().st_size for name in names)

    def delete(self, names: Iterable[str]) -> None:
        """Delete files; those that are gone already are no matter."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def recover(self, session: Session) -> None:
        """Put right what a killed process left: half-written clips, open moments, stray files."""
        for moment in session.scalars(select(MomentRow).where(MomentRow.end_ns.is_(None))).all():
            self._close(session, moment)
        for moment in session.scalars(select(MomentRow).where(MomentRow.clip.is_(None))).all():
            self._picture(session, moment, self._finish_clip(moment))
        for moment in session.scalars(select(MomentRow).where(MomentRow.clip.is_not(None))):
            if not (self.folder / str(moment.clip)).is_file():
                moment.clip = None
        session.flush()
        self._sweep(session)

    def _close(self, session: Session, moment: MomentRow) -> None:
        clip = self._finish_clip(moment)
        ends = [_last_linked_ns(session, moment.id)]
        if clip is not None:
            ends.append(moment.start_ns + _duration_ns(clip))
        moment.end_ns = max((end_ns for end_ns in ends if end_ns is not None), default=None)
        if moment.end_ns is None:
            # Killed as it opened: nothing was kept of it.
            documents.refresh_moved(session, dissolve(session, moment))
            return
        moment.key_ns = (moment.start_ns + moment.end_ns) // 2
        self._picture(session, moment, clip)
        moved = relink(session, moment)
        documents.refresh_moved(session, [Source(Kind.MOMENT, moment.id), *moved])

    def _finish_clip(self, moment: MomentRow) -> Path | None:
        """Put what was written of a clip and of its gaze in place; None where no clip is left."""
        lasts_ns = math.inf if moment.end_ns is None else moment.end_ns - moment.start_ns
        clip = self.clip(moment.id)
        if finish_part(clip, lasts_ns / _NS_PER_S) is None and not clip.is_file():
            return None
        finish_track(track_beside(clip), moment.end_ns)
        return clip

    def _picture(self, session: Session, moment: MomentRow, clip: Path | None) -> None:
        """Tell a moment that its clip was saved, and take its picture from there."""
        if clip is not None:
            seconds = (moment.key_ns - moment.start_ns) / _NS_PER_S
            self.attach_clip(session, moment.id, thumbnail_at(clip, seconds))

    def _sweep(self, session: Session) -> None:
        """Delete files of ours that no row names."""
        named = {
            name
            for column in (MomentRow.clip, MomentRow.thumbnail, SightingRow.thumbnail)
            for name in session.scalars(select(column).where(column.is_not(None)))
            if name
        }
        named |= {track_beside(Path(name)).as_posix() for name in named}
        for folder, pattern in (
            (CLIPS, "moment-*"),
            (THUMBNAILS, "moment-*"),
            (FACES, "sighting-*"),
        ):
            for path in sorted((self.folder / folder).glob(pattern)):
                if path.relative_to(self.folder).as_posix() not in named:
                    path.unlink()


def needs_clip(session: Session, moment_id: int) -> bool:
    """Tell whether a moment has no whole clip yet, and may have one.

    A clip cut short by a crash is not whole. One that was forgotten does not come back.
    """
    row = session.get(MomentRow, moment_id)
    if row is None or is_clip_buried(session, row):
        return False
    has_episode = select(EpisodeRow.id).where(EpisodeRow.moment_id == moment_id).limit(1)
    return row.clip is None or session.scalar(has_episode) is None


def media_of(moment: MomentRow) -> list[str]:
    """Return every file that a moment can have, finished or still being written."""
    clip = Path(_clip_name(moment.id))
    track = track_beside(clip)
    paths = [clip, *parts_of(clip), track, journal_of(track)]
    return [path.as_posix() for path in paths] + ([moment.thumbnail] if moment.thumbnail else [])


def _clip_name(moment_id: int) -> str:
    return f"{CLIPS}/moment-{moment_id:06d}.mp4"


def _duration_ns(clip: Path) -> int:
    with av.open(str(clip)) as container:
        return int(container.duration or 0) * (_NS_PER_S // av.time_base)


def _last_linked_ns(session: Session, moment_id: int) -> int | None:
    columns = (
        (SeenRow.t_ns, SeenRow.moment_id),
        (SightingRow.end_ns, SightingRow.moment_id),
        (UtteranceRow.end_ns, UtteranceRow.moment_id),
    )
    ends = [session.scalar(select(func.max(t)).where(of == moment_id)) for t, of in columns]
    return max((end_ns + 1 for end_ns in ends if end_ns is not None), default=None)
