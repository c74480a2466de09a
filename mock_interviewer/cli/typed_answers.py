"""Answers from the keyboard, or from lines piped in, each line kept as it comes."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from mock_interviewer.app.typed_words import lines_in, taken_up, typed_beside
from mock_interviewer.cli.telling import tell
from mock_interviewer.core.moves import Event, RepeatWanted, SkipWanted, StopWanted, Turn
from mock_interviewer.errors import HomeFault
from mock_interviewer.ports import RecordedAnswer, TypedAnswer

Wish = type[SkipWanted | StopWanted | RepeatWanted]
_WISHES: Mapping[str, Wish] = {"skip": SkipWanted, "stop": StopWanted, "repeat": RepeatWanted}
_WISHES_GOING_ON: Mapping[str, Wish] = {"skip": SkipWanted, "stop": StopWanted}
"""Where words are there already: to be asked again would begin another take, without them."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


class TypedAnswers:
    """Answers that are typed; an empty line ends one.

    What was typed before the interview broke off is shown, and the answer goes on from there.
    """

    def __init__(self, console: Console, keep: Callable[[Path, list[str]], None]) -> None:
        """Keep adds lines to a file, for good. It raises HomeFault."""
        self._console, self._keep = console, keep

    def listen(
        self, turn: Turn, asked: str, recording: Path
    ) -> RecordedAnswer | TypedAnswer | Event:
        kept_at = typed_beside(recording)
        lines = taken_up(kept_at) if turn.is_opening else lines_in(kept_at)
        self._begin(lines)
        wishes = _WISHES_GOING_ON if lines else _WISHES
        for line in sys.stdin:
            said = line.strip()
            if said in wishes:
                return wishes[said]()
            if said:
                wishes = {}
                lines += self._kept(kept_at, lines, said)
            elif lines:
                break
        return TypedAnswer(" ".join(lines)) if lines else StopWanted()

    def _begin(self, lines: list[str]) -> None:
        """Show what is there already, and how an answer is typed."""
        if lines:
            self._console.print("You had typed:", style="bright_black")
            self._console.print(Padding(Text("\n".join(lines)), (0, 2)))
        if not sys.stdin.isatty():
            return
        if lines:
            hint = "Go on from there; an empty line ends it. Alone on a line: skip or stop."
        else:
            hint = "Type your answer; an empty line ends it. Alone on a line: skip, repeat or stop."
        self._console.print(hint, style="bright_black")

    def _kept(self, path: Path, before: list[str], said: str) -> list[str]:
        """What was said, once it is on disk, with what was typed while that could not be done.

        Where nobody is there to free space, all of the answer is shown on stderr. Raises HomeFault.
        """
        new = [said]
        while True:
            try:
                self._keep(path, new)
                return new
            except HomeFault as fault:
                try:
                    new += _once_there_is_space(fault)
                except (HomeFault, KeyboardInterrupt):
                    _show_unkept([*before, *new, *_rest_of_answer()])
                    raise


def _once_there_is_space(fault: HomeFault) -> list[str]:
    """Wait for Enter; words that are typed instead belong to the answer.

    Raises the fault again where nobody can be asked.
    """
    if not sys.stdin.isatty():
        raise fault
    cause = fault.__cause__
    is_full = isinstance(cause, OSError) and cause.errno in _FULL
    why = "The disk is full" if is_full else str(fault)
    tell(
        f"{why.rstrip('.')}. What you just typed is not on it yet. Free some space, then press "
        "Enter to try again; Ctrl-C ends the interview and shows your words once more."
    )
    line = sys.stdin.readline()
    if not line:
        raise fault
    return [line.strip()] if line.strip() else []


def _rest_of_answer() -> Iterable[str]:
    """What a pipe still holds of this answer; nothing is waited for in a terminal."""
    return () if sys.stdin.isatty() else takewhile(str.strip, sys.stdin)


def _show_unkept(lines: Iterable[str]) -> None:
    """An answer that the disk does not take, on stderr."""
    tell("This answer could not be kept on disk. Your words:")
    for line in lines:
        print(line.rstrip("\n"), file=sys.stderr, flush=True)
