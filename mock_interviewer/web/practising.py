"""What is due today, and the plan until the interview."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.core import activity_words as words
from mock_interviewer.core.agenda import LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES, Activity, Doing
from mock_interviewer.core.calibration import lines_of
from mock_interviewer.core.planning import PlannedDay
from mock_interviewer.core.progress import DOSE_SOURCE
from mock_interviewer.core.rubric import Principle
from mock_interviewer.core.wording import Wording
from mock_interviewer.errors import UnknownName
from mock_interviewer.settings import Home
from mock_interviewer.web.site import fields_of, number_in, page, path_of, see, site_of
from mock_interviewer.wiring import practising
from mock_interviewer.wiring.practising import Desk

MOST_FIELDS = 40


@dataclass(frozen=True)
class Shown:
    """An activity as the page shows it."""

    title: str
    focus: str
    reason: str
    minutes: int
    is_done: bool
    is_first: bool
    """Of those that are not done."""
    link: str
    """Where it is done."""


@dataclass(frozen=True)
class DayShown:
    """One day of the plan."""

    day: str
    is_today: bool
    is_past: bool
    is_interview: bool
    parts: tuple[tuple[str, bool], ...]
    """What to do or what was done, and whether it is done."""
    minutes: int


def today(request: Request) -> Response:
    """What is due, how it went, and the days until the interview."""
    home = site_of(request).home
    desk = practising.desk(home)
    due = desk.due
    plan = desk.plan
    return page(
        "today.html",
        request,
        day=words.day_words(desk.today),
        desk=desk,
        shown=_shown(home, desk, due),
        minutes_left=due.minutes_left,
        latest=desk.progress.answers[:3],
        is_interview=plan is not None and plan.interview == desk.today,
        interview=plan and words.day_words(plan.interview),
        away=plan and words.away(plan.interview, desk.today),
        over=desk.over and words.day_words(desk.over.interview),
        next_due=_next(desk),
        days=[_day_shown(each, desk) for each in desk.days],
        calibration=lines_of(desk.calibration),
        dose_source=DOSE_SOURCE,
        usual_minutes=USUAL_MINUTES,
        least_minutes=LEAST_MINUTES,
        most_minutes=MOST_MINUTES,
    )


def _next(desk: Desk) -> str | None:
    if desk.plan is not None or desk.next_due is None:
        return None
    return words.day_words(desk.next_due)


def _shown(home: Home, desk: Desk, due: PlannedDay) -> list[Shown]:
    texts, said = practising.texts_of(home, desk), Wording(wiring.language_of(home))
    links = [_link(home, desk, activity) for activity in due.activities]
    undone = [not due.is_done(activity) for activity in due.activities]
    first = undone.index(True) if True in undone else None
    return [
        Shown(
            words.title(activity, texts),
            words.focus(activity, said),
            words.reason(activity, desk.today),
            activity.minutes,
            due.is_done(activity),
            number == first,
            links[number],
        )
        for number, activity in enumerate(due.activities)
    ]


def _link(home: Home, desk: Desk, activity: Activity) -> str:
    match activity.doing:
        case Doing.TELL:
            return _asking(question=practising.question_of(home, desk, activity.name))
        case Doing.MOCK:
            return _asking(principle=activity.name, questions=str(words.mock_questions(activity)))
        case Doing.TEST:
            only = {} if activity.is_new else {"only": ".".join(map(str, activity.items))}
            return path_of("test", activity.name) + (f"?{urlencode(only)}" if only else "")
        case Doing.READ:
            return path_of("learn", activity.name)
        case Doing.DRILL:
            stages = [("stage", stage.value) for stage in activity.stages]
            return f"/drill?{urlencode([*stages, ('guess', '1')])}"


def _asking(**wanted: str) -> str:
    return f"/interview?{urlencode(wanted)}"


def _day_shown(day: PlannedDay, desk: Desk) -> DayShown:
    assert desk.plan is not None
    is_past = day.day < desk.today
    parts = tuple((words.short(activity), day.is_done(activity)) for activity in day.activities)
    if is_past:
        parts = ((words.done(day.done), not day.done.is_empty),)
    return DayShown(
        words.short_day(day.day),
        day.day == desk.today,
        is_past,
        day.day == desk.plan.interview,
        parts,
        day.minutes_left,
    )


async def make_plan(request: Request) -> Response:
    """Plan an interview, change the plan, or end it."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    fields, home = fields_of(form), site_of(request).home
    if fields.get("forget"):
        practising.keep_plan(home, None)
        return see("/today")
    minutes = fields.get("minutes", "").strip()
    practising.make_plan(
        home,
        fields.get("date", ""),
        _principles(form),
        USUAL_MINUTES if (wanted := number_in(minutes)) is None else wanted,
    )
    return see("/today#plan")


def _principles(form: FormData) -> tuple[Principle, ...]:
    """The ticked principles. Raises UnknownName."""
    named = [name for name in form.getlist("principles") if isinstance(name, str)]
    if not set(named) <= {principle.value for principle in Principle}:
        raise UnknownName("There is no such principle.")
    return tuple(Principle(name) for name in dict.fromkeys(named))


ROUTES = [
    Route("/today", today),
    Route("/plan", make_plan, methods=["POST"]),
]
