"""`plan`: the days until the interview, laid out from what is weak."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import HomeOption, principle_of
from mock_interviewer.cli.telling import tell
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from mock_interviewer.core.planning import PlannedDay
    from mock_interviewer.core.rubric import Principle
    from mock_interviewer.wiring.practising import Desk

MOST_DAYS_BACK, MOST_DAYS_AHEAD = 7, 14
LAST_DAYS = 1
"""So near to the interview nobody is told how many more would have helped."""


def plan(
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="DAY", help="The interview's day, like 2026-12-04."),
    ] = None,
    principles: Annotated[
        list[str] | None,
        typer.Option(
            "--principles", metavar="NAME", help="What it will be about: one or more, with commas."
        ),
    ] = None,
    minutes: Annotated[
        int | None,
        typer.Option("--minutes", metavar="N", help="Minutes a day, 20 to 120; else 30."),
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Every day, not only the next.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="No interview any more.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    home: HomeOption = None,
) -> None:
    """The days until your interview: what to drill, tell and rehearse on each, from what is weak.

    Example: mock-interviewer plan --date 2026-12-04 --principles ownership,conflict
    """
    from rich.console import Console

    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import practising
    from mock_interviewer.wiring.practice_json import as_told

    place = home_at(home)
    named = _principles(principles or [])
    changes = (date, named or None, minutes)
    if forget:
        if any(change is not None for change in changes):
            raise BadInput("Either --forget or a plan, not both.")
        practising.keep_plan(place, None)
    elif any(change is not None for change in changes):
        practising.make_plan(place, date, named or None, minutes)
    desk = practising.desk(place)
    if desk.warning:
        tell(desk.warning)
    if as_json:
        print(json.dumps(as_told(desk), ensure_ascii=False))
        return
    _show(Console(highlight=False, markup=False), desk, show_all=show_all)


def _principles(named: list[str]) -> tuple[Principle, ...]:
    """The principles by name, commas between them or not. Raises UnknownName."""
    names = [name.strip() for each in named for name in each.split(",")]
    found = [principle_of(name) for name in names if name]
    return tuple(dict.fromkeys(principle for principle in found if principle))


def _show(console: Console, desk: Desk, *, show_all: bool) -> None:
    from rich.table import Table

    from mock_interviewer.core.activity_words import away, day_words, listed
    from mock_interviewer.core.progress import DOSE_SOURCE

    if desk.plan is None:
        if desk.over is not None:
            console.print(f"Your interview was on {day_words(desk.over.interview)}.")
        console.print("No interview is planned; plan one with: mock-interviewer plan --date DAY")
        return
    plan = desk.plan
    about = listed([principle.value.replace("_", " ") for principle in plan.principles])
    head = f"Your interview is {away(plan.interview, desk.today)}, on {day_words(plan.interview)}"
    console.print(f"{head}{': ' + about if about else ''}.", style="bold")
    dose = f"{desk.progress.dose[0].upper()}{desk.progress.dose[1:]}"
    console.print(f"At most {plan.minutes} minutes a day. {dose}.\n")
    before = [day for day in desk.days if day.day < desk.today]
    ahead = [day for day in desk.days if day.day >= desk.today]
    shown = len(ahead) if show_all else MOST_DAYS_AHEAD
    past = before if show_all else before[-MOST_DAYS_BACK:]
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for column in (12, None, None):
        table.add_column(width=column, no_wrap=column is not None)
    table.columns[1].ratio = 1
    table.columns[2].justify = "right"
    for day in (*past, *ahead[:shown]):
        _add_row(table, day, desk)
    console.print(table)
    if len(ahead) > shown:
        console.print(f"and {len(ahead) - shown} more days until then; all of them: plan --all")
    left = (plan.interview - desk.today).days
    if left > LAST_DAYS:
        console.print(f"\n{DOSE_SOURCE}", style="bright_black")
    if left and desk.due.next is not None:
        console.print("Begin today's first thing with: mock-interviewer")


def _add_row(table: Table, day: PlannedDay, desk: Desk) -> None:
    from rich.text import Text

    from mock_interviewer.core import activity_words as words

    assert desk.plan is not None
    is_today = day.day == desk.today
    name = f"{'▸' if is_today else ' '} {words.short_day(day.day)}"
    if day.day < desk.today:
        mark = "-" if day.done.is_empty else "✓"
        line = Text(f"{mark} {words.done(day.done)}", style="bright_black")
        table.add_row(Text(name, style="bright_black"), line, "")
        return
    line = Text()
    if day.day == desk.plan.interview:
        line.append("your interview", style="bold")
    elif not day.activities:
        line.append("free", style="bright_black")
    else:
        for number, activity in enumerate(day.activities):
            is_done = day.is_done(activity)
            line.append(" · " if number else "").append("✓ " if is_done else "")
            line.append(words.short(activity), style="bright_black" if is_done else "")
    minutes = f"{day.minutes_left} min" if day.minutes_left else ""
    minutes = "" if day.day == desk.plan.interview else minutes
    table.add_row(Text(name, style="bold" if is_today else ""), line, minutes)
