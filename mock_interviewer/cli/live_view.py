"""The screen while somebody speaks, drawn from plain values.

Nearly empty on purpose: live gauges distract. `--coach` adds one line, the stage ruler, and one
gentle cue.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from mock_interviewer.cli.words import STAGE_STYLES
from mock_interviewer.core.endpointing import EndPhase
from mock_interviewer.core.live import LiveState, StageNow
from mock_interviewer.core.rubric import Budget, Status
from mock_interviewer.core.timing import stage_status
from mock_interviewer.core.wording import Wording, clock

LEVEL_WIDTH = 24
QUIETEST_DBFS = -60.0
RULER_WIDTH = 30
BAR_STYLES: dict[Status | None, str] = {Status.OVER_TARGET: "yellow", Status.OVER_LIMIT: "red"}
HINT = "Enter done · p pause · r retake · a ask again · s skip · q stop"
FAULT_HINT = " · m another mic"
"""Only where something is wrong with this one; both hints fit a line of 80."""


def screen(state: LiveState, faults: Sequence[str], said: Wording, hint: str = HINT) -> Group:
    """Lamp, time and level; what is wrong; the ruler if it is wanted; the countdown if it runs."""
    if state.is_paused:
        lamp = Text("❚❚ paused     ", style="yellow")
    elif state.is_live:
        lamp = Text("●  listening  ", style="green")
    else:
        lamp = Text("○  opening    ", style="bright_black")
    lamp.append(f"{clock(state.recorded_s)}  ", style="bold")
    lamp.append(level_bar(state.level_dbfs))
    lines = [lamp]
    if state.stage is not None:
        lines += stage_lines(state.stage, said)
    lines += [Text(line, style="yellow") for line in faults[-2:]]
    if state.text_fault:
        lines.append(Text(state.text_fault, style="yellow"))
    if state.countdown is not None:
        told = f"Is that your answer? Ends in {state.countdown} · speak to go on"
        lines.append(Text(told, style="bold yellow"))
    elif state.phase in (EndPhase.ENDED, EndPhase.OVER):
        lines.append(Text("Ended. Speak or hit u to go on.", style="bold green"))
    lines.append(
        Text(hint + FAULT_HINT * bool(faults and not state.is_paused), style="bright_black")
    )
    return Group(*lines)


def stage_lines(now: StageNow, said: Wording) -> list[Text]:
    """The stage as far as it is known, its seconds against target and limit, and one cue."""
    budget, told_s = now.budget, now.told_s
    bar = timer_bar(told_s, budget)
    name = f"{said.letter(now.stage)} {said.stage(now.stage):<11}"
    line = Text(name, style=f"bold {STAGE_STYLES[now.stage]}").append_text(bar)
    line.append(f"  {told_s:.0f} of {budget.target_s:.0f} s", style="not bold")
    line.append(f"  as of {now.age_s:.0f} s ago", style="not bold bright_black")
    lines = [line]
    if now.cue:
        lines.append(Text(now.cue, style="italic cyan"))
    return lines


def timer_bar(told_s: float, budget: Budget) -> Text:
    """Seconds up to a limit as a bar with the target marked; its colour says what was passed."""
    target_at = round(RULER_WIDTH * budget.target_s / budget.limit_s)
    full = min(RULER_WIDTH, round(RULER_WIDTH * told_s / budget.limit_s))
    status = stage_status(told_s, budget, is_told=True, has_all_signals=True)
    style = BAR_STYLES.get(status, "green")
    bar = Text()
    for column in range(RULER_WIDTH):
        mark = "|" if column == target_at else "━" if column < full else "─"
        bar.append(mark, style=style if column < full else "bright_black")
    return bar


def level_bar(level_dbfs: float) -> str:
    """A level as a bar: empty at -60 dBFS, full at 0.

    >>> level_bar(-30.0).count("▮")
    12
    """
    share = min(1.0, max(0.0, 1 - level_dbfs / QUIETEST_DBFS))
    full = round(share * LEVEL_WIDTH)
    return "▮" * full + "▯" * (LEVEL_WIDTH - full)
