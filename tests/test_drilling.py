"""A drill under a clock that is moved by hand: countdown, cues, who ends a stage, what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_interviewer.app.drilling import Drill, DrillPhase
from mock_interviewer.core.rubric import BUDGETS, LONG_SITUATION_S, Stage
from mock_interviewer.core.voice_heard import VoiceHeard


class Scribe:
    def __init__(self) -> None:
        self.heard = 0

    def begin(self, recording: Path) -> None: ...

    def hear(self, voice: VoiceHeard) -> None:
        self.heard += 1


class Desk:
    """Clock, microphone and loudspeaker of a drill."""

    is_live, level_dbfs, voice = True, -30.0, VoiceHeard(0.1)

    def __init__(self) -> None:
        self.at_s, self.recorded_s, self.is_held = 100.0, 0.0, True
        self.tones: list[str] = []

    def pass_by(self, seconds: float) -> None:
        self.at_s += seconds
        self.recorded_s += 0.0 if self.is_held else seconds

    def begin(self, path: Path, not_before: float | None = None) -> None:
        self.is_held = False

    def pause(self) -> None:
        self.is_held = True

    def resume(self) -> None:
        self.is_held = False

    def play(self, name: str) -> None:
        self.tones.append(name)


def drill_of(*stages: Stage, interrupts: bool = False) -> tuple[Drill, Desk]:
    desk = Desk()
    drill = Drill(
        desk,  # type: ignore[arg-type]
        Scribe(),  # type: ignore[arg-type]
        desk,
        stages,
        BUDGETS,
        interrupts=interrupts,
        now=lambda: desk.at_s,
    )
    drill.begin(Path("drill.wav"))
    return drill, desk


def watch(drill: Drill, desk: Desk, seconds: float) -> list[DrillPhase]:
    """The phases in so many seconds, looked at ten times a second."""
    phases = []
    for _ in range(round(10 * seconds)):
        phases.append(drill.look().phase)
        desk.pass_by(0.1)
    return phases


def test_a_countdown_then_a_timer_that_sounds_at_target_and_limit() -> None:
    drill, desk = drill_of(Stage.TASK)
    assert drill.look().count == 3
    phases = watch(drill, desk, 3.0)
    assert set(phases) == {DrillPhase.COUNTING}
    assert desk.tones == ["tick"] * 3
    assert desk.recorded_s == 0.0  # what is said in the countdown is not kept
    watch(drill, desk, 31.0)
    assert desk.tones == ["tick"] * 3 + ["go", "target", "limit"]
    drill.go_on()
    assert drill.look().phase is DrillPhase.OVER
    (told,) = drill.told
    assert told.duration_s == pytest.approx(31.0, abs=0.11)
    assert drill.following.heard >= 300  # type: ignore[attr-defined]


def test_stages_follow_one_another_and_a_countdown_can_be_cut_short() -> None:
    drill, desk = drill_of(Stage.SITUATION, Stage.RESULT)
    drill.go_on()
    watch(drill, desk, 5.0)
    drill.go_on()
    state = drill.look()
    assert (state.phase, state.stage, state.count) == (DrillPhase.COUNTING, Stage.RESULT, 3)
    watch(drill, desk, 1.0)
    drill.stop()  # in a countdown: nothing was told of it
    assert drill.look().phase is DrillPhase.OVER
    assert [(each.stage, each.start_s) for each in drill.told] == [(Stage.SITUATION, 0.0)]


def test_what_was_told_when_a_drill_is_stopped_counts() -> None:
    drill, desk = drill_of(Stage.SITUATION, Stage.RESULT)
    drill.go_on()
    watch(drill, desk, 5.0)
    drill.stop()
    assert [each.duration_s for each in drill.told] == [pytest.approx(5.0)]


@pytest.mark.parametrize("stage", [Stage.SITUATION, Stage.ACTION])
def test_only_a_long_situation_is_cut_into_and_the_drill_goes_on(stage: Stage) -> None:
    drill, desk = drill_of(stage, Stage.RESULT, interrupts=True)
    drill.go_on()
    assert set(watch(drill, desk, LONG_SITUATION_S)) == {DrillPhase.TELLING}
    desk.pass_by(0.1)
    cut = drill.look().phase is DrillPhase.CUT_IN
    assert cut is (stage is Stage.SITUATION)
    assert desk.is_held is cut
    drill.go_on()
    assert drill.look().stage is Stage.RESULT
    (told,) = drill.told
    assert told.duration_s >= LONG_SITUATION_S
