"""Which pattern: by its id, or chosen from a list that says which are strong already."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.core.pattern import Pattern
    from mock_interviewer.settings import Home

PatternArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[PATTERN]",
        help="A pattern's id, like missed-deadline; without it they are listed.",
        show_default=False,
    ),
]


def pattern_wanted(console: Console, place: Home, name: str | None, command: str) -> Pattern | None:
    """The pattern with this id, or the one chosen from the list; None where none was chosen.

    Raises UnknownName.
    """
    from mock_interviewer import wiring

    if name is not None:
        return wiring.pattern(place, name)
    patterns = wiring.packs(place).patterns
    _show_patterns(console, place, patterns)
    if not sys.stdin.isatty():
        console.print(f"\nChoose one: mock-interviewer {command} PATTERN")
        return None
    while True:
        try:
            wish = input(f"\nWhich one (1 to {len(patterns)}, Enter leaves)? ").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return None
        if not wish:
            return None
        if wish.isdecimal() and 1 <= int(wish) <= len(patterns):
            return patterns[int(wish) - 1]
        named = [pattern for pattern in patterns if pattern.question.id == wish]
        if named:
            return named[0]
        console.print(f"'{wish}' is none of them.")


def _show_patterns(console: Console, place: Home, patterns: tuple[Pattern, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    from mock_interviewer import wiring

    tested = wiring.tested_patterns(place)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right", style="bright_black")
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for number, pattern in enumerate(patterns, start=1):
        told = Text(pattern.question.text)
        standing = tested.get(pattern.question.id)
        if standing is not None:
            told.append(
                "  strong" if standing else "  not strong yet",
                style="green" if standing else "yellow",
            )
        table.add_row(str(number), pattern.question.id, told)
    console.print(table)
