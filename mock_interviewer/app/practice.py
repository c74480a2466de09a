"""What practice.jsonl says, as values: items answered, stages drilled, guesses, the plan.

The file may have been written by another version or by hand. An entry that does not say what its
kind has to say is passed over and counted; kinds that practice does not need are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, tzinfo
from math import isfinite
from typing import Any

from mock_interviewer.core.agenda import LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES
from mock_interviewer.core.calibration import StageGuess, VerdictGuess
from mock_interviewer.core.cards import Card, Review, item_card, review_of_drill, review_of_item
from mock_interviewer.core.moments import day_of
from mock_interviewer.core.planning import Plan, remade
from mock_interviewer.core.rubric import Budget, Principle, Stage, Verdict

Json = dict[str, Any]
PLAN_KIND = "plan"
GUESS_KIND = "guess"


@dataclass
class Practised:
    """All that was practised besides spoken answers."""

    reviews: list[Review] = field(default_factory=list)
    drilled: list[tuple[date, Stage]] = field(default_factory=list)
    items: list[tuple[date, Card]] = field(default_factory=list)
    stage_guesses: list[StageGuess] = field(default_factory=list)
    verdict_guesses: list[VerdictGuess] = field(default_factory=list)
    plan: Plan | None = None
    unclear: int = 0
    """Entries that do not say what their kind has to say."""


def practised(entries: Iterable[Json], zone: tzinfo | None = None) -> Practised:
    """What the entries say. Linear."""
    found = Practised()
    for entry in entries:
        take_in = _READERS.get(str(entry.get("kind")))
        if take_in is None:
            continue
        try:
            take_in(found, entry, day_of(entry.get("at"), zone))
        except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
            found.unclear += 1
    return found


def _take_item(found: Practised, entry: Json, day: date) -> None:
    pattern, number = entry["pattern"], entry["item"]
    is_right, took_s = entry["right"], entry.get("took_s")
    if not (isinstance(pattern, str) and type(number) is int and isinstance(is_right, bool)):
        raise TypeError("not an item")
    found.reviews.append(
        review_of_item(
            pattern,
            number,
            day,
            is_right=is_right,
            took_s=None if took_s is None else _seconds(took_s),
            was_hinted=entry.get("hinted") is True,
        )
    )
    found.items.append((day, item_card(pattern, number)))


def _take_drill(found: Practised, entry: Json, day: date) -> None:
    told = list(_drilled(entry["stages"], day))
    found.reviews += [review for review, _ in told]
    found.drilled += [(day, stage) for _, stage in told]


def _drilled(stages: Iterable[Json], day: date) -> Iterator[tuple[Review, Stage]]:
    for each in stages:
        stage = Stage(each["stage"])
        budget = Budget(_seconds(each["target_s"]), _seconds(each["limit_s"]))
        did = each.get("did_s", {}).items()
        strayed_s = sum(_seconds(s) for name, s in did if name not in (stage.value, "none"))
        review = review_of_drill(stage, _seconds(each["told_s"]), budget, day, strayed_s)
        yield review, stage


def _take_guess(found: Practised, entry: Json, day: date) -> None:
    at = str(entry["at"])
    if "verdict" in entry:
        found.verdict_guesses.append(
            VerdictGuess(at, Verdict(entry["verdict"]), Verdict(entry["guess"]))
        )
    else:
        told_s, guess_s = _seconds(entry["told_s"]), _seconds(entry["guess_s"])
        found.stage_guesses.append(StageGuess(at, Stage(entry["stage"]), told_s, guess_s))


def _take_plan(found: Practised, entry: Json, day: date) -> None:
    if entry.get("date") is None:
        found.plan = None
        return
    minutes = entry.get("minutes", USUAL_MINUTES)
    if type(minutes) is not int or not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise ValueError("minutes")
    principles = tuple(Principle(name) for name in entry.get("principles", ()))
    plan = Plan(date.fromisoformat(entry["date"]), day, minutes, principles)
    found.plan = remade(found.plan, plan)


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise TypeError("not seconds")
    if value < 0:
        raise ValueError("negative")
    return float(value)


_READERS = {
    "quiz": _take_item,
    "drill": _take_drill,
    GUESS_KIND: _take_guess,
    PLAN_KIND: _take_plan,
}


def plan_as_kept(plan: Plan | None) -> Json:
    """What a plan leaves in practice.jsonl; None ends it."""
    if plan is None:
        return {"date": None}
    return {
        "date": plan.interview.isoformat(),
        "minutes": plan.minutes,
        "principles": [principle.value for principle in plan.principles],
    }
