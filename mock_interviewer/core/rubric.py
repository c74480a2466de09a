"""The rubric's names and numbers: stages, levels, principles, signals, faults and verdicts.

An answer to a behavioural question moves through five stages, each with a target and a limit in
seconds by the clock, pauses included. What the answer shows in each stage (signals), what decides
it (disqualifiers) and what holds it back (weaknesses) have ids here that are the ids in packs, JSON
and files. The five targets and the situation's 45 s are the STAR walkthrough's; the other limits
are this project's defaults. A question pack may override every one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

RUBRIC_VERSION = 1


class Stage(StrEnum):
    """Where in the story a unit of speech belongs; NONE is talk that belongs to no stage."""

    SITUATION = "situation"
    TASK = "task"
    ACTION = "action"
    RESULT = "result"
    REFLECTION = "reflection"
    NONE = "none"


STORY_STAGES: tuple[Stage, ...] = (
    Stage.SITUATION,
    Stage.TASK,
    Stage.ACTION,
    Stage.RESULT,
    Stage.REFLECTION,
)
"""The five stages in the order in which a story is usually told."""


class Level(StrEnum):
    """For whom the bar is set; outside software read junior, mid, senior."""

    SDE1 = "sde1"
    SDE2 = "sde2"
    SENIOR = "senior"

    @property
    def plain_name(self) -> str:
        """As people outside software read it, too."""
        return {"sde1": "junior (sde1)", "sde2": "mid-level (sde2)"}.get(self.value, self.value)


class Principle(StrEnum):
    """What the question wants to see (rubric: Principles)."""

    OWNERSHIP = "ownership"
    DELIVER_RESULTS = "deliver_results"
    LEARN_AND_BE_CURIOUS = "learn_and_be_curious"
    FAILURE_AND_RESILIENCE = "failure_and_resilience"
    CONFLICT = "conflict"
    LEADERSHIP = "leadership"
    TEAMWORK = "teamwork"
    CUSTOMER_FOCUS = "customer_focus"


class Kind(StrEnum):
    """What sort of answer a question asks for; only a STORY passes the no-story gate."""

    STORY = "story"
    SELF_INTRODUCTION = "self_introduction"
    MOTIVATION = "motivation"


class Work(StrEnum):
    """The kind of work a question is at home in; a question without one fits any work."""

    TECH = "tech"
    CARE_AND_EDUCATION = "care_and_education"
    RETAIL_AND_SERVICE = "retail_and_service"
    INDUSTRY_AND_TRADES = "industry_and_trades"
    OFFICE_AND_PUBLIC_SERVICE = "office_and_public_service"


class Signal(StrEnum):
    """Something good that an answer shows, each read in its stage (rubric: Signals)."""

    SELF_INITIATED = "self_initiated"
    STAKES = "stakes"
    SCOPE_BOUNDARY = "scope_boundary"
    GOAL_STATED = "goal_stated"
    INDIVIDUAL_ACTIONS = "individual_actions"
    METRIC_DELTA = "metric_delta"
    BUSINESS_IMPACT = "business_impact"
    SECOND_ORDER_EFFECT = "second_order_effect"
    SPECIFIC_INSIGHT = "specific_insight"
    SYSTEMIC_INSIGHT = "systemic_insight"


class Noted(StrEnum):
    """Shown where found, without effect on the verdict (rubric: Signals, last paragraph)."""

    INFLUENCE = "influence"
    TRADE_OFF = "trade_off"
    OWNED_FAILURE = "owned_failure"
    BLAMES_OTHERS = "blames_others"
    OFF_QUESTION = "off_question"


class Disqualifier(StrEnum):
    """One of them decides the answer, where the question counts it."""

    ASSIGNED = "assigned"
    HANDED_OFF = "handed_off"
    COLLECTIVE_DECISION = "collective_decision"


class Weakness(StrEnum):
    """What holds an answer back without deciding it."""

    WE_DILUTION = "we_dilution"
    VAGUE_RESULT = "vague_result"
    UNQUANTIFIED = "unquantified"
    GENERIC_REFLECTION = "generic_reflection"
    LONG_SITUATION = "long_situation"
    MISSING_STAGES = "missing_stages"


class Gate(StrEnum):
    """Why there is no judgement of the content at all."""

    NO_STORY = "no_story"
    NOT_ENOUGH_HEARD = "not_enough_heard"


class Status(StrEnum):
    """A stage's seconds against its target (rubric: Stages)."""

    MISSING = "missing"
    SHORT = "short"
    ON_TARGET = "on_target"
    OVER_TARGET = "over_target"
    OVER_LIMIT = "over_limit"


class Verdict(StrEnum):
    """A practice verdict: what this answer alone would earn by this rubric."""

    NO_HIRE = "no_hire"
    LEAN_NO_HIRE = "lean_no_hire"
    LEAN_HIRE = "lean_hire"
    HIRE = "hire"
    STRONG_HIRE = "strong_hire"

    @property
    def rank(self) -> int:
        """0 for no_hire up to 4 for strong_hire."""
        return _VERDICT_ORDER.index(self)


_VERDICT_ORDER: tuple[Verdict, ...] = tuple(Verdict)


def verdict_of_rank(rank: int) -> Verdict:
    """The verdict at a rank, held within the scale."""
    return _VERDICT_ORDER[max(0, min(rank, len(_VERDICT_ORDER) - 1))]


class Tests(StrEnum):
    """What a probe is after (rubric: A reply to a probe)."""

    __test__ = False  # pytest takes the name for its own

    INFLUENCE = "influence"
    LEARNING = "learning"
    QUANTIFICATION = "quantification"
    MOTIVATION = "motivation"
    INDIVIDUAL_CONTRIBUTION = "individual_contribution"
    DIFFICULTY = "difficulty"
    DEPTH = "depth"


class Quality(StrEnum):
    """How a reply to a probe stands."""

    WEAK = "weak"
    STRONG = "strong"


class Why(StrEnum):
    """The one reason for a reply's quality."""

    SOLID = "solid"
    HANDED_OFF = "handed_off"
    ASSIGNED = "assigned"
    COLLECTIVE_DECISION = "collective_decision"
    GENERIC_REFLECTION = "generic_reflection"
    VAGUE = "vague"
    UNQUANTIFIED = "unquantified"
    OFF_TOPIC = "off_topic"
    TOO_SHORT = "too_short"


@dataclass(frozen=True, slots=True)
class Budget:
    """The seconds a stage is given."""

    target_s: float
    limit_s: float


BUDGETS: Mapping[Stage, Budget] = MappingProxyType(
    {
        Stage.SITUATION: Budget(30, 45),
        Stage.TASK: Budget(20, 30),
        Stage.ACTION: Budget(90, 120),
        Stage.RESULT: Budget(20, 30),
        Stage.REFLECTION: Budget(15, 25),
    }
)
"""rubric: Stages."""

ANSWER_TARGET_S = sum(budget.target_s for budget in BUDGETS.values())
"""175 s: the sum of the targets, an sde2 answer's length."""

LEVEL_SCALE: Mapping[Level, float] = MappingProxyType(
    {Level.SDE1: 120 / ANSWER_TARGET_S, Level.SDE2: 1.0, Level.SENIOR: 1.0}
)
"""Targets are scaled by this for a level; limits stay (rubric: Stages)."""

LONG_SITUATION_S = 45.0
"""A situation longer than this, without its pauses over PAUSE_FREE_S, is a weakness."""

PAUSE_FREE_S = 1.0
"""Pauses longer than this are not held against a situation: thinking costs nothing."""

ALL_DISQUALIFIERS: frozenset[Disqualifier] = frozenset(Disqualifier)

USUAL_COUNTS: Mapping[Principle, frozenset[Disqualifier]] = MappingProxyType(
    {
        Principle.OWNERSHIP: ALL_DISQUALIFIERS,
        Principle.DELIVER_RESULTS: frozenset(),
        Principle.LEARN_AND_BE_CURIOUS: frozenset(),
        Principle.FAILURE_AND_RESILIENCE: frozenset(
            {Disqualifier.ASSIGNED, Disqualifier.COLLECTIVE_DECISION}
        ),
        Principle.CONFLICT: frozenset(),
        Principle.LEADERSHIP: frozenset(),
        Principle.TEAMWORK: frozenset(),
        Principle.CUSTOMER_FOCUS: frozenset(),
    }
)
"""What a question of a principle counts unless it says otherwise (rubric: Principles)."""

STAGE_OF_SIGNAL: Mapping[Signal, Stage] = MappingProxyType(
    {
        Signal.SELF_INITIATED: Stage.SITUATION,
        Signal.STAKES: Stage.SITUATION,
        Signal.SCOPE_BOUNDARY: Stage.TASK,
        Signal.GOAL_STATED: Stage.TASK,
        Signal.INDIVIDUAL_ACTIONS: Stage.ACTION,
        Signal.METRIC_DELTA: Stage.RESULT,
        Signal.BUSINESS_IMPACT: Stage.RESULT,
        Signal.SECOND_ORDER_EFFECT: Stage.RESULT,
        Signal.SPECIFIC_INSIGHT: Stage.REFLECTION,
        Signal.SYSTEMIC_INSIGHT: Stage.REFLECTION,
    }
)
"""The stage in which a signal is at home (rubric: Signals)."""


def budgets_for(
    level: Level, overrides: Mapping[Stage, Budget] | None = None
) -> dict[Stage, Budget]:
    """Every stage's budget at a level; a pack's overrides are taken as they stand.

    >>> round(budgets_for(Level.SDE1)[Stage.ACTION].target_s, 1)
    61.7
    """
    scale = LEVEL_SCALE[level]
    scaled = {
        stage: Budget(round(budget.target_s * scale, 2), budget.limit_s)
        for stage, budget in BUDGETS.items()
    }
    return scaled | dict(overrides or {})
