"""Has the person finished? A fold over the voice detector's frames and the words so far.

People who think aloud fall silent in the middle of a story for longer than others do at its end, so
silence alone cannot tell: bare silence of 0.8 s, as voice agents wait, ends nearly every answer too
early. What the words say decides how long a silence is waited for:

    said 'that's my answer'                             SAID_SO_S
    the story's last part is reached, sentence closed   sooner, if this speaker's pauses are short
    not known                                           patience_s
    the story's end is not reached                      MID_STORY_S more
    the sentence is open ('because', 'um', no stop)     OPEN_S more

Then a countdown of three seconds begins, that can be seen and heard, and that any voice ends; after
it there are UNDO_S in which the same recording can still go on. Nothing ends in the first
FIRST_S, nor before anything was said. The speaker's own pauses make the wait longer: those of this
answer, and the 95th percentile of earlier answers, which gives the patience. In manual mode only
the spoken ending counts, and it counts down all the same.

The state is a value; nothing in it grows with the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from mock_interviewer.core.speech_regions import Region
from mock_interviewer.core.voice_heard import VoiceHeard

PATIENCE_S = 3.0
"""Silence that makes an ending likely, where nothing else is known."""
LEAST_PATIENCE_S, MOST_PATIENCE_S = 2.0, 8.0
FIRST_S = 10.0
"""Nothing ends before this."""
COUNTDOWN_S = 3.0
UNDO_S = 2.0
SAID_SO_S = 0.8
MID_STORY_S = 6.5
OPEN_S = 6.5
LONGEST_AT_END_S = 3.8
"""What a speaker's own long pauses may add where the words say that the story is told."""
LATE_WORDS_S = 2.0
"""So much longer is waited for words that have not been written down yet."""
LONGEST_WAIT_S = 12.0
OWN_PAUSES_FROM = 8
"""With fewer pauses nobody is taken for a speaker of short ones."""
OWN_SHARE = 0.95
OWN_MARGIN = 1.25
"""A silence is unusual for a speaker from so many times their 95th percentile on."""
SHORTEST_PAUSE_S = 0.25
_LATE_S = 0.5
"""Words that end so long before the last sound do not cover it."""


class EndPhase(StrEnum):
    """Where an answer stands."""

    LISTENING = "listening"
    COUNTING = "counting"
    ENDED = "ended"
    """Over, but it can still be taken back."""
    OVER = "over"


@dataclass(frozen=True)
class Said:
    """What the words so far say about the end; None is 'cannot be told'."""

    until_s: float = 0.0
    """The end of the last word that is written down."""
    is_closing: bool | None = None
    """The story has reached its result or reflection; None where no story is told."""
    is_complete: bool | None = None
    """The last sentence is closed; None from a recogniser without punctuation."""
    is_open: bool = False
    """The last word leaves the sentence open: 'because', 'the', 'um'."""
    says_so: bool = False
    """The last words were 'that's my answer' or the like."""


@dataclass(frozen=True)
class PauseTally:
    """How many pauses were how long, in steps of a sixth of an octave from 0.25 s."""

    counts: tuple[int, ...] = (0,) * 36

    @property
    def count(self) -> int:
        return sum(self.counts)

    def with_pause(self, pause_s: float) -> PauseTally:
        """One pause more; shorter ones than SHORTEST_PAUSE_S are none."""
        if pause_s < SHORTEST_PAUSE_S:
            return self
        at, edge_s = 0, SHORTEST_PAUSE_S * _STEP
        while pause_s >= edge_s and at + 1 < len(self.counts):
            at, edge_s = at + 1, edge_s * _STEP
        return PauseTally((*self.counts[:at], self.counts[at] + 1, *self.counts[at + 1 :]))

    def quantile_s(self, share: float) -> float | None:
        """The length that this share of the pauses stays under, at a step's upper edge.

        None without a pause.
        """
        left = share * self.count
        if not self.count:
            return None
        edge_s = SHORTEST_PAUSE_S
        for count in self.counts:
            edge_s *= _STEP
            left -= count
            if left <= 1e-9:
                break
        return edge_s


_STEP = 2.0 ** (1 / 6)


@dataclass(frozen=True)
class EndingRules:
    """How an answer may end."""

    is_auto: bool = False
    """False: only by the person's key or word."""
    patience_s: float = PATIENCE_S

    def __post_init__(self) -> None:
        if not LEAST_PATIENCE_S <= self.patience_s <= MOST_PATIENCE_S:
            raise ValueError(f"patience_s is {self.patience_s}, not 2 to 8")


@dataclass(frozen=True)
class Ending:
    """Where an answer stands."""

    rules: EndingRules
    phase: EndPhase = EndPhase.LISTENING
    since_s: float = 0.0
    """When the phase began, in seconds of the recording."""
    pauses: PauseTally = field(default_factory=PauseTally)
    """Of this answer."""
    stretches: int = 0
    """Stretches of speech whose pauses have been counted."""
    not_before_s: float = 0.0
    """After an ending was taken back, silence counts from here."""

    def left_s(self, heard_s: float) -> float:
        """Seconds until the countdown, or the time to take it back, is over."""
        length_s = UNDO_S if self.phase is EndPhase.ENDED else COUNTDOWN_S
        return max(0.0, self.since_s + length_s - heard_s)


def wait_s(ending: Ending, voice: VoiceHeard, said: Said) -> float | None:
    """How long a silence must last before the countdown; None where none will do."""
    last_s = voice.found[-1][1] if voice.found else voice.heard_s
    if said.says_so and said.until_s >= last_s - _LATE_S:
        return SAID_SO_S
    if not ending.rules.is_auto:
        return None
    patience_s = ending.rules.patience_s
    own_s = OWN_MARGIN * (ending.pauses.quantile_s(OWN_SHARE) or 0.0)
    usual_s = max(patience_s, min(own_s, MOST_PATIENCE_S))
    if said.until_s < last_s - _LATE_S:
        return usual_s + (LATE_WORDS_S if said.until_s > 0 else 0.0)
    more_s = 0.0
    if said.is_open or said.is_complete is False:
        more_s += OPEN_S
    if said.is_closing is False:
        more_s += MID_STORY_S
    if more_s == 0.0 and said.is_closing:
        is_short = said.is_complete and ending.pauses.count >= OWN_PAUSES_FROM
        shortest_s = LEAST_PATIENCE_S if is_short else patience_s
        return max(shortest_s, min(own_s, max(patience_s, LONGEST_AT_END_S)))
    return min(usual_s + more_s, LONGEST_WAIT_S)


def watch_ending(ending: Ending, voice: VoiceHeard, said: Said) -> Ending:
    """Where the answer stands after some more frames."""
    heard_s, silence_s = voice.heard_s, voice.silence_s
    ending = _with_pauses(ending, voice)
    if ending.phase is EndPhase.OVER:
        return ending
    if ending.phase is not EndPhase.LISTENING:
        if silence_s < heard_s - ending.since_s:  # somebody speaks
            return replace(ending, phase=EndPhase.LISTENING, since_s=heard_s)
        if ending.left_s(heard_s) > 0:
            return ending
        following = EndPhase.ENDED if ending.phase is EndPhase.COUNTING else EndPhase.OVER
        return replace(ending, phase=following, since_s=heard_s)
    needed_s = wait_s(ending, voice, said)
    counted_s = min(silence_s, heard_s - ending.not_before_s)
    may_end = voice.onset_s is not None and heard_s >= FIRST_S
    if needed_s is None or not may_end or counted_s < needed_s:
        return ending
    return replace(ending, phase=EndPhase.COUNTING, since_s=heard_s)


def take_back(ending: Ending, heard_s: float) -> Ending:
    """Go on with the same recording: the silence so far no longer counts."""
    if ending.phase is EndPhase.LISTENING:
        return ending
    return replace(ending, phase=EndPhase.LISTENING, since_s=heard_s, not_before_s=heard_s)


def _with_pauses(ending: Ending, voice: VoiceHeard) -> Ending:
    """The pauses between stretches that have come to their end since the last look."""
    found = voice.found
    if len(found) == ending.stretches:
        return ending
    tally = ending.pauses
    for before, after in pairwise(found[max(0, ending.stretches - 1) :]):
        tally = tally.with_pause(after[0] - before[1])
    return replace(ending, pauses=tally, stretches=len(found))


def pauses_p95_s(regions: Sequence[Region]) -> float | None:
    """A whole answer's 95th percentile pause; None where there are too few to say."""
    tally = PauseTally()
    for before, after in pairwise(regions):
        tally = tally.with_pause(after[0] - before[1])
    return tally.quantile_s(OWN_SHARE) if tally.count >= OWN_PAUSES_FROM else None


def learned_patience_s(earlier_p95_s: Iterable[float]) -> float:
    """The patience that fits a speaker, from the 95th percentiles of earlier answers, newest last.

    Never less than the default's, because a wrong ending costs more than a second of waiting.

    >>> learned_patience_s([]), learned_patience_s([4.0, 4.4, 4.2]), learned_patience_s([20.0])
    (3.0, 5.25, 8.0)
    """
    recent = sorted(list(earlier_p95_s)[-10:])
    if not recent:
        return PATIENCE_S
    middle_s = recent[len(recent) // 2]
    return round(min(MOST_PATIENCE_S, max(PATIENCE_S, OWN_MARGIN * middle_s)), 2)
