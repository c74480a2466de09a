from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_interviewer.core import moves
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.dialogue import Dialogue, Phase, step
from mock_interviewer.core.findings import Findings
from mock_interviewer.core.judging import Judgement
from mock_interviewer.core.language import Language
from mock_interviewer.core.probing import ChosenProbe
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Quality, Tests, Verdict, Why
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.core.verdict import Ruling

FIRST, SECOND = Question("What did you fix?", id="fix"), Question("What went wrong?", id="wrong")
SAID = Transcript(())
PROBES = tuple(
    ChosenProbe(text=text, tests=Tests.DEPTH, because="depth") for text in ("Why?", "How?", "When?")
)
SOLID = Judgement(quality=Quality.STRONG, why=Why.SOLID, evidence=None, rescores="none")
HAND_OFF = Judgement(
    quality=Quality.WEAK, why=Why.HANDED_OFF, evidence="they fixed it", rescores="no_hire"
)


def analysed(question: Question, verdict: Verdict | None = Verdict.HIRE) -> Analysis:
    return Analysis(
        question=question,
        transcript=SAID,
        gate=None,
        units=(),
        stages={},
        findings=Findings(),
        delivery=None,
        ruling=Ruling(verdict, ()) if verdict else None,
        language=Language("en"),
        probes=PROBES,
    )


def play(dialogue: Dialogue, *events: moves.Event) -> tuple[Dialogue, list[moves.Command]]:
    done: list[moves.Command] = []
    for event in events:
        dialogue, commands = step(dialogue, event)
        done += commands
    return dialogue, done


def kinds(commands: list[moves.Command]) -> list[str]:
    return [type(command).__name__ for command in commands]


def answer(question: Question, verdict: Verdict | None = Verdict.HIRE) -> tuple[moves.Event, ...]:
    judged = moves.AnswerJudged(analysed(question, verdict))
    return (moves.Asked(), moves.Answered(), moves.WrittenDown(SAID), judged)


def reply(judgement: Judgement = SOLID) -> tuple[moves.Event, ...]:
    return (
        moves.Asked(),
        moves.Answered(),
        moves.WrittenDown(SAID),
        moves.ReplyJudged(judgement),
    )


def test_an_interview_asks_hears_judges_probes_and_closes() -> None:
    dialogue, done = play(
        Dialogue((FIRST,), probes_wanted=1), moves.Begin(), *answer(FIRST), *reply()
    )
    assert dialogue.phase is Phase.OVER
    assert kinds(done) == [
        *("Ask", "Listen", "WriteDown", "JudgeAnswer", "ShowAnswer"),
        *("Ask", "Listen", "WriteDown", "JudgeReply", "ShowReply"),
        *("ShowOutcome", "Close"),
    ]
    assert [command.text for command in done if isinstance(command, moves.Ask)] == [
        FIRST.text,
        "Why?",
    ]


def test_no_more_probes_are_asked_than_are_wanted() -> None:
    dialogue, _ = play(
        Dialogue((FIRST,), probes_wanted=2), moves.Begin(), *answer(FIRST), *reply(), *reply()
    )
    assert dialogue.phase is Phase.OVER
    assert [outcome.probe.text for outcome in dialogue.outcomes[0].probes] == ["Why?", "How?"]


def test_a_reply_with_a_counted_disqualifier_rescores_the_opening_answer() -> None:
    dialogue, done = play(
        Dialogue((FIRST,), probes_wanted=1), moves.Begin(), *answer(FIRST), *reply(HAND_OFF)
    )
    outcome = dialogue.outcomes[0]
    assert outcome.verdict_at_first is Verdict.HIRE
    assert outcome.verdict is Verdict.NO_HIRE
    assert [shown.rescored for shown in done if isinstance(shown, moves.ShowReply)] == [True]


def test_only_the_first_revealing_reply_is_said_to_rescore() -> None:
    _, done = play(
        Dialogue((FIRST,), probes_wanted=2),
        moves.Begin(),
        *answer(FIRST),
        *reply(HAND_OFF),
        *reply(HAND_OFF),
    )
    assert [s.rescored for s in done if isinstance(s, moves.ShowReply)] == [True, False]


def test_an_unjudged_answer_is_not_rescored() -> None:
    dialogue, _ = play(
        Dialogue((FIRST,), probes_wanted=1), moves.Begin(), *answer(FIRST, None), *reply(HAND_OFF)
    )
    assert dialogue.outcomes[0].verdict is None


def test_questions_follow_one_another() -> None:
    dialogue, done = play(
        Dialogue((FIRST, SECOND), probes_wanted=0), moves.Begin(), *answer(FIRST), *answer(SECOND)
    )
    assert [command.text for command in done if isinstance(command, moves.Ask)] == [
        FIRST.text,
        SECOND.text,
    ]
    assert [outcome.question for outcome in dialogue.outcomes] == [FIRST, SECOND]


def test_a_retake_keeps_the_old_take_and_counts_up() -> None:
    dialogue, done = play(Dialogue((FIRST,)), moves.Begin(), moves.Asked(), moves.RetakeWanted())
    assert kinds(done)[-2:] == ["KeepAside", "Listen"]
    assert dialogue.turn.take == 2
    assert done[-2].turn.take == 1


def test_a_pause_goes_on_with_the_same_take() -> None:
    dialogue, done = play(
        Dialogue((FIRST,)), moves.Begin(), moves.Asked(), moves.PauseWanted(), moves.ResumeWanted()
    )
    assert kinds(done) == ["Ask", "Listen", "Pause", "Listen"]
    assert dialogue.turn.take == 1


def test_a_question_repeated_while_speaking_keeps_what_was_said() -> None:
    _, done = play(Dialogue((FIRST,)), moves.Begin(), moves.Asked(), moves.RepeatWanted())
    assert kinds(done)[-2:] == ["KeepAside", "Ask"]


def test_a_question_repeated_while_it_is_asked_is_just_asked_again() -> None:
    _, done = play(Dialogue((FIRST,)), moves.Begin(), moves.RepeatWanted())
    assert kinds(done) == ["Ask", "Ask"]


def test_a_skipped_probe_leaves_the_next_one() -> None:
    dialogue, _ = play(
        Dialogue((FIRST,), probes_wanted=2),
        moves.Begin(),
        *answer(FIRST),
        moves.Asked(),
        moves.SkipWanted(),
        *reply(),
    )
    assert [outcome.judgement for outcome in dialogue.outcomes[0].probes] == [None, SOLID]


def test_a_skipped_question_has_no_verdict() -> None:
    dialogue, _ = play(
        Dialogue((FIRST, SECOND), probes_wanted=0),
        moves.Begin(),
        moves.Asked(),
        moves.SkipWanted(),
        *answer(SECOND),
    )
    assert [outcome.verdict for outcome in dialogue.outcomes] == [None, Verdict.HIRE]


def test_an_answer_that_cannot_be_written_down_is_explained_and_the_interview_goes_on() -> None:
    dialogue, done = play(
        Dialogue((FIRST, SECOND), probes_wanted=0),
        moves.Begin(),
        moves.Asked(),
        moves.Answered(),
        moves.NotWrittenDown("The model folder is empty."),
    )
    assert "Explain" in kinds(done)
    assert dialogue.question is SECOND


@pytest.mark.parametrize("heard", [0, 1])
def test_stopping_keeps_what_was_said(heard: int) -> None:
    before = (moves.Begin(), moves.Asked()) if heard else (moves.Begin(),)
    dialogue, done = play(Dialogue((FIRST,)), *before, moves.StopWanted())
    assert ("KeepAside" in kinds(done)) is bool(heard)
    assert done[-1] == moves.Close(dialogue.outcomes, was_stopped=True)


EVENTS = [
    *(moves.Begin(), moves.Asked(), moves.Answered(), moves.PauseWanted(), moves.ResumeWanted()),
    *(moves.RetakeWanted(), moves.RepeatWanted(), moves.SkipWanted(), moves.StopWanted()),
    *(moves.WrittenDown(SAID), moves.NotWrittenDown("no"), moves.ReplyJudged(SOLID)),
    *(moves.AnswerJudged(analysed(FIRST)),),
]


COURSE = (moves.Begin(), *answer(FIRST), *reply(), *answer(SECOND), *reply())
"""An interview of two questions; strays put into it reach states that chance alone never does."""
STRAYS = st.lists(st.tuples(st.integers(0, len(COURSE)), st.sampled_from(EVENTS)), max_size=8)


@given(STRAYS, st.integers(0, 3))
def test_no_order_of_events_breaks_an_interview(
    strays: list[tuple[int, moves.Event]], probes: int
) -> None:
    events: list[moves.Event] = list(COURSE)
    for at, stray in strays:
        events.insert(at, stray)
    dialogue = Dialogue((FIRST, SECOND), probes_wanted=probes)
    for event in events:
        if isinstance(event, moves.AnswerJudged) and not dialogue.turn.is_opening:
            continue  # the shell reports what it was told to judge
        if isinstance(event, moves.ReplyJudged) and dialogue.turn.is_opening:
            continue
        before = dialogue
        dialogue, commands = step(dialogue, event)
        if before.phase is Phase.OVER:
            assert (dialogue, commands) == (before, ())
    assert all(len(outcome.probes) <= probes for outcome in dialogue.outcomes)


def test_an_interview_without_questions_is_over_at_once() -> None:
    dialogue, done = play(Dialogue(()), moves.Begin())
    assert dialogue.phase is Phase.OVER
    assert kinds(done) == ["Close"]


def test_a_key_hit_twice_changes_nothing() -> None:
    dialogue, _ = play(Dialogue((FIRST,)), moves.Begin(), moves.Asked(), moves.Answered())
    assert step(dialogue, moves.Answered()) == (dialogue, ())
