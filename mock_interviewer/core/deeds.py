"""What was done on which day, so that what was planned can be ticked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mock_interviewer.core.agenda import Activity, Doing
from mock_interviewer.core.cards import Card, CardKind, question_card
from mock_interviewer.core.progress import Told
from mock_interviewer.core.rubric import Stage

MOCK_FROM = 2
"""An interview of so many judged questions is a mock; one question is an answer."""


@dataclass(frozen=True)
class Deeds:
    """One day's practice."""

    told: tuple[str, ...] = ()
    """Names of the questions told aloud, each once."""
    mocks: int = 0
    drilled: tuple[Stage, ...] = ()
    items: frozenset[Card] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.told or self.drilled or self.items)

    def has_done(self, activity: Activity) -> bool:
        """True if an activity was done; reading leaves no trace."""
        match activity.doing:
            case Doing.TELL:
                return activity.name in self.told
            case Doing.MOCK:
                return self.mocks > 0
            case Doing.DRILL:
                return set(activity.stages) <= set(self.drilled)
            case Doing.TEST:
                wanted = {c for c in activity.cards if c.kind is CardKind.ITEM}
                return wanted <= self.items
            case Doing.READ:
                return False


def deeds_of(
    answers: Iterable[tuple[date, Told]],
    drilled: Iterable[tuple[date, Stage]],
    items: Iterable[tuple[date, Card]],
) -> dict[date, Deeds]:
    """Everything done, by day. Linear."""
    told: dict[date, dict[str, None]] = {}
    judged: Counter[tuple[date, str]] = Counter()
    for day, answer in answers:
        told.setdefault(day, {})[question_card(answer).name] = None
        judged[day, answer.session] += answer.verdict is not None
    mocks = Counter(day for (day, _), count in judged.items() if count >= MOCK_FROM)
    stages: dict[date, dict[Stage, None]] = {}
    for day, stage in drilled:
        stages.setdefault(day, {})[stage] = None
    cards: dict[date, set[Card]] = {}
    for day, card in items:
        cards.setdefault(day, set()).add(card)
    return {
        day: Deeds(
            tuple(told.get(day, ())),
            mocks[day],
            tuple(stages.get(day, ())),
            frozenset(cards.get(day, ())),
        )
        for day in sorted({*told, *stages, *cards})
    }


NOTHING = Deeds()
DeedsByDay = Mapping[date, Deeds]
