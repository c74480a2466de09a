"""An answer under every principle and level, as a table."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mock_interviewer.cli import words
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.lenses import Sight, sights_of
from mock_interviewer.core.rubric import Level, Principle
from mock_interviewer.core.wording import Wording


def show_lenses(console: Console, analysis: Analysis) -> None:
    """One row a principle, one column a level; a line where nothing was judged."""
    sights = sights_of(analysis)
    if not sights:
        console.print(Padding(Wording(analysis.language).say("no_other_light"), (0, 2)))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="not bold")
    said = Wording(analysis.language)
    for heading in (said.say("seen_as"), *(level.value for level in Level)):
        table.add_column(heading, no_wrap=True)
    table.add_column(said.say("lead_with"))
    by_principle: dict[Principle, list[Sight]] = {}
    for sight in sights:
        by_principle.setdefault(sight.principle, []).append(sight)
    for principle, seen in by_principle.items():
        is_asked = principle is analysis.question.principle
        table.add_row(
            Text(said.principle(principle), style="bold" if is_asked else ""),
            *(Text(said.verdict(s.verdict), style=words.VERDICT_STYLES[s.verdict]) for s in seen),
            said.lead_with(principle),
        )
    console.print(Padding(table, (0, 2, 1, 2)))
