"""What is remembered of a drill, as lines of practice.jsonl."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mock_interviewer.core.drills import StageDrilled, Told


def drill_entry(found: Sequence[StageDrilled], recording: Path) -> dict[str, Any]:
    """Every stage of a drill: planned, told, spoken, and what its words did, in seconds."""
    return {
        "recording": f"{recording.parent.parent.name}/{recording.parent.name}/{recording.name}",
        "stages": [
            {
                "stage": each.told.stage.value,
                "target_s": each.told.budget.target_s,
                "limit_s": each.told.budget.limit_s,
                "told_s": round(each.told.duration_s, 1),
                "spoken_s": round(each.spoken_s, 1),
                "did_s": {stage.value: round(s, 1) for stage, s in each.did_s.items()},
            }
            for each in found
        ],
    }


def guess_entry(told: Told) -> dict[str, Any]:
    """A guess beside what was told, in seconds."""
    assert told.error_s is not None
    return {
        "stage": told.stage.value,
        "told_s": round(told.duration_s, 1),
        "guess_s": told.guess_s,
        "error_s": round(told.error_s, 1),
    }
