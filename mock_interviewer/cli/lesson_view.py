"""A lesson's steps in the terminal; wrapped lines stay under their first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.core.lesson import Line

INDENT = 2
WIDEST = 100
"""Longer lines are hard to read."""
_LOOKS = {
    # kind: lead, style, indent, in quotes
    "text": ("", "", INDENT, False),
    "example": ("", "", INDENT, True),
    "cues": ("Carried by: ", "bright_black", INDENT, False),
    "coaching": ("", "bold", INDENT, False),
    "mistake": ("Common mistake: ", "yellow", INDENT, False),
    "weak": ("Weak: ", "", INDENT, True),
    "strong": ("Strong: ", "", INDENT, True),
    "quote": ("", "", INDENT, True),
    "fault": ("", "yellow", 2 * INDENT, False),
    "thought": ("", "italic", 2 * INDENT, False),
}


def show_title(console: Console, number: int, total: int, title: str) -> None:
    """Where in the lesson it is, and what this step is about."""
    console.print()
    console.print(Text(f"{number} of {total}  {title}", style="bold cyan"), width=_width(console))


def show_lines(console: Console, lines: Iterable[Line]) -> None:
    """One reveal."""
    for line in lines:
        lead, style, indent, is_quoted = _LOOKS[line.kind]
        said = f"“{line.text}”" if is_quoted else line.text
        told = Text(lead, style="bright_black").append(said, style=f"not dim {style}".strip())
        console.print(Padding(told, (0, 0, 0, indent)), width=_width(console))


def _width(console: Console) -> int:
    return min(console.width, WIDEST)
