"""What to do on a day: few activities in a fitting order, made of the cards that are due.

Nobody practises cards one by one. A question told aloud takes the missed signals with it as what to
say this time, weak stages are drilled together, and test items come pattern by pattern. The first
activity is the most useful one, because a tired person does one. A day holds no more minutes than
were given, at most one new question and one first test of a pattern, and no card twice; what does
not fit waits for tomorrow, the weakest first.

The day before an interview is light (the question that went best, once more), and on its own day
there is nothing left to practise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mock_interviewer.core.cards import Card, CardKind, item_card
from mock_interviewer.core.rubric import Principle, Signal, Stage
from mock_interviewer.core.spacing import Standing, Standings

USUAL_MINUTES = 30
"""A day's practice where nobody says otherwise: it has to fit into an evening after work."""
LEAST_MINUTES, MOST_MINUTES = 20, 120
TELL_MINUTES = 7
"""Question, three minutes of answer, two follow-ups, and reading what came of it."""
STAGE_MINUTES = 2
MOCK_QUESTIONS = 3
READ_MINUTES = 5
MOST_ITEMS = 10
MOST_STAGES = 3
MOST_SIGNALS = 2
MINUTES_A_TELL = 15
"""Two questions told in half an hour are enough: each is told to be changed."""

FOCUS = (
    Signal.INDIVIDUAL_ACTIONS,
    Signal.SCOPE_BOUNDARY,
    Signal.METRIC_DELTA,
    Signal.SYSTEMIC_INSIGHT,
    Signal.SECOND_ORDER_EFFECT,
    Signal.BUSINESS_IMPACT,
    Signal.SPECIFIC_INSIGHT,
    Signal.GOAL_STATED,
    Signal.STAKES,
    Signal.SELF_INITIATED,
)
"""Missed signals in the order of what they cost (rubric: Verdict)."""


class Doing(StrEnum):
    """What sort of activity."""

    TELL = "tell"
    DRILL = "drill"
    TEST = "test"
    MOCK = "mock"
    READ = "read"


@dataclass(frozen=True)
class Activity:
    """One thing to do."""

    doing: Doing
    minutes: int
    name: str = ""
    """A question's id or words, a pattern, or a mock's principle."""
    stages: tuple[Stage, ...] = ()
    signals: tuple[Signal, ...] = ()
    """What to say this time."""
    items: tuple[int, ...] = ()
    is_new: bool = False
    because: str = ""
    """How the most urgent of its cards went last."""
    last: date | None = None
    """When that was."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """What it practises."""
        told = (Card(CardKind.QUESTION, self.name),) if self.doing is Doing.TELL else ()
        return (
            *told,
            *(Card(CardKind.STAGE, stage.value) for stage in self.stages),
            *(Card(CardKind.SIGNAL, signal.value) for signal in self.signals),
            *(item_card(self.name, number) for number in self.items),
        )


@dataclass(frozen=True)
class Chapter:
    """A pattern, as far as a day needs to know it."""

    name: str
    principle: Principle
    items: int


@dataclass(frozen=True)
class Frame:
    """What a day is held to."""

    minutes: int = USUAL_MINUTES
    interview: date | None = None
    principles: tuple[Principle, ...] = ()
    """Whose patterns come first; empty for any."""
    is_mock: bool = False
    mock_principle: Principle | None = None


def agenda(
    standings: Standings, day: date, chapters: Sequence[Chapter], frame: Frame
) -> tuple[Activity, ...]:
    """What to do on a day, the most useful first; empty where nothing is due."""
    left = (frame.interview - day).days if frame.interview else None
    if left is not None and 0 <= left <= 1:
        return _last_days(standings, chapters, frame, is_today=left == 0)
    return _Day(standings, day, chapters, frame).activities()


def _last_days(
    standings: Standings, chapters: Sequence[Chapter], frame: Frame, *, is_today: bool
) -> tuple[Activity, ...]:
    told = [s for card, s in standings.items() if card.kind is CardKind.QUESTION]
    best = max(told, key=lambda s: (s.review.grade, s.memory.stability_days), default=None)
    known = {chapter.name for chapter in chapters}
    first = next(iter(_new_chapters(standings, chapters, frame)), None)
    if is_today:
        named = best.card.name if best and best.card.name in known else None
        name = named or (first.name if first else None)
        return (Activity(Doing.READ, READ_MINUTES, name),) if name else ()
    if best is None:
        return (_new_tell(first),) if first else ()
    return (_tell(best.card.name, best),)


def _tell(name: str, standing: Standing | None) -> Activity:
    if standing is None:
        return Activity(Doing.TELL, TELL_MINUTES, name)
    review = standing.review
    return Activity(Doing.TELL, TELL_MINUTES, name, because=review.because, last=review.day)


def _new_tell(chapter: Chapter) -> Activity:
    return Activity(Doing.TELL, TELL_MINUTES, chapter.name, is_new=True)


def _new_chapters(
    standings: Standings, chapters: Sequence[Chapter], frame: Frame
) -> Iterator[Chapter]:
    """Patterns never told, those of the wanted principles first."""
    untold = [c for c in chapters if Card(CardKind.QUESTION, c.name) not in standings]
    yield from sorted(
        untold, key=lambda c: c.principle not in (frame.principles or tuple(Principle))
    )


@dataclass
class _Day:
    """Puts one day together."""

    standings: Standings
    day: date
    chapters: Sequence[Chapter]
    frame: Frame
    due: dict[CardKind, list[Standing]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        due = [standing for standing in self.standings.values() if standing.due <= self.day]
        due.sort(key=lambda standing: standing.urgency(self.day))
        self.due = {kind: [s for s in due if s.card.kind is kind] for kind in CardKind}

    def activities(self) -> tuple[Activity, ...]:
        tells = list(self._tells())
        mock = self._mock()
        if mock is not None:
            tells = []
        first = [mock] if mock else tells[:1]
        found: list[Activity] = []
        left = self.frame.minutes
        for activity in (
            *first,
            *self._drill(),
            *self._tests(),
            *tells[1:],
            *self._new_test(),
        ):
            if activity.minutes <= left:
                found.append(activity)
                left -= activity.minutes
        return tuple(found)

    def _signals(self) -> tuple[Signal, ...]:
        due = {Signal(standing.card.name) for standing in self.due[CardKind.SIGNAL]}
        return tuple(signal for signal in FOCUS if signal in due)[:MOST_SIGNALS]

    def _tells(self) -> Iterator[Activity]:
        """Questions to be told aloud: due ones, where a signal was missed, and one that is new."""
        most = max(1, min(4, self.frame.minutes // MINUTES_A_TELL))
        signals = self._signals()
        named: list[Activity] = [_tell(s.card.name, s) for s in self.due[CardKind.QUESTION]]
        if not named and signals:
            missed = self.standings[Card(CardKind.SIGNAL, signals[0].value)].review.question
            is_known = Card(CardKind.QUESTION, missed) in self.standings
            # the question itself is not due: what it is told for is the signal
            named = [_tell(missed, None)] if is_known else []
        new = next(_new_chapters(self.standings, self.chapters, self.frame), None)
        if new is not None and len(named) < most:
            named.append(_new_tell(new))
        for number, activity in enumerate(named[:most]):
            yield _with_signals(activity, signals) if number == 0 else activity

    def _mock(self) -> Activity | None:
        has_told = any(card.kind is CardKind.QUESTION for card in self.standings)
        if not self.frame.is_mock or not has_told:
            return None
        questions = min(MOCK_QUESTIONS, self.frame.minutes // (TELL_MINUTES + 1))
        name = self.frame.mock_principle.value if self.frame.mock_principle else ""
        minutes = questions * (TELL_MINUTES + 1)
        return _with_signals(Activity(Doing.MOCK, minutes, name), self._signals())

    def _drill(self) -> Iterator[Activity]:
        weak = self.due[CardKind.STAGE][:MOST_STAGES]
        if weak:
            chosen = {standing.card.name for standing in weak}
            stages = tuple(stage for stage in Stage if stage.value in chosen)
            because, last = weak[0].review.because, weak[0].review.day
            minutes = STAGE_MINUTES * len(stages)
            words = f"{weak[0].card.name} {because}"
            yield Activity(Doing.DRILL, minutes, stages=stages, because=words, last=last)

    def _tests(self) -> Iterator[Activity]:
        """The most urgent items that are due, pattern by pattern."""
        items = {chapter.name: chapter.items for chapter in self.chapters}
        due = [s for s in self.due[CardKind.ITEM] if s.card.item[1] < items.get(s.card.item[0], 0)]
        by_pattern: dict[str, list[Standing]] = {}
        for standing in due[:MOST_ITEMS]:
            by_pattern.setdefault(standing.card.item[0], []).append(standing)
        for pattern, of_it in by_pattern.items():
            numbers = tuple(sorted(standing.card.item[1] for standing in of_it))
            wrong = sum(standing.is_weak for standing in of_it)
            yield Activity(
                Doing.TEST,
                _minutes(numbers),
                pattern,
                items=numbers,
                because=f"{wrong} of them not known last time" if wrong else "",
                last=of_it[0].review.day,
            )

    def _new_test(self) -> Iterator[Activity]:
        """The first test of a pattern that was told, one a day."""
        tested = {card.item[0] for card in self.standings if card.kind is CardKind.ITEM}
        for chapter in self.chapters:
            is_told = Card(CardKind.QUESTION, chapter.name) in self.standings
            if is_told and chapter.name not in tested and chapter.items:
                items = tuple(range(chapter.items))
                yield Activity(Doing.TEST, _minutes(items), chapter.name, items=items, is_new=True)
                return


def _minutes(items: Sequence[int]) -> int:
    """Half a minute an item."""
    return max(1, (len(items) + 1) // 2)


def _with_signals(activity: Activity, signals: tuple[Signal, ...]) -> Activity:
    return Activity(
        activity.doing,
        activity.minutes,
        activity.name,
        signals=signals,
        is_new=activity.is_new,
        because=activity.because,
        last=activity.last,
    )
