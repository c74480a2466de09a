"""Practice over time: what was answered when, and what the answers have in common.

Everything here is counted from answers that were judged; nothing is predicted. Points are shown as
they are, and a share as a percentage only from five answers on: two of three is an anecdote.

The dose: in a randomised trial of virtual interview training with 558 young people the most
efficient number of practice interviews was nine, the one with the most effect thirty-eight (Smith
and others, SAGE journal article 21651434231160532). That is what others gained from, no promise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mock_interviewer.core.rubric import Verdict

EFFICIENT_DOSE = 9
DOSE_SOURCE = (
    "Nine practice interviews were the most efficient number in a trial of virtual interview "
    "training with 558 young people (SAGE, article 21651434231160532)."
)
FEWEST_FOR_A_SHARE = 5


@dataclass(frozen=True)
class Told:
    """One judged answer of a session, as history needs it."""

    session: str
    at: str
    """When the session began, ISO 8601, UTC."""
    folder: str
    question_id: str
    question: str
    principle: str
    level: str
    verdict: str | None
    """After the probes; None where there was none."""
    verdict_at_first: str | None
    duration_s: float | None
    stage_s: dict[str, float | None]
    """Stage to seconds."""
    faults: tuple[str, ...]
    """Ids of counted disqualifiers and of weaknesses."""
    signals: tuple[str, ...]
    take_numbers: tuple[int, ...]
    strong_replies: int
    replies: int
    words_per_minute: float | None
    gate: str | None = None
    is_own: bool = True
    """False for what another person sent, to be listened to."""
    is_uploaded: bool = False
    """True for a recording or text from elsewhere: looked at, but no interview."""

    @property
    def takes(self) -> int:
        """How often it was told in its session."""
        return len(self.take_numbers)

    @property
    def rank(self) -> int | None:
        """0 for no hire up to 4; None without a verdict."""
        return None if self.verdict is None else Verdict(self.verdict).rank


@dataclass(frozen=True)
class Trend:
    """The judged answers to one question or for one principle, oldest first."""

    name: str
    answers: tuple[Told, ...]

    @property
    def best(self) -> Told:
        """The answer with the best verdict; of equals the latest."""
        return max(enumerate(self.answers), key=lambda each: (each[1].rank or 0, each[0]))[1]


@dataclass(frozen=True)
class Habit:
    """A fault that came back."""

    fault: str
    answers: int
    of: int

    @property
    def share(self) -> float | None:
        """Of all judged answers; None where they are too few for a percentage."""
        return self.answers / self.of if self.of >= FEWEST_FOR_A_SHARE else None


@dataclass(frozen=True)
class Progress:
    """All that practice so far shows."""

    interviews: int
    answers: tuple[Told, ...]
    """Latest first."""
    by_question: tuple[Trend, ...]
    by_principle: tuple[Trend, ...]
    habits: tuple[Habit, ...]
    """Most frequent first; what happened once is no habit."""

    @property
    def dose(self) -> str:
        """How far practice has come."""
        if self.interviews <= EFFICIENT_DOSE:
            return f"interview {self.interviews} of {EFFICIENT_DOSE}"
        return f"{self.interviews} interviews, past the {EFFICIENT_DOSE} that helped others most"


def progress_of(answers: Iterable[Told]) -> Progress:
    """What a history of answers, in any order, comes to. Linear but for the sorting."""
    oldest_first = sorted(answers, key=lambda told: (told.at, told.folder))
    judged = [told for told in oldest_first if told.verdict is not None and told.is_own]
    faults = Counter(fault for told in judged for fault in told.faults)
    return Progress(
        interviews=len(
            {told.session for told in oldest_first if told.is_own and not told.is_uploaded}
        ),
        answers=tuple(reversed(oldest_first)),
        by_question=_trends(judged, [told.question_id or told.question for told in judged]),
        by_principle=_trends(judged, [told.principle for told in judged]),
        habits=tuple(
            Habit(fault, count, len(judged)) for fault, count in faults.most_common() if count > 1
        ),
    )


def _trends(judged: Sequence[Told], names: Sequence[str]) -> tuple[Trend, ...]:
    """One trend a name, the one practised last first."""
    groups: dict[str, list[Told]] = {}
    for name, told in zip(names, judged, strict=True):
        groups.setdefault(name, []).append(told)
    ordered = sorted(groups.items(), key=lambda group: group[1][-1].at, reverse=True)
    return tuple(Trend(name, tuple(answers)) for name, answers in ordered)


def search(answers: Iterable[Told], wanted: str) -> tuple[Told, ...]:
    """The answers with every word of the search in question, principle, level, verdict or faults.

    An id finds as much as its words: 'handed_off' like 'handed off'.
    """
    words = wanted.replace("_", " ").lower().split()

    def text(told: Told) -> str:
        parts = (told.question, told.question_id, told.principle, told.level, told.session)
        return " ".join((*parts, told.verdict or "", *told.faults)).replace("_", " ").lower()

    return tuple(told for told in answers if all(word in text(told) for word in words))
