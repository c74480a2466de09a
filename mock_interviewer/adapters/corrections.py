"""A person's corrections of a session's transcripts: `takeN.corrections.json` beside `takeN.json`.

    {"corrected_at": "...", "text": "the whole corrected text", "stages": [[first, end, "stage"]]}

`text` and `stages` may each be absent; stages count words of the corrected text, where there is
one. What was heard is never touched; a correction is replaced whole by the next one, and removing
its file goes back to what was heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mock_interviewer.adapters.session_folders import as_text, write_whole
from mock_interviewer.core.correction import StageMark, moved
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.rubric import Stage
from mock_interviewer.errors import BadInput


@dataclass(frozen=True)
class Correction:
    """What a person says of one transcript."""

    text: str | None = None
    """None where the words were heard rightly."""
    marks: tuple[StageMark, ...] = ()


def correction_path(written: Path) -> Path:
    """Where the correction of a transcript lies."""
    return written.with_name(written.stem + ".corrections.json")


def read_whole_correction(written: Path) -> Correction:
    """Text and stages as the person has them; empty where there is no file. Raises BadInput."""
    path = correction_path(written)
    if not path.is_file():
        return Correction()
    try:
        told = json_value(path.read_text(encoding="utf-8"))
        text = None if told.get("text") is None else str(told["text"])
        marks = tuple(
            StageMark(int(first), int(end), Stage(stage))
            for first, end, stage in told.get("stages", ())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        line = f"{path} is damaged ({error}); remove it to go back to what was heard."
        raise BadInput(line) from None
    return Correction(text, marks)


def read_correction(written: Path) -> str | None:
    """The person's text for a transcript; None where there is none. Raises BadInput."""
    return read_whole_correction(written).text


def read_marks(written: Path) -> tuple[StageMark, ...]:
    """The person's stages for a transcript. Raises BadInput."""
    return read_whole_correction(written).marks


def write_correction(written: Path, before: str, text: str, at: datetime) -> None:
    """Keep the person's text for a transcript that read `before`; `at` is aware UTC.

    Stages that were corrected move with their words. Raises HomeFault.
    """
    marks = moved(read_marks(written), before.split(), text.split())
    _write(written, Correction(text, marks), at)


def write_marks(written: Path, marks: Sequence[StageMark], at: datetime) -> None:
    """Keep the person's stages for a transcript; `at` is aware UTC. Raises HomeFault."""
    _write(written, Correction(read_correction(written), tuple(marks)), at)


def _write(written: Path, correction: Correction, at: datetime) -> None:
    told: dict[str, object] = {"corrected_at": at.isoformat(timespec="seconds")}
    if correction.text is not None:
        told["text"] = correction.text
    if correction.marks:
        told["stages"] = [[m.first_word, m.end_word, m.stage.value] for m in correction.marks]
    if len(told) == 1:
        correction_path(written).unlink(missing_ok=True)
        return
    write_whole(correction_path(written), as_text(told))
