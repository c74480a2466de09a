"""A drill under way: countdown, timer and cues of one stage after the other.

Whoever shows a drill (the terminal, the page) calls `look()` some times a second, draws what it
says and hands over what the person wants; nothing here waits or prints. There is one recording for
the whole drill, held between the stages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from pathlib import Path

from mock_interviewer.core.drills import COUNTDOWN_S, Told, marks_between, next_due_s
from mock_interviewer.core.rubric import LONG_SITUATION_S, Budget, Stage
from mock_interviewer.ports import Cues, Following, Listening, Recorded


class DrillPhase(StrEnum):
    """Where a drill stands."""

    COUNTING = "counting"
    TELLING = "telling"
    CUT_IN = "cut_in"
    """The interviewer ends this stage; `go_on` begins the next one."""
    OVER = "over"


@dataclass(frozen=True)
class DrillState:
    """What there is to show of a drill now."""

    phase: DrillPhase
    number: int
    """Of the stage, from 0."""
    stage: Stage
    budget: Budget
    now_s: float
    """Seconds since the stage's countdown or its timer began."""
    due_s: float | None
    """Seconds until something is to sound; None where nothing is."""

    @property
    def count(self) -> int:
        """What the countdown shows: three, two, one."""
        return ceil(COUNTDOWN_S - self.now_s)


@dataclass
class Drill:
    """A drill from its first countdown to its last stage."""

    microphone: Listening
    following: Following
    cues: Cues | None
    """None leaves it without a sound."""
    stages: Sequence[Stage]
    budgets: Mapping[Stage, Budget]
    interrupts: bool = False
    """The interviewer cuts into a situation that goes on for LONG_SITUATION_S."""
    now: Callable[[], float] = time.monotonic
    told: list[Told] = field(default_factory=list)
    """The stages told so far."""
    _phase: DrillPhase = DrillPhase.COUNTING
    _number: int = 0
    _began_at: float = 0.0
    _before_s: float = 0.0
    _start_s: float = 0.0
    _count: int = 0

    def begin(self, recording: Path) -> None:
        """Record into a file, held until the first stage's countdown has ended."""
        self.microphone.begin(recording, self.now())
        self.microphone.pause()
        self.following.begin(recording)
        self._began_at = self.now()

    def look(self) -> DrillState:
        """What there is to show now; what is due sounds."""
        now_s = self.now() - self._began_at
        if self._phase is DrillPhase.COUNTING and now_s >= COUNTDOWN_S:
            self._start_telling()
            now_s = self.now() - self._began_at
        stage = self.stages[self._number]
        budget, due_s = self.budgets[stage], None
        if self._phase is DrillPhase.COUNTING:
            due_s = self._count_down(now_s)
        elif self._phase is DrillPhase.TELLING:
            due_s = self._run_timer(now_s, stage, budget)
        return DrillState(self._phase, self._number, stage, budget, now_s, due_s)

    def _count_down(self, now_s: float) -> float:
        left_s = COUNTDOWN_S - now_s
        if ceil(left_s) != self._count:
            self._count = ceil(left_s)
            self._cue("tick")
        return left_s

    def _run_timer(self, now_s: float, stage: Stage, budget: Budget) -> float | None:
        for mark in marks_between(self._before_s, now_s, budget):
            self._cue(mark.value)
        self._before_s = now_s
        if self.microphone.voice is not None:
            self.following.hear(self.microphone.voice)
        if self.interrupts and stage is Stage.SITUATION and now_s >= LONG_SITUATION_S:
            self._end_telling()
            self._phase = DrillPhase.CUT_IN
        return next_due_s(self.now() - self._began_at, budget)

    def go_on(self) -> None:
        """Tell this stage now, or the next one if this one is being told."""
        if self._phase is DrillPhase.COUNTING:
            self._start_telling()
            return
        if self._phase is DrillPhase.TELLING:
            self._end_telling()
        if self._number + 1 == len(self.stages):
            self._phase = DrillPhase.OVER
            return
        self._phase, self._number = DrillPhase.COUNTING, self._number + 1
        self._began_at, self._count = self.now(), 0

    def stop(self) -> None:
        """No more stages; what was told of this one counts."""
        if self._phase is DrillPhase.TELLING:
            self._end_telling()
        self._phase = DrillPhase.OVER

    def end(self) -> Recorded:
        """Close the recording."""
        return self.microphone.end()

    def _start_telling(self) -> None:
        self._phase, self._before_s = DrillPhase.TELLING, 0.0
        self._start_s, self._began_at = self.microphone.recorded_s, self.now()
        self.microphone.resume()
        self._cue("go")

    def _end_telling(self) -> None:
        self.microphone.pause()
        stage = self.stages[self._number]
        told = Told(stage, self.budgets[stage], self._start_s, self.microphone.recorded_s)
        if told.duration_s > 0:
            self.told.append(told)

    def _cue(self, name: str) -> None:
        if self.cues is not None:
            self.cues.play(name)
