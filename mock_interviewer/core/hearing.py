"""The floor below which an answer is not judged (rubric: The gate, `not_enough_heard`).

A judgement of words that were not said would be an invention, so three things are asked, whatever
the engine: are there enough words, were they heard well, and do they account for the speech. The
second is asked only of an engine that states probabilities; typed text is taken at its word.
"""

from __future__ import annotations

from mock_interviewer.core.transcript import Transcript

FEWEST_WORDS = 15
"""Fewer words than this are no answer, however they came."""
FEWEST_CLEAR_WORDS = 30
"""So many words must have been heard clearly, where probabilities are stated."""
LEAST_MEAN_PROBABILITY = 0.66
"""The mean probability is the share of words that are right, as far as the engine can know."""
LEAST_WORDS_PER_S = 0.6
"""Fewer words for each second of speech (nobody speaks so slowly): most of it was missed."""


def enough_heard(transcript: Transcript, speech_s: float | None = None) -> bool:
    """True if the transcript can be judged.

    speech_s: seconds of speech in the recording, where it is at hand.
    """
    words = transcript.words
    if len(words) < FEWEST_WORDS:
        return False
    if speech_s is not None and len(words) < LEAST_WORDS_PER_S * speech_s:
        return False
    stated = [word.probability for word in words if word.probability is not None]
    if not stated:
        return True
    clear = sum(word.is_clear for word in words)
    return clear >= FEWEST_CLEAR_WORDS and sum(stated) >= LEAST_MEAN_PROBABILITY * len(stated)
