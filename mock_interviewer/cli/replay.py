"""`replay`: feedback on a past session, a recording or a transcript."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import (
    EngineOption,
    HomeOption,
    LanguageOption,
    LevelOption,
    ModelOption,
    PrincipleOption,
    SpeakerOption,
    engine_of,
    level_of,
    principle_of,
)
from mock_interviewer.cli.playing import play_answer, stage_of
from mock_interviewer.cli.second_reader import (
    ReaderAnywhereOption,
    ReaderModelOption,
    ReaderOption,
    reader_wanted,
    show_opinion,
    with_opinion,
)
from mock_interviewer.cli.sessions import last_session
from mock_interviewer.cli.telling import tell, tell_guess
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from mock_interviewer.app.replay import Replayed, Wanted
    from mock_interviewer.ports import Transcriber
    from mock_interviewer.settings import Home

EPILOG = "Example: mock-interviewer replay answer.m4a --level senior"


def replay(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SESSION|FILE]...",
            help="A session, recordings (wav, flac, mp3, m4a ...), transcripts (Whisper JSON, SRT, "
            "VTT, text), a folder of them or a zip of 'export'; without any, the last session.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    edit: Annotated[
        bool, typer.Option("--edit", help="Correct a session's transcript in $EDITOR first.")
    ] = False,
    lenses: Annotated[
        bool, typer.Option("--lenses", help="What every principle and level would make of it.")
    ] = False,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help="Two of them side by side: files, sessions or takes (SESSION/ANSWER/NUMBER).",
        ),
    ] = False,
    play: Annotated[
        str | None,
        typer.Option("--play", metavar="STAGE", help="Play what was said in this stage, or all."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write the report as one HTML file instead."),
    ] = None,
    with_sound: Annotated[
        bool, typer.Option("--with-sound", help="Put the recording into the HTML file.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            max=256,
            help="Many files on N processes; what is done is kept, so it may be broken off. "
            "With --html: a page over the group.",
            show_default=False,
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option("--dask", metavar="ADDRESS", help="The same on a Dask cluster of yours."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="With --jobs: also what was done before.")
    ] = False,
    speaker: SpeakerOption = None,
    question: Annotated[
        str | None,
        typer.Option("--question", metavar="ID|TEXT", help="What was asked."),
    ] = None,
    principle: PrincipleOption = None,
    level: LevelOption = None,
    engine: EngineOption = "auto",
    model: ModelOption = None,
    reader: ReaderOption = None,
    reader_model: ReaderModelOption = None,
    reader_anywhere: ReaderAnywhereOption = False,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Feedback on a past session, a recording, or a transcript.

    Example: mock-interviewer replay answer.m4a --level senior
    """
    from mock_interviewer import wiring
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import cohort

    if with_sound and html is None:
        raise BadInput("--with-sound puts the recording into an HTML file; name it: --html FILE.")
    place = home_at(home, language)
    wanted = _wanted(place, question, principle, level)
    stage = stage_of(play)
    engine_name = engine_of(engine)
    if compare and reader is not None:
        raise BadInput("--reader reads one answer at a time; leave it out with --compare.")
    if compare and (html is not None or play or lenses):
        raise BadInput("--compare goes with --json alone: leave out --html, --play and --lenses.")
    ask = None if compare else reader_wanted(place, reader, reader_model, reader_anywhere)
    chosen: list[Transcriber] = []

    def transcriber() -> Transcriber:
        if not chosen:
            recogniser, line = wiring.choose_engine(engine_name, model, place)
            tell(line)
            chosen.append(recogniser)
        return chosen[0]

    names = sources or [last_session(place)]
    if jobs or dask:
        from mock_interviewer.cli.cohort import replay_many

        if edit or compare or play or with_sound or reader is not None:
            raise typer.BadParameter(
                "--jobs and --dask go with --json or --html, not with --edit, --compare, --play, "
                "--with-sound or --reader."
            )
        asked = cohort.Asked(place, wanted, engine_name, model, lenses)
        if replay_many(
            asked, names, jobs=jobs, address=dask, again=again, as_json=as_json, html=html
        ):
            raise typer.Exit(1)
        return
    names = cohort.expanded(names) if any(map(cohort.is_group, names)) else names
    if html is not None:
        from mock_interviewer.wiring.answers import check_report_place

        check_report_place(html)
    with _progress() as progress, _opened(names) as opened:
        replayer = wiring.replayer(place, transcriber, progress)
        if compare:
            from mock_interviewer.cli.comparing import compare_two

            compare_two(replayer, opened, wanted, as_json=as_json)
            return
        if edit:
            from mock_interviewer.cli.correcting import correct

            correct(replayer, names)
        replayed = (
            with_opinion(_called(each, path, shown), ask)
            for shown, path in opened
            for each in replayer.replay(path, wanted)
        )
        is_flawed = False
        reported: list[Replayed] = []
        for each in replayed:
            is_flawed = is_flawed or each.error is not None
            if html is not None and each.analysis is not None:
                reported.append(each)
            if html is None or as_json or each.error is not None:
                _print(each, as_json=as_json, lenses=lenses)
            if play is not None and each.analysis is not None:
                play_answer(each, stage, wiring.play_audio(speaker))
        if html is not None and reported:
            _write_html(html, reported, with_sound=with_sound)
    if is_flawed:
        raise typer.Exit(1)


@contextmanager
def _opened(names: list[str]) -> Iterator[list[tuple[str, str]]]:
    """The sources by name and place, zips unpacked for a while."""
    if not any(name.lower().endswith(".zip") for name in names):
        yield [(name, name) for name in names]
        return
    from mock_interviewer.wiring import mentor

    with mentor.opened(names) as opened:
        yield opened


def _called(replayed: Replayed, path: str, shown: str) -> Replayed:
    """The answer under the name by which the person called it."""
    if path == shown:
        return replayed
    error = replayed.error and replayed.error.replace(path, shown)
    return replace(replayed, source=replayed.source.replace(path, shown), error=error)


def _write_html(path: Path, reported: list[Replayed], *, with_sound: bool) -> None:
    from mock_interviewer.wiring import answers

    answers.write_file(path, reported, with_sound=with_sound)
    print(f"Written: {path}", file=sys.stderr)


def _wanted(place: Home, question: str | None, principle: str | None, level: str | None) -> Wanted:
    from mock_interviewer.app.replay import Wanted
    from mock_interviewer.wiring.asking import question_named

    named = principle_of(principle)
    asked = question_named(place, question, tell_guess, named) if question else None
    return Wanted(asked, named, level_of(level))


def _print(replayed: Replayed, *, as_json: bool, lenses: bool) -> None:
    """One answer, or why there is none."""
    if as_json:
        from mock_interviewer.wiring.cohort import line_of

        print(line_of(replayed, lenses=lenses), flush=True)
    elif replayed.analysis is not None:
        from rich.console import Console

        from mock_interviewer.cli.answer_view import show_answer

        console = Console(highlight=False)
        show_answer(console, replayed.analysis, replayed.after)
        _show_note(replayed)
        if lenses:
            from mock_interviewer.cli.lenses_view import show_lenses

            show_lenses(console, replayed.analysis)
        if replayed.opinion is not None:
            show_opinion(console, replayed.opinion)
    else:
        tell(f"{replayed.error}")


def _show_note(replayed: Replayed) -> None:
    """What a coach or mentor says of it, apart from our own verdict."""
    from mock_interviewer.core.moments import day_told
    from mock_interviewer.wiring.mentor import note_on

    word = note_on(replayed)
    if word is not None:
        verdict = f" ({word.verdict.value.replace('_', ' ')})" if word.verdict else ""
        print(f"  A mentor's note{verdict}, {day_told(word.at)}: {word.note}\n")


class _progress:
    """A line on stderr that shows how far a long recording is written down; only in a terminal."""

    def __enter__(self) -> _progress:
        self._is_shown = False
        return self

    def __call__(self, share: float) -> None:
        if sys.stderr.isatty():
            self._is_shown = share < 1.0
            end = "" if self._is_shown else "\r" + " " * 40 + "\r"
            print(
                f"\rWriting down what was said: {share:4.0%}", end=end, file=sys.stderr, flush=True
            )

    def __exit__(self, *raised: object) -> None:
        if self._is_shown:
            print(file=sys.stderr)
