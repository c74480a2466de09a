"""What can go wrong in ways a person can mend: each error is one plain line with its remedy.

InterviewError                 shown to the person as it stands, exit status 1, never a traceback
├── BadInput                   a file, transcript, reply or pack that cannot be used
├── BadModel                   a recogniser's model folder that is absent, half there or broken
├── FetchFault                 a model cannot be fetched: the network, the hub or what it sends
│   └── ConnectionBroke        the line broke or the hub is busy; another try may do
├── NoVoice                    nothing here can speak the question
├── DeviceFault                microphone or loudspeaker
├── ReaderFault                a second reader that cannot be asked, or whose reply is of no use
│   └── ReaderGone             it is not there or too slow; another answer need not be put to it
├── HomeFault                  the home folder cannot be read or written
└── UnknownName                a question, principle, level, session or model that does not exist
"""

from __future__ import annotations

LONGEST_LINE = 1000


def plain_line(told: str) -> str:
    r"""A text as one line that any terminal can show, whatever a file's content put into it.

    >>> plain_line("a.json:\n  '\x1b[2J\u2028\ud800'")
    "a.json: ' [2J '"
    """
    shown = "".join(mark if mark.isprintable() else " " for mark in told[: 4 * LONGEST_LINE])
    line = " ".join(shown.split())
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 4]} ..."


class InterviewError(Exception):
    """One plain line: what is wrong, where, and what to do."""

    def __str__(self) -> str:
        return plain_line(super().__str__())


class BadInput(InterviewError):
    """A file, transcript, reply or pack that cannot be used."""


class BadModel(InterviewError):
    """A recogniser's model folder that is absent, half there or broken."""


class FetchFault(InterviewError):
    """A model cannot be fetched: the network, the hub or what it sends is at fault."""


class ConnectionBroke(FetchFault):
    """The line broke or the hub is busy; another try may do."""


class NoVoice(InterviewError):
    """Nothing here can speak the question; it is shown instead."""


class DeviceFault(InterviewError):
    """A microphone or loudspeaker does not do its part."""


class ReaderFault(InterviewError):
    """A second reader that cannot be asked, or whose reply is of no use."""


class ReaderGone(ReaderFault):
    """A second reader that is not there or too slow; another answer need not be put to it."""


class HomeFault(InterviewError):
    """The home folder cannot be read or written."""


class UnknownName(InterviewError):
    """A question, principle, level, session or model that does not exist."""
