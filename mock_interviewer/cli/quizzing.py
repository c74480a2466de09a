"""`concepts` and `test`: three checks of a pattern's ideas, and ten items from easy to hard.

What was answered is kept in practice.jsonl at once, so that leaving in the middle loses nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.choices import LETTERS, letter_hit, wants_more
from mock_interviewer.cli.options import (
    HomeOption,
    LanguageOption,
    RateOption,
    SeedOption,
    SpeakerOption,
    VoiceOption,
    dice_of,
)
from mock_interviewer.cli.patterns import PatternArgument, pattern_wanted

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.core.pattern import Pattern, QuizItem
    from mock_interviewer.core.quiz import Answered, Choice, Score
    from mock_interviewer.settings import Home


def concepts(
    pattern: PatternArgument = None, language: LanguageOption = None, home: HomeOption = None
) -> None:
    """Three quick checks of a pattern's ideas, each explained.

    Example: mock-interviewer concepts missed-deadline
    """
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.settings import home_at

    place = home_at(home, language)
    console = Console(highlight=False, markup=False)
    chosen = pattern_wanted(console, place, pattern, "concepts")
    if chosen is None:
        return
    name = chosen.question.id
    right = answered = 0
    for number, check in enumerate(chosen.concepts):
        _show_item(
            console, f"{number + 1} of {len(chosen.concepts)}", check.question, check.options
        )
        hit = letter_hit(console, len(check.options), hint=None)
        if hit is None:
            break
        is_right = hit == check.answer
        answered += 1
        right += is_right
        _show_outcome(console, is_right, check.answer, check.options)
        _show_line(console, check.explanation)
        wiring.keep_practice(place, "concept", {"pattern": name, "item": number, "right": is_right})
        if not wants_more(console):
            break
    console.print(f"\n{right} of {len(chosen.concepts)} right.")
    if answered == len(chosen.concepts):
        console.print(f"Next: mock-interviewer test {name}", soft_wrap=True)


def take_test(
    pattern: PatternArgument = None,
    seed: SeedOption = None,
    ear: Annotated[
        bool, typer.Option("--ear", help="Hear a weak answer; hit a key where it fails.")
    ] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Only the questions that are due today.")
    ] = False,
    voice: VoiceOption = None,
    rate: RateOption = 165,
    speaker: SpeakerOption = None,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Ten questions from easy to hard, which show whether a pattern is strong.

    Example: mock-interviewer test missed-deadline
    """
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.core.quiz import drawn, is_pattern_strong, scores
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import practising

    place = home_at(home, language)
    console = Console(highlight=False, markup=False)
    chosen = pattern_wanted(console, place, pattern, "test")
    if chosen is None:
        return
    if ear:
        from mock_interviewer.cli.ear_test import hear_out

        hear_out(console, place, chosen, wiring.play_audio(speaker), voice, rate)
        return
    choices = drawn(chosen.quiz, dice_of(seed).shuffle)
    if due:
        _ask_due(console, place, chosen, choices)
        return
    answered = _ask_items(console, place, chosen, choices)
    found = scores(answered, [item.difficulty for item in chosen.quiz])
    practising.keep_test(place, chosen, answered)
    _show_scores(console, found, chosen.question.id, is_strong=is_pattern_strong(found))


def _ask_due(console: Console, place: Home, pattern: Pattern, choices: Sequence[Choice]) -> None:
    """Only the items that come again today."""
    from mock_interviewer.wiring import practising

    name = pattern.question.id
    wanted = practising.due_items(place, name)
    chosen = [choice for choice in choices if choice.number in wanted]
    if not chosen:
        console.print(f"No question of {name} is due. All of them: mock-interviewer test {name}")
        return
    answered = _ask_items(console, place, pattern, chosen)
    right = sum(each.is_right for each in answered)
    console.print(f"\n{right} of {len(answered)} right.")


def _ask_items(
    console: Console, place: Home, pattern: Pattern, choices: Sequence[Choice]
) -> tuple[Answered, ...]:
    """Put the items one after the other, until they end or the person leaves."""
    from mock_interviewer import wiring
    from mock_interviewer.core.quiz import Answered

    answered: list[Answered] = []
    hinted: set[int] = set()
    for count, choice in enumerate(choices, start=1):
        item = pattern.quiz[choice.number]
        head = f"{count} of {len(choices)}, {choice.difficulty}"
        _show_item(console, head, choice.question, choice.options)
        began_s = time.monotonic()
        hit = letter_hit(
            console, len(choice.options), item.hint, partial(hinted.add, choice.number)
        )
        took_s = time.monotonic() - began_s
        if hit is None:
            break
        is_right = hit == choice.right
        answered.append(Answered(choice.number, choice.difficulty, is_right))
        _show_outcome(console, is_right, choice.right, choice.options)
        _show_solution(console, item, is_right=is_right)
        told: dict[str, object] = {"item": choice.number, "difficulty": choice.difficulty}
        told |= {"right": is_right}
        if sys.stdin.isatty():  # piped lines are no measure of how fast somebody knew it
            told |= {"took_s": round(took_s, 1), "hinted": choice.number in hinted}
        wiring.keep_practice(place, "quiz", {"pattern": pattern.question.id, **told})
        if not wants_more(console):
            break
    return tuple(answered)


def _show_item(console: Console, head: str, question: str, options: Sequence[str]) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    width = min(console.width, 100)
    console.print()
    console.print(Text(head, style="bright_black"))
    console.print(Text(question, style="bold"), width=width)
    table = Table.grid(padding=(0, 2, 0, 0))
    for letter, option in zip(LETTERS, options, strict=False):
        table.add_row(letter, Text(option))
    console.print(Padding(table, (0, 0, 0, 2)), width=width)


def _show_outcome(console: Console, is_right: bool, right: int, options: Sequence[str]) -> None:
    if is_right:
        console.print("  Right.", style="bold green")
    else:
        console.print(f"  No. It is {LETTERS[right]}: {options[right]}", style="bold red")


def _show_line(console: Console, text: str, style: str = "") -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text(text, style=style), (0, 0, 0, 2)), width=min(console.width, 100))


def _show_solution(console: Console, item: QuizItem, *, is_right: bool) -> None:
    for number, step in enumerate(item.steps, start=1):
        _show_line(console, f"{number}. {step}")
    if not is_right:
        _show_line(console, f"The usual mistake: {item.mistake}", "yellow")


def _show_scores(console: Console, found: Sequence[Score], name: str, *, is_strong: bool) -> None:
    console.print("\nIs this pattern strong?", style="bold")
    for score in found:
        told = f"  {score.difficulty:8} {score.right} of {score.items} right"
        if score.answered < score.items:
            told += f", {score.items - score.answered} not answered"
        elif score.is_strong:
            told += ", strong"
        console.print(told, style="green" if score.is_strong else "yellow")
    if any(score.answered < score.items for score in found):
        console.print("Not finished; what you answered is kept.")
    elif is_strong:
        console.print("Yes, this pattern is strong. Say it aloud now:")
        console.print(f"  mock-interviewer interview {name}")
    else:
        weak = ", ".join(score.difficulty for score in found if not score.is_strong)
        console.print(f"Not strong yet ({weak}). Look at it again, and come back:")
        console.print(f"  mock-interviewer learn {name}")
