"""A drill on the screen: the stage that is told, and the comparison afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from mock_interviewer.cli.words import STAGE_STYLES
from mock_interviewer.core.drills import StageDrilled
from mock_interviewer.core.rubric import Budget, Stage
from mock_interviewer.core.wording import Wording


def drill_heading(stage: Stage, budget: Budget, said: Wording) -> Text:
    """A stage's name with its target and limit."""
    name = f"{said.letter(stage)} {said.stage(stage)}"
    text = Text(name, style=f"bold {STAGE_STYLES[stage]}")
    told = f"  {budget.target_s:.0f} s, at most {budget.limit_s:.0f} s"
    return text.append(told, style="not bold bright_black")


def drill_table(found: Sequence[StageDrilled], said: Wording) -> Table:
    """Planned, told, spoken and guessed seconds of every stage."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bright_black")
    has_guesses = any(each.told.guess_s is not None for each in found)
    table.add_column("stage")
    for name in ("planned", "told", "of it speech", *(["guessed"] if has_guesses else [])):
        table.add_column(name, justify="right")
    for each in found:
        told, budget = each.told, each.told.budget
        style = "green" if told.duration_s <= budget.target_s else "yellow"
        style = "red" if told.duration_s > budget.limit_s else style
        cells: list[str | Text] = [
            Text(
                f"{said.letter(told.stage)} {said.stage(told.stage)}",
                style=STAGE_STYLES[told.stage],
            ),
            f"{budget.target_s:.0f} s",
            Text(f"{told.duration_s:.0f} s", style=style),
            f"{each.spoken_s:.0f} s",
        ]
        if has_guesses:
            guess = "" if told.guess_s is None else f"{told.guess_s:.0f} s ({told.error_s:+.0f})"
            cells.append(guess)
        table.add_row(*cells)
    return table


def stray_lines(found: Sequence[StageDrilled]) -> list[str]:
    """What the words of each stage really did, where that was something else."""
    return [
        f"{seconds:.0f} s of your {each.told.stage.value} were {stage.value}."
        for each in found
        for stage, seconds in each.strayed
    ]
