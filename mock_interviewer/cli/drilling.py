"""A drill in the terminal: countdown, timer, cues by sound and colour, and what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from mock_interviewer.app.drilling import drill_entry, guess_entry
from mock_interviewer.cli.drill_view import drill_heading, drill_table, stray_lines
from mock_interviewer.cli.keys import ENTER, forget_keys, key_within, single_keys
from mock_interviewer.cli.live_view import level_bar, timer_bar
from mock_interviewer.core.drills import (
    COUNTDOWN_S,
    StageDrilled,
    Told,
    drilled,
    marks_between,
    mean_guess_error_s,
    next_due_s,
)
from mock_interviewer.core.language import Language
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import LONG_SITUATION_S, Budget, Stage
from mock_interviewer.core.wording import Wording, clock
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import Cues, Following, Listening, OpenMicrophone, PlaySound

TICK_S = 0.05
LONGEST_INTERRUPTION_S = 8.0
HINT = "Enter next stage · q stop"


class DrillTerminal:
    """Runs one drill; keep is called with what is to be remembered."""

    def __init__(
        self,
        console: Console,
        open_microphone: OpenMicrophone,
        following: Following,
        cues: Cues | None,
        play: PlaySound | None,
        folder: Path,
        language: Language,
        keep: Callable[[str, dict[str, Any]], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console, self._open_microphone = console, open_microphone
        self._following, self._cues, self._play = following, cues, play
        self._folder, self._language, self._keep, self._now = folder, language, keep, now
        self._said = Wording(language)
        self._faults: list[str] = []
        self._interruption: Path | None = None

    def run(
        self,
        stages: Sequence[Stage],
        budgets: Mapping[Stage, Budget],
        question: Question,
        *,
        is_guessing: bool,
        interrupts: bool,
        interruption: Path | None,
    ) -> None:
        """The whole drill. Raises DeviceFault where no sound comes at all."""
        self._interruption = interruption
        if question.text:
            self._console.print(Text(question.text, style="bold"))
        recording = self._folder / "drill.wav"
        told: list[Told] = []
        try:
            with self._open_microphone(self._faults.append) as microphone:
                microphone.begin(recording, self._now())
                microphone.pause()
                self._following.begin(recording)
                with single_keys():
                    for stage in stages:
                        budget = budgets[stage]
                        one, goes_on = self._tell(microphone, stage, budget, interrupts=interrupts)
                        told += [one] if one else []
                        if not goes_on:
                            break
                take = microphone.end()
        except KeyboardInterrupt:
            self._console.print(f"Stopped. What you said is kept: {recording}", soft_wrap=True)
            raise
        if not told:
            self._console.print("Nothing was told.")
            return
        if is_guessing:
            told = [replace(each, guess_s=self._ask_guess(each.stage)) for each in told]
        transcript = None
        try:
            transcript = self._following.finish(take.regions, take.duration_s, None)
        except InterviewError as error:
            print(f"{error} The recording is kept: {recording}", file=sys.stderr)
        found = drilled(told, take.regions, transcript, self._language)
        self._show(found)
        self._keep("drill", drill_entry(found, recording))
        for each in told:
            if each.guess_s is not None:
                self._keep("guess", guess_entry(each))

    # ---- one stage

    def _tell(
        self, microphone: Listening, stage: Stage, budget: Budget, *, interrupts: bool
    ) -> tuple[Told | None, bool]:
        """One stage told, None where there was nothing; and whether the drill goes on."""
        forget_keys()
        with Live(console=self._console, refresh_per_second=12, transient=True) as shown:
            if not self._count_down(shown, stage, budget):
                return None, False
            start_s = microphone.recorded_s
            microphone.resume()
            self._cue("go")
            goes_on = self._run_timer(shown, microphone, stage, budget, interrupts=interrupts)
            microphone.pause()
        told = Told(stage, budget, start_s, microphone.recorded_s)
        return (told if told.duration_s > 0 else None), goes_on

    def _count_down(self, shown: Live, stage: Stage, budget: Budget) -> bool:
        """Three, two, one; False if the person stops here."""
        began_at, last = self._now(), 0
        while (left_s := began_at + COUNTDOWN_S - self._now()) > 0:
            count = int(left_s) + 1
            if count != last:
                last = count
                self._cue("tick")
            shown.update(
                Group(
                    drill_heading(stage, budget, self._said),
                    Text(f"{count} ...", style="bold yellow"),
                )
            )
            key = key_within(min(TICK_S, left_s))
            if key == "q":
                return False
            if key == ENTER:
                break
        return True

    def _run_timer(
        self,
        shown: Live,
        microphone: Listening,
        stage: Stage,
        budget: Budget,
        *,
        interrupts: bool,
    ) -> bool:
        """The timer of one stage; False if the person stops the drill with it."""
        began_at, before_s = self._now(), 0.0
        while True:
            now_s = self._now() - began_at
            for mark in marks_between(before_s, now_s, budget):
                self._cue(mark.value)
            before_s = now_s
            if microphone.voice is not None:
                self._following.hear(microphone.voice)
            shown.update(self._screen(microphone, stage, budget, now_s))
            if interrupts and stage is Stage.SITUATION and now_s >= LONG_SITUATION_S:
                microphone.pause()
                self._cut_in()
                return True
            due_s = next_due_s(self._now() - began_at, budget)
            key = key_within(TICK_S if due_s is None else min(TICK_S, due_s))
            if key in (ENTER, "q"):
                return key == ENTER

    def _cue(self, name: str) -> None:
        if self._cues is not None:
            self._cues.play(name)

    def _cut_in(self) -> None:
        """The interviewer ends a long situation, aloud where that is possible."""
        line = self._language.sentence("live", "interrupt")
        self._console.print(
            Text(f"{self._said.say('interviewer')}: ", style="bright_black").append(
                line, style="bold"
            )
        )
        if self._interruption is not None and self._play is not None:
            with suppress(InterviewError), self._play(self._interruption) as playing:
                playing.wait(LONGEST_INTERRUPTION_S)

    def _screen(self, microphone: Listening, stage: Stage, budget: Budget, now_s: float) -> Group:
        voice = microphone.voice
        is_speaking = voice is not None and voice.is_speaking
        lamp = Text("● speaking  " if is_speaking else "○ silent    ")
        lamp.stylize("green" if is_speaking else "bright_black")
        if not microphone.is_live:
            lamp = Text("○ opening   ", style="bright_black")
        timer = timer_bar(now_s, budget).append(f"  {clock(now_s)} of {clock(budget.target_s)}")
        faults = [Text(line, style="yellow") for line in self._faults[-2:]]
        level = lamp.append(level_bar(microphone.level_dbfs))
        hint = Text(HINT, style="bright_black")
        return Group(drill_heading(stage, budget, self._said), timer, level, *faults, hint)

    # ---- afterwards

    def _ask_guess(self, stage: Stage) -> float | None:
        """How long the person thinks a stage was; None for an empty or an unreadable line."""
        while True:
            typed = self._console.input(f"How many seconds was your {stage.value}? ").strip()
            if not typed:
                return None
            with suppress(ValueError):
                seconds = float(typed.removesuffix("s").strip())
                if 0 <= seconds < 3600:
                    return seconds
            self._console.print("A number of seconds, like 40; or nothing for no guess.")

    def _show(self, found: Sequence[StageDrilled]) -> None:
        self._console.print()
        self._console.print(Padding(drill_table(found, self._said), (0, 2)))
        for line in stray_lines(found):
            self._console.print(Padding(Text(line), (0, 2)))
        error_s = mean_guess_error_s([each.told for each in found])
        if error_s is not None:
            self._console.print(
                Padding(f"Your guesses were {error_s:.0f} s off on average.", (0, 2))
            )
