"""A drill in the terminal: countdown, timer, cues by sound and colour, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from mock_interviewer.app.drill_entries import drill_entry, guess_entry
from mock_interviewer.app.drilling import Drill, DrillPhase, DrillState
from mock_interviewer.app.interrupting import speak_up
from mock_interviewer.cli.drill_view import drill_heading, drill_table, stray_lines
from mock_interviewer.cli.keys import ENTER, forget_keys, key_within, single_keys
from mock_interviewer.cli.live_view import level_bar, timer_bar
from mock_interviewer.core.drills import (
    StageDrilled,
    drilled,
    mean_guess_error_s,
)
from mock_interviewer.core.language import Language
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Budget, Stage
from mock_interviewer.core.wording import Wording, clock
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import Cues, Following, Listening, OpenMicrophone, PlaySound

TICK_S = 0.05
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
    ) -> None:
        self._console, self._open_microphone = console, open_microphone
        self._following, self._cues, self._play = following, cues, play
        self._folder, self._language, self._keep = folder, language, keep
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
        try:
            with self._open_microphone(self._faults.append) as microphone:
                drill = Drill(
                    microphone,
                    self._following,
                    self._cues,
                    stages,
                    budgets,
                    interrupts=interrupts,
                )
                drill.begin(recording)
                with (
                    single_keys(),
                    Live(console=self._console, refresh_per_second=12, transient=True) as shown,
                ):
                    self._watch(shown, drill)
                take = drill.end()
        except KeyboardInterrupt:
            self._console.print(f"Stopped. What you said is kept: {recording}", soft_wrap=True)
            raise
        told = drill.told
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

    # ---- while it goes on

    def _watch(self, shown: Live, drill: Drill) -> None:
        """Show every stage and pass on the keys, until the drill is over."""
        number = -1
        while (state := drill.look()).phase is not DrillPhase.OVER:
            if state.number != number:
                number = state.number
                forget_keys()
            if state.phase is DrillPhase.CUT_IN:
                self._cut_in()
                drill.go_on()
                continue
            shown.update(self._screen(drill.microphone, state))
            key = key_within(TICK_S if state.due_s is None else min(TICK_S, state.due_s))
            if key == "q":
                drill.stop()
            elif key == ENTER:
                drill.go_on()

    def _cut_in(self) -> None:
        """The interviewer ends a long situation, aloud where that is possible."""
        line = self._language.sentence("live", "interrupt")
        self._console.print(
            Text(f"{self._said.say('interviewer')}: ", style="bright_black").append(
                line, style="bold"
            )
        )
        speak_up(self._interruption, self._play)

    def _screen(self, microphone: Listening, state: DrillState) -> Group:
        budget, now_s = state.budget, state.now_s
        heading = drill_heading(state.stage, budget, self._said)
        if state.phase is DrillPhase.COUNTING:
            return Group(heading, Text(f"{state.count} ...", style="bold yellow"))
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
        return Group(heading, timer, level, *faults, hint)

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
