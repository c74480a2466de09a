"""A person's corrections of a session's transcripts: `takeN.corrections.json` beside `takeN.json`.

What was heard is never touched; a correction is replaced whole by the next one, and removing its
file goes back to what was heard.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from mock_interviewer.adapters.session_folders import as_text, write_whole
from mock_interviewer.errors import BadInput


def correction_path(written: Path) -> Path:
    """Where the correction of a transcript lies."""
    return written.with_name(written.stem + ".corrections.json")


def read_correction(written: Path) -> str | None:
    """The person's text for a transcript; None where there is none. Raises BadInput."""
    path = correction_path(written)
    if not path.is_file():
        return None
    try:
        text = json.loads(path.read_text(encoding="utf-8"))["text"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        line = f"{path} is damaged ({error}); remove it to go back to what was heard."
        raise BadInput(line) from None
    return str(text)


def write_correction(written: Path, text: str, at: datetime) -> None:
    """Keep the person's text for a transcript; `at` is aware UTC. Raises HomeFault."""
    told = {"corrected_at": at.isoformat(timespec="seconds"), "text": text}
    write_whole(correction_path(written), as_text(told))
