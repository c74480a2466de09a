"""The days until an interview, laid out from what is weak.

A plan is a date, the principles that will be asked, and the minutes a day; everything else follows
from what was practised so far, anew at each look. Today and the days before show what was done; the
days to come are what would be due if each day went well. Full mocks stand two, five and eight days
before the interview and once a week before that; one that was missed stays due until it is held.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mock_interviewer.core.agenda import (
    LEAST_MINUTES,
    MOST_MINUTES,
    USUAL_MINUTES,
    Activity,
    Chapter,
    Doing,
    Frame,
    agenda,
)
from mock_interviewer.core.cards import Grade, Review
from mock_interviewer.core.deeds import NOTHING, Deeds, DeedsByDay
from mock_interviewer.core.rubric import Principle
from mock_interviewer.core.spacing import Remember, Standings, practised
from mock_interviewer.errors import BadInput

LONGEST_PLAN_DAYS = 366
LAST_MOCKS_LEFT = (2, 5, 8)
"""Days before the interview."""
MOCK_EVERY_DAYS = 7


@dataclass(frozen=True)
class Plan:
    """What an interview is prepared with."""

    interview: date
    made: date
    """When the plan for this interview was first made."""
    minutes: int = USUAL_MINUTES
    principles: tuple[Principle, ...] = ()


@dataclass(frozen=True)
class PlannedDay:
    """One day of a plan."""

    day: date
    activities: tuple[Activity, ...] = ()
    """What is or was to be done; of days gone by only what was done is told."""
    done: Deeds = NOTHING

    def is_done(self, activity: Activity) -> bool:
        """True if an activity of this day was done."""
        return self.done.has_done(activity)

    @property
    def next(self) -> Activity | None:
        """The first that was not done."""
        return next((a for a in self.activities if not self.is_done(a)), None)

    @property
    def minutes_left(self) -> int:
        """Of what was not done."""
        return sum(a.minutes for a in self.activities if not self.is_done(a))


def interview_day(text: str, today: date) -> date:
    """The day of an interview as the person wrote it. Raises BadInput.

    >>> interview_day("2026-12-04", date(2026, 11, 25)).isoformat()
    '2026-12-04'
    """
    written = " ".join(text.split())
    try:
        day = date.fromisoformat(written)
    except ValueError:
        example = (today + timedelta(days=9)).isoformat()
        raise BadInput(
            f"There is no day '{written}'; write year-month-day, like {example}."
        ) from None
    if day < today:
        raise BadInput(f"{day} is over; today is {today}. Give the day of an interview to come.")
    if (day - today).days > LONGEST_PLAN_DAYS:
        raise BadInput(f"{day} is more than a year away; plan for a day within the next year.")
    return day


def check_minutes(minutes: int) -> int:
    """The minutes a day. Raises BadInput."""
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise BadInput(
            f"A day takes {LEAST_MINUTES} to {MOST_MINUTES} minutes of practice, not {minutes}."
        )
    return minutes


def is_mock_due(plan: Plan, day: date, mocks: Collection[date]) -> bool:
    """True if the last mock that was to be held by a day was not held on a day before it."""
    left = (plan.interview - day).days
    if left < LAST_MOCKS_LEFT[0]:
        return False
    planned = next(at for at in range(left, left + MOCK_EVERY_DAYS + 1) if _is_mock_at(at))
    planned_on = plan.interview - timedelta(days=planned)
    return planned_on >= plan.made and not any(planned_on <= held < day for held in mocks)


def _is_mock_at(left: int) -> bool:
    last = LAST_MOCKS_LEFT[-1]
    return left in LAST_MOCKS_LEFT or (left > last and (left - last) % MOCK_EVERY_DAYS == 0)


@dataclass(frozen=True)
class Practice:
    """All that a day is laid out from."""

    morning: Standings
    """How every card stood when today began."""
    now: Standings
    """How it stands after what was done today."""
    deeds: DeedsByDay
    chapters: tuple[Chapter, ...]
    ranks: Mapping[Principle, float]
    """The mean verdict for a principle lately, 0 to 4."""


def frame_of(plan: Plan | None, day: date, mocks: Collection[date], practice: Practice) -> Frame:
    """What a day is held to; plan None where no interview is planned."""
    if plan is None:
        return Frame()
    weakest_first = sorted(plan.principles, key=lambda p: practice.ranks.get(p, -1.0))
    held = sum(plan.made <= each for each in mocks)
    return Frame(
        plan.minutes,
        plan.interview,
        plan.principles,
        is_mock=is_mock_due(plan, day, mocks),
        mock_principle=weakest_first[held % len(weakest_first)] if weakest_first else None,
    )


def todays(practice: Practice, plan: Plan | None, today: date) -> PlannedDay:
    """What today holds, as it stood this morning, with what was done since."""
    mocks = {day for day, deeds in practice.deeds.items() if deeds.mocks and day < today}
    frame = frame_of(plan, today, mocks, practice)
    found = agenda(practice.morning, today, practice.chapters, frame)
    return PlannedDay(today, found, practice.deeds.get(today, NOTHING))


def planned_days(
    practice: Practice, plan: Plan, today: date, remember: Remember
) -> tuple[PlannedDay, ...]:
    """Every day from the plan's first to the interview's."""
    before = [
        PlannedDay(day, done=practice.deeds.get(day, NOTHING))
        for day in _days(plan.made, today - timedelta(days=1))
    ]
    first = todays(practice, plan, today)
    undone = [activity for activity in first.activities if not first.is_done(activity)]
    standings = _as_if_done(practice.now, undone, today, remember, plan.interview)
    mocks = {day for day, deeds in practice.deeds.items() if deeds.mocks}
    if any(activity.doing is Doing.MOCK for activity in first.activities):
        mocks.add(today)
    after = []
    for day in _days(today + timedelta(days=1), plan.interview):
        frame = frame_of(plan, day, mocks, practice)
        found = agenda(standings, day, practice.chapters, frame)
        after.append(PlannedDay(day, found))
        standings = _as_if_done(standings, found, day, remember, plan.interview)
        if any(activity.doing is Doing.MOCK for activity in found):
            mocks.add(day)
    return (*before, first, *after)


def _as_if_done(
    standings: Standings,
    activities: Sequence[Activity],
    day: date,
    remember: Remember,
    interview: date,
) -> Standings:
    went_well = [
        Review(card, day, Grade.GOOD) for activity in activities for card in activity.cards
    ]
    return practised(standings, went_well, remember, interview)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def remade(before: Plan | None, plan: Plan) -> Plan:
    """A plan in place of another: for the same day it goes on, for another it begins anew."""
    return (
        replace(plan, made=before.made) if before and before.interview == plan.interview else plan
    )
