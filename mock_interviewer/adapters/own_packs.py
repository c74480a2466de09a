"""Packs that a person writes: drafts that survive anything, and the finished file.

    questions/drafts/2026-11-23T163005.json    what was answered so far, replaced at each answer
    questions/calmed-angry-parent.toml         a finished pack; never overwritten

A draft is no pack, so nobody trips over a half-written one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.session_folders import as_text, plain_disk_errors, write_whole
from mock_interviewer.core.json_text import json_value
from mock_interviewer.errors import BadInput

DRAFTS = "drafts"


@dataclass(frozen=True)
class Draft:
    """Answers given so far, and where they are kept."""

    path: Path
    is_pattern: bool
    answers: tuple[str, ...] = ()
    begun: str = ""
    """The line that was half typed."""

    def save(self) -> None:
        """Keep it, whole. Raises HomeFault."""
        with plain_disk_errors(self.path.parent):
            self.path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        told = {
            "pattern": self.is_pattern,
            "answers": list(self.answers),
            "begun": self.begun,
        }
        write_whole(self.path, as_text(told))

    def discard(self) -> None:
        """Remove it; the finished pack has everything. Raises HomeFault."""
        with plain_disk_errors(self.path.parent):
            self.path.unlink(missing_ok=True)


def new_draft(questions: Path, now_at: datetime, *, is_pattern: bool) -> Draft:
    """A draft without an answer; nothing is written yet."""
    return Draft(questions / DRAFTS / f"{now_at:%Y-%m-%dT%H%M%S}.json", is_pattern)


def last_draft(questions: Path) -> Draft | None:
    """The draft begun last; None where there is none. Raises BadInput for a damaged one."""
    found = sorted((questions / DRAFTS).glob("*.json"))
    if not found:
        return None
    try:
        told = json_value(found[-1].read_text(encoding="utf-8"))
        answers = tuple(map(str, told["answers"]))
        return Draft(found[-1], bool(told["pattern"]), answers, str(told.get("begun", "")))
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            f"{found[-1]} is damaged and cannot be gone on with; move it away, or mend it."
        ) from None


def write_pack(questions: Path, name: str, content: Mapping[str, Any]) -> Path:
    """Write a pack under its id. Raises BadInput where such a file is there, HomeFault."""
    import tomli_w

    path = questions / f"{name}.toml"
    with plain_disk_errors(questions):
        questions.mkdir(parents=True, mode=0o700, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(tomli_w.dumps(content))
        except FileExistsError:
            raise BadInput(
                f"{path} is there already and is never overwritten; move it away, then go on with "
                "'questions new --resume'."
            ) from None
    return path
