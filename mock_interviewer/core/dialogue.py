"""The interview itself: `step(dialogue, event) -> (dialogue, commands)`.

An interview puts its questions one after the other. Each opening answer is heard, written down and
judged; then come up to N probes, chosen from what that answer lacks; a reply that reveals a
disqualifier which the question counts rescores the opening answer to no hire. The person may at any
time pause, retake, skip, have the question repeated, or stop; whatever was said stays.

The step is pure: it never asks, listens or stores. It answers an event with commands, the shell
carries them out in order and reports back what happened as the next event. So a whole interview
runs in a test without a microphone, and terminal and page share one loop. An event that does not
fit the phase (a key hit twice) changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mock_interviewer.core.moves import (
    Answered,
    AnswerJudged,
    Ask,
    Asked,
    Begin,
    Close,
    Command,
    Event,
    Explain,
    JudgeAnswer,
    JudgeReply,
    KeepAside,
    Listen,
    NotWrittenDown,
    Outcome,
    Pause,
    PauseWanted,
    ProbeOutcome,
    RepeatWanted,
    ReplyJudged,
    ResumeWanted,
    RetakeWanted,
    ShowAnswer,
    ShowOutcome,
    ShowReply,
    SkipWanted,
    StopWanted,
    Turn,
    WriteDown,
    WrittenDown,
)
from mock_interviewer.core.probing import ChosenProbe
from mock_interviewer.core.question import Question


class Phase(StrEnum):
    """What the interview is waiting for."""

    READY = "ready"
    ASKING = "asking"
    LISTENING = "listening"
    PAUSED = "paused"
    WRITING_DOWN = "writing_down"
    JUDGING = "judging"
    OVER = "over"


@dataclass(frozen=True)
class Dialogue:
    """Where an interview stands."""

    questions: tuple[Question, ...]
    probes_wanted: int = 2
    """At most so many probes after each opening answer."""
    phase: Phase = Phase.READY
    turn: Turn = field(default_factory=lambda: Turn(0))
    outcomes: tuple[Outcome, ...] = ()
    """One for each question begun; the last one may still be growing."""
    takes_before: Mapping[int, int] = field(default_factory=dict)
    """By question: takes from before an interview broke off, which stay."""
    done_before: Mapping[int, Outcome] = field(default_factory=dict)
    """By question: what came then of those behind the one that is next. They are not asked again.
    """

    @property
    def question(self) -> Question:
        return self.questions[self.turn.question_index]

    @property
    def asked(self) -> str:
        """The words of the question or probe that the turn is about."""
        if self.turn.probe_index is None:
            return self.question.text
        return self.probes[self.turn.probe_index].text

    @property
    def probes(self) -> tuple[ChosenProbe, ...]:
        """The probes of the question under way, as far as they are wanted."""
        analysis = self.outcomes[-1].analysis if self.outcomes else None
        return analysis.probes[: self.probes_wanted] if analysis else ()


Step = tuple[Dialogue, tuple[Command, ...]]


def step(dialogue: Dialogue, event: Event) -> Step:
    """The interview after an event, and what is to be done about it."""
    if isinstance(event, StopWanted):
        return _stop(dialogue)
    follow = _FOLLOW.get((dialogue.phase, type(event)))
    return follow(dialogue, event) if follow else (dialogue, ())


def _ask(dialogue: Dialogue) -> Step:
    asking = replace(dialogue, phase=Phase.ASKING)
    return asking, (Ask(asking.turn, asking.asked),)


def _begin(dialogue: Dialogue, event: Event) -> Step:
    first = len(dialogue.outcomes)  # more than none where an interview goes on that broke off
    if first >= len(dialogue.questions):
        over = replace(dialogue, phase=Phase.OVER)
        return over, (Close(over.outcomes, was_stopped=False),)
    return _open_question(dialogue, first)


def _open_question(dialogue: Dialogue, index: int) -> Step:
    take = dialogue.takes_before.get(index, 0) + 1
    outcome, turn = Outcome(dialogue.questions[index]), Turn(index, take=take)
    return _ask(replace(dialogue, turn=turn, outcomes=(*dialogue.outcomes, outcome)))


def _listen(dialogue: Dialogue, event: Event) -> Step:
    return replace(dialogue, phase=Phase.LISTENING), (Listen(dialogue.turn),)


def _pause(dialogue: Dialogue, event: Event) -> Step:
    return replace(dialogue, phase=Phase.PAUSED), (Pause(dialogue.turn),)


def _write_down(dialogue: Dialogue, event: Event) -> Step:
    return replace(dialogue, phase=Phase.WRITING_DOWN), (WriteDown(dialogue.turn),)


def _retake(dialogue: Dialogue, event: Event) -> Step:
    turn = replace(dialogue.turn, take=dialogue.turn.take + 1)
    again = replace(dialogue, phase=Phase.LISTENING, turn=turn)
    return again, (KeepAside(dialogue.turn), Listen(turn))


def _repeat(dialogue: Dialogue, event: Event) -> Step:
    # what has been said so far is a take of its own: asking again must not record the question
    turn = replace(dialogue.turn, take=dialogue.turn.take + 1)
    again, commands = _ask(replace(dialogue, turn=turn))
    return again, (KeepAside(dialogue.turn), *commands)


def _ask_again(dialogue: Dialogue, event: Event) -> Step:
    return _ask(dialogue)


def _judge(dialogue: Dialogue, event: Event) -> Step:
    assert isinstance(event, WrittenDown)
    judging, turn = replace(dialogue, phase=Phase.JUDGING), dialogue.turn
    if turn.probe_index is None:
        return judging, (JudgeAnswer(turn, event.transcript),)
    return judging, (JudgeReply(turn, dialogue.probes[turn.probe_index], event.transcript),)


def _go_on_unheard(dialogue: Dialogue, event: Event) -> Step:
    assert isinstance(event, NotWrittenDown)
    following, commands = _leave(dialogue, event)
    return following, (Explain(dialogue.turn, event.line), *commands)


def _go_on_unread(dialogue: Dialogue, event: Event) -> Step:
    following, commands = _go_on_unheard(dialogue, event)
    return following, (KeepAside(dialogue.turn), *commands)


def _take_in_answer(dialogue: Dialogue, event: Event) -> Step:
    assert isinstance(event, AnswerJudged)
    outcome = replace(dialogue.outcomes[-1], analysis=event.analysis)
    heard = replace(dialogue, outcomes=(*dialogue.outcomes[:-1], outcome))
    following, commands = _next_probe(heard)
    return following, (ShowAnswer(dialogue.turn, event.analysis), *commands)


def _take_in_reply(dialogue: Dialogue, event: Event) -> Step:
    assert isinstance(event, ReplyJudged)
    assert dialogue.turn.probe_index is not None
    probe = ProbeOutcome(dialogue.probes[dialogue.turn.probe_index], event.judgement)
    before = dialogue.outcomes[-1]
    after = replace(before, probes=(*before.probes, probe))
    heard = replace(dialogue, outcomes=(*dialogue.outcomes[:-1], after))
    following, commands = _next_probe(heard)
    rescored = after.is_rescored and not before.is_rescored
    return following, (ShowReply(dialogue.turn, probe, rescored), *commands)


def _next_probe(dialogue: Dialogue) -> Step:
    """The next probe of this question if there is one, else the next question."""
    last = dialogue.turn.probe_index
    index = 0 if last is None else last + 1
    if index < len(dialogue.probes):
        return _ask(replace(dialogue, turn=Turn(dialogue.turn.question_index, index)))
    return _next_question(dialogue)


def _next_question(dialogue: Dialogue) -> Step:
    shown = ShowOutcome(dialogue.turn.question_index, dialogue.outcomes[-1])
    outcomes = dialogue.outcomes
    while len(outcomes) in dialogue.done_before:
        outcomes = (*outcomes, dialogue.done_before[len(outcomes)])
    dialogue = replace(dialogue, outcomes=outcomes)
    if len(outcomes) < len(dialogue.questions):
        following, commands = _open_question(dialogue, len(outcomes))
        return following, (shown, *commands)
    over = replace(dialogue, phase=Phase.OVER)
    return over, (shown, Close(over.outcomes, was_stopped=False))


def _leave(dialogue: Dialogue, event: Event) -> Step:
    """Go on without the answer of this turn."""
    turn = dialogue.turn
    if turn.probe_index is None:
        return _next_question(dialogue)
    skipped = ProbeOutcome(dialogue.probes[turn.probe_index], None)
    outcome = replace(dialogue.outcomes[-1], probes=(*dialogue.outcomes[-1].probes, skipped))
    return _next_probe(replace(dialogue, outcomes=(*dialogue.outcomes[:-1], outcome)))


def _skip(dialogue: Dialogue, event: Event) -> Step:
    """Leave the turn on purpose: a question that was skipped is done."""
    if dialogue.turn.probe_index is None:
        skipped = replace(dialogue.outcomes[-1], is_skipped=True)
        dialogue = replace(dialogue, outcomes=(*dialogue.outcomes[:-1], skipped))
    return _leave(dialogue, event)


def _skip_while_heard(dialogue: Dialogue, event: Event) -> Step:
    following, commands = _skip(dialogue, event)
    return following, (KeepAside(dialogue.turn), *commands)


def _stop(dialogue: Dialogue) -> Step:
    if dialogue.phase is Phase.OVER:
        return dialogue, ()
    is_heard = dialogue.phase in (Phase.LISTENING, Phase.PAUSED)
    kept: tuple[Command, ...] = (KeepAside(dialogue.turn),) if is_heard else ()
    over = replace(dialogue, phase=Phase.OVER)
    return over, (*kept, Close(over.outcomes, was_stopped=True))


_FOLLOW: Mapping[tuple[Phase, type], Callable[[Dialogue, Event], Step]] = {
    (Phase.READY, Begin): _begin,
    (Phase.ASKING, Asked): _listen,
    (Phase.ASKING, RepeatWanted): _ask_again,
    (Phase.ASKING, SkipWanted): _skip,
    (Phase.LISTENING, Answered): _write_down,
    (Phase.LISTENING, NotWrittenDown): _go_on_unread,
    (Phase.LISTENING, PauseWanted): _pause,
    (Phase.LISTENING, RetakeWanted): _retake,
    (Phase.LISTENING, RepeatWanted): _repeat,
    (Phase.LISTENING, SkipWanted): _skip_while_heard,
    (Phase.PAUSED, ResumeWanted): _listen,
    (Phase.PAUSED, Answered): _write_down,
    (Phase.PAUSED, RetakeWanted): _retake,
    (Phase.PAUSED, RepeatWanted): _repeat,
    (Phase.PAUSED, SkipWanted): _skip_while_heard,
    (Phase.WRITING_DOWN, WrittenDown): _judge,
    (Phase.WRITING_DOWN, NotWrittenDown): _go_on_unheard,
    (Phase.JUDGING, AnswerJudged): _take_in_answer,
    (Phase.JUDGING, ReplyJudged): _take_in_reply,
}
