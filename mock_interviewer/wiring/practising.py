"""What is due, what is planned, how well time is felt: worked out anew from what was practised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import chain
from typing import Any

from mock_interviewer import wiring
from mock_interviewer.adapters import practice_log
from mock_interviewer.app import practice
from mock_interviewer.app.practice import Practised
from mock_interviewer.core.agenda import Chapter
from mock_interviewer.core.calibration import Calibration, calibration_of, lines_of
from mock_interviewer.core.cards import (
    CardKind,
    Review,
    lowest_of_each_day,
    question_card,
    reviews_of_answer,
)
from mock_interviewer.core.deeds import deeds_of
from mock_interviewer.core.moments import day_of
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.planning import (
    Plan,
    PlannedDay,
    Practice,
    check_minutes,
    interview_day,
    planned_days,
    todays,
)
from mock_interviewer.core.progress import Progress, Told, Trend
from mock_interviewer.core.quiz import Answered, is_pattern_strong, scores
from mock_interviewer.core.rubric import Level, Principle, budgets_for
from mock_interviewer.core.spacing import Remember, practised
from mock_interviewer.errors import BadInput
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past

LATELY = 3
"""So many of a principle's last answers say how it stands."""


@dataclass(frozen=True)
class Desk:
    """Everything that due-today, plan and history say of practice, at one moment."""

    today: date
    progress: Progress
    plan: Plan | None
    """None where none was made or its day is over."""
    over: Plan | None
    """The last plan, if its day is over."""
    practice: Practice
    calibration: Calibration
    warning: str | None
    """One plain line where a part of practice.jsonl cannot be read."""

    @property
    def first_time(self) -> bool:
        """True if nothing was ever practised."""
        return not self.progress.answers and not self.practice.deeds

    @property
    def due(self) -> PlannedDay:
        """What today holds."""
        return todays(self.practice, self.plan, self.today)

    @property
    def days(self) -> tuple[PlannedDay, ...]:
        """The plan's days; none without a plan."""
        if self.plan is None:
            return ()
        return planned_days(self.practice, self.plan, self.today, _remember())

    @property
    def next_due(self) -> date | None:
        """The next day after today on which something is due."""
        coming = [s.due for s in self.practice.now.values() if s.due > self.today]
        return min(coming, default=None)


def _remember() -> Remember:
    from mock_interviewer.adapters.spaced_memory import remember

    return remember


def today_here(zone: tzinfo | None = None) -> date:
    """The person's day; zone None is the machine's."""
    return wiring.SystemClock().now_at().astimezone(zone).date()


def desk(home: Home, zone: tzinfo | None = None) -> Desk:
    """How practice stands. Raises HomeFault."""
    today, read = today_here(zone), practice_log.read(home.path)
    told, progress = practice.practised(read.entries, zone), past.history(home)
    over = told.plan if told.plan and told.plan.interview < today else None
    plan = None if over else told.plan
    return Desk(
        today,
        progress,
        plan,
        over,
        _practice(home, progress, told, plan, today, zone),
        calibration_of(told.stage_guesses, told.verdict_guesses),
        _warning(read.damaged, told.unclear),
    )


def calibration_lines(home: Home) -> tuple[tuple[str, str], ...]:
    """How well seconds and verdicts are guessed, in words. Raises HomeFault."""
    told = practice.practised(practice_log.entries(home.path, practice.GUESS_KIND))
    return lines_of(calibration_of(told.stage_guesses, told.verdict_guesses))


def _practice(
    home: Home,
    progress: Progress,
    told: Practised,
    plan: Plan | None,
    today: date,
    zone: tzinfo | None,
) -> Practice:
    remember, interview = _remember(), plan.interview if plan else None
    answers = [
        (day_of(each.at, zone), each) for each in progress.answers if each.at and each.is_own
    ]
    reviews: list[Review] = [*chain(*(_reviews(day, each) for day, each in answers)), *told.reviews]
    in_order = lowest_of_each_day(reviews)
    before = sum(review.day < today for review in in_order)
    morning = practised({}, in_order[:before], remember, interview)
    return Practice(
        morning=morning,
        now=practised(morning, in_order[before:], remember, interview),
        deeds=deeds_of(answers, told.drilled, told.items),
        chapters=chapters_of(home),
        ranks={Principle(t.name): _rank(t) for t in progress.by_principle if t.name in _NAMES},
    )


def chapters_of(home: Home) -> tuple[Chapter, ...]:
    """Every pattern, in the rubric's order of principles."""
    found = [
        Chapter(pattern.question.id, pattern.question.principle, len(pattern.quiz))
        for pattern in wiring.packs(home).patterns
    ]
    return tuple(sorted(found, key=lambda chapter: list(Principle).index(chapter.principle)))


_NAMES = {principle.value for principle in Principle}
_LEVELS = {level.value for level in Level}


def _reviews(day: date, told: Told) -> tuple[Review, ...]:
    level = Level(told.level) if told.level in _LEVELS else Level.SDE2
    return tuple(reviews_of_answer(told, day, budgets_for(level)))


def _rank(trend: Trend) -> float:
    ranks = [told.rank or 0 for told in trend.answers[-LATELY:]]
    return sum(ranks) / len(ranks)


def _warning(damaged: tuple[int, ...], unclear: int) -> str | None:
    count = len(damaged) + unclear
    if not count:
        return None
    what = "1 line" if count == 1 else f"{count} lines"
    where = f", the first is line {damaged[0]}" if damaged else ""
    return (
        f"{practice_log.FILE}: {what} cannot be read{where}; passed over, everything else counts."
    )


def keep_plan(home: Home, plan: Plan | None) -> None:
    """Remember a plan, or that there is none any more. Raises HomeFault."""
    wiring.keep_practice(home, practice.PLAN_KIND, practice.plan_as_kept(plan))


def keep_guess(home: Home) -> Callable[[dict[str, Any]], None]:
    """What remembers one guess."""
    return lambda what: wiring.keep_practice(home, practice.GUESS_KIND, what)


def keep_test(home: Home, pattern: Pattern, answered: Sequence[Answered]) -> None:
    """Remember a pattern's test and how it went, if it was taken to its end."""
    if len(answered) < len(pattern.quiz):
        return
    found = scores(answered, [item.difficulty for item in pattern.quiz])
    told = {
        "pattern": pattern.question.id,
        "right": {score.difficulty: score.right for score in found},
        "strong": is_pattern_strong(found),
    }
    wiring.keep_practice(home, "test", told)


def make_plan(
    home: Home,
    day: str | None,
    principles: tuple[Principle, ...] | None,
    minutes: int | None,
    zone: tzinfo | None = None,
) -> None:
    """Plan an interview, or change the plan there is; None leaves as it is. Raises BadInput."""
    today = today_here(zone)
    told = practice.practised(practice_log.entries(home.path, practice.PLAN_KIND), zone)
    before = told.plan if told.plan and told.plan.interview >= today else None
    if day is None and before is None:
        raise BadInput("When is the interview? Add --date DAY, like --date 2026-12-04.")
    usual = before or Plan(today, today)
    plan = Plan(
        interview_day(day, today) if day is not None else usual.interview,
        today,
        usual.minutes if minutes is None else check_minutes(minutes),
        usual.principles if principles is None else principles,
    )
    keep_plan(home, plan)


def due_items(home: Home, pattern: str) -> frozenset[int]:
    """Numbers of a pattern's test items that come again today and were not answered yet."""
    found = desk(home)
    return frozenset(
        card.item[1]
        for card, standing in found.practice.now.items()
        if card.kind is CardKind.ITEM and card.item[0] == pattern and standing.due <= found.today
    )


def texts_of(home: Home, desk: Desk) -> dict[str, str]:
    """The words of every question that an activity may name."""
    told = {question_card(each).name: each.question for each in reversed(desk.progress.answers)}
    patterns = wiring.packs(home).patterns
    return told | {pattern.question.id: pattern.question.text for pattern in patterns}


def question_of(home: Home, desk: Desk, name: str) -> str:
    """What to ask a question by: its id, or its words where no pack knows the id any more."""
    if wiring.known_question(home, name) is not None:
        return name
    return texts_of(home, desk).get(name, name)
