"""Replies to probes as JSON Lines, checked one by one: a value or a plain fault for every line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mock_interviewer.core.judging import ReplyToJudge
from mock_interviewer.core.rubric import Disqualifier, Tests
from mock_interviewer.errors import BadInput


def read_reply_lines(path: Path) -> Iterator[ReplyToJudge | BadInput]:
    """Every line in order; one that is no reply, be it blank, is its BadInput.

    Raises BadInput where the file itself cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as cause:
        raise BadInput(f"{path}: no such file; give a file with one JSON object a line.") from cause
    except UnicodeDecodeError as cause:
        raise BadInput(f"{path}: not UTF-8 text; save it as UTF-8.") from cause
    except OSError as cause:
        raise BadInput(f"{path}: cannot be read ({cause.strerror}).") from cause
    parse = _parser()
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
        yield parse(number, line)


class _Parser:
    """Checks lines against the contract; pydantic is loaded when the first one is made."""

    def __init__(self) -> None:
        from pydantic import BaseModel, ConfigDict, ValidationError

        class Line(BaseModel):
            model_config = ConfigDict(extra="ignore", strict=False)

            id: str | int
            story: str
            probe: str
            tests: Tests | None = None
            reply: str
            counts: frozenset[Disqualifier] | None = None

        self._model = Line
        self._fault = ValidationError

    def __call__(self, number: int, line: str) -> ReplyToJudge | BadInput:
        try:
            read = self._model.model_validate_json(line)
        except self._fault as fault:
            first = fault.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            reason = f"{place}: {first['msg']}" if place else str(first["msg"])
            return BadInput(f"line {number}: {reason}")
        counts = read.counts or frozenset()
        return ReplyToJudge(read.id, read.story, read.probe, read.tests, read.reply, counts)


@cache
def _parser() -> _Parser:
    return _Parser()
