"""`questions check --table`: every pattern in every mode, every principle in every kind of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from mock_interviewer.core.coverage import Coverage, counts_of, coverage_of
from mock_interviewer.core.quiz import DIFFICULTIES
from mock_interviewer.core.rubric import Principle, Work

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.adapters.pack_files import Packs
    from mock_interviewer.core.coverage import Counts

SHORT_WORK = {
    Work.TECH: "tech",
    Work.CARE_AND_EDUCATION: "care",
    Work.RETAIL_AND_SERVICE: "retail",
    Work.INDUSTRY_AND_TRADES: "industry",
    Work.OFFICE_AND_PUBLIC_SERVICE: "office",
}
"""As heads of narrow columns."""
LEGEND = "learn: steps · concepts: checks · practise: wordings · test: easy/medium/hard"


def show_coverage(console: Console, packs: Packs) -> tuple[str, ...]:
    """Print both tables and every hole; the holes come back."""
    covered = [coverage_of(pattern) for pattern in packs.patterns]
    counts = counts_of(packs.questions)
    console.print(_patterns(covered))
    console.print(LEGEND, style="bright_black")
    console.print()
    console.print(_questions(counts))
    holes = (
        *(str(fault) for fault in packs.faults),
        *(hole for each in covered for hole in each.holes),
        *([] if covered else ["patterns: none"]),
        *counts.holes,
    )
    console.print()
    for hole in holes:
        console.print(f"hole: {hole}", style="red", soft_wrap=True)
    patterns = f"{len(covered)} pattern{'' if len(covered) == 1 else 's'}"
    modes = f"{patterns} in 4 modes, {counts.total} questions"
    told = f"{len(holes)} hole{'' if len(holes) == 1 else 's'}" if holes else "no hole"
    console.print(f"{modes}: {told}.")
    return holes


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bright_black")
    for number, head in enumerate(heads):
        is_name = number == 0
        table.add_column(head, justify="left" if is_name else "right", no_wrap=not is_name)
    return table


def _patterns(covered: list[Coverage]) -> Table:
    table = _table("pattern", "learn", "concepts", "practise", "test", "probes", "lenses", "levels")
    for each in sorted(covered, key=lambda each: each.name):
        style = "red" if each.holes else ""
        table.add_row(
            each.name,
            str(each.steps),
            str(each.concepts),
            str(each.wordings),
            "/".join(str(each.items[name]) for name in DIFFICULTIES),
            str(each.probes),
            str(each.lenses),
            str(each.levels),
            style=style,
        )
    return table


def _questions(counts: Counts) -> Table:
    table = _table("questions", *(SHORT_WORK[work] for work in Work), "any", "all")
    works: tuple[Work | None, ...] = (*Work, None)
    for principle in Principle:
        row = [counts.stories[principle, work] for work in works]
        name = principle.value.replace("_", " ")
        table.add_row(name, *map(str, row), str(sum(row)))
    columns = [sum(counts.stories[p, work] for p in Principle) for work in works]
    table.add_row("all stories", *map(str, columns), str(sum(columns)), style="bold")
    for kind, number in counts.others.items():
        table.add_row(kind.value.replace("_", " "), *[""] * len(works), str(number))
    return table
