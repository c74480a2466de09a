"""Typed answers as they come."""

from __future__ import annotations

from pathlib import Path

from mock_interviewer.wiring.home import keep_private


def keep_lines(path: Path, lines: list[str]) -> None:
    """Put what was just typed on disk at once. Raises HomeFault."""
    from mock_interviewer.adapters.typed_lines import append_lines

    keep_private()
    append_lines(path, lines)
