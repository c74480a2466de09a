"""What passes between the interview and its shell: turns, commands, events, outcomes.

A command is a verb the shell carries out (`Ask`, `Listen`, `WriteDown`); an event says what
happened (`Asked`, `Answered`, `WrittenDown`) or what the person wants. Not getting something is an
event with a name of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.judging import Judgement
from mock_interviewer.core.probing import ChosenProbe
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Verdict
from mock_interviewer.core.transcript import Transcript


@dataclass(frozen=True)
class Turn:
    """One thing asked and its answer: the opening question, or a probe of it."""

    question_index: int
    probe_index: int | None = None
    """None for the opening answer, else 0 for the first probe."""
    take: int = 1

    @property
    def is_opening(self) -> bool:
        return self.probe_index is None


@dataclass(frozen=True)
class ProbeOutcome:
    """A probe, and the judgement of its reply; None where it was skipped or not heard."""

    probe: ChosenProbe
    judgement: Judgement | None


@dataclass(frozen=True)
class Outcome:
    """What came of one question."""

    question: Question
    analysis: Analysis | None = None
    """Of the opening answer; None where there is none yet, or never will be."""
    probes: tuple[ProbeOutcome, ...] = ()
    is_skipped: bool = False
    """Left on purpose, without an answer."""

    @property
    def is_rescored(self) -> bool:
        """True if a reply revealed a disqualifier that the question counts."""
        return self.verdict_at_first is not None and any(
            outcome.judgement is not None and outcome.judgement.rescores == Verdict.NO_HIRE
            for outcome in self.probes
        )

    @property
    def verdict_at_first(self) -> Verdict | None:
        """The opening answer's own verdict."""
        return self.analysis.verdict if self.analysis else None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict after the probes."""
        return Verdict.NO_HIRE if self.is_rescored else self.verdict_at_first


# ---- what the shell is told to do


@dataclass(frozen=True)
class Ask:
    """Show and speak the words, then report `Asked`."""

    turn: Turn
    text: str


@dataclass(frozen=True)
class Listen:
    """Record the answer until the person is done, then report `Answered`; or go on recording."""

    turn: Turn


@dataclass(frozen=True)
class Pause:
    """Hold the recording; nothing is lost."""

    turn: Turn


@dataclass(frozen=True)
class KeepAside:
    """End the recording and keep it, though this take is not the one that counts."""

    turn: Turn


@dataclass(frozen=True)
class WriteDown:
    """Write down what was said, then report `WrittenDown` or `NotWrittenDown`."""

    turn: Turn


@dataclass(frozen=True)
class JudgeAnswer:
    """Analyse the opening answer, then report `AnswerJudged`."""

    turn: Turn
    transcript: Transcript


@dataclass(frozen=True)
class JudgeReply:
    """Judge the reply to a probe, then report `ReplyJudged`."""

    turn: Turn
    probe: ChosenProbe
    transcript: Transcript


@dataclass(frozen=True)
class ShowAnswer:
    """Show what was made of the opening answer."""

    turn: Turn
    analysis: Analysis


@dataclass(frozen=True)
class ShowReply:
    """Show what was made of a reply."""

    turn: Turn
    outcome: ProbeOutcome
    rescored: bool
    """True if this reply took the opening answer's verdict down."""


@dataclass(frozen=True)
class ShowOutcome:
    """Show the whole of one question: answer, probes, verdict, and what to change."""

    question_index: int
    outcome: Outcome


@dataclass(frozen=True)
class Explain:
    """Tell the person in one plain line what went wrong; the answer is kept."""

    turn: Turn
    line: str


@dataclass(frozen=True)
class Close:
    """The interview is over."""

    outcomes: tuple[Outcome, ...]
    was_stopped: bool


Command = (
    Ask
    | Listen
    | Pause
    | KeepAside
    | WriteDown
    | JudgeAnswer
    | JudgeReply
    | ShowAnswer
    | ShowReply
    | ShowOutcome
    | Explain
    | Close
)


# ---- what the shell reports


@dataclass(frozen=True)
class Begin:
    """The person is ready."""


@dataclass(frozen=True)
class Asked:
    """The question has been shown, and its sound has ended."""


@dataclass(frozen=True)
class Answered:
    """The person is done; the recording or the typed words are on disk."""


@dataclass(frozen=True)
class PauseWanted:
    """The person wants a break."""


@dataclass(frozen=True)
class ResumeWanted:
    """The person goes on with the same answer."""


@dataclass(frozen=True)
class RetakeWanted:
    """The person wants to answer again from the start; the old take is kept."""


@dataclass(frozen=True)
class RepeatWanted:
    """The person wants to hear the question again."""


@dataclass(frozen=True)
class SkipWanted:
    """The person wants to leave this question or probe."""


@dataclass(frozen=True)
class StopWanted:
    """The person ends the interview."""


@dataclass(frozen=True)
class WrittenDown:
    """What was said, as words."""

    transcript: Transcript


@dataclass(frozen=True)
class NotWrittenDown:
    """Writing down failed; the recording is kept."""

    line: str


@dataclass(frozen=True)
class AnswerJudged:
    """The opening answer's analysis."""

    analysis: Analysis


@dataclass(frozen=True)
class ReplyJudged:
    """The judgement of a reply."""

    judgement: Judgement


Event = (
    Begin
    | Asked
    | Answered
    | PauseWanted
    | ResumeWanted
    | RetakeWanted
    | RepeatWanted
    | SkipWanted
    | StopWanted
    | WrittenDown
    | NotWrittenDown
    | AnswerJudged
    | ReplyJudged
)
