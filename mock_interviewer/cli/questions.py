"""`questions`: which questions there are, everything about one of them, and checking a pack."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mock_interviewer.cli.options import (
    HomeOption,
    LanguageOption,
    LevelOption,
    PrincipleOption,
    level_of,
    principle_of,
)

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.core.pattern import Pattern
    from mock_interviewer.core.question import Question

app = typer.Typer(
    help="The questions there are, and checking packs of your own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]


@app.command("list")
def list_questions(
    principle: PrincipleOption = None,
    level: LevelOption = None,
    search: Annotated[
        str | None, typer.Option("--search", metavar="WORDS", help="With all these words.")
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """List the questions.

    Example: mock-interviewer questions list --principle conflict
    """
    from rich.console import Console
    from rich.table import Table

    from mock_interviewer import wiring
    from mock_interviewer.settings import home_at

    packs = wiring.packs(home_at(home, language))
    for fault in packs.faults:
        print(fault, file=sys.stderr)
    found = packs.search(principle_of(principle), level_of(level), search)
    if as_json:
        for question in found:
            print(json.dumps(_question_json(question), ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for question in found:
        kind = question.principle.value if question.kind == "story" else question.kind.value
        table.add_row(question.id, kind.replace("_", " "), question.level.value, question.text)
    Console(highlight=False).print(table if found else "No question fits.")


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
    from mock_interviewer.settings import home_at

    packs = wiring.packs(home_at(home, language))
    question = packs.find(name)
    pattern = packs.pattern_of(name)
    if as_json:
        told = _question_json(question)
        if pattern:
            told["pattern"] = dataclasses.asdict(dataclasses.replace(pattern, question=None))  # type: ignore[arg-type]
        print(json.dumps(told, ensure_ascii=False, default=dict))
        return
    console = Console(highlight=False)
    _print_question(console, question)
    if pattern:
        _print_pattern(console, pattern)


@app.command("check")
def check_packs(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Packs to check.")],
) -> None:
    """Check packs: every fault with file and line.

    Example: mock-interviewer questions check my-questions.toml
    """
    from mock_interviewer import wiring

    is_flawed = False
    for path in paths:
        faults = wiring.check_pack(path)
        is_flawed = is_flawed or bool(faults)
        for fault in faults:
            print(fault, file=sys.stderr)
        if not faults:
            print(f"{path}: ok")
    if is_flawed:
        raise typer.Exit(1)


def _question_json(question: Question) -> dict[str, Any]:
    from mock_interviewer.core.report import question_json

    probes = [{"text": probe.text, "tests": probe.tests.value} for probe in question.probes]
    return question_json(question) | {"probes": probes}


def _print_question(console: Console, question: Question) -> None:
    console.print(question.text, style="bold")
    counts = ", ".join(sorted(d.value.replace("_", " ") for d in question.counts)) or "none"
    principle = question.principle.value.replace("_", " ")
    console.print(f"{principle} · {question.level.value} · counts: {counts}", style="bright_black")
    console.print("\nProbes", style="bold")
    for probe in question.probes:
        console.print(f"  {probe.text} ({probe.tests.value.replace('_', ' ')})")


def _print_pattern(console: Console, pattern: Pattern) -> None:
    def head(text: str) -> None:
        console.print(f"\n{text}", style="bold")

    head("Also asked as")
    for variant in pattern.variants:
        console.print(f"  {variant}")
    head("The scenario")
    console.print(" ".join(pattern.overview.split()))
    console.print(" ".join(pattern.takeaway.split()), style="italic")
    for stage, guide in pattern.stages.items():
        budget = pattern.question.budgets[stage]
        head(f"{stage.value.capitalize()}, {budget.target_s:.0f} s")
        console.print(f"  “{guide.example}”")
        console.print(f"  Carried by: {'; '.join(guide.cues)}", style="bright_black")
        console.print(f"  {guide.coaching}")
        console.print(f"  Common mistake: {guide.mistake}")
    for level, ask in pattern.levels.items():
        head(f"At {level.value} ({ask.length})")
        console.print(f"  {ask.focus}\n  The bar: {ask.bar}\n  The lesson: “{ask.reflection}”")
    for probe in pattern.probes:
        head(probe.text)
        console.print(f"  After: {probe.after}")
        console.print(f"  Weak: “{probe.weak}” {probe.weak_why}")
        console.print(f"  Strong: “{probe.strong}”")
    head("A weak answer")
    console.print(f"  “{pattern.weak_answer.text}”")
    for point in pattern.weak_answer.points:
        console.print(f"  - “{point.quote}”: {point.fault}")
    console.print(f"  The interviewer: {pattern.weak_answer.verdict}", style="italic")
    for principle, lens in pattern.lenses.items():
        head(f"For {principle.value.replace('_', ' ')}")
        console.print(f"  Lead with: {lens.lead_with}\n  Emphasise: {lens.emphasise}")
        console.print(f"  Play down: {lens.play_down}")
    quiz = f"{len(pattern.concepts)} concept checks and {len(pattern.quiz)} test items"
    console.print(f"\nIn the pack besides: {quiz} (--json shows them).", style="bright_black")
