"""`history`: every session, what became better, what was weak most often; removing a session."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import HomeOption
from mock_interviewer.cli.unfinished import finish
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from mock_interviewer.core.progress import Progress, Told
    from mock_interviewer.core.wording import Wording
    from mock_interviewer.settings import Home

app = typer.Typer(rich_markup_mode=None)
app.command("finish")(finish)
MOST_LISTED = 20


@app.callback(invoke_without_command=True)
def history(
    context: typer.Context,
    search: Annotated[
        str,
        typer.Option(
            "--search",
            metavar="WORDS",
            help="Only answers with all these words in question, principle, level, verdict or "
            "faults.",
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object an answer.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for a spreadsheet.")] = False,
    home: HomeOption = None,
) -> None:
    """Past sessions: list, trends, removal.

    Without a command: every answer so far, the trend of each question, and what was weak most
    often.

    Example: mock-interviewer history --search deadline
    """
    if context.invoked_subcommand is not None:
        if search or as_json or as_csv or home is not None:
            command = context.invoked_subcommand
            raise typer.BadParameter(f"options belong behind the command: history {command} ...")
        return
    from mock_interviewer.core.progress import search as answers_with
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import past

    if as_json and as_csv:
        raise BadInput("Either --json or --csv, not both.")
    place = home_at(home)
    progress = past.history(place)
    answers = answers_with(progress.answers, search)
    if as_json:
        for told in answers:
            print(json.dumps(asdict(told), ensure_ascii=False))
    elif as_csv:
        sys.stdout.write(past.as_csv(answers))
    else:
        _show(place, progress, answers, is_search=bool(search.split()))


@app.command("delete")
def delete(
    session: Annotated[str, typer.Argument(metavar="SESSION", help="A session's name.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove without asking.")] = False,
    home: HomeOption = None,
) -> None:
    """Remove a session whole: recordings, words, judgements, what batches kept of it.

    Example: mock-interviewer history delete 2026-11-23T163005-7f3a
    """
    from mock_interviewer import wiring
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring.deleting import delete_session

    place = home_at(home)
    found = wiring.sessions(place).find(session)
    if not yes:
        if not sys.stdin.isatty():
            raise BadInput(f"Nothing was removed; add --yes to remove {found.name} for good.")
        if not typer.confirm(f"Remove {found.path} and all that is in it for good?"):
            print("Nothing was removed.")
            return
    print(f"Removed {delete_session(place, found.name)}")


def _show(place: Home, progress: Progress, answers: tuple[Told, ...], *, is_search: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from mock_interviewer import wiring
    from mock_interviewer.core.moments import day_and_minute
    from mock_interviewer.core.progress import DOSE_SOURCE
    from mock_interviewer.core.wording import Wording

    console = Console(highlight=False, markup=False)
    said = Wording(wiring.language_of(place))
    if not progress.answers:
        console.print("No interview yet; begin one with: mock-interviewer interview")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for told in answers[:MOST_LISTED]:
        table.add_row(
            Text(day_and_minute(told.at), style="bright_black"),
            verdict_or_none(told.verdict, said),
            told.question,
            Text(told.session, style="bright_black"),
        )
    console.print(table)
    if len(answers) > MOST_LISTED:
        console.print(f"and {len(answers) - MOST_LISTED} more; --json and --csv list all.")
    if is_search:
        console.print(f"{len(answers)} of {len(progress.answers)} answers.")
        return
    console.print()
    for trend in progress.by_question:
        if len(trend.answers) > 1:
            console.print(_course(trend.name, trend.answers, said))
    for habit in progress.habits[:3]:
        console.print(_habit(habit.fault, habit.answers, habit.of, habit.share, said))
    _show_calibration(console, place)
    console.print(f"\n{progress.dose[0].upper()}{progress.dose[1:]}. {DOSE_SOURCE}")


def _show_calibration(console: Console, place: Home) -> None:
    """How time and verdicts are felt, where there are enough guesses to say."""
    from mock_interviewer.wiring import practising

    for line, how in practising.calibration_lines(place):
        console.print(f"{line} ({how})" if how else line)


def verdict_or_none(verdict: str | None, said: Wording) -> Text:
    """A stored verdict in its colour."""
    from rich.text import Text

    from mock_interviewer.cli.answer_view import verdict_text
    from mock_interviewer.core.rubric import Verdict

    if verdict is None:
        return Text(said.say("no_verdict"), style="bright_black")
    return verdict_text(Verdict(verdict), said)


def _course(name: str, answers: tuple[Told, ...], said: Wording) -> Text:
    """The verdicts of one question from the first time to the last, as they were."""
    from rich.text import Text

    text = Text(f"{name}: ")
    for number, told in enumerate(answers[-6:]):
        text.append(" → " if number else "").append_text(verdict_or_none(told.verdict, said))
    return text


def _habit(fault: str, count: int, of: int, share: float | None, said: Wording) -> str:
    often = f"{share:.0%} of {of} answers" if share is not None else f"{count} of {of} answers"
    return f"Weak most often: {said.fault_alone(fault)} ({often})"
