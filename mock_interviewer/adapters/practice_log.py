"""What was practised: `practice.jsonl`, one object a line, appended and never rewritten.

A line that was cut off by a crash, or that an older or newer version wrote, is passed over: the
others still count.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.session_folders import plain_disk_errors
from mock_interviewer.core.json_text import json_value

FILE = "practice.jsonl"


def append(home: Path, entry: dict[str, Any]) -> None:
    """Add one entry; it is whole on disk when this returns. Raises HomeFault."""
    with plain_disk_errors(home):
        home.mkdir(parents=True, mode=0o700, exist_ok=True)
        descriptor = os.open(home / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
            if _is_cut_off(descriptor):
                line = b"\n" + line
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_cut_off(descriptor: int) -> bool:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if not size:
        return False
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) != b"\n"


def entries(home: Path, kind: str | None = None) -> Iterator[dict[str, Any]]:
    """Every entry that can be read, of this kind only if one is named. Raises HomeFault."""
    for entry in read(home).entries:
        if kind is None or entry.get("kind") == kind:
            yield entry


@dataclass(frozen=True)
class PracticeRead:
    """What could be read, and the numbers of the lines that could not, from 1."""

    entries: tuple[dict[str, Any], ...]
    damaged: tuple[int, ...]


def read(home: Path) -> PracticeRead:
    """All of it. Raises HomeFault."""
    path = home / FILE
    with plain_disk_errors(path, "read"):
        if not path.exists():
            return PracticeRead((), ())
        content = path.read_bytes()
    found: list[dict[str, Any]] = []
    damaged: list[int] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = json_value(line.decode())
        except ValueError:
            entry = None
        if isinstance(entry, dict):
            found.append(entry)
        else:
            damaged.append(number)
    return PracticeRead(tuple(found), tuple(damaged))
