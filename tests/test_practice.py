"""What is due when: the schedule over sixty days, grades from evidence, plans, guesses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta

import pytest
from test_progress import ONE

from mock_interviewer.adapters.spaced_memory import LONGEST_DAYS, remember
from mock_interviewer.app.practice import practised as read_practice
from mock_interviewer.core.agenda import Activity, Chapter, Doing, Frame, agenda
from mock_interviewer.core.calibration import StageGuess, VerdictGuess, calibration_of, felt
from mock_interviewer.core.cards import (
    Card,
    CardKind,
    Grade,
    Review,
    lowest_of_each_day,
    review_of_item,
    reviews_of_answer,
)
from mock_interviewer.core.deeds import Deeds, deeds_of
from mock_interviewer.core.planning import Plan, Practice, interview_day, planned_days, todays
from mock_interviewer.core.rubric import BUDGETS, Principle, Signal, Stage, Verdict
from mock_interviewer.core.spacing import Standing, practised
from mock_interviewer.errors import BadInput

FIRST = date(2026, 10, 5)
CHAPTERS = tuple(
    Chapter(name, principle, 10)
    for name, principle in (
        ("missed-deadline", Principle.OWNERSHIP),
        ("process-nobody-owned", Principle.OWNERSHIP),
        ("own-failure", Principle.FAILURE_AND_RESILIENCE),
        ("conflict-with-a-colleague", Principle.CONFLICT),
    )
)
WEAK_QUESTION, WEAK_PATTERN = "missed-deadline", "process-nobody-owned"
WEAK = {
    Card(CardKind.QUESTION, WEAK_QUESTION),
    Card(CardKind.STAGE, "action"),
    Card(CardKind.SIGNAL, "second_order_effect"),
    *(Card(CardKind.ITEM, f"{WEAK_PATTERN}#{number}") for number in range(3)),
}


def is_known(card: Card) -> bool:
    return card not in WEAK


@dataclass
class Person:
    """Practises whatever a day holds; what is weak stays weak, the rest was missed once."""

    standings: dict[Card, Standing] = field(default_factory=dict)
    seen: Counter[Card] = field(default_factory=Counter)
    days: dict[date, tuple[Activity, ...]] = field(default_factory=dict)

    def spend(self, day: date, frame: Frame) -> None:
        found = agenda(self.standings, day, CHAPTERS, frame)
        self.days[day] = found
        reviews = [self.review(card, day) for each in found for card in self.touched(each)]
        self.seen.update({review.card for review in reviews})
        in_order = lowest_of_each_day(reviews)
        self.standings = practised(self.standings, in_order, remember, frame.interview)

    def touched(self, activity: Activity) -> Iterator[Card]:
        """What doing it says something about: an answer of its stages and signals too."""
        yield from activity.cards
        if activity.doing is Doing.TELL:
            yield from (Card(CardKind.STAGE, stage.value) for stage in BUDGETS)
            yield from (Card(CardKind.SIGNAL, signal.value) for signal in Signal)

    def review(self, card: Card, day: date) -> Review:
        is_first = not self.seen[card]
        grade = Grade.GOOD if is_known(card) and not is_first else Grade.AGAIN
        return Review(card, day, grade, question=WEAK_QUESTION)


def after(days: int, frame: Frame) -> Person:
    person = Person()
    for number in range(days):
        person.spend(FIRST + timedelta(days=number), frame)
    return person


@pytest.fixture(scope="module")
def sixty() -> Person:
    return after(60, Frame())


def test_over_sixty_days_nothing_is_due_twice_a_day_and_no_day_is_too_long(sixty: Person) -> None:
    assert len(sixty.days) == 60
    for day, activities in sixty.days.items():
        cards = [card for activity in activities for card in activity.cards]
        assert len(cards) == len(set(cards)), day
        assert sum(activity.minutes for activity in activities) <= 30
        assert sum(activity.is_new for activity in activities if activity.doing is Doing.TELL) <= 1
    assert all(s.due > s.memory.last for s in sixty.standings.values())


def test_over_sixty_days_what_is_weak_comes_more_often_than_what_is_strong(sixty: Person) -> None:
    told = Counter(a.name for day in sixty.days.values() for a in day if a.doing is Doing.TELL)
    strong = [chapter.name for chapter in CHAPTERS if chapter.name != WEAK_QUESTION]
    assert all(told[WEAK_QUESTION] >= 3 * told[name] > 0 for name in strong), told
    drilled = Counter(stage for day in sixty.days.values() for a in day for stage in a.stages)
    others = [drilled[stage] for stage in BUDGETS if stage is not Stage.ACTION]
    assert all(drilled[Stage.ACTION] >= 3 * count for count in others), drilled
    assert sum(others) > 0
    asked = Counter((a.name, n) for day in sixty.days.values() for a in day for n in a.items)
    weak = min(asked[WEAK_PATTERN, number] for number in range(3))
    known = max(asked[name, n] for name, n in asked if is_known(Card(CardKind.ITEM, f"{name}#{n}")))
    assert weak >= 3 * known > 0, asked


def test_over_sixty_days_everything_there_is_was_practised(sixty: Person) -> None:
    for chapter in CHAPTERS:
        assert Card(CardKind.QUESTION, chapter.name) in sixty.standings
        assert all(
            Card(CardKind.ITEM, f"{chapter.name}#{n}") in sixty.standings
            for n in range(chapter.items)
        )


def test_a_near_interview_shortens_every_pause_and_leaves_its_last_days_light() -> None:
    interview = FIRST + timedelta(days=59)
    person = after(60, Frame(interview=interview))
    free = after(60, Frame())
    for name in (chapter.name for chapter in CHAPTERS):
        days = [d for d, found in person.days.items() if name in {a.name for a in found}]
        assert (interview - days[-1]).days <= 14, (name, days)
    late = FIRST + timedelta(days=45)

    def practised_late(one: Person) -> int:
        return sum(len(a.cards) for day, found in one.days.items() if day >= late for a in found)

    assert practised_late(person) > practised_late(free)
    (light,) = person.days[interview - timedelta(days=1)]
    assert light.doing is Doing.TELL
    assert light.name != WEAK_QUESTION
    assert [a.doing for a in person.days[interview]] == [Doing.READ]


def test_no_pause_is_longer_than_half_of_the_days_left_or_half_a_year() -> None:
    card, day = Card(CardKind.QUESTION, "own-failure"), FIRST
    standings: dict[Card, Standing] = {}
    for _ in range(12):
        standings = practised(standings, [Review(card, day, Grade.EASY)], remember)
        day = standings[card].due
    assert (day - standings[card].memory.last).days == LONGEST_DAYS
    for left, pause in ((40, 20), (9, 4), (3, 1), (1, 1)):
        interview = day + timedelta(days=left)
        soon = practised(standings, [Review(card, day, Grade.EASY)], remember, interview)
        assert (soon[card].due - day).days == pause


def test_an_answer_grades_its_question_stages_and_signals() -> None:
    told = replace(
        ONE,
        verdict="lean_hire",
        stage_s={"situation": 50.0, "task": 22.0, "action": 80.0, "result": 3.0, "reflection": 0.0},
        signals=("stakes", "individual_actions"),
    )
    found = {r.card.name: r for r in reviews_of_answer(told, FIRST, BUDGETS)}
    assert found["missed-deadline"].grade is Grade.HARD
    assert found["situation"].grade is Grade.AGAIN
    assert found["task"].grade is Grade.HARD
    assert found["action"].grade is Grade.EASY
    assert found["result"].because.startswith("short")
    assert found["reflection"].because == "missing"
    assert found["stakes"].grade is Grade.GOOD
    assert found["metric_delta"].grade is Grade.AGAIN
    assert found["metric_delta"].question == "missed-deadline"


def test_what_was_not_judged_or_has_no_seconds_is_not_held_against_anyone() -> None:
    assert not list(reviews_of_answer(replace(ONE, verdict=None), FIRST, BUDGETS))
    no_story = replace(ONE, verdict="no_hire", gate="no_story", signals=())
    assert [r.card.kind for r in reviews_of_answer(no_story, FIRST, BUDGETS)] == ["question"]
    typed = replace(ONE, stage_s=dict.fromkeys(BUDGETS), principle="conflict")
    found = {r.card for r in reviews_of_answer(typed, FIRST, BUDGETS)}
    assert not [card for card in found if card.kind is CardKind.STAGE]
    assert Card(CardKind.SIGNAL, "scope_boundary") not in found


@pytest.mark.parametrize(
    ("told", "grade"),
    [
        ({"is_right": False, "took_s": 3.0}, Grade.AGAIN),
        ({"is_right": True, "took_s": 3.0}, Grade.EASY),
        ({"is_right": True, "took_s": 3.0, "was_hinted": True}, Grade.HARD),
        ({"is_right": True, "took_s": 30.0}, Grade.GOOD),
        ({"is_right": True, "took_s": 80.0}, Grade.HARD),
        ({"is_right": True}, Grade.GOOD),
    ],
)
def test_an_item_is_graded_by_right_and_how_fast(told: dict[str, object], grade: Grade) -> None:
    assert review_of_item("own-failure", 3, FIRST, **told).grade is grade  # type: ignore[arg-type]


def test_of_a_day_the_lowest_grade_counts() -> None:
    card = Card(CardKind.STAGE, "action")
    both = [Review(card, FIRST, Grade.AGAIN), Review(card, FIRST, Grade.EASY)]
    assert [r.grade for r in lowest_of_each_day(both)] == [Grade.AGAIN]
    assert [r.grade for r in lowest_of_each_day(reversed(both))] == [Grade.AGAIN]


# ---- plans


def practice(deeds: dict[date, Deeds] | None = None) -> Practice:
    reviews = list(reviews_of_answer(replace(ONE, verdict="no_hire"), FIRST, BUDGETS))
    standings = practised({}, reviews, remember, FIRST + timedelta(days=10))
    ranks = {Principle.CONFLICT: 3.0, Principle.OWNERSHIP: 1.0}
    return Practice(standings, standings, deeds or {}, CHAPTERS, ranks)


PLAN = Plan(FIRST + timedelta(days=10), FIRST, principles=(Principle.CONFLICT, Principle.OWNERSHIP))


def test_a_plan_lays_out_drills_patterns_and_mocks_and_ends_lightly() -> None:
    days = planned_days(practice(), PLAN, FIRST + timedelta(days=1), remember)
    assert [day.day for day in days] == [FIRST + timedelta(days=n) for n in range(11)]
    doings = {activity.doing for day in days for activity in day.activities}
    assert doings >= {Doing.TELL, Doing.MOCK, Doing.TEST}
    mocks = [day.day for day in days if any(a.doing is Doing.MOCK for a in day.activities)]
    assert [(PLAN.interview - day).days for day in mocks] == [8, 5, 2]
    named = [a.name for day in days for a in day.activities if a.doing is Doing.MOCK]
    assert named == ["ownership", "conflict", "ownership"]  # the weaker one first
    assert all(sum(a.minutes for a in day.activities) <= PLAN.minutes for day in days)
    assert sum(a.minutes for a in days[-2].activities) <= 7


def test_a_missed_mock_stays_due_until_it_is_held_and_what_was_done_is_ticked() -> None:
    late = FIRST + timedelta(days=4)  # the mock of two days ago was not held
    (due, *_) = todays(practice(), PLAN, late).activities
    assert due.doing is Doing.MOCK
    held = {late - timedelta(days=1): Deeds(("own-failure",), mocks=1)}
    assert todays(practice(held), PLAN, late).activities[0].doing is Doing.TELL
    ticked = todays(practice({late: Deeds(("own-failure",), mocks=1)}), PLAN, late)
    assert ticked.is_done(ticked.activities[0])
    assert ticked.next is not ticked.activities[0]


def test_what_was_done_is_counted_by_day_and_a_mock_is_more_than_one_question() -> None:
    later = FIRST + timedelta(days=1)
    answers = [(FIRST, ONE), (FIRST, replace(ONE, question_id="own-failure")), (later, ONE)]
    done = deeds_of(answers, [(later, Stage.ACTION)], [(later, Card(CardKind.ITEM, "x#1"))])
    assert done[FIRST].mocks == 1
    assert done[later].mocks == 0
    assert done[later].has_done(Activity(Doing.DRILL, 2, stages=(Stage.ACTION,)))
    assert not done[later].has_done(Activity(Doing.TEST, 1, "x", items=(1, 2)))


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("2026-02-30", "There is no day '2026-02-30'"),
        ("tomorrow", "like 2026-10-14"),
        ("2026-10-04", "is over"),
        ("2028-10-05", "more than a year away"),
    ],
)
def test_an_impossible_day_gets_a_plain_sentence(written: str, line: str) -> None:
    with pytest.raises(BadInput, match=line):
        interview_day(written, FIRST)


# ---- practice.jsonl


def test_entries_that_say_nothing_sensible_are_counted_and_the_others_stand() -> None:
    at = "2026-10-05T20:00:00+00:00"
    good = {"at": at, "kind": "quiz", "pattern": "own-failure", "item": 2, "right": True}
    bad: list[dict[str, object]] = [
        good | {"item": "2"},
        good | {"right": "yes"},
        good | {"at": "last week"},
        good | {"took_s": float("nan")},
        {"at": at, "kind": "drill", "stages": 7},
        {"at": at, "kind": "drill", "stages": [{"stage": "intro"}]},
        {"at": at, "kind": "guess", "stage": "action", "told_s": -1, "guess_s": 2},
        {"at": at, "kind": "guess", "verdict": "superb", "guess": "hire"},
        {"at": at, "kind": "plan", "date": "soon"},
    ]
    plan = {"at": at, "kind": "plan", "date": "2026-12-04", "principles": ["conflict"]}
    found = read_practice([*bad, good, plan, {"at": at, "kind": "something_new"}], UTC)
    assert found.unclear == len(bad)
    assert [card.item for _, card in found.items] == [("own-failure", 2)]
    assert found.plan == Plan(date(2026, 12, 4), FIRST, 30, (Principle.CONFLICT,))
    assert read_practice([plan, {"at": at, "kind": "plan", "date": None}], UTC).plan is None


def test_a_day_is_the_persons_own() -> None:
    late = {"at": "2026-10-05T23:30:00+00:00", "kind": "plan", "date": "2026-12-04"}
    from zoneinfo import ZoneInfo

    made: Callable[[str], date] = lambda zone: read_practice([late], ZoneInfo(zone)).plan.made  # type: ignore[union-attr]  # noqa: E731
    assert made("Europe/Berlin") == date(2026, 10, 6)
    assert made("America/New_York") == FIRST


# ---- guesses


def guesses(errors: list[float]) -> list[StageGuess]:
    return [
        StageGuess(f"2026-10-{day:02d}", Stage.ACTION, 100.0, 100.0 + error)
        for day, error in enumerate(errors, start=1)
    ]


def test_time_sense_is_the_mean_of_the_last_guesses_and_shows_its_course() -> None:
    (sense,) = calibration_of(
        guesses([-40, -30, -50, -40, -40, -20, -24, -22, -20, -24]), []
    ).stages
    assert felt(sense) == "You feel your action 22 s shorter than it is."
    assert (sense.off_at_first_s, sense.off_s) == (40.0, 22.0)
    assert not calibration_of(guesses([-40, -30]), []).stages  # two are chance
    near = calibration_of(guesses([2, -2, 1]), [])
    assert near.worst is None
    assert felt(near.stages[0]) == "You feel your action about as long as it is."


def test_verdict_guesses_say_whether_one_is_too_kind() -> None:
    kind = [VerdictGuess(str(n), Verdict.LEAN_HIRE, Verdict.HIRE) for n in range(3)]
    found = calibration_of([], [*kind, VerdictGuess("4", Verdict.HIRE, Verdict.HIRE)]).verdict
    assert found is not None
    assert (found.guesses, found.right, found.steps) == (4, 1, 0.75)
