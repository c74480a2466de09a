"""`replay --edit`: the words that were heard, opened in the person's editor to be corrected."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from mock_interviewer import wiring
from mock_interviewer.app.replay import Replayer
from mock_interviewer.cli.telling import tell
from mock_interviewer.errors import BadInput, InterviewError


def correct(replayer: Replayer, names: list[str]) -> None:
    """Every answer of these sessions in turn; what is changed is kept. Raises InterviewError."""
    for name in names:
        for saying in replayer.sayings(name):
            if saying.written_down_at is None:
                raise BadInput(
                    f"{name} is not a session: correct the file itself, or hold the interview "
                    "here to have its transcript corrected."
                )
            before = saying.transcript.text
            after = _edited(before).split()
            if not after:
                tell(f"Nothing was changed: no words of {saying.source} were left.")
            elif after != before.split():
                wiring.write_correction(Path(saying.written_down_at), " ".join(after))


def _edited(text: str) -> str:
    """The text as the person left it. Raises InterviewError."""
    try:
        after = click.edit(_in_lines(text), extension=".txt")
    except click.ClickException as error:
        raise InterviewError(
            f"{error.format_message().rstrip('.')}. Set EDITOR to an editor that is there."
        ) from error
    except UnicodeError:
        raise InterviewError(
            "The editor did not save the words as UTF-8; nothing was changed. Have it save so."
        ) from None
    except OSError as error:
        raise InterviewError(
            f"The words cannot be edited: {error.strerror or error}. Set EDITOR to an editor that "
            "is there."
        ) from None
    return text if after is None else after


def _in_lines(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 96)) + "\n"
