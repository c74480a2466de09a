"""What was practised before, and looking at it again: history, single takes, comparisons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from mock_interviewer import wiring
from mock_interviewer.adapters import session_index
from mock_interviewer.adapters.session_folders import SessionFolder
from mock_interviewer.app.history import answers_of
from mock_interviewer.app.replay import Wanted
from mock_interviewer.core.progress import Progress, Told, progress_of
from mock_interviewer.core.report import analysis_json
from mock_interviewer.core.rubric import STORY_STAGES
from mock_interviewer.errors import InterviewError
from mock_interviewer.settings import Home


def history(home: Home) -> Progress:
    """Everything practised so far. Raises HomeFault."""
    folders = wiring.sessions(home)
    paths = [folders.root / name for name in folders.names()]
    if not paths:
        return progress_of(())
    wiring.keep_private()
    entries = session_index.indexed(home.path, paths, partial(_read, home))
    return progress_of(_told(entry) for told in entries.values() for entry in told)


def history_of(home: Home, session: Path) -> list[Told]:
    """The answers of one session, read anew."""
    return [_told(entry) for entry in _read(home, session)]


def _read(home: Home, session: Path) -> list[dict[str, Any]]:
    def today(folder: Path) -> dict[str, Any]:
        replayer = wiring.replayer(home, wiring.NoTranscriber)
        (saying,) = replayer.sayings(str(folder))
        analysis = replayer.analysed(saying, Wanted()).analysis
        assert analysis is not None
        return analysis_json(analysis, session.name)

    try:
        state = SessionFolder(session).read_state()
        return [asdict(told) for told in answers_of(session, state, today)]
    except (InterviewError, OSError):
        return []  # damaged: it is listed nowhere, and nothing of it is touched


def _told(entry: dict[str, Any]) -> Told:
    lists = {name: tuple(entry[name]) for name in ("faults", "signals", "take_numbers")}
    return Told(**entry | lists)


def as_csv(answers: Iterable[Told]) -> str:
    """The answers as a table for spreadsheets, a header first.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    about = ("at", "session", "folder", "question_id", "question", "principle", "level")
    columns = (*about, "verdict", "verdict_at_first", "duration_s")
    out = io.StringIO()
    writer = csv.writer(out)
    stages = [stage.value for stage in STORY_STAGES]
    numbers = ("words_per_minute", "takes", "replies", "strong_replies")
    writer.writerow([*columns, *(f"{s}_s" for s in stages), *numbers, "faults", "signals"])
    for told in answers:
        row = [getattr(told, name) for name in columns]
        row += [told.stage_s.get(stage) for stage in stages]
        row += [getattr(told, name) for name in numbers]
        row += [" ".join(told.faults), " ".join(told.signals)]
        writer.writerow([_plain_cell(cell) for cell in row])
    return out.getvalue()


def _plain_cell(cell: object) -> object:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{cell}"
    return cell
