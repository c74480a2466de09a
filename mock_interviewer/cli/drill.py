"""`drill`: the stages of a story against their timers."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import (
    DeviceOption,
    EngineOption,
    HomeOption,
    LanguageOption,
    LevelOption,
    ModelOption,
    RateOption,
    SpeakerOption,
    VoiceOption,
    engine_of,
    level_of,
)
from mock_interviewer.cli.telling import tell_guess
from mock_interviewer.errors import BadInput, UnknownName

if TYPE_CHECKING:
    from mock_interviewer.core.rubric import Stage


def drill(
    stages: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STAGE]...",
            help="situation, task, action, result, reflection; all five without it.",
            show_default=False,
        ),
    ] = None,
    guess: Annotated[
        bool, typer.Option("--guess", help="Guess your seconds before you see them.")
    ] = False,
    interrupt: Annotated[
        bool,
        typer.Option("--interrupt", help="Be cut in on after 45 s of situation, as in real ones."),
    ] = False,
    question: Annotated[
        str | None,
        typer.Option("--question", metavar="QUESTION", help="The question that you drill for."),
    ] = None,
    level: LevelOption = None,
    device: DeviceOption = None,
    speaker: SpeakerOption = None,
    silent: Annotated[bool, typer.Option("--silent", help="No tones and no voice.")] = False,
    voice: VoiceOption = None,
    rate: RateOption = 165,
    engine: EngineOption = "auto",
    model: ModelOption = None,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Tell the stages of a story against their timers, one after the other.

    Example: mock-interviewer drill situation result --guess
    """
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.cli.drilling import DrillTerminal
    from mock_interviewer.core.question import Question
    from mock_interviewer.core.rubric import budgets_for
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import live as live_wiring
    from mock_interviewer.wiring.asking import question_named
    from mock_interviewer.wiring.unfinished import sole_use

    chosen = stages_of(stages or [])
    wanted_level = level_of(level)
    place = home_at(home, language)
    asked = question_named(place, question, tell_guess) if question else Question(text="")
    if not sys.stdin.isatty():
        raise BadInput("A drill needs a terminal for its keys, and a microphone.")
    console = Console(highlight=False)
    transcriber, line = wiring.choose_engine(engine_of(engine), model, place)
    console.print(line, style="bright_black")
    budgets = asked.budgets if wanted_level is None else budgets_for(wanted_level, asked.overrides)
    with ExitStack() as open_things:
        open_things.enter_context(sole_use(place))
        following = open_things.enter_context(closing(live_wiring.follower(transcriber)))
        tones = None
        interruption = None
        if not silent:
            tones = open_things.enter_context(closing(live_wiring.tones(speaker)))
            if interrupt:
                spoken = wiring.speaker(place, voice, rate)
                interruption = live_wiring.interruption(place, spoken)
        terminal = DrillTerminal(
            console,
            wiring.open_microphone(device),
            following,
            tones,
            None if silent else wiring.play_sound(speaker),
            live_wiring.drill_folder(place),
            wiring.language_of(place),
            lambda kind, what: wiring.keep_practice(place, kind, what),
        )
        terminal.run(
            chosen,
            budgets,
            asked,
            is_guessing=guess,
            interrupts=interrupt,
            interruption=interruption,
        )


def stages_of(names: list[str]) -> tuple[Stage, ...]:
    """The stages by their names, in the order given; all five without names. Raises UnknownName."""
    from mock_interviewer.core.rubric import STORY_STAGES

    known = {stage.value: stage for stage in STORY_STAGES}
    chosen: list[Stage] = []
    for name in names:
        if name.lower() not in known:
            raise UnknownName(f"There is no stage '{name}'; there are {', '.join(known)}.")
        chosen.append(known[name.lower()])
    return tuple(chosen) or STORY_STAGES
