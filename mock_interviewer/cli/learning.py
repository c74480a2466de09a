"""`learn`, `concepts`, `test`: preparing a pattern before it is spoken.

One key goes on; where there is no terminal, lines are read instead, so that all of it can be
scripted. What was answered is kept in practice.jsonl at once, so that leaving in the middle loses
nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import (
    HomeOption,
    LanguageOption,
    RateOption,
    SpeakerOption,
    VoiceOption,
)

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.core.lesson import Step
    from mock_interviewer.core.pattern import Pattern
    from mock_interviewer.core.quiz import Answered, Choice, Score
    from mock_interviewer.settings import Home

PatternArgument = Annotated[
    str, typer.Argument(metavar="PATTERN", help="A pattern's id, like missed-deadline.")
]
STYLES = {
    "text": ("  ", ""),
    "example": ("  “", ""),
    "cues": ("  Carried by: ", "bright_black"),
    "coaching": ("  ", "bold"),
    "mistake": ("  Common mistake: ", "yellow"),
    "weak": ("  Weak: “", ""),
    "strong": ("  Strong: “", ""),
    "fault": ("    ", "yellow"),
    "thought": ("    ", "italic"),
}
LETTERS = "ABCDEF"


def learn(
    pattern: PatternArgument,
    silent: Annotated[bool, typer.Option("--silent", help="Without a voice.")] = False,
    voice: VoiceOption = None,
    rate: RateOption = 165,
    speaker: SpeakerOption = None,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Learn a pattern step by step; examples can be heard.

    Example: mock-interviewer learn missed-deadline
    """
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.core.lesson import steps_of
    from mock_interviewer.settings import home_at

    place = home_at(home, language)
    steps = steps_of(wiring.pattern(place, pattern))
    console = Console(highlight=False)
    say = None if silent else _reader(place, voice, rate, speaker)
    at = 0
    while at < len(steps):
        _show_step(console, steps[at], at + 1, len(steps))
        wish = _wish(console, can_hear=say is not None and steps[at].aloud is not None)
        if wish == "q":
            return
        if wish == "l" and say is not None:
            say(steps[at].aloud or "")
            continue
        at = max(0, at - 1) if wish == "b" else at + 1
    console.print(f"\nNow: mock-interviewer concepts {pattern}, and then test {pattern}.")


def concepts(
    pattern: PatternArgument, language: LanguageOption = None, home: HomeOption = None
) -> None:
    """Three quick checks of a pattern's ideas, each explained.

    Example: mock-interviewer concepts missed-deadline
    """
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.settings import home_at

    place = home_at(home, language)
    chosen = wiring.pattern(place, pattern)
    console = Console(highlight=False)
    right = 0
    for number, check in enumerate(chosen.concepts):
        console.print(f"\n{number + 1} of {len(chosen.concepts)}  {check.question}", style="bold")
        for letter, option in zip(LETTERS, check.options, strict=False):
            console.print(f"  {letter}  {option}")
        letter_hit = _letter(console, len(check.options), hint=None)
        if letter_hit is None:
            break
        is_right = letter_hit == check.answer
        right += is_right
        _show_outcome(console, is_right, check.answer)
        console.print(f"  {check.explanation}")
        wiring.keep_practice(
            place, "concept", {"pattern": pattern, "item": number, "right": is_right}
        )
    console.print(f"\n{right} of {len(chosen.concepts)} right.")


def take_test(
    pattern: PatternArgument,
    seed: Annotated[
        int | None, typer.Option("--seed", help="The same order again.", show_default=False)
    ] = None,
    ear: Annotated[
        bool, typer.Option("--ear", help="Hear a weak answer; hit a key where it fails.")
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
    from random import SystemRandom

    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.core.quiz import Answered, is_pattern_strong, scores
    from mock_interviewer.settings import home_at

    place = home_at(home, language)
    chosen = wiring.pattern(place, pattern)
    console = Console(highlight=False)
    if ear:
        from mock_interviewer.cli.ear_test import hear_out

        hear_out(console, place, chosen, wiring.play_audio(speaker), voice, rate)
        return
    dice = Random(SystemRandom().randrange(2**32) if seed is None else seed)
    answered: list[Answered] = []
    for count, choice in enumerate(_drawn(chosen, dice), start=1):
        item = chosen.quiz[choice.number]
        console.print(
            f"\n{count} of {len(chosen.quiz)}, {choice.difficulty}  {choice.question}", style="bold"
        )
        for letter, option in zip(LETTERS, choice.options, strict=False):
            console.print(f"  {letter}  {option}")
        hit = _letter(console, len(choice.options), hint=item.hint)
        if hit is None:
            break
        is_right = hit == choice.right
        answered.append(Answered(choice.number, choice.difficulty, is_right))
        _show_outcome(console, is_right, choice.right)
        for step in item.steps:
            console.print(f"  - {step}")
        if not is_right:
            console.print(f"  The usual mistake: {item.mistake}", style="yellow")
        wiring.keep_practice(
            place,
            "quiz",
            {
                "pattern": pattern,
                "item": choice.number,
                "difficulty": choice.difficulty,
                "right": is_right,
            },
        )
    found = scores(answered, [item.difficulty for item in chosen.quiz])
    _show_scores(console, found, is_strong=is_pattern_strong(found))


def _drawn(pattern: Pattern, dice: Random) -> list[Choice]:
    """The items shuffled within each difficulty, easy first, and their options shuffled."""
    from mock_interviewer.core.quiz import DIFFICULTIES, shown

    numbers = list(range(len(pattern.quiz)))
    dice.shuffle(numbers)
    numbers.sort(key=lambda number: DIFFICULTIES.index(pattern.quiz[number].difficulty))
    choices = []
    for number in numbers:
        item = pattern.quiz[number]
        order = list(range(len(item.options)))
        dice.shuffle(order)
        choices.append(
            shown(number, item.question, item.options, item.answer, item.difficulty, order)
        )
    return choices


def _show_step(console: Console, step: Step, number: int, total: int) -> None:
    console.print(f"\n{number} of {total}  {step.title}", style="bold")
    for line in step.lines:
        lead, style = STYLES[line.kind]
        console.print(f"{lead}{line.text}{'”' if lead.endswith('“') else ''}", style=style)


def _show_outcome(console: Console, is_right: bool, right: int) -> None:
    if is_right:
        console.print("  Right.", style="green")
    else:
        console.print(f"  No: {LETTERS[right]}.", style="red")


def _show_scores(console: Console, found: Sequence[Score], *, is_strong: bool) -> None:
    console.print()
    for score in found:
        told = f"{score.difficulty:8} {score.right} of {score.items} right"
        if score.answered < score.items:
            told += f", {score.items - score.answered} not answered"
        console.print(told, style="green" if score.is_strong else "yellow")
    if any(score.answered < score.items for score in found):
        console.print("Not finished; what you answered is kept.")
    elif is_strong:
        console.print("This pattern is strong. Say it aloud now: mock-interviewer interview.")
    else:
        weak = ", ".join(score.difficulty for score in found if not score.is_strong)
        console.print(f"Not strong yet ({weak}); learn it again, then come back.")


def _wish(console: Console, *, can_hear: bool) -> str | None:
    """What to do next: '' goes on, 'b' back, 'l' listens, 'q' leaves."""
    hint = "Enter next · b back · " + ("l listen · " if can_hear else "") + "q leave"
    return _key(console, hint, "bql" if can_hear else "bq", otherwise="")


def _letter(console: Console, options: int, hint: str | None) -> int | None:
    """The option that was chosen; None to leave."""
    letters = LETTERS[:options].lower()
    told = f"{letters[0]} to {letters[-1]}" + (" · h hint" if hint else "") + " · q leave"
    while True:
        hit = _key(console, told, letters + ("h" if hint else "") + "q", otherwise=None)
        if hit == "q" or hit is None:
            return None
        if hit == "h":
            console.print(f"  Hint: {hint}", style="italic")
            continue
        return letters.index(hit)


def _key(console: Console, hint: str, allowed: str, otherwise: str | None) -> str | str | None:
    """One of the allowed keys; `otherwise` is what Enter means. The end of input leaves."""
    from mock_interviewer.cli.keys import ENTER, forget_keys, key_within, single_keys

    console.print(hint, style="bright_black")
    if not sys.stdin.isatty():
        for line in sys.stdin:
            wish = line.strip().lower()[:1]
            if wish in allowed and wish:
                return wish
            if not wish and otherwise is not None:
                return otherwise
        return "q"
    forget_keys()
    with single_keys():
        while True:
            key = key_within(0.5)
            if key and key in allowed:
                return key
            if key == ENTER and otherwise is not None:
                return otherwise


def _reader(
    place: Home, voice: str | None, rate: int, speaker: str | None
) -> Callable[[str], None]:
    """Reading aloud; what stands in the way is told once, in one line."""
    from mock_interviewer import wiring
    from mock_interviewer.errors import InterviewError

    def say(text: str) -> None:
        try:
            wiring.say_aloud(place, text, voice, rate, speaker)
        except InterviewError as error:
            print(" ".join(str(error).split()), file=sys.stderr)

    return say
