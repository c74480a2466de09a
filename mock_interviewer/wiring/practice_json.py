"""Today, the plan and the cards as JSON, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mock_interviewer.core.calibration import Calibration, TimeSense
from mock_interviewer.core.planning import PlannedDay
from mock_interviewer.core.progress import EFFICIENT_DOSE
from mock_interviewer.core.spacing import Standing
from mock_interviewer.wiring.practising import Desk


def as_told(desk: Desk) -> dict[str, Any]:
    """Today and the plan, for programs."""
    plan = desk.plan
    return {
        "today": desk.today.isoformat(),
        "dose": {"interviews": desk.progress.interviews, "efficient": EFFICIENT_DOSE},
        "plan": plan
        and {
            "date": plan.interview.isoformat(),
            "made": plan.made.isoformat(),
            "minutes": plan.minutes,
            "principles": [principle.value for principle in plan.principles],
            "days": [_day_json(day) for day in desk.days],
        },
        "due": _day_json(desk.due),
        "next_due": desk.next_due and desk.next_due.isoformat(),
        "cards": [_card_json(standing) for standing in desk.practice.now.values()],
        "calibration": calibration_json(desk.calibration),
    }


def _day_json(day: PlannedDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "activities": [
            {
                "doing": activity.doing.value,
                "name": activity.name or None,
                "stages": [stage.value for stage in activity.stages],
                "signals": [signal.value for signal in activity.signals],
                "items": list(activity.items),
                "minutes": activity.minutes,
                "new": activity.is_new,
                "because": activity.because or None,
                "done": day.is_done(activity),
            }
            for activity in day.activities
        ],
        "told": list(day.done.told),
        "drilled": [stage.value for stage in day.done.drilled],
        "test_items": len(day.done.items),
    }


def _card_json(standing: Standing) -> dict[str, Any]:
    return {
        "kind": standing.card.kind.value,
        "name": standing.card.name,
        "due": standing.due.isoformat(),
        "last": standing.memory.last.isoformat(),
        "grade": standing.review.grade.name.lower(),
        "because": standing.review.because,
        "stability_days": round(standing.memory.stability_days, 2),
        "difficulty": round(standing.memory.difficulty, 2),
    }


def calibration_json(found: Calibration) -> dict[str, Any]:
    """How well seconds and verdicts are guessed."""
    return {
        "stages": {sense.stage.value: _sense_json(sense) for sense in found.stages},
        "verdict": found.verdict and asdict(found.verdict),
    }


def _sense_json(sense: TimeSense) -> dict[str, Any]:
    return {
        "guesses": sense.guesses,
        "error_s": round(sense.error_s, 1),
        "off_s": round(sense.off_s, 1),
        "off_at_first_s": None if sense.off_at_first_s is None else round(sense.off_at_first_s, 1),
    }
