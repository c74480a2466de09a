"""`interview`: a question, an answer, the verdict with its reasons, and the probes."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import (
    DeviceOption,
    EndOption,
    EngineOption,
    HomeOption,
    LanguageOption,
    LevelOption,
    ModelOption,
    PatienceOption,
    PrincipleOption,
    RateOption,
    SeedOption,
    SpeakerOption,
    SurpriseOption,
    VoiceOption,
    WorkOption,
    dice_of,
    ending_of,
    engine_of,
    level_of,
    principle_of,
    work_of,
)
from mock_interviewer.cli.second_reader import (
    ReaderAnywhereOption,
    ReaderModelOption,
    ReaderOption,
    reader_wanted,
    second_read,
)
from mock_interviewer.cli.telling import tell, tell_guess
from mock_interviewer.cli.unfinished import offer as offer_unfinished
from mock_interviewer.errors import BadInput, InterviewError

if TYPE_CHECKING:
    from mock_interviewer.adapters.session_folders import SessionFolder
    from mock_interviewer.ports import InterviewView
    from mock_interviewer.settings import Home


def interview(
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="[QUESTION]",
            help="A question's id, or any text in quotes; without it one is drawn.",
            show_default=False,
        ),
    ] = None,
    answers: Annotated[
        list[Path] | None,
        typer.Option(
            "--answer",
            metavar="FILE",
            help="A recording instead of the microphone; again for each reply, in their order.",
        ),
    ] = None,
    typed: Annotated[bool, typer.Option("--typed", help="Type the answers.")] = False,
    device: DeviceOption = None,
    speaker: SpeakerOption = None,
    principle: PrincipleOption = None,
    level: LevelOption = None,
    work: WorkOption = None,
    surprise: SurpriseOption = False,
    seed: SeedOption = None,
    questions: Annotated[
        int, typer.Option("--questions", min=1, max=20, help="How many questions.")
    ] = 1,
    probes: Annotated[
        int, typer.Option("--probes", min=0, max=3, help="At most so many probes a question.")
    ] = 2,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the last interview that broke off.")
    ] = False,
    end: EndOption = "manual",
    patience: PatienceOption = None,
    coach: Annotated[
        bool, typer.Option("--coach", help="Show the stage you are in and its seconds.")
    ] = False,
    interrupt: Annotated[
        bool,
        typer.Option("--interrupt", help="Be cut in on after 45 s of situation, as in real ones."),
    ] = False,
    guess: Annotated[
        bool,
        typer.Option("--guess", help="Guess seconds and verdict before you see them."),
    ] = False,
    silent: Annotated[
        bool, typer.Option("--silent", help="Show the questions without speaking them.")
    ] = False,
    voice: VoiceOption = None,
    rate: RateOption = 165,
    engine: EngineOption = "auto",
    model: ModelOption = None,
    reader: ReaderOption = None,
    reader_model: ReaderModelOption = None,
    reader_anywhere: ReaderAnywhereOption = False,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """A mock interview: aloud at the microphone, from recordings, or typed.

    Example: mock-interviewer interview missed-deadline --level senior
    """
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.app.resuming import waits_to_be_heard
    from mock_interviewer.cli.guessing import guessing
    from mock_interviewer.cli.holding import Spoken, hold
    from mock_interviewer.cli.interview_view import RecordedAnswers, TerminalView
    from mock_interviewer.cli.typed_answers import TypedAnswers
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring.asking import Wish, questions_to_ask, with_warm_up
    from mock_interviewer.wiring.typed import keep_lines
    from mock_interviewer.wiring.unfinished import is_in_use

    place = home_at(home, language)
    ask = reader_wanted(place, reader, reader_model, reader_anywhere)
    recordings = answers or []
    if typed and recordings:
        raise BadInput("Either --typed or --answer FILE, not both.")
    is_live = not typed and not recordings
    ending = ending_of(end, patience)
    if not is_live and (ending.is_auto or coach or interrupt):
        raise BadInput("--end auto, --coach and --interrupt go with an answer at the microphone.")
    if is_live and not sys.stdin.isatty():
        raise BadInput(
            "At the microphone an interview needs a terminal for its keys; here answer with "
            "--answer FILE or --typed."
        )
    for path in recordings:
        if not path.is_file():
            raise BadInput(f"{path} does not exist; --answer takes a recording.")
        wiring.read_audio(path)  # before anything is asked
    begun = unfinished_session(place) if resume else None
    if begun:
        place = wiring.home_of_session(place, begun)
    spoken_language = wiring.language_of(place)
    asked = (
        ()
        if begun
        else questions_to_ask(
            place,
            Wish(
                question,
                principle_of(principle),
                level_of(level),
                work_of(work),
                questions,
                is_surprise=surprise,
            ),
            dice_of(seed),
            tell_guess,
        )
    )
    if is_live and not begun:
        asked = with_warm_up(place, asked)
    console = Console(highlight=False)
    if not begun:
        offer_unfinished(place, console, engine, model)
    if not begun and wiring.did_last_break_off(place) and not is_in_use(place):
        console.print("Your last interview broke off; interview --resume goes on with it.")
    spoken = Spoken(is_silent=silent, voice=voice, rate_wpm=rate)
    if is_live:
        from mock_interviewer.cli.live import LiveTerminal
        from mock_interviewer.wiring import live as live_wiring

        engine = engine_of(engine)
        if engine != "sphinx" and model is None:
            offer_model(place)
        play = None if silent else wiring.play_sound(speaker)
        attention = live_wiring.attention(
            place,
            is_auto=ending.is_auto,
            patience_s=ending.patience_s,
            is_coached=coach,
            interrupts=interrupt,
        )
        with ExitStack() as open_things:
            tones = None
            if ending.is_auto and not silent:
                tones = open_things.enter_context(closing(live_wiring.tones(speaker)))
            terminal = LiveTerminal(
                console,
                wiring.open_microphone(device),
                play,
                wiring.question_guard_s(),
                attention,
                tones,
            )
            open_things.enter_context(closing(terminal))
            shown = guessing(place, terminal, console) if guess else terminal
            shown = second_read(shown, console, ask)
            hold(
                place, asked, terminal, shown, console, spoken, engine, model, probes, begun,
                live=terminal,
            )  # fmt: skip
        return
    view: InterviewView = TerminalView(console, spoken_language)
    if guess:
        view = guessing(place, view, console)
    view = second_read(view, console, ask)
    source = TypedAnswers(console, keep_lines) if typed else RecordedAnswers(recordings)
    is_heard = not typed or (begun and waits_to_be_heard(begun.path, begun.read_state()))
    hold(
        place,
        asked,
        source,
        view,
        console,
        spoken,
        engine_of(engine) if is_heard else None,
        model,
        probes,
        begun,
    )


def unfinished_session(place: Home) -> SessionFolder:
    """The last interview that broke off. Raises BadInput where there is none."""
    from mock_interviewer import wiring

    found = wiring.unfinished_session(place)
    if found is None:
        raise BadInput(
            f"No interview in {place.sessions} has broken off; begin one without --resume."
        )
    return found


def offer_model(place: Home) -> None:
    """Offer once, ever, to fetch a Whisper model where there is none."""
    from mock_interviewer import wiring
    from mock_interviewer.cli import model as model_command
    from mock_interviewer.settings import USUAL_LANGUAGE

    mark = "model-offered" + ("" if place.language == USUAL_LANGUAGE else f"-{place.language}")
    if wiring.has_model(place) or not wiring.is_first_time(place, mark):
        return
    usual = wiring.usual_model(place)
    tell(
        "Without a Whisper model your words are only heard roughly; it is fetched once and then "
        "works offline."
    )
    try:
        if model_command.agrees(usual, place):
            model_command.fetch_showing_progress(usual, place)
    except InterviewError as error:
        tell(f"{error} The interview goes on without it.")
