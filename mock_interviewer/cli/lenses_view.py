"""An answer under every principle and level, as a table, and what each principle wants first.

What to lead with stands under the table: beside three verdicts no terminal has the room for it.
"""

from __future__ import annotations

from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mock_interviewer.cli import words
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.lenses import sights_of
from mock_interviewer.core.rubric import Level, Principle
from mock_interviewer.core.wording import Wording


def show_lenses(console: Console, analysis: Analysis) -> None:
    """One row a principle, one column a level; a line where nothing was judged."""
    sights, said = sights_of(analysis), Wording(analysis.language)
    if not sights:
        console.print(Padding(said.say("no_other_light"), (0, 2)))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="not bold")
    for heading in (said.say("seen_as"), *(level.value for level in Level)):
        table.add_column(heading)
    for principle, seen in groupby(sights, key=lambda sight: sight.principle):
        is_asked = principle is analysis.question.principle
        table.add_row(
            Text(said.principle(principle), style="bold" if is_asked else ""),
            *(Text(said.verdict(s.verdict), style=words.VERDICT_STYLES[s.verdict]) for s in seen),
        )
    console.print(Padding(table, (0, 2, 1, 2)))
    console.print(Padding(_leads(said), (0, 2, 1, 2)))


def _leads(said: Wording) -> Table:
    """What each principle wants to hear first."""
    leads = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="not bold")
    leads.add_column("")
    leads.add_column(said.say("lead_with"))
    for principle in Principle:
        leads.add_row(said.principle(principle), said.lead_with(principle))
    return leads
