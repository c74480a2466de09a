"""The floor below which an answer is not judged (rubric: The gate, `not_enough_heard`)."""

from __future__ import annotations

from mock_interviewer.core.transcript import Transcript

FEWEST_WORDS = 15
"""Fewer words than this are no answer, however they came."""
FEWEST_CLEAR_WORDS = 30
"""Of a recogniser that states how sure it is: so many words heard well ..."""
LEAST_CLEAR_SHARE = 0.55
"""... and so large a share of all."""


def enough_heard(transcript: Transcript, speech_s: float | None = None) -> bool:
    """True if the transcript can be judged.

    speech_s: seconds of speech in the recording, where it is at hand.
    """
    words = transcript.words
    if len(words) < FEWEST_WORDS:
        return False
    stated = [word for word in words if word.probability is not None]
    if not stated:
        return True
    clear = sum(word.is_clear for word in stated)
    return clear >= FEWEST_CLEAR_WORDS and clear >= LEAST_CLEAR_SHARE * len(stated)
