from __future__ import annotations

from dataclasses import replace

import pytest
from answers import told
from labelled import labelled_answers, language, spoken

from mock_interviewer.adapters.probe_phrases import load_probe_phrases
from mock_interviewer.core.analysis import analyse
from mock_interviewer.core.question import DEFAULT_QUESTION
from mock_interviewer.core.rubric import (
    STORY_STAGES,
    Budget,
    Level,
    Signal,
    Stage,
    Status,
    budgets_for,
)
from mock_interviewer.core.timing import (
    is_long_situation,
    stage_status,
    time_stages,
    word_too_long,
)
from mock_interviewer.core.transcript import Transcript, Word

S, T, A, R, L = STORY_STAGES
NOTHING_FOUND = dict.fromkeys(Signal)


def test_a_pause_belongs_to_what_came_before_it() -> None:
    transcript, units = told((S, "one two"), (A, "three four"), seconds_a_word=1.0, pause_s=3.0)
    stages = time_stages(transcript, units, budgets_for(Level.SDE2), NOTHING_FOUND)
    assert stages[S].duration_s == 5.0
    assert stages[A].duration_s == 2.0  # the last unit lasts to its last word


def test_a_stage_told_in_two_places_is_the_sum_of_both() -> None:
    transcript, units = told((S, "a"), (R, "b"), (S, "c"), (A, "d"), seconds_a_word=1.0)
    stages = time_stages(transcript, units, budgets_for(Level.SDE2), NOTHING_FOUND)
    assert stages[S].duration_s == 2.0
    assert stages[S].spans == ((0.0, 1.0), (2.0, 3.0))


def test_durations_of_all_stages_and_of_talk_between_add_up_to_the_answer() -> None:
    parts = [(S, "a b c"), (Stage.NONE, "well"), (T, "d"), (A, "e f g h"), (R, "i"), (L, "j k")]
    transcript, units = told(*parts, pause_s=0.7)
    stages = time_stages(transcript, units, budgets_for(Level.SDE2), NOTHING_FOUND)
    told_s = sum(timing.duration_s or 0.0 for timing in stages.values())
    between_s = 0.4 + 0.7
    last = transcript.words[-1].end_s
    assert last is not None
    assert told_s + between_s == pytest.approx(last)


@pytest.mark.parametrize(
    ("duration_s", "complete", "status"),
    [
        (10.0, True, Status.ON_TARGET),  # under half, but everything is there
        (10.0, False, Status.SHORT),
        (15.0, False, Status.ON_TARGET),
        (30.0, False, Status.ON_TARGET),
        (30.1, False, Status.OVER_TARGET),
        (45.1, True, Status.OVER_LIMIT),
    ],
)
def test_a_target_is_a_budget_not_a_bulls_eye(
    duration_s: float, complete: bool, status: Status
) -> None:
    found = stage_status(duration_s, Budget(30, 45), is_told=True, has_all_signals=complete)
    assert found is status


def test_without_times_a_stage_is_missing_or_unmeasured() -> None:
    transcript, units = told((S, "a b"), (A, "c d"))
    untimed = Transcript(tuple(Word(word.text) for word in transcript.words))
    stages = time_stages(untimed, units, budgets_for(Level.SDE2), NOTHING_FOUND)
    assert (stages[S].duration_s, stages[S].status) == (None, None)
    assert stages[R].status is Status.MISSING


def test_thinking_is_not_held_against_a_situation() -> None:
    words = " ".join(["word"] * 44)
    transcript, units = told((S, words), (S, "end"), (A, "did"), seconds_a_word=1.0, pause_s=30.0)
    assert not is_long_situation(transcript, units)  # 45 s of speech, 60 s of pauses
    transcript, units = told((S, words + " and more"), (A, "did"), seconds_a_word=1.0)
    assert is_long_situation(transcript, units)


def test_short_pauses_count_as_part_of_a_situation() -> None:
    parts = [(S, "a b c d")] * 10
    transcript, units = told(*parts, (A, "did"), seconds_a_word=1.0, pause_s=0.9)
    assert is_long_situation(transcript, units)  # 40 s of words and 9 s of breath


def test_junior_targets_are_scaled_and_limits_stay() -> None:
    budgets = budgets_for(Level.SDE1)
    assert sum(budget.target_s for budget in budgets.values()) == pytest.approx(120, abs=0.05)
    assert budgets[S].limit_s == 45


def test_a_packs_override_is_taken_as_it_stands() -> None:
    assert budgets_for(Level.SDE1, {A: Budget(60, 70)})[A] == Budget(60, 70)


def test_a_stage_that_may_only_not_have_been_heard_is_not_missing() -> None:
    transcript, units = told((S, "one two three"), (A, "four five"))
    stages = time_stages(
        transcript, units, budgets_for(Level.SDE2), NOTHING_FOUND, is_well_heard=False
    )
    assert stages[S].duration_s is not None
    assert (stages[L].duration_s, stages[L].status) == (None, None)


@pytest.mark.parametrize("unclear_of_three", [1, 2])
def test_nothing_is_missing_of_an_answer_that_was_badly_heard(unclear_of_three: int) -> None:
    answer = next(a for a in labelled_answers(["train"]) if a["style"] == "strong_cued")
    words = spoken(answer)[0].words
    until = next(k for k, word in enumerate(words) if k > 60 and word.text.endswith("."))
    heard = tuple(
        replace(word, probability=0.2 if k % 3 < unclear_of_three else 0.95)
        for k, word in enumerate(words[: until + 1])
    )
    transcript = Transcript(heard, duration_s=heard[-1].end_s)
    analysis = analyse(transcript, DEFAULT_QUESTION, language(), load_probe_phrases())
    assert Status.MISSING not in {timing.status for timing in analysis.stages.values()}
    assert not analysis.findings.weaknesses.missing_stages


def test_the_thought_of_a_long_situation_comes_when_it_was_spoken_too_long() -> None:
    """Thinking costs nothing: not in the pause, but 45 s of speech on."""
    long = "when " * 130 + "the lorries came to the gate."
    transcript, units = told((S, "Well"), (S, long), (A, "I wrote to them."), pause_s=60.0)
    at = word_too_long(transcript, units)
    assert at is not None
    assert transcript.words[at].end_s == pytest.approx(60.0 + 45.0, abs=1.0)
    assert is_long_situation(transcript, units)
    assert word_too_long(*told((S, "Well"), (S, "a short one"), pause_s=60.0)) is None


def test_a_question_with_a_longer_situation_has_a_longer_limit() -> None:
    transcript, units = told((S, "when " * 130 + "the lorries came to the gate."))
    assert is_long_situation(transcript, units)
    assert not is_long_situation(transcript, units, limit_s=90.0)
