"""A group of answers seen together: which verdicts, which faults, which seconds.

Built from the answers as `replay --json` tells them, so what the group shows is what each file's
line says. Below `LEAST_FOR_SHARE` answers there are counts only: a percentage of four says more
than four answers can.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_interviewer.core.rubric import STORY_STAGES, Disqualifier, Verdict, Weakness

LEAST_FOR_SHARE = 5


@dataclass(frozen=True)
class Count:
    """How many of the answers have something."""

    name: str
    count: int
    of: int

    @property
    def percent(self) -> int | None:
        """None where there are too few answers for one."""
        return round(100 * self.count / self.of) if self.of >= LEAST_FOR_SHARE else None


@dataclass(frozen=True)
class StageSeconds:
    """One stage over the group, in seconds; targets may differ from answer to answer."""

    stage: str
    seconds: tuple[float, ...]
    targets_s: tuple[float, ...]
    missing: int

    @property
    def median_s(self) -> float | None:
        ordered = sorted(self.seconds)
        half = len(ordered) // 2
        if not ordered:
            return None
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@dataclass(frozen=True)
class Group:
    """What a group's answers have in common."""

    answers: int
    unread: int
    verdicts: tuple[Count, ...]
    weak: tuple[Count, ...]
    """Faults and missing stages, the most frequent first."""
    stages: tuple[StageSeconds, ...]


def grouped(told: Sequence[Mapping[str, Any]]) -> Group:
    """The group of these answers, each as `replay --json` tells it; errors are counted apart."""
    answers = [each for each in told if "error" not in each]
    verdicts = Counter(map(verdict_of, answers))
    faults = Counter(fault for each in answers for fault in faults_in(each))
    return Group(
        len(answers),
        len(told) - len(answers),
        tuple(
            Count(verdict, verdicts[verdict], len(answers))
            for verdict in Verdict
            if verdicts[verdict]
        ),
        tuple(
            Count(fault, count, len(answers))
            for fault, count in sorted(faults.items(), key=lambda each: (-each[1], each[0]))
        ),
        tuple(_stage(stage.value, answers) for stage in STORY_STAGES),
    )


def verdict_of(answer: Mapping[str, Any]) -> str | None:
    """What an answer earned in the end: the verdict after its probes, where replies were given."""
    found: str | None = (answer.get("after_probes") or answer).get("verdict")
    return found


def faults_in(answer: Mapping[str, Any]) -> list[str]:
    """What is weak in one answer, by id; a missing stage as 'missing:task'.

    A disqualifier is weak only where its question counts it, in the answer or in a reply.
    """
    weak = answer.get("weaknesses") or {}
    counts = (answer.get("question") or {}).get("counts") or ()
    said = answer.get("disqualifiers") or {}
    revealed = ((answer.get("after_probes") or {}).get("rescored_by") or {}).get("why")
    found = [
        name.value
        for name in Disqualifier
        if (name in counts and said.get(name)) or name == revealed
    ]
    found += [
        name.value for name in Weakness if name is not Weakness.MISSING_STAGES and weak.get(name)
    ]
    return found + [f"missing:{stage}" for stage in weak.get("missing_stages") or ()]


def _stage(stage: str, answers: Sequence[Mapping[str, Any]]) -> StageSeconds:
    told = [found for each in answers if (found := (each.get("stages") or {}).get(stage))]
    timed = [
        each["duration_s"]
        for each in told
        if each["duration_s"] is not None and each["status"] != "missing"
    ]
    targets = {each["target_s"] for each in told if each["target_s"] is not None}
    missing = sum(each["status"] == "missing" for each in told)
    return StageSeconds(stage, tuple(timed), tuple(sorted(targets)), missing)
