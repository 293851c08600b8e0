"""Memory: the one door to what is remembered."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, tzinfo
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout
from sqlalchemy import select

from memory import corrections, documents, people
from memory.clips.library import Library, needs_clip
from memory.database import Database
from memory.export import export
from memory.facts import extraction
from memory.facts.extraction import Extractor
from memory.forget import leaving
from memory.forget.forgetting import Forgetting
from memory.history import polish
from memory.history.consolidate import Consolidation, OnTold
from memory.history.likeness import Likeness
from memory.history.summaries import Summarizer
from memory.people import Templates
from memory.provenance import add_sources, drop_sources
from memory.reads import Reads
from memory.recall import vectors
from memory.recorder import Recorder
from memory.records import (
    ExportReport,
    Fact,
    ForgetReport,
    Kind,
    MemoryStoreError,
    Person,
    Selection,
    Source,
    Turn,
)
from memory.schema import FactRow, TurnRow
from memory.units import MINUTE_NS
from perception.events import Embedding, Event

if TYPE_CHECKING:
    # Loading the network's library takes a second that a store without it saves.
    from memory.recall.embedding import Embedder

# A week, in which the wearer may want to read again how a minute went.
KEEP_DETAILS_NS = 7 * 24 * 60 * MINUTE_NS


class Memory(Reads):
    """What one wearer remembers: one SQLite file and a folder of media.

    Every method may be called from any thread. Writers wait for each other; readers see what was
    committed last. Every write is its own transaction and is on the disk when it returns.

    Example:
        with Memory.open(folder / "memory.sqlite", folder / "media", Mpnet()) as memory:
            memory.begin("recording:/data/walk", started_ns)
            memory.record(event)
            hits = memory.recall(Cue("Where are my keys?"))
    """

    def __init__(self, database: Database, media: Path, embedder: Embedder | None) -> None:
        super().__init__(database, media, embedder)
        self._templates = Templates()
        self._recorder = Recorder(database, self._templates)
        self._library = Library(media)
        self._likeness = Likeness(embedder)
        self._lock = FileLock(f"{database.path}.recording.lock", blocking=False, thread_local=False)
        self._recover()
        self._take_over_vectors()

    @classmethod
    def open(
        cls, url_or_path: str | Path, media: Path | None = None, embedder: Embedder | None = None
    ) -> Self:
        """Open a store, made or brought up to date where needed.

        Args:
            url_or_path: A file, or ``sqlite:///FILE``.
            media: Folder of clips, gaze tracks and pictures; ``media`` beside the file without one.
            embedder: Finds by meaning too; without one recall goes by words only. Vectors that
                another version made are let go: recall and :meth:`embed` make them anew, the
                newest first, and until then their sentences are found by words.

        Raises:
            MemoryStoreError: The file is damaged, foreign, not writable, or no SQLite URL.
        """
        path = _path_of(url_or_path)
        media = media if media is not None else path.parent / "media"
        return cls(Database(path), media, embedder)

    def close(self) -> None:
        """Close the file. What was recorded is already safe."""
        self._database.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    def begin(self, uri: str, started_ns: int) -> int:
        """Start a recording; events belong to it until :meth:`end`.

        The same source and start give the same recording again, and :meth:`record` then finds
        each event where it is: going through a recording twice changes nothing, and going
        through it after a crash completes it.

        Raises:
            MemoryStoreError: Another program records into this store.
        """
        if not self._lock.is_locked:
            try:
                self._lock.acquire()
            except Timeout:
                raise MemoryStoreError(
                    "already-recording",
                    f"another program is recording into {self.path}: stop it first",
                ) from None
        return self._recorder.begin(uri, started_ns)

    def end(self, recording_id: int, ended_ns: int) -> None:
        """Close a recording."""
        self._recorder.end(recording_id, ended_ns)
        self._lock.release()

    def record(self, event: Event) -> Source | None:
        """Remember one event of the recording that has begun.

        Pass every event: those that are not remembered are ignored, and ``FaceSeen`` tells who
        is in view while somebody speaks.

        Returns:
            The row that holds the event, or None where nothing was kept.

        Raises:
            MemoryStoreError: No recording has begun, or the disk is full.
        """
        return self._recorder.record(event)

    def consolidate(
        self,
        until_ns: int,
        zone: tzinfo = UTC,
        keep_details_ns: int = KEEP_DETAILS_NS,
        on_told: OnTold | None = None,
    ) -> None:
        """Tell what was remembered up to a time, and make everything findable by meaning.

        Args:
            until_ns: The time now. Minutes that began before are told, and what is longer once it
                has been over for five minutes.
            zone: Whose days these are; they begin at four in the morning.
            keep_details_ns: How long the details of what did not move the wearer are kept; their
                summaries stay.
            on_told: Called with level and time of what has been told, e.g. for a progress bar.
        """
        told = on_told or (lambda _level, _t_ns: None)
        Consolidation(self._database, self._likeness, zone, told).run(until_ns, keep_details_ns)
        while self.embed(vectors_at_most=64):
            pass

    def extract(self, extractor: Extractor, at_most: int = 64) -> int:
        """Let a model look for facts where the rules found none; return how many were kept.

        Slow, and meant for when nobody waits. Each utterance is looked at once.

        Args:
            extractor: Proposes facts; what is let in is decided here.
            at_most: Look at so many utterances.
        """
        kept = 0
        with self._database.write() as session:
            waiting = extraction.unread(session, at_most)
        for said_id, text in waiting:
            proposals = extractor.extract(text)
            with self._database.write() as session:
                kept += extraction.keep(session, said_id, proposals)
        return kept

    def polish(self, summarizer: Summarizer, at_most: int) -> int:
        """Let a model word summaries of an hour and more, the newest days first.

        Only what is faithful to its sources is kept; the chosen sentences stay otherwise.

        Returns:
            How many it was asked for; fewer than ``at_most`` once none is left.
        """
        asked = 0
        for level in polish.LEVELS:
            while asked < at_most and polish.polish_one(self._database, summarizer, level):
                asked += 1
        while self.embed(vectors_at_most=64):
            pass
        return asked

    def clip_path(self, moment_id: int) -> Path:
        """Return where the clip of a moment is to be written."""
        return self._library.clip(moment_id)

    def needs_clip(self, moment_id: int) -> bool:
        """Tell whether a moment has no whole clip yet."""
        with self._database.read() as session:
            return needs_clip(session, moment_id)

    def attach_clip(self, moment_id: int, thumbnail: bytes | None) -> None:
        """Tell a moment that its clip is finished, with a JPEG of the attended frame."""
        with self._database.write() as session:
            self._library.attach_clip(session, moment_id, thumbnail)

    def attach_face(self, sighting_id: int, picture: bytes) -> None:
        """Give a sighting its picture, as JPEG."""
        with self._database.write() as session:
            self._library.attach_face(session, sighting_id, picture)

    def add_turn(
        self, t_ns: int, asked: str, replied: str, sources: tuple[Source, ...] = ()
    ) -> Turn:
        """Keep an exchange with the companion and what the reply rested on.

        The same question at the same time, as in a second replay, is one exchange: the later
        reply takes the place of the earlier one.
        """
        again = select(TurnRow).where(TurnRow.t_ns == t_ns, TurnRow.asked == asked)
        with self._database.write() as session:
            row = session.scalar(again) or TurnRow(t_ns=t_ns, asked=asked)
            row.replied = replied
            session.add(row)
            session.flush()
            turn = Source(Kind.TURN, row.id)
            drop_sources(session, turn)
            add_sources(session, turn, sources)
            documents.refresh(session, [turn])
            return Turn(row.id, t_ns, asked, replied, sources)

    def add_fact(
        self,
        text: str,
        t_ns: int,
        subject_id: int | None = None,
        sources: tuple[Source, ...] = (),
        confidence: float = 1.0,
    ) -> Fact:
        """Keep a fact in the wearer's own words, about the wearer or about ``subject_id``."""
        with self._database.write() as session:
            wearer = people.wearer(session)
            subject = people.require(session, subject_id) if subject_id else wearer
            fact = corrections.add_fact(session, text, t_ns, subject, confidence, sources)
            return self._reader(session).facts(FactRow.id == fact.id)[0]

    def wearer(self) -> Person:
        """Return the wearer."""
        with self._database.write() as session:
            wearer_id = people.wearer(session).id
        return self.person(wearer_id)

    def rename_person(self, person_id: int, name: str) -> str:
        """Name a person, for good; an empty name takes a name away. Return the name before."""
        with self._database.write() as session:
            return corrections.rename(session, person_id, name, self._templates)

    def merge_people(self, keep_id: int, drop_id: int) -> Person:
        """Make two people one.

        Raises:
            MemoryStoreError: They were in view at one time, the wearer named both, or one of
                them is the wearer.
        """
        with self._database.write() as session:
            keep, drop = people.require(session, keep_id), people.require(session, drop_id)
            self._recorder.encounters.merge(session, keep, drop)
        return self.person(keep_id)

    def confirm_feeling(self, feeling_id: int, is_confirmed: bool) -> None:
        """Keep the wearer's answer to "was this why?"."""
        with self._database.write() as session:
            corrections.confirm_feeling(session, feeling_id, is_confirmed)

    def correct_fact(self, fact_id: int, text: str, t_ns: int) -> Fact:
        """Replace a fact from ``t_ns`` on; the old one is closed and kept as history."""
        with self._database.write() as session:
            fact = corrections.correct_fact(session, fact_id, text, t_ns)
            return self._reader(session).facts(FactRow.id == fact.id)[0]

    def close_fact(self, fact_id: int, t_ns: int) -> None:
        """Let a fact hold no longer from ``t_ns`` on; it is kept as history."""
        with self._database.write() as session:
            corrections.close_fact(session, fact_id, t_ns)

    def reopen_fact(self, fact_id: int) -> None:
        """Undo :meth:`close_fact` or :meth:`correct_fact`: the fact holds as it did before."""
        with self._database.write() as session:
            corrections.reopen_fact(session, fact_id)

    def add_template(self, person_id: int, kind: str, embedding: Embedding) -> None:
        """Keep a face or voice vector of the wearer or of somebody the wearer has named.

        Raises:
            MemoryStoreError: The wearer has not named this person.
        """
        with self._database.write() as session:
            corrections.add_template(session, person_id, kind, embedding, self._templates)

    def forget(self, selection: Selection) -> ForgetReport:
        """Delete what matches, and everything derived from it, down to the bytes.

        Rows, words, vectors, keys, clips, gaze and pictures go. Contexts are told anew without what
        went, exchanges that used it go whole, a name heard only there is no longer known. Deleting
        a person, a place or a topic also takes the clips, gaze and pictures of the moments in which
        it is seen or heard; what others said about a person stays theirs. A replay of the recording
        does not bring it back. A deletion that is cut short is completed when the store is opened
        next.

        Raises:
            MemoryStoreError: Another program still reads the store, so that old pages remain.
        """
        with self._database.write() as session:
            forgetting = Forgetting(session)
            forgetting.forget(selection)
            report = self._report(forgetting)
            leaving.note(session, self._library.present(forgetting.files))
        self._catalogue.clear()
        self._index.clear()
        self._templates.forget()
        self._finish_forgetting()
        return report

    def would_forget(self, selection: Selection) -> ForgetReport:
        """Return what :meth:`forget` would delete, and delete nothing."""
        with self._database.trial() as session:
            forgetting = Forgetting(session)
            forgetting.forget(selection)
            return self._report(forgetting)

    def export(self, folder: Path) -> ExportReport:
        """Write everything remembered into an empty folder, in open formats.

        Equal stores give equal bytes. Face and voice vectors are left out.

        Raises:
            MemoryStoreError: The folder is not empty, or the disk is full.
        """
        with self._database.read() as session:
            return export(session, self.media, folder)

    def _report(self, forgetting: Forgetting) -> ForgetReport:
        files = self._library.present(forgetting.files)
        size = self._library.measure(files)
        return ForgetReport(dict(+forgetting.rows), forgetting.text_bytes, len(files), size)

    def _finish_forgetting(self) -> None:
        """Delete the files and overwrite the pages that deleted rows have left."""
        with self._database.read() as session:
            names = leaving.noted(session)
        if names is not None:
            self._library.delete(names)
            self._database.compact()
            with self._database.write() as session:
                leaving.clear(session)

    def _take_over_vectors(self) -> None:
        """Keep no vectors but those of this embedder: others mean something else."""
        if self._embedder is None:
            return
        with self._database.read() as session:
            if vectors.are_of(session, self._embedder):
                return
        with self._database.write() as session:
            vectors.hand_over(session, self._embedder)

    def _recover(self) -> None:
        """Put right what a killed process left, unless another one is recording right now."""
        # Another program may be reading: then it is for the next opening.
        with suppress(MemoryStoreError):
            self._finish_forgetting()
        try:
            with self._lock, self._database.write() as session:
                self._library.recover(session)
        except Timeout:
            return


def _path_of(url_or_path: str | Path) -> Path:
    text = str(url_or_path)
    if text.startswith("sqlite:///"):
        return Path(text.removeprefix("sqlite:///"))
    if "://" in text:
        raise MemoryStoreError(
            "unsupported-database",
            f"{text.split('://', 1)[0]} stores are not supported: give a file or sqlite:///FILE",
        )
    return Path(url_or_path)
