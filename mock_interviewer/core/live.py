"""What may be said while the person still speaks: the stage as far as it is known, one cue.

Two clocks. Time and the voice detector know at once how long somebody has spoken; the stage follows
from words that are written down for good, some seconds late, and so says how old it is. The course
of an answer under way is read without its end: a story is expected to have EXPECTED_WORDS, and its
last words so far are not taken for a conclusion. (Read as if it were over, the last stage is right
in 0.36 of the labelled answers cut off at random places; read so, in 0.78.)

Of a long answer only the last words are read again at each step; what came before keeps its stage,
so that the work for a piece of text does not grow with the answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mock_interviewer.core.endpointing import EndPhase, Said
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import STORY_STAGES, Budget, Stage, Status
from mock_interviewer.core.segmenting import segment
from mock_interviewer.core.story_end import end_log_odds
from mock_interviewer.core.timing import stage_status, unit_ends
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word, straight
from mock_interviewer.core.units import units_of

EXPECTED_WORDS = 400
MOST_WORDS = 600
KEPT_WORDS = 300
"""Of MOST_WORDS so many are left when the older ones are settled."""
CUE_BEFORE_S = 5.0
"""So long before a stage's limit the cue comes."""
END_FROM_WORDS = 40
"""Nobody has told a story in fewer."""
_ENDING_WORDS = 7
_SENTENCE_END = re.compile(r"[.?!][\"'”’)\]]*$")
_PLAIN = re.compile(r"[^\w' ]+")
_PUNCTUATED_SHARE = 1 / 60


@dataclass(frozen=True)
class StagesSoFar:
    """What the words so far say about the course of the answer."""

    units: tuple[StagedUnit, ...] = ()
    """Of the words that are still read again, with their stages."""
    settled_words: int = 0
    settled_s: Mapping[Stage, float] = field(default_factory=dict)
    """Seconds of every stage in the words before."""
    as_of_s: float = 0.0

    @property
    def stage(self) -> Stage | None:
        """The stage the speaker was in at as_of_s; None before there are words."""
        told = [unit.stage for unit in self.units if unit.stage is not Stage.NONE]
        return told[-1] if told else None

    def told_s(self, stage: Stage) -> float:
        """Seconds in this stage until as_of_s."""
        seconds = self.settled_s.get(stage, 0.0)
        for unit, end_s in zip(self.units, unit_ends(self.units), strict=True):
            if unit.stage is stage:
                seconds += end_s - (unit.start_s or 0.0)
        return seconds


def follow_stages(
    before: StagesSoFar, words: Sequence[Word], language: Language, as_of_s: float
) -> StagesSoFar:
    """The course after some more words; words are all of them, timed."""
    settled, settled_s = before.settled_words, dict(before.settled_s)
    if len(words) - settled > MOST_WORDS:
        kept_from = len(words) - settled - KEPT_WORDS
        for unit, end_s in zip(before.units, unit_ends(before.units), strict=True):
            if unit.end_word > kept_from:
                break
            spent_s = end_s - (unit.start_s or 0.0)
            settled_s[unit.stage] = settled_s.get(unit.stage, 0.0) + spent_s
            settled = before.settled_words + unit.end_word
    transcript = Transcript(tuple(words[settled:]))
    if not transcript.is_timed:
        return replace(before, as_of_s=as_of_s)
    units = segment(units_of(transcript, language), language, expected_words=EXPECTED_WORDS)
    return StagesSoFar(units, settled, settled_s, as_of_s)


def said_so_far(
    stages: StagesSoFar, words: Sequence[Word], language: Language, *, is_story: bool
) -> Said:
    """What the words so far say about the end of the answer."""
    if not words:
        return Said()
    tail = words[-_ENDING_WORDS:]
    plain = [_PLAIN.sub("", straight(word.text.lower())) for word in tail]
    stops = sum(bool(_SENTENCE_END.search(word.text)) for word in words[-120:])
    is_punctuated = stops >= _PUNCTUATED_SHARE * min(len(words), 120)
    is_complete = bool(_SENTENCE_END.search(tail[-1].text)) if is_punctuated else None
    kinds = language.kinds_of_words("endings")[plain[-1]]
    goes_on = tail[-1].text.endswith((",", "...", "…", "-"))
    if is_complete is None and "open" in kinds:
        is_complete = False
    return Said(
        until_s=words[-1].end_s or 0.0,
        end_log_odds=_end_log_odds(stages, language) if is_story else None,
        is_complete=is_complete,
        is_open="always_open" in kinds or goes_on,
        says_so=not goes_on and _says_so(plain, language),
    )


def _end_log_odds(stages: StagesSoFar, language: Language) -> float | None:
    if stages.units and stages.settled_words + stages.units[-1].end_word < END_FROM_WORDS:
        return -math.inf
    return end_log_odds(stages.units, language)


def _says_so(plain: Sequence[str], language: Language) -> bool:
    """True if the last words say that this was the answer."""
    closing = language.pattern("endings", "closing")
    return any(closing.fullmatch(" ".join(plain[at:])) for at in range(len(plain)))


@dataclass(frozen=True)
class StageNow:
    """The stage a person is in, as far as it is known."""

    stage: Stage
    told_s: float
    """Seconds in it, with the time since as_of_s."""
    budget: Budget
    age_s: float
    """How old the knowledge is: 'as of 3 s ago'."""
    cue: str | None
    """One gentle sentence when the limit nears; None else."""

    @property
    def status(self) -> Status | None:
        """Its seconds against the budget; while it is still told it cannot be too short."""
        return stage_status(self.told_s, self.budget, is_told=True, has_all_signals=True)


def stage_now(
    stages: StagesSoFar, heard_s: float, budgets: Mapping[Stage, Budget], language: Language
) -> StageNow | None:
    """What the ruler shows; None before there are words of a stage."""
    stage = stages.stage
    if stage is None or stage not in STORY_STAGES:
        return None
    age_s = max(0.0, heard_s - stages.as_of_s)
    told_s = stages.told_s(stage) + age_s
    budget = budgets[stage]
    nears = told_s >= budget.limit_s - CUE_BEFORE_S
    cue = language.sentence("live", stage.value) if nears else None
    return StageNow(stage, told_s, budget, age_s, cue)


@dataclass(frozen=True)
class LiveState:
    """Everything that a screen may show while an answer is under way, as plain values."""

    recorded_s: float
    is_live: bool
    """The microphone gives sound: the lamp."""
    is_paused: bool
    is_speaking: bool
    level_dbfs: float
    phase: EndPhase = EndPhase.LISTENING
    countdown: int | None = None
    """3, 2, 1 while the answer is about to end; None else."""
    stage: StageNow | None = None
    text_fault: str | None = None
    """Why there is no text while the person speaks."""
    is_interrupting: bool = False
    """The interviewer is to cut in now, this once."""


def tone_of(state: LiveState, ticked: int) -> tuple[str | None, int]:
    """The countdown aloud: the tone for this look, if any, and the second ticked last.

    A tick for each second, another tone at its end; ticked is 0 where no countdown runs.
    """
    if state.countdown is not None and state.countdown != ticked:
        return "tick", state.countdown
    if state.phase is EndPhase.ENDED and ticked:
        return "ended", 0
    return None, 0 if state.phase is EndPhase.LISTENING else ticked
