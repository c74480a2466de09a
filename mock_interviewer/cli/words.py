"""Colours and letters of the rubric's ids in the terminal, beside the words of core.wording."""

from __future__ import annotations

from mock_interviewer.core.remark import Remark
from mock_interviewer.core.rubric import Quality, Stage, Status, Verdict
from mock_interviewer.core.wording import (
    FAULT_WORDS,
    GATE_WORDS,
    LEAD_WITH,
    NOTED_WORDS,
    RULE_WORDS,
    SIGNAL_WORDS,
    STAGE_LETTERS,
    STATUS_WORDS,
    VERDICT_WORDS,
    WHY_WORDS,
    clock,
)

__all__ = [
    "FAULT_WORDS",
    "GATE_WORDS",
    "LEAD_WITH",
    "NOTED_WORDS",
    "QUALITY_STYLES",
    "REMARK_WORDS",
    "RULE_WORDS",
    "SIGNAL_WORDS",
    "STAGE_LETTERS",
    "STAGE_STYLES",
    "STATUS_STYLES",
    "STATUS_WORDS",
    "VERDICT_STYLES",
    "VERDICT_WORDS",
    "WHY_WORDS",
    "clock",
]

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


REMARK_WORDS = {
    Remark.HALTING: "It came slowly, with long silences inside. A pause before a part of the "
    "story is fine; inside a sentence it sounds unsure. Tell it aloud twice more.",
    Remark.FAST: "You spoke fast. One breath between the parts of the story is enough.",
    Remark.LIKE: "'Like' as a filler costs more than 'uh': leave a silence instead.",
    Remark.FILLERS: "Many fillers: a short silence does the same work.",
}
