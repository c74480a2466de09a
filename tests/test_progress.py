from __future__ import annotations

from dataclasses import replace

from mock_interviewer.core.progress import Habit, Told, progress_of, search

ONE = Told(
    session="2026-11-01T100000-aaaa",
    at="2026-11-01T10:00:00+00:00",
    folder="q1-missed-deadline",
    question_id="missed-deadline",
    question="Tell me about a time you missed a deadline.",
    principle="ownership",
    level="sde2",
    verdict="lean_hire",
    verdict_at_first="lean_hire",
    duration_s=150.0,
    stage_s={"situation": 30.0},
    faults=("generic_reflection",),
    signals=("stakes",),
    take_numbers=(1,),
    strong_replies=1,
    replies=2,
    words_per_minute=140.0,
)


def on_day(day: int, **changes: object) -> Told:
    at = f"2026-11-{day:02d}T10:00:00+00:00"
    return replace(ONE, session=f"s{day}", at=at, **changes)  # type: ignore[arg-type]


def test_trends_run_from_the_oldest_to_the_latest_and_name_the_best_take() -> None:
    days = [on_day(3, verdict="hire"), on_day(1, verdict="no_hire"), on_day(2, verdict="hire")]
    (trend,) = progress_of(days).by_question
    assert [told.verdict for told in trend.answers] == ["no_hire", "hire", "hire"]
    assert trend.best.session == "s3"


def test_the_dose_counts_interviews_not_answers() -> None:
    two = [on_day(1), on_day(1, folder="q2-x"), on_day(2)]
    assert progress_of(two).dose == "interview 2 of 9"
    assert "past the 9" in progress_of([on_day(day) for day in range(1, 12)]).dose


def test_a_share_is_given_from_five_answers_on_and_once_is_no_habit() -> None:
    four = progress_of([on_day(day) for day in range(1, 5)])
    assert four.habits == (Habit("generic_reflection", 4, 4),)
    assert four.habits[0].share is None
    five = progress_of([on_day(day, faults=()) if day == 5 else on_day(day) for day in range(1, 6)])
    assert five.habits[0].share == 0.8
    assert not progress_of([on_day(1)]).habits


def test_answers_without_a_verdict_are_listed_and_count_for_nothing_else() -> None:
    found = progress_of([on_day(1, verdict=None)])
    assert len(found.answers) == 1
    assert not found.by_question
    assert not found.habits


def test_a_search_needs_every_word() -> None:
    days = [on_day(1), on_day(2, principle="conflict", verdict="no_hire")]
    assert [t.session for t in search(days, "deadline no hire")] == ["s2"]
    assert len(search(days, "deadline")) == 2
    assert not search(days, "deadline leadership")
