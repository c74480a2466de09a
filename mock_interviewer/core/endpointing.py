"""Has the person finished? A fold over the voice detector's frames and the words so far.

People who think aloud fall silent in the middle of a story for longer than others do at its end, so
silence alone cannot tell: bare silence of 0.8 s, as voice agents wait, ends nearly every answer too
early. Two things are weighed. The words say how likely the story is over (core.story_end), less so
after an open sentence ('because', 'um', no stop). The pauses say how long this speaker falls silent
in mid-answer: pauses are log-normal (Campione and Veronis 2002), their middle and spread are read
from this answer's, and before there are many from the patience, which earlier answers teach. The
silence needed is the one at which somebody who goes on all the same has become unlikely (RISK):

    said 'that's my answer'           SAID_SO_S
    likely the end, short pauses      2 s or a little more
    likely the end, a slow speaker    patience_s or more
    the end is not reached            longer, up to LONGEST_WAIT_S
    the words cannot tell             patience_s, or as long as this speaker's pauses

Then a countdown of three seconds begins, that can be seen and heard, and that any voice ends; after
it there are UNDO_S in which the same recording can still go on. Nothing ends in the first FIRST_S,
nor before anything was said. In manual mode only the spoken ending counts, and it counts down all
the same.

The state is a value; nothing in it grows with the answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from statistics import NormalDist

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
CAREFUL_RISK, RISK = 0.001, 0.08
"""The odds of a longer pause, against those of the end, that a countdown may begin with: the first
while the silence is shorter than CAREFUL_S, which costs a speaker little, the second after it."""
CAREFUL_S = 3.85
"""With the countdown just under seven seconds."""
INCOMPLETE_LOG_ODDS, OPEN_LOG_ODDS = 3.0, 6.0
"""A sentence without its end, or one left open, takes so much from the log odds of the end."""
CLOSING_LOG_ODDS = -3.0
"""From here on a story may be over: nine in ten ends are, of the other sentences one in ten."""
OPEN_S = 6.5
"""After an open sentence, where no story is told."""
LATE_WORDS_S = 2.0
"""So much longer is waited for words that have not been written down yet."""
LONGEST_WAIT_S = 12.0
OWN_PAUSES_FROM = 8
"""With fewer pauses nobody is taken for a speaker of short ones."""
USUAL_PAUSES, USUAL_SPREAD = 8, 0.8
"""A speaker is believed to be like others as if so many pauses of theirs were known; the spread is
that of the natural logarithm of pauses, and never taken to be less: the long ones are rare, and a
few pauses seldom show one."""
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
    end_log_odds: float | None = None
    """That the story is over, if its last sentence is; None where no story is told."""
    is_complete: bool | None = None
    """The last sentence is closed; from a recogniser without punctuation False after a word that
    seldom ends one, else None."""
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

    def spread_around(self, middle: float) -> tuple[float, float]:
        """Middle and spread of the logarithm of pauses, USUAL_PAUSES around `middle` among them."""
        logs = [math.log(SHORTEST_PAUSE_S * _STEP ** (at + 0.5)) for at in range(len(self.counts))]
        weight = USUAL_PAUSES + self.count
        total = USUAL_PAUSES * middle + sum(map(math.prod, zip(self.counts, logs, strict=True)))
        own = total / weight
        apart = USUAL_PAUSES * (USUAL_SPREAD**2 + (middle - own) ** 2)
        apart += sum(n * (log - own) ** 2 for n, log in zip(self.counts, logs, strict=True))
        return own, max(USUAL_SPREAD, math.sqrt(apart / weight))

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
    is_late = said.until_s < last_s - _LATE_S
    if said.says_so and not is_late and said.until_s > ending.not_before_s:
        return SAID_SO_S
    if not ending.rules.is_auto:
        return None
    if is_late or said.end_log_odds is None:
        own_s = OWN_MARGIN * (ending.pauses.quantile_s(OWN_SHARE) or 0.0)
        usual_s = max(ending.rules.patience_s, min(own_s, MOST_PATIENCE_S))
        if is_late:
            return usual_s + (LATE_WORDS_S if said.until_s > 0 else 0.0)
        is_unfinished = said.is_open or said.is_complete is False
        return min(usual_s + (OPEN_S if is_unfinished else 0.0), LONGEST_WAIT_S)
    needed_s = max(
        min(_unlikely_pause_s(ending, said, CAREFUL_RISK), CAREFUL_S),
        _unlikely_pause_s(ending, said, RISK),
    )
    return min(max(_shortest_s(ending, said), needed_s), LONGEST_WAIT_S)


def _unlikely_pause_s(ending: Ending, said: Said, risk: float) -> float:
    """The silence after which this speaker seldom goes on once the countdown is over too."""
    log_odds = said.end_log_odds or 0.0
    if said.is_open:
        log_odds -= OPEN_LOG_ODDS
    elif said.is_complete is False:
        log_odds -= INCOMPLETE_LOG_ODDS
    share = min(max(risk * math.exp(min(log_odds, 9.0)), 1e-9), 0.5)
    usual_p95_s = ending.rules.patience_s / OWN_MARGIN
    usual = math.log(usual_p95_s) - USUAL_SPREAD * _NORMAL.inv_cdf(OWN_SHARE)
    middle, spread = ending.pauses.spread_around(usual)
    return math.exp(middle + spread * _NORMAL.inv_cdf(1 - share)) - COUNTDOWN_S


def _shortest_s(ending: Ending, said: Said) -> float:
    """Less than the patience only at a closed end, for somebody whose pauses are known."""
    is_closed = said.is_complete and not said.is_open
    is_end = said.end_log_odds is not None and said.end_log_odds >= CLOSING_LOG_ODDS
    is_known = ending.pauses.count >= OWN_PAUSES_FROM
    return LEAST_PATIENCE_S if is_closed and is_end and is_known else ending.rules.patience_s


_NORMAL = NormalDist()


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
    counted_s = min(silence_s, heard_s - ending.not_before_s)
    if counted_s < SAID_SO_S or heard_s < FIRST_S or voice.onset_s is None:
        return ending
    needed_s = wait_s(ending, voice, said)
    if needed_s is None or counted_s < needed_s:
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
