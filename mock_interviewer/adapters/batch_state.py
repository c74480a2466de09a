"""What a batch has found so far: a file of JSON lines, one a piece of work, appended as it comes.

A line is whole or it is not read: what a kill cut off is done again. At the end the file is
written whole, with only what still counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
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


def keep(path: Path, key: str, lines: Lines, place: str) -> None:
    """One piece more; place is where its source lies. Raises HomeFault."""
    with plain_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            # the line before may have been cut off: an empty line costs nothing
            file.write("\n" + _written(key, lines, place))


def rewrite(path: Path, kept: Mapping[str, Lines], places: Mapping[str, str]) -> None:
    """Only these, whole; places are those of all keys. Raises HomeFault."""
    if kept:
        written = (_written(key, lines, places[key]) for key, lines in kept.items())
        write_whole(path, "".join(written))


def forget(path: Path, is_gone: Callable[[str], bool]) -> None:
    """Leave out every piece whose source lies at a place that is gone; an empty file is removed.

    A line that cannot be read is left out too: nobody can tell whose it is. Raises HomeFault.
    """
    with plain_disk_errors(path):
        text = path.read_text(encoding="utf-8", errors="replace")
        written = [line for line in text.splitlines() if line.strip()]
        left = [line for line in written if _read(line)[0] and not is_gone(_place(line))]
        if not left:
            path.unlink()
        elif len(left) < len(written):
            write_whole(path, "".join(f"{line}\n" for line in left))


def _place(line: str) -> str:
    return str(json.loads(line).get("place", ""))


def _written(key: str, lines: Lines, place: str) -> str:
    told = {"key": key, "place": place, "lines": lines}
    return json.dumps(told) + "\n"  # in ASCII: a file's name need not be text
