"""`learn`: a pattern step by step, and from there into its checks, its test, or saying it aloud.

One key reveals the next piece; an example or reply can be heard. Where there is no terminal, lines
are read instead, so that all of it can be scripted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.choices import LEAVE, key_hit
from mock_interviewer.cli.options import (
    HomeOption,
    LanguageOption,
    RateOption,
    SpeakerOption,
    VoiceOption,
)
from mock_interviewer.cli.patterns import PatternArgument, pattern_wanted
from mock_interviewer.cli.telling import tell
from mock_interviewer.errors import InterviewError

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.core.lesson import Step
    from mock_interviewer.settings import Home

Say = Callable[[str], None]


def learn(
    pattern: PatternArgument = None,
    silent: Annotated[bool, typer.Option("--silent", help="Without a voice.")] = False,
    voice: VoiceOption = None,
    rate: RateOption = 165,
    speaker: SpeakerOption = None,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Learn a pattern step by step; its examples can be heard.

    Example: mock-interviewer learn missed-deadline
    """
    from rich.console import Console

    from mock_interviewer.core.lesson import steps_of
    from mock_interviewer.settings import home_at

    place = home_at(home, language)
    console = Console(highlight=False, markup=False)
    chosen = pattern_wanted(console, place, pattern, "learn")
    if chosen is None:
        return
    say = None if silent else _reader(place, voice, rate, speaker)
    if _teach(console, steps_of(chosen), say):
        _go_on(console, chosen.question.id, place, silent, voice, rate, speaker)


def _teach(console: Console, steps: tuple[Step, ...], say: Say | None) -> bool:
    """Go through the steps; False if the person left before the end."""
    from mock_interviewer.cli.lesson_view import show_lines, show_title

    at = 0
    while at < len(steps):
        step = steps[at]
        show_title(console, at + 1, len(steps), step.title)
        aloud: str | None = None
        for number, reveal in enumerate(step.reveals, start=1):
            show_lines(console, reveal.lines)
            aloud = reveal.aloud or aloud  # what was shown last can be heard until the step ends
            wish = _wish(console, is_last=number == len(step.reveals), aloud=aloud, say=say)
            if wish == LEAVE:
                return False
            if wish == "b":
                at = max(-1, at - 2)
                break
        at += 1
    return True


def _wish(console: Console, *, is_last: bool, aloud: str | None, say: Say | None) -> str:
    """What to do next: '' goes on, 'b' back, 'q' leaves; listening comes back here."""
    can_hear = say is not None and aloud is not None
    hint = f"Enter {'next' if is_last else 'more'} · b back"
    hint += (" · l listen" if can_hear else "") + " · q leave"
    while True:
        wish = key_hit(console, hint, "blq" if can_hear else "bq", otherwise="")
        if wish != "l" or say is None or aloud is None:
            return wish
        say(aloud)


def _go_on(
    console: Console,
    name: str,
    place: Home,
    silent: bool,
    voice: str | None,
    rate: int,
    speaker: str | None,
) -> None:
    """What follows a lesson: three checks, the answer said aloud, the test."""
    from mock_interviewer.cli import quizzing
    from mock_interviewer.cli.interview import interview

    home, language = place.path, place.asked_language
    console.print("\nThat was all of it.")
    if not sys.stdin.isatty():
        for command in ("concepts", "interview", "test"):
            console.print(f"  mock-interviewer {command} {name}")
        return
    while True:
        console.print("\nWhat now?", style="bold")
        hint = "c three checks · p practise it aloud · t the test · q leave"
        wish = key_hit(console, hint, "cptq", otherwise=None)
        try:
            if wish == "c":
                quizzing.concepts(name, language=language, home=home)
            elif wish == "t":
                quizzing.take_test(
                    name, voice=voice, rate=rate, speaker=speaker, language=language, home=home
                )
            elif wish == "p":
                interview(
                    name,
                    silent=silent,
                    voice=voice,
                    rate=rate,
                    speaker=speaker,
                    language=language,
                    home=home,
                )
            else:
                return
        except InterviewError as error:  # no microphone: the checks and the test are still there
            tell(str(error))
            if wish == "p":
                tell(f"Typed: mock-interviewer interview {name} --typed")


def _reader(place: Home, voice: str | None, rate: int, speaker: str | None) -> Say:
    """Reading aloud until a key is hit; what stands in the way is told in one line."""
    from mock_interviewer import wiring
    from mock_interviewer.cli.keys import forget_keys, key_within, single_keys

    def is_enough() -> bool:
        return sys.stdin.isatty() and key_within(0) is not None

    def say(text: str) -> None:
        try:
            if not sys.stdin.isatty():
                wiring.say_aloud(place, text, voice, rate, speaker, is_enough)
                return
            tell("Any key stops it.")
            forget_keys()
            with single_keys():
                wiring.say_aloud(place, text, voice, rate, speaker, is_enough)
        except InterviewError as error:
            tell(str(error))

    return say
