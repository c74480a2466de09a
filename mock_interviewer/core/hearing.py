"""The floor below which an answer is not judged (rubric: The gate, `not_enough_heard`).

A judgement of words that were not said would be an invention, so three things are asked, whatever
the engine: are there enough words, were they heard well, and do they account for the speech. The
second is asked only of an engine that states probabilities; typed text is taken at its word.

Where the floor lies, measured with pocketsphinx (mean probability, clear words, words wrong):

    six recordings of people, 3 to 11 s    0.48 to 0.86    7 to 19     21 to 38 %    below
    a synthetic voice, clean, 85 to 128 s  0.72 to 0.86    250 to 429  16 to 30 %    above
    the same with noise at 22 dB, 25 s     0.38            18          67 %          below

and with 215 answers as a recogniser would hand them over, every tenth word misheard with a
probability of 0.15 to 0.6: 0.83 and more, 95 clear words and more, above. The recordings of people
fall mostly by their length, not by their sound: ten seconds hold no story.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from mock_interviewer.core.transcript import Transcript

FEWEST_WORDS = 15
"""Fewer words than this are no answer, however they came."""
FEWEST_CLEAR_WORDS = 30
"""So many words must have been heard clearly, where probabilities are stated."""
LEAST_MEAN_PROBABILITY = 0.7
"""The mean probability is the share of words that are right, as far as the engine can know."""
LEAST_WORDS_PER_S = 0.6
"""Fewer words for each second of speech (nobody speaks so slowly): most of it was missed."""
WELL_HEARD_SHARE = 0.8
"""Below this share of clear words nothing counts as left out: it may have been said and not heard.
"""
MOST_UNCLEAR = 0.05
WORDS_A_STOP = 60
"""Nobody speaks so many words without an end that a recogniser with punctuation would print."""
STOP = re.compile(r"[.!?…]\W*$")


class Hearing(StrEnum):
    """How an answer was heard, as far as its transcript tells."""

    CLEAR = "clear"
    WITHOUT_STOPS = "without_stops"
    """The words are clear, but the recogniser prints no sentences."""
    UNCLEAR = "unclear"
    """Words were often heard unclearly."""


@lru_cache(maxsize=2)
def how_heard(transcript: Transcript) -> Hearing:
    """How well; what holds a person back must be surer where it was not clearly.

    Rubric: a rough hearing may lose what is there, and never finds what is not.
    """
    words = transcript.words
    if len(words) - transcript.clear_words(0, len(words)) > MOST_UNCLEAR * len(words):
        return Hearing.UNCLEAR
    stops = sum(not word.text[-1:].isalnum() and bool(STOP.search(word.text)) for word in words)
    has_sentences = stops * WORDS_A_STOP >= len(words) - WORDS_A_STOP
    return Hearing.CLEAR if has_sentences else Hearing.WITHOUT_STOPS


def is_well_heard(transcript: Transcript) -> bool:
    """True if so much was heard clearly that what was not heard was not said."""
    words = transcript.words
    return transcript.clear_words(0, len(words)) >= WELL_HEARD_SHARE * len(words)


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
    clear = transcript.clear_words(0, len(words))
    return clear >= FEWEST_CLEAR_WORDS and sum(stated) >= LEAST_MEAN_PROBABILITY * len(stated)
