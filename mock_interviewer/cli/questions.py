"""`questions`: which questions there are, everything about one of them, and checking a pack."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mock_interviewer.cli.authoring import new_question
from mock_interviewer.cli.options import (
    HomeOption,
    LanguageOption,
    LevelOption,
    PrincipleOption,
    SeedOption,
    SurpriseOption,
    WorkOption,
    dice_of,
    level_of,
    principle_of,
    work_of,
)
from mock_interviewer.cli.telling import tell
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from mock_interviewer.adapters.pack_files import Packs
    from mock_interviewer.core.question import Question
    from mock_interviewer.settings import Home

app = typer.Typer(rich_markup_mode=None)
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]


@app.callback(invoke_without_command=True)
def questions(
    context: typer.Context,
    surprise: SurpriseOption = False,
    seed: SeedOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """The questions there are, and writing and checking questions of your own.

    Example: mock-interviewer questions --surprise
    """
    command = context.invoked_subcommand
    if command is not None:
        if surprise or as_json or home is not None or seed is not None:
            raise typer.BadParameter(f"options belong behind the command: questions {command} ...")
        return
    if not surprise:
        print(context.get_help())
        raise typer.Exit(2)
    list_questions(surprise=True, seed=seed, as_json=as_json, home=home)


app.command("new")(new_question)


@app.command("list")
def list_questions(
    principle: PrincipleOption = None,
    work: WorkOption = None,
    level: LevelOption = None,
    search: Annotated[
        str | None,
        typer.Option(
            "--search",
            metavar="WORDS",
            help="With all these words, whatever their order or endings, in question or probes.",
        ),
    ] = None,
    surprise: SurpriseOption = False,
    seed: SeedOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """List the questions.

    Example: mock-interviewer questions list --principle conflict --search quarrels
    """
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.cli import questions_view
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring.asking import drawn

    packs = wiring.packs(home_at(home, language))
    for fault in packs.faults:
        print(fault, file=sys.stderr)
    narrowed = (principle_of(principle), level_of(level))
    found = packs.search(*narrowed, search, work_of(work))
    if surprise:
        found = drawn(found, 1, dice_of(seed))
    if as_json:
        for question in found:
            print(json.dumps(question_json(question), ensure_ascii=False))
    elif surprise:
        questions_view.show_drawn(Console(highlight=False, markup=False), found[0])
    elif found:
        questions_view.show_list(Console(highlight=False, markup=False), found)
    if not found:
        tell(_nothing_found(packs, search))


def _nothing_found(packs: Packs, search: str | None) -> str:
    """That no question fits, and how many have each of the wanted words alone."""
    if not search or not search.split():
        return "No question fits."
    alone = ", ".join(f"{word} ({len(packs.search(text=word))})" for word in search.split())
    return f"No question fits. Each word alone is found in so many: {alone}."


@app.command("show")
def show_question(
    name: Annotated[str, typer.Argument(metavar="ID", help="A question's id.")],
    as_json: JsonOption = False,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Show a question with all that its pack says.

    Example: mock-interviewer questions show missed-deadline
    """
    import dataclasses

    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.cli import questions_view
    from mock_interviewer.settings import home_at

    packs = wiring.packs(home_at(home, language))
    question = packs.find(name)
    pattern = packs.pattern_of(name)
    if as_json:
        told = question_json(question)
        if pattern:
            told["pattern"] = dataclasses.asdict(dataclasses.replace(pattern, question=None))  # type: ignore[arg-type]
        print(json.dumps(told, ensure_ascii=False, default=dict))
        return
    console = Console(highlight=False, markup=False)
    questions_view.show_question(console, question)
    if pattern:
        questions_view.show_pattern(console, pattern)


@app.command("check")
def check_packs(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Packs to check; without any, ours and yours.",
            show_default=False,
        ),
    ] = None,
    table: Annotated[
        bool,
        typer.Option("--table", help="What all packs cover: patterns by mode, questions by work."),
    ] = False,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Check packs: every fault with file and line.

    Example: mock-interviewer questions check my-questions.toml
    """
    from mock_interviewer import wiring
    from mock_interviewer.settings import home_at

    if table:
        if paths:
            raise BadInput("--table is about all packs there are; leave the files out.")
        _show_table(home_at(home, language))
        return
    is_flawed = False
    place = home_at(home, language)
    for path in paths or wiring.pack_files(place):
        faults = wiring.check_pack(path)
        is_flawed = is_flawed or bool(faults)
        for fault in faults:
            print(fault, file=sys.stderr)
        if not faults:
            print(f"{path}: ok{_judged(path, place)}")
    if is_flawed:
        raise typer.Exit(1)


def _judged(path: Path, home: Home) -> str:
    """What a pattern's two answers would earn: a strong one that fails wants another look."""
    from mock_interviewer import wiring
    from mock_interviewer.core.wording import Wording

    earned = wiring.earned_by_pattern(path, home)
    if earned is None:
        return ""
    said = Wording(wiring.language_of(home))
    strong, weak = (said.verdict(v) if v else said.say("no_verdict") for v in earned)
    return f" (strong answer: {strong}; weak answer: {weak})"


def _show_table(place: Home) -> None:
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.cli.coverage_view import show_coverage

    if show_coverage(Console(highlight=False, markup=False), wiring.packs(place)):
        raise typer.Exit(1)


def question_json(question: Question) -> dict[str, Any]:
    """A question as one object, its probes included."""
    from mock_interviewer.core import report

    probes = [{"text": probe.text, "tests": probe.tests.value} for probe in question.probes]
    return report.question_json(question) | {"probes": probes}
