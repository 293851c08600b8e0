"""What the life-log window shows and does, without a window."""

from __future__ import annotations

from datetime import tzinfo

from app.forgetting import losses
from app.lifelog.opened import detail_of
from app.lifelog.state import (
    Confirmation,
    Empty,
    Heading,
    LifelogScreen,
    MomentDetail,
    Note,
    Notice,
    Row,
)
from app.people import name_person
from app.widgets import words
from app.widgets.days import DayCursor
from app.widgets.moments import MomentCard, PersonChip, moment_card
from memory.records import Cue, Level, Moment, Selection
from memory.store import Memory

FOUND_LIMIT = 60

_NOTHING_YET = Empty(
    "Nothing is remembered yet",
    "Wear the glasses, or replay a recording with “attune run”. "
    "Every moment you look at closely will appear here.",
)
_NOTHING_FOUND = Empty(
    "Nothing fits",
    "Try fewer or other words, choose another person, or press Esc to see the whole day again.",
)


class LifelogPresenter:
    """Browses, searches and corrects one memory.

    A deleted moment disappears at once, and is forgotten for good when :meth:`commit` is called,
    when something else is deleted, or when the window closes; until then it can be brought back.
    """

    def __init__(self, memory: Memory, zone: tzinfo = words.MACHINE_ZONE) -> None:
        self._memory = memory
        self._zone = zone
        self._days = DayCursor(memory.days(zone))
        self._query = ""
        self._person_id: int | None = None
        self._opened_id: int | None = None
        self._confirmation: Confirmation | None = None
        self._notice: Notice | None = None
        self._doomed_id: int | None = None
        self._renamed: tuple[int, str] | None = None
        self._read: tuple[object, tuple[Row, ...]] | None = None

    def screen(self) -> LifelogScreen:
        """Return what to show now."""
        rows = self._rows()
        cards = [row for row in rows if isinstance(row, MomentCard)]
        day = self._days.day
        is_searching = bool(self._query)
        return LifelogScreen(
            title=f"Found: {self._query}" if is_searching else words.day_title(day) if day else "",
            subtitle=_subtitle(rows, cards, is_searching),
            can_go_earlier=not is_searching and self._days.earlier is not None,
            can_go_later=not is_searching and self._days.later is not None,
            query=self._query,
            rows=rows,
            people=self._people(),
            person_id=self._person_id,
            detail=self._detail(),
            confirmation=self._confirmation,
            notice=self._notice,
            empty=None if rows else _NOTHING_YET if day is None else _NOTHING_FOUND,
        )

    def reload(self) -> None:
        """Take in what was remembered since."""
        self._read = None
        self._days.reload(self._memory.days(self._zone))

    def earlier(self) -> None:
        """Show the day before."""
        self._days.go(self._days.earlier)
        self._opened_id = None

    def later(self) -> None:
        """Show the day after."""
        self._days.go(self._days.later)
        self._opened_id = None

    def search(self, text: str) -> None:
        """Find moments of all days by words and meaning; no words show the day again."""
        self._query = " ".join(text.split())

    def filter_person(self, person_id: int | None) -> None:
        """Show only what involves a person; the same person again shows all."""
        self._person_id = None if person_id == self._person_id else person_id

    def open(self, moment_id: int) -> None:
        """Show a moment in full."""
        self._opened_id = moment_id

    def step(self, by: int) -> None:
        """Open the moment ``by`` cards further down, or the first one while none is open."""
        ids = [row.id for row in self._rows() if isinstance(row, MomentCard)]
        if not ids:
            return
        at = ids.index(self._opened_id) + by if self._opened_id in ids else 0
        self._opened_id = ids[min(max(at, 0), len(ids) - 1)]

    def back(self) -> None:
        """Leave the innermost thing: question, opened moment, search, person."""
        if self._confirmation:
            self._confirmation = None
        elif self._opened_id is not None:
            self._opened_id = None
        elif self._query:
            self._query = ""
        else:
            self._person_id = None

    def rename(self, person_id: int, name: str) -> None:
        """Give a person a name."""
        name = " ".join(name.split())
        was = self._memory.person(person_id)
        if not name or name == was.name:
            return
        self.commit()
        name_person(self._memory, person_id, name)
        self._read = None
        self._renamed = (person_id, was.name)
        self._notice = Notice(f"{words.sentence(was.label)} is now {name}", can_undo=True)

    def ask_delete(self, moment_id: int) -> None:
        """Ask before a moment is deleted, and say what would go."""
        moment = self._memory.moment(moment_id)
        when = words.clock(moment.start_ns, self._zone)
        loses = losses(self._memory.would_forget(Selection(moment_ids=(moment_id,))))
        self._confirmation = Confirmation(moment_id, f"Delete the moment of {when}?", loses)

    def cancel_delete(self) -> None:
        """Answer no."""
        self._confirmation = None

    def delete(self) -> None:
        """Answer yes: the moment disappears, and :meth:`undo` can bring it back for now."""
        if self._confirmation is None:
            return
        self.commit()
        self._doomed_id = self._confirmation.moment_id
        self._confirmation = None
        if self._opened_id == self._doomed_id:
            self._opened_id = None
        self._renamed = None
        self._notice = Notice("The moment is deleted", can_undo=True)

    def undo(self) -> None:
        """Take back the last rename or deletion."""
        if self._doomed_id is not None:
            self._opened_id, self._doomed_id = self._doomed_id, None
        elif self._renamed is not None:
            self._memory.rename_person(*self._renamed)
            self._read = None
            self._renamed = None
        self._notice = None

    def commit(self) -> None:
        """Forget for good what was deleted, and dismiss the notice."""
        doomed, self._doomed_id = self._doomed_id, None
        self._renamed = None
        self._notice = None
        if doomed is not None:
            self._memory.forget(Selection(moment_ids=(doomed,)))
            self.reload()

    def _rows(self) -> tuple[Row, ...]:
        wanted = (self._days.day, self._query, self._person_id, self._doomed_id)
        if self._read is None or self._read[0] != wanted:
            self._read = wanted, self._found() if self._query else self._day_rows()
        return self._read[1]

    def _day_rows(self) -> tuple[Row, ...]:
        if self._days.day is None:
            return ()
        start_ns, end_ns = words.day_bounds_ns(self._days.day, 1, self._zone)
        # A summary may tell of a moment that is to be gone at once.
        is_whole = self._person_id is None and self._doomed_id is None
        rows: list[Row] = self._summary(start_ns, end_ns) if is_whole else []
        hour = ""
        for moment in self._memory.moments(start_ns, end_ns, self._person_id):
            if moment.id == self._doomed_id:
                continue
            now = _hour(moment, self._zone)
            if now != hour:
                rows.append(Heading(now))
                hour = now
            rows.append(moment_card(moment, self._zone))
        return tuple(rows)

    def _summary(self, start_ns: int, end_ns: int) -> list[Row]:
        """Return what moved the wearer most that day, in a few sentences, once the day is told."""
        told = self._memory.contexts(start_ns, end_ns, Level.DAY)
        begun = [context for context in told if context.start_ns >= start_ns]
        if not begun:
            return []
        best = max(begun, key=lambda c: (c.arousal, c.end_ns - c.start_ns, -c.start_ns))
        since, until = (words.clock(t, self._zone) for t in (best.start_ns, best.end_ns))
        return [Note(f"{since} to {until}", best.summary)]

    def _found(self) -> tuple[Row, ...]:
        people = () if self._person_id is None else (self._person_id,)
        rows: dict[object, Row] = {}
        for hit in self._memory.recall(Cue(self._query, person_ids=people, limit=FOUND_LIMIT)):
            if hit.moment_id is None:
                rows[hit.kind, hit.id] = Note(words.clock(hit.t_ns, self._zone), hit.text)
            elif hit.moment_id != self._doomed_id and hit.moment_id not in rows:
                moment = self._memory.moment(hit.moment_id)
                rows[hit.moment_id] = moment_card(moment, self._zone)
        return tuple(rows.values())

    def _people(self) -> tuple[PersonChip, ...]:
        people = [person for person in self._memory.people() if not person.is_wearer]
        people.sort(key=lambda p: (not p.name, -(p.sightings + p.utterances), p.id))
        return tuple(PersonChip(p.id, words.sentence(p.label), p.thumbnail) for p in people)

    def _detail(self) -> MomentDetail | None:
        if self._opened_id is None:
            return None
        return detail_of(self._memory.moment(self._opened_id), self._zone)


def _hour(moment: Moment, zone: tzinfo) -> str:
    return f"{words.local_time(moment.start_ns, zone):%H}:00"


def _subtitle(rows: tuple[Row, ...], cards: list[MomentCard], is_searching: bool) -> str:
    if is_searching:
        return words.counted(len(rows), "match", "matches")
    people = {person.id for card in cards for person in card.people}
    moments = words.counted(len(cards), "moment")
    return f"{moments}   ·   {words.counted(len(people), 'person', 'people')}" if cards else ""
