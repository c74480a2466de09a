"""`model`: fetching a recogniser's model, which ones there are, and whether they are whole.

`model fetch` is the only command that goes to the network, and it asks before it does.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import HomeOption
from mock_interviewer.core.models import OFFERED, USUAL, OfferedModel, as_size, offered_model
from mock_interviewer.errors import BadModel, InterviewError, UnknownName

if TYPE_CHECKING:
    from mock_interviewer.settings import Home

app = typer.Typer(
    help="Models for recognising speech: fetch one, see which there are, check them.\n\n"
    "Example: mock-interviewer model list",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("fetch")
def fetch_model(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name that `model list` shows.")
    ] = USUAL.name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Download without asking.")] = False,
    home: HomeOption = None,
) -> None:
    """Download a model: asks first, goes on after a break.

    Example: mock-interviewer model fetch base.en
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import models

    model, at = offered_model(name), home_at(home)
    there = models.there(at).get(model.name)
    if there and models.is_whole(there):
        print(f"{model.name} is there already: {there}")
        return
    if there and there != at.models / model.name:
        raise BadModel(
            f"{there} is damaged and would stand before the new model; remove or mend it first."
        )
    if not yes and not agrees(model, at):
        print("Nothing was downloaded.")
        return
    print(f"{model.name} is there: {fetch_showing_progress(model, at)}")


def agrees(model: OfferedModel, home: Home) -> bool:
    """Ask whether the model may be downloaded. Raises InterviewError where nobody can be asked."""
    from mock_interviewer.wiring import models

    host = models.hub_host()
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InterviewError(
            f"This would download about {as_size(model.about_bytes)} from {host}, and there is no "
            "terminal to ask in; add --yes if you want it."
        )
    begun = models.bytes_begun(model.name, home)
    here = f", {as_size(begun)} of it are here already" if begun else ""
    question = (
        f"Download {model.name} (about {as_size(model.about_bytes)}{here}) from {host} into "
        f"{home.models}?"
    )
    return typer.confirm(question, default=True, err=True)


def fetch_showing_progress(model: OfferedModel, home: Home) -> Path:
    """Fetch without asking, a bar on stderr; the model's folder. Raises InterviewError."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from mock_interviewer.wiring import models

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), DownloadColumn())
    speed = (TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, *speed, console=Console(stderr=True)) as bar:
        task = bar.add_task(model.name, total=None)

        def show(here: int, total: int) -> None:
            bar.update(task, completed=here, total=total)

        def say(line: str) -> None:
            bar.console.print(line, highlight=False, markup=False)

        try:
            return models.fetch(model, home, show, say)
        except KeyboardInterrupt:
            begun = as_size(models.bytes_begun(model.name, home))
            say(f"Stopped; {begun} are kept, and the same command goes on from there.")
            raise


@app.command("list")
def list_models(home: HomeOption = None) -> None:
    """List the models that can be fetched and those that are there.

    Example: mock-interviewer model list
    """
    from rich.console import Console
    from rich.table import Table

    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import models

    at = home_at(home)
    there = models.there(at)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for model in OFFERED:
        table.add_row(
            model.name, as_size(model.about_bytes), _state(model.name, there, at), model.purpose
        )
    for name in sorted(there.keys() - {model.name for model in OFFERED}):
        table.add_row(name, "", _state(name, there, at), "your own")
    console = Console(highlight=False, markup=False)
    console.print(table)
    console.print(f"In {at.models}. To fetch one: mock-interviewer model fetch NAME")


@app.command("check")
def check_models(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME|DIR", help="One model; all if left out.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Check that models are whole and can be loaded.

    Example: mock-interviewer model check base.en
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import models

    at = home_at(home)
    if name is not None:
        _refuse_unfinished(name, at)
        folder = models.find(name, at)
        folders = [(models.name_of(folder), folder)]
    else:
        folders = list(models.there(at).items())
    if not folders:
        raise UnknownName(
            f"There is no model in {at.models}; mock-interviewer model fetch brings one."
        )
    is_flawed = False
    for label, folder in folders:
        try:
            print(f"{label}: {models.check(folder)}")
        except BadModel as fault:
            is_flawed = True
            print(" ".join(str(fault).split()), file=sys.stderr)
    if is_flawed:
        raise typer.Exit(1)


def _state(name: str, there: dict[str, Path], home: Home) -> str:
    from mock_interviewer.wiring import models

    if name in there:
        try:
            models.check_files(there[name])
        except BadModel:
            return "damaged"
        return "there"
    begun = models.bytes_begun(name, home)
    return f"{as_size(begun)} here" if begun else "-"


def _refuse_unfinished(name: str, home: Home) -> None:
    """Say so where a fetch was begun and not finished. Raises BadModel."""
    from mock_interviewer.wiring import models

    model = next((model for model in OFFERED if model.name == name), None)
    if model is None or name in models.there(home):
        return
    begun = models.bytes_begun(name, home)
    if begun:
        raise BadModel(
            f"{name} is only half there ({as_size(begun)} of about {as_size(model.about_bytes)}); "
            f"mock-interviewer model fetch {name} goes on from there."
        )
