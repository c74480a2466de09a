"""Colours of the rubric's ids in the terminal; their words are core.wording's."""

from __future__ import annotations

from mock_interviewer.core.rubric import Quality, Stage, Status, Verdict

STAGE_STYLES = {
    Stage.SITUATION: "cyan",
    Stage.TASK: "yellow",
    Stage.ACTION: "green",
    Stage.RESULT: "magenta",
    Stage.REFLECTION: "blue",
    Stage.NONE: "bright_black",
}

STATUS_STYLES = {
    Status.MISSING: "red",
    Status.SHORT: "yellow",
    Status.ON_TARGET: "green",
    Status.OVER_TARGET: "yellow",
    Status.OVER_LIMIT: "red",
}

VERDICT_STYLES = {
    Verdict.NO_HIRE: "red",
    Verdict.LEAN_NO_HIRE: "red",
    Verdict.LEAN_HIRE: "yellow",
    Verdict.HIRE: "green",
    Verdict.STRONG_HIRE: "green",
}

QUALITY_STYLES = {Quality.WEAK: "yellow", Quality.STRONG: "green"}
