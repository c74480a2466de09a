"""What a coach says of a take: `takeN.coach.json` beside it, apart from our own judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mock_interviewer.adapters.session_folders import as_text, write_whole
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.rubric import Verdict


@dataclass(frozen=True)
class CoachWord:
    """A note and, where the coach gives one, a verdict."""

    note: str
    verdict: Verdict | None
    at: str


def _path(take: Path) -> Path:
    return take.with_name(take.name + ".coach.json")


def read_coach_word(take: Path) -> CoachWord | None:
    """What a coach said of a take (a path without suffix); None where nothing readable is there."""
    try:
        told = json_value(_path(take).read_text(encoding="utf-8"))
        verdict = Verdict(told["verdict"]) if told["verdict"] else None
        return CoachWord(str(told["note"]), verdict, str(told["at"]))
    except (OSError, KeyError, TypeError, ValueError):
        return None


def write_coach_word(take: Path, note: str, verdict: Verdict | None, at: datetime) -> None:
    """Keep a coach's word, or remove it where it is empty. Raises HomeFault."""
    if not note and verdict is None:
        _path(take).unlink(missing_ok=True)
        return
    told = {"note": note, "verdict": verdict, "at": at.isoformat(timespec="seconds")}
    write_whole(_path(take), as_text(told))
