"""The smaller parts of an answer's page: a reason, a stage's card, a reply, a coach's word."""

from __future__ import annotations

from dataclasses import dataclass

from mock_interviewer.core.timing import Span


@dataclass(frozen=True)
class Reason:
    """A line of the rule that holds the verdict where it is, with the candidate's own words."""

    text: str
    quote: str | None
    start_s: float | None
    end_s: float | None


@dataclass(frozen=True)
class StageCard:
    """One stage: seconds against the target."""

    stage: str
    duration_s: float | None
    target_s: float
    limit_s: float
    status: str | None
    status_words: str
    is_told: bool
    spans: tuple[Span, ...]
    signals: tuple[tuple[str, bool], ...]
    """What belongs into the stage, and whether it was heard."""
    share: float
    """Of the limit, in per cent, at most 100."""
    target_share: float


@dataclass(frozen=True)
class Reply:
    """A probe, the reply to it, and what was made of that."""

    probe: str
    tests: str
    reply: str
    quality: str | None
    why: str
    evidence: str | None
    is_rescoring: bool
    sound: str | None = None
    """Where the reply can be heard."""


@dataclass(frozen=True)
class CoachNote:
    """What a coach says of an answer; kept apart from our judgement."""

    note: str
    verdict: str | None
    at: str
