"""`today`, and the program without a command: what is due, how it went, and Enter to begin."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import HomeOption
from mock_interviewer.cli.telling import tell

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.core.agenda import Activity
    from mock_interviewer.core.wording import Wording
    from mock_interviewer.settings import Home
    from mock_interviewer.wiring.practising import Desk

LAST_SHOWN = 3
MOST_SHOWN = 4
VERDICT_WIDTH = 15


def today(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    home: HomeOption = None,
) -> None:
    """What is due today, how the last answers went; Enter begins the first thing.

    Example: mock-interviewer today
    """
    show(home_option=home, as_json=as_json)


def show(*, home_option: Path | None = None, as_json: bool = False) -> None:
    """The screen; in a terminal it waits for Enter, elsewhere it only tells."""
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.cli.choices import LEAVE, key_hit
    from mock_interviewer.core.wording import Wording
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import practising
    from mock_interviewer.wiring.practice_json import as_told

    place = home_at(home_option)
    desk = practising.desk(place)
    if desk.warning:
        tell(desk.warning)
    if as_json:
        print(json.dumps(as_told(desk), ensure_ascii=False))
        return
    console = Console(highlight=False, markup=False)
    arguments = _show(console, place, desk, Wording(wiring.language_of(place)))
    if arguments is None:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        console.print(f"\nBegin: {as_typed(arguments)}", soft_wrap=True)
        return
    console.print()
    hint = "Enter begins with it · q leaves"
    if key_hit(console, hint, LEAVE, otherwise="") != LEAVE:
        _begin(arguments, home_option)


def _begin(arguments: list[str], home: Path | None) -> None:
    """Start a command as if it had been typed, and say what comes after it."""
    from mock_interviewer.cli.main import app
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import practising

    own_home = ["--home", str(home)] if home is not None else []
    app([*arguments, *own_home], standalone_mode=False)
    due = practising.desk(home_at(home)).due
    if due.next is None:
        print("\nThat was all for today.")
    elif arguments[0] != "learn":  # reading leaves no trace: it would be left for ever
        print(f"\nLeft for today: about {due.minutes_left} minutes. Go on: mock-interviewer")


def _show(console: Console, place: Home, desk: Desk, said: Wording) -> list[str] | None:
    """The whole screen; what Enter begins, None where nothing does."""
    from mock_interviewer.core.activity_words import away, day_words
    from mock_interviewer.core.calibration import felt

    if desk.first_time and desk.plan is None:
        return _show_first_time(console, place, desk)
    head = day_words(desk.today)
    if desk.plan is not None:
        head += f" · your interview is {away(desk.plan.interview, desk.today)}"
    console.print(head, style="bold")
    if desk.over is not None:
        when = day_words(desk.over.interview)
        console.print(f"Your interview was on {when}. The next: mock-interviewer plan --date DAY")
    console.print(f"{desk.progress.dose.capitalize()}.", style="bright_black")
    console.print()
    first = _show_due(console, place, desk, said)
    _show_last(console, desk, said)
    worst = desk.calibration.worst
    if worst is not None:
        console.print(f"\n{felt(worst)}")
    return _arguments(place, desk, first) if first else None


def _show_first_time(console: Console, place: Home, desk: Desk) -> list[str]:
    from mock_interviewer.wiring.practising import texts_of

    console.print("Nothing practised yet. The one thing to do: answer one question aloud.")
    console.print("It takes about seven minutes, and nothing leaves this computer.\n")
    first = desk.due.next
    if first is not None:
        console.print(f"  “{texts_of(place, desk)[first.name]}”\n")
    console.print("No microphone? Type it: mock-interviewer interview --typed")
    console.print("Watch one first: mock-interviewer demo")
    console.print("An interview soon? mock-interviewer plan --date DAY")
    return ["interview", *([first.name] if first else [])]


def _show_due(console: Console, place: Home, desk: Desk, said: Wording) -> Activity | None:
    """Today's activities; the first that is not done."""
    from rich.table import Table
    from rich.text import Text

    from mock_interviewer.core import activity_words as words
    from mock_interviewer.wiring.practising import texts_of

    due = desk.due
    first = due.next
    if first is None:
        console.print(_all_done(desk))
    else:
        console.print(f"Today, about {due.minutes_left} minutes:")
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=2)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(justify="right", no_wrap=True)
    texts = texts_of(place, desk)
    for activity in due.activities[:MOST_SHOWN]:
        is_done = due.is_done(activity)
        title = Text(words.title(activity, texts), style="bright_black" if is_done else "")
        if is_done:
            table.add_row("✓", title, "")
            continue
        table.add_row("▸" if activity is first else "", title, f"{activity.minutes} min")
        for line in (words.reason(activity, desk.today), words.focus(activity, said)):
            if line:
                table.add_row("", Text(line, style="bright_black"), "")
    console.print(table)
    if len(due.activities) > MOST_SHOWN:
        console.print(f"   and {len(due.activities) - MOST_SHOWN} more", style="bright_black")
    return first


def _all_done(desk: Desk) -> str:
    from mock_interviewer.core.activity_words import away, day_words

    if desk.plan is not None and desk.plan.interview == desk.today:
        return "Today is the interview. There is nothing left to practise."
    told = "Done for today." if desk.due.activities else "Nothing is due today."
    if desk.next_due is not None and not desk.plan:
        told += f" The next is due {away(desk.next_due, desk.today)}, {day_words(desk.next_due)}."
    return told


def _show_last(console: Console, desk: Desk, said: Wording) -> None:
    from rich.table import Table
    from rich.text import Text

    from mock_interviewer.cli.history import verdict_or_none
    from mock_interviewer.core.moments import day_told

    answers = desk.progress.answers[:LAST_SHOWN]
    if not answers:
        return
    console.print("\nLast answers:")
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True, min_width=10, style="bright_black")
    table.add_column(no_wrap=True, min_width=VERDICT_WIDTH)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    for told in answers:
        table.add_row(day_told(told.at), verdict_or_none(told.verdict, said), Text(told.question))
    console.print(table)


def _arguments(place: Home, desk: Desk, activity: Activity) -> list[str]:
    """The command that does an activity."""
    from mock_interviewer.core.activity_words import mock_questions
    from mock_interviewer.core.agenda import Doing
    from mock_interviewer.wiring.practising import question_of

    match activity.doing:
        case Doing.TELL:
            return ["interview", question_of(place, desk, activity.name)]
        case Doing.DRILL:
            return ["drill", *(stage.value for stage in activity.stages), "--guess"]
        case Doing.TEST:
            return ["test", activity.name, *([] if activity.is_new else ["--due"])]
        case Doing.MOCK:
            principle = ["--principle", activity.name] if activity.name else []
            return ["interview", "--questions", str(mock_questions(activity)), *principle]
        case Doing.READ:
            return ["learn", activity.name]


def as_typed(arguments: list[str]) -> str:
    """A command as one would type it."""
    import shlex

    return shlex.join(["mock-interviewer", *arguments])
