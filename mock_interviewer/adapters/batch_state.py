"""What a batch has found so far: a file of JSON lines, one a piece of work, appended as it comes.

A line is whole or it is not read: what a kill cut off is done again. At the end the file is
written whole, with only what still counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from mock_interviewer.adapters.session_folders import plain_disk_errors, write_whole

Lines = tuple[str, ...]


def read_kept(path: Path, wanted: Iterable[str]) -> dict[str, Lines]:
    """What is kept under each of the wanted keys; nothing where there is no such file."""
    keys, kept = frozenset(wanted), {}
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                key, lines = _read(line)
                if key in keys:
                    kept[key] = lines
    except OSError:
        return {}
    return kept


def _read(line: str) -> tuple[str, Lines]:
    try:
        told = json.loads(line)
        return str(told["key"]), tuple(str(each) for each in told["lines"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", ()


def keep(path: Path, key: str, lines: Lines) -> None:
    """One piece more. Raises HomeFault."""
    with plain_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            # the line before may have been cut off: an empty line costs nothing
            file.write("\n" + _written(key, lines))


def rewrite(path: Path, kept: Mapping[str, Lines]) -> None:
    """Only these, whole. Raises HomeFault."""
    if kept:
        write_whole(path, "".join(_written(key, lines) for key, lines in kept.items()))


def _written(key: str, lines: Lines) -> str:
    return json.dumps({"key": key, "lines": lines}, ensure_ascii=False) + "\n"
