"""How an activity is told to a person: whole, in short, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import shorten

from mock_interviewer.core.agenda import MOCK_QUESTIONS, TELL_MINUTES, Activity, Doing
from mock_interviewer.core.deeds import Deeds
from mock_interviewer.core.wording import Wording

MOST_CALLED = 32
"""Letters of a question by which it is known again."""
Texts = Mapping[str, str]
"""A question's id to its words."""


def title(activity: Activity, texts: Texts) -> str:
    """What to do."""
    match activity.doing:
        case Doing.TELL:
            return f"Tell aloud: {texts.get(activity.name, activity.name)}"
        case Doing.DRILL:
            return f"Drill your {listed([stage.value for stage in activity.stages])}"
        case Doing.TEST:
            return f"{_items(activity)} of {_called(activity.name)}"
        case Doing.MOCK:
            about = f" on {activity.name.replace('_', ' ')}" if activity.name else ""
            return f"A full mock: {mock_questions(activity)} questions{about}"
        case Doing.READ:
            return f"Read once more: {texts.get(activity.name, activity.name)}"


def short(activity: Activity) -> str:
    """The same in a few words, for a line with others."""
    match activity.doing:
        case Doing.TELL:
            return f"tell {_called(activity.name)}"
        case Doing.DRILL:
            return f"drill {listed([stage.value for stage in activity.stages])}"
        case Doing.TEST:
            return f"{_items(activity)} of {_called(activity.name)}"
        case Doing.MOCK:
            return "full mock" + (f" on {activity.name.replace('_', ' ')}" if activity.name else "")
        case Doing.READ:
            return f"read {_called(activity.name)}"


def _called(name: str) -> str:
    """A question's or pattern's id as words, or the beginning of a question of one's own.

    >>> _called("Tell me about a time you took ownership of something outside your role.")
    '“Tell me about a time you took…”'
    >>> _called("missed-deadline")
    'missed deadline'
    """
    if " " in name:
        return f"“{shorten(name, MOST_CALLED, placeholder='…')}”"
    return name.replace("-", " ")


def reason(activity: Activity, today: date) -> str:
    """How its cards went last; empty where there is nothing to say."""
    if activity.is_new:
        return "new"
    if not activity.because or activity.last is None:
        return activity.because
    return f"{activity.because}, {ago(activity.last, today)}"


def focus(activity: Activity, said: Wording) -> str:
    """What to say this time, because it was missed; empty without."""
    wanted = [said.signal(signal) for signal in activity.signals]
    return f"say this time: {'; '.join(wanted)}" if wanted else ""


def mock_questions(activity: Activity) -> int:
    """How many questions a mock of so many minutes has."""
    return max(1, min(MOCK_QUESTIONS, activity.minutes // (TELL_MINUTES + 1)))


def _items(activity: Activity) -> str:
    count = len(activity.items)
    return f"{count} test item{'s' if count != 1 else ''}"


def done(deeds: Deeds) -> str:
    """What was done on a day.

    >>> from mock_interviewer.core.rubric import Stage
    >>> done(Deeds(("missed-deadline",), drilled=(Stage.ACTION,)))
    'told missed deadline, drilled action'
    """
    parts = [f"told {_called(name)}" for name in deeds.told[:2]]
    if len(deeds.told) > 2:
        parts = [f"told {len(deeds.told)} questions"]
    if deeds.drilled:
        parts.append(f"drilled {listed([stage.value for stage in deeds.drilled])}")
    if deeds.items:
        parts.append(f"{len(deeds.items)} test items")
    return ", ".join(parts) or "nothing"


def ago(day: date, today: date) -> str:
    """How long ago.

    >>> ago(date(2026, 11, 24), date(2026, 11, 25))
    'yesterday'
    """
    days = (today - day).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def away(day: date, today: date) -> str:
    """How far ahead.

    >>> away(date(2026, 12, 4), date(2026, 11, 25))
    'in 9 days'
    """
    days = (day - today).days
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def listed(words: Sequence[str]) -> str:
    """Words with 'and' before the last.

    >>> listed(["situation", "action", "result"])
    'situation, action and result'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def day_words(day: date) -> str:
    """A day as people write it.

    >>> day_words(date(2026, 12, 4))
    'Friday 4 December'
    """
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    """The same at a fixed width.

    >>> short_day(date(2026, 12, 4))
    'Fri  4 Dec'
    """
    return f"{_DAYS[day.weekday()][:3]} {day.day:>2} {_MONTHS[day.month - 1][:3]}"


# written out, because the system's locale must not change what is said
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
