"""Judging what is known of an answer while its last words are still being written down.

What comes of it is thrown away: the verdict is on the whole answer. But expressions are compiled,
the encoder is loaded and has read the sentences that are known, and that is most of the work.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from mock_interviewer.errors import InterviewError

if TYPE_CHECKING:
    from mock_interviewer.core.transcript import Word
    from mock_interviewer.settings import Home


def reads_ahead(home: Home | None) -> Callable[[tuple[Word, ...]], None]:
    """Takes the words so far; never raises: what is wrong is said when the answer is judged."""

    def read(words: tuple[Word, ...]) -> None:
        from mock_interviewer.core.question import DEFAULT_QUESTION
        from mock_interviewer.core.transcript import Transcript
        from mock_interviewer.wiring.judging import analyse

        with suppress(InterviewError):
            analyse(Transcript(words), DEFAULT_QUESTION, None, home=home)

    return read
