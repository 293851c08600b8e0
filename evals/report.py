"""What every evaluation gives: a table to read and a JSON file to compare."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class EvalReport:
    """Figures of one claim.

    Attributes:
        name: Of the evaluation.
        claim: What the figures are about, one sentence.
        columns: Of the table; the first names the row.
        rows: One per system, stage or case.
        verdicts: What was promised, and whether the figures keep it.
        notes: What a reader must know to judge the figures.
    """

    name: str
    claim: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    verdicts: Mapping[str, bool] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(self.columns)} columns, but a row of {len(row)}: {row}")

    def table(self) -> Table:
        """Lay the figures out for a terminal."""
        table = Table(title=self.claim, caption="\n".join(self._caption()), caption_justify="left")
        for position, column in enumerate(self.columns):
            table.add_column(column, justify="left" if position == 0 else "right")
        for row in self.rows:
            table.add_row(*(_text(cell) for cell in row))
        return table

    def write(self, folder: Path) -> Path:
        """Write the figures as JSON, with the machine they were taken on."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        content = {
            "name": self.name,
            "claim": self.claim,
            "machine": {"cores": os.cpu_count(), "system": platform.platform(terse=True)},
            "rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
            "verdicts": dict(self.verdicts),
            "notes": list(self.notes),
        }
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        return path

    def _caption(self) -> list[str]:
        kept = [f"{'kept' if ok else 'MISSED'}: {what}" for what, ok in self.verdicts.items()]
        return [*kept, *self.notes]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile, 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.3g}" if abs(cell) < 100 else f"{cell:.0f}"
    return str(cell)
