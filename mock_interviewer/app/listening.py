"""One answer under way: microphone, text, stage and ending brought together into plain values.

Whoever shows an answer (the terminal, the page) calls `look()` some thirty times a second and draws
what it says; nothing here waits, prints or plays. The clock of an answer is the recording's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from pathlib import Path

from mock_interviewer.core.endpointing import (
    Ending,
    EndingRules,
    EndPhase,
    Said,
    pauses_p95_s,
    take_back,
    watch_ending,
)
from mock_interviewer.core.language import Language
from mock_interviewer.core.live import (
    LiveState,
    StageNow,
    StagesSoFar,
    follow_stages,
    said_so_far,
    stage_now,
)
from mock_interviewer.core.rubric import LONG_SITUATION_S, PAUSE_FREE_S, Budget, Stage
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import (
    Following,
    Listening,
    RecordedAnswer,
    WrittenAlong,
)


@dataclass(frozen=True)
class Attention:
    """What is to be watched for while somebody answers."""

    language: Language
    rules: EndingRules = field(default_factory=EndingRules)
    is_coached: bool = False
    """The stage and its seconds are shown."""
    interrupts: bool = False
    """The interviewer cuts into a situation that goes on for LONG_SITUATION_S."""
    learn_pauses: Callable[[float], None] | None = None
    """Called with each answer's 95th percentile pause."""


@dataclass
class AnswerUnderWay:
    """An answer from its first moment to its last."""

    microphone: Listening
    attention: Attention
    following: Following | None
    """None where nobody writes along."""
    budgets: Mapping[Stage, Budget]
    is_story: bool = True
    """False for the reply to a probe: it has no stages."""
    is_paused: bool = False
    _ending: Ending = field(init=False)
    _stages: StagesSoFar = field(default_factory=StagesSoFar)
    _said: Said = field(default_factory=Said)
    _words: int = 0
    _may_interrupt: bool = field(init=False)

    def __post_init__(self) -> None:
        self._ending = Ending(self.attention.rules)
        self._may_interrupt = self.attention.interrupts and self.is_story

    def begin(self, recording: Path, not_before: float | None) -> None:
        """Record into a file, from a time of the steady clock on."""
        self.microphone.begin(recording, not_before)
        if self.following is not None:
            self.following.begin(recording)

    def look(self) -> LiveState:
        """What there is to show now."""
        voice = self.microphone.voice
        if voice is not None and not self.is_paused:
            self._read()
            self._ending = watch_ending(self._ending, voice, self._said)
        phase = self._ending.phase
        heard_s = voice.heard_s if voice else 0.0
        is_counting = phase is EndPhase.COUNTING
        now = stage_now(self._stages, heard_s, self.budgets, self.attention.language)
        return LiveState(
            recorded_s=self.microphone.recorded_s,
            is_live=self.microphone.is_live,
            is_paused=self.is_paused,
            is_speaking=voice is not None and voice.is_speaking and not self.is_paused,
            level_dbfs=self.microphone.level_dbfs,
            phase=phase,
            countdown=ceil(self._ending.left_s(heard_s)) if is_counting else None,
            stage=now if self.attention.is_coached else None,
            text_fault=self.following.fault if self.following else None,
            is_interrupting=now is not None and self._interrupts(now),
        )

    def _read(self) -> None:
        """Take in what has been written down since the last look."""
        voice = self.microphone.voice
        if self.following is None or voice is None:
            return
        self.following.hear(voice)
        words = self.following.words
        if len(words) == self._words:
            return
        self._words = len(words)
        language = self.attention.language
        if self.is_story:
            as_of_s = self.following.until_s
            self._stages = follow_stages(self._stages, words, language, as_of_s)
        self._said = said_so_far(self._stages, words, language, is_story=self.is_story)

    def _interrupts(self, now: StageNow) -> bool:
        """True once, when the situation has gone on for too long; thinking costs nothing."""
        voice = self.microphone.voice
        if not self._may_interrupt or now.stage is not Stage.SITUATION or voice is None:
            return False
        gaps_s = [after[0] - before[1] for before, after in pairwise(voice.found)]
        thinking_s = sum(gap_s for gap_s in gaps_s if gap_s > PAUSE_FREE_S)
        is_thinking = voice.silence_s > PAUSE_FREE_S
        if is_thinking or now.told_s - thinking_s < LONG_SITUATION_S:
            return False
        self._may_interrupt = False
        return True

    def pause(self) -> None:
        """Leave out what comes, or go on."""
        self.is_paused = not self.is_paused
        (self.microphone.pause if self.is_paused else self.microphone.resume)()

    def change_microphone(self) -> None:
        """Go on with another one, in the same recording."""
        self.microphone.change()

    def take_back(self) -> None:
        """Not over yet: go on with the same recording."""
        voice = self.microphone.voice
        self._ending = take_back(self._ending, voice.heard_s if voice else 0.0)

    def end(self, recording: Path) -> tuple[RecordedAnswer, float]:
        """Close the recording: the answer, and how long it is."""
        take = self.microphone.end()
        following, regions, duration_s = self.following, take.regions, take.duration_s
        p95_s = pauses_p95_s(regions)
        if self.attention.learn_pauses is not None and p95_s is not None:
            with suppress(InterviewError):  # the answer is more than what is learned from it
                self.attention.learn_pauses(p95_s)
        finish = None
        if following is not None:
            finish = lambda progress: following.finish(regions, duration_s, progress)  # noqa: E731
        return RecordedAnswer(recording, WrittenAlong(regions, finish)), duration_s
