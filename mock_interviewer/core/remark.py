"""The one thing worth saying about how an answer was spoken, if anything is.

Order of gravity: slow and halting before fast, because slow speech is the cue that both sides read
as nerves (Feiler and Powell, 125 mock interviews, 18 raters); 'like' before 'uh', because it costs
more in hiring judgements (Russell and others 2008, 176 raters). The doubt: both are averages over
other people, and pace bands differ from source to source; so the limits are wide (interviews run
at about 190 words a minute, monologues at 160), it is a hint and never part of a verdict. Who
stammers is told nothing about pace or pauses: repeated words and sounds silence those remarks.
"""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise

from mock_interviewer.core.delivery import Delivery
from mock_interviewer.core.transcript import Transcript

SLOW_WPM = 105.0
LONG_PAUSES_P90_S = 2.5
FAST_ARTICULATION_WPM = 225.0
LIKE_A_MINUTE = 1.5
FILLERS_A_MINUTE = 5.0
SHORTEST_S = 20.0
"""Nothing is said about a shorter answer."""
STAMMERED_WORDS = 3
_PART_OF_A_WORD = re.compile(r"(\w{1,3})-+(?:\1|$)")
"""'w-was', 'de-'; not 'on-call'."""


class Remark(StrEnum):
    """What may be said."""

    HALTING = "halting"
    FAST = "fast"
    LIKE = "like"
    FILLERS = "fillers"


def remark_on(delivery: Delivery, transcript: Transcript) -> Remark | None:
    """The remark for an answer; None where nothing is worth saying or can be known."""
    duration_s = transcript.duration_s or 0.0
    if duration_s < SHORTEST_S or delivery.words_per_minute is None:
        return None
    minutes = duration_s / 60
    may_judge_pace = not stammers(transcript)
    pauses = delivery.pauses
    long_pauses = pauses is not None and (pauses.p90_s or 0.0) >= LONG_PAUSES_P90_S
    if may_judge_pace and delivery.words_per_minute < SLOW_WPM and long_pauses:
        return Remark.HALTING
    heard = delivery.fillers.heard
    likes = sum(filler.text == "like" for filler in heard)
    if likes / minutes >= LIKE_A_MINUTE and likes > 1:
        return Remark.LIKE
    if may_judge_pace and (delivery.articulation_wpm or 0.0) > FAST_ARTICULATION_WPM:
        return Remark.FAST
    if delivery.fillers.at_least / minutes >= FILLERS_A_MINUTE:
        return Remark.FILLERS
    return None


def stammers(transcript: Transcript) -> bool:
    """True where words or their beginnings are repeated again and again."""
    plain = [re.sub(r"[^\w'-]", "", word.text.lower()) for word in transcript.words]
    repeated = sum(a == b for a, b in pairwise(plain)) + sum(
        bool(_PART_OF_A_WORD.match(word)) for word in plain
    )
    return repeated >= STAMMERED_WORDS
