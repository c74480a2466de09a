"""The verdict: the rubric's rule over what was found, and what one change would make of it.

The rule reads nothing but facts: which signals are there, which disqualifiers and weaknesses. A
counted disqualifier decides at once; otherwise an answer starts at hire or strong hire, and each
fault caps it; a long situation then costs one step (rubric: Verdict). Because the rule is a pure
function of facts, a counterfactual is exact: take the fault out and run the rule again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import (
    Disqualifier,
    Level,
    Principle,
    Signal,
    Stage,
    Verdict,
    Weakness,
    verdict_of_rank,
)


@dataclass(frozen=True)
class Facts:
    """What the rule reads."""

    signals: frozenset[Signal]
    disqualifiers: frozenset[Disqualifier]
    weaknesses: frozenset[Weakness]
    missing_stages: frozenset[Stage]
    is_action_heard: bool = True
    """False where deeds may have been told and not heard."""


@dataclass(frozen=True)
class Rule:
    """One line of the rule that held for this answer."""

    kind: str
    """'disqualifier', 'start', 'cap' or 'step'."""
    about: str
    """The id it is about: a disqualifier, weakness, missing signal, or the starting verdict."""
    verdict: Verdict
    """The verdict that this line alone allows."""

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.about}"


@dataclass(frozen=True)
class Ruling:
    """A verdict and the lines of the rule that decided it, the deciding ones first."""

    verdict: Verdict
    rules: tuple[Rule, ...]


def _caps(facts: Facts, question: Question) -> Iterator[Rule]:
    low, lean = Verdict.LEAN_NO_HIRE, Verdict.LEAN_HIRE
    if Signal.INDIVIDUAL_ACTIONS not in facts.signals and facts.is_action_heard:
        yield Rule("cap", f"no_{Signal.INDIVIDUAL_ACTIONS}", low)
    for weakness in (Weakness.WE_DILUTION, Weakness.VAGUE_RESULT):
        if weakness in facts.weaknesses:
            yield Rule("cap", weakness, low)
    if len(facts.missing_stages) >= 2:
        yield Rule("cap", Weakness.MISSING_STAGES, low)
    if Weakness.UNQUANTIFIED in facts.weaknesses and question.level is not Level.SDE1:
        yield Rule("cap", Weakness.UNQUANTIFIED, low)
    if question.level is Level.SENIOR and Signal.SYSTEMIC_INSIGHT not in facts.signals:
        yield Rule("cap", f"no_{Signal.SYSTEMIC_INSIGHT}", low)
    if len(facts.missing_stages) == 1:
        yield Rule("cap", Weakness.MISSING_STAGES, lean)
    if Weakness.GENERIC_REFLECTION in facts.weaknesses:
        yield Rule("cap", Weakness.GENERIC_REFLECTION, lean)
    if (
        question.principle is Principle.OWNERSHIP
        and question.counts
        and Signal.SCOPE_BOUNDARY not in facts.signals
    ):
        yield Rule("cap", f"no_{Signal.SCOPE_BOUNDARY}", lean)


def decide(facts: Facts, question: Question) -> Ruling:
    """The verdict by the rubric's rule, in its order, to the letter (rubric: Verdict)."""
    counted = [d for d in Disqualifier if d in facts.disqualifiers and d in question.counts]
    if counted:
        rules = tuple(Rule("disqualifier", d, Verdict.NO_HIRE) for d in counted)
        return Ruling(Verdict.NO_HIRE, rules)
    is_strong = {Signal.SECOND_ORDER_EFFECT, Signal.SYSTEMIC_INSIGHT} <= facts.signals
    start = Verdict.STRONG_HIRE if is_strong else Verdict.HIRE
    caps = sorted(_caps(facts, question), key=lambda cap: cap.verdict.rank)
    rank = min([start.rank, *(cap.verdict.rank for cap in caps)])
    rules = (*caps, Rule("start", start, start))
    if Weakness.LONG_SITUATION in facts.weaknesses:
        stepped = max(rank - 1, min(rank, Verdict.LEAN_NO_HIRE.rank))
        rules = (*caps, Rule("step", Weakness.LONG_SITUATION, verdict_of_rank(stepped)), rules[-1])
        rank = stepped
    return Ruling(verdict_of_rank(rank), rules)


class Change(StrEnum):
    """One thing to tell differently next time; each mends what a single retelling would mend."""

    SAY_HOW_IT_BEGAN = "say_how_it_began"
    CARRY_IT_THROUGH = "carry_it_through"
    SAY_WHO_DECIDED = "say_who_decided"
    SAY_WHAT_YOU_DID = "say_what_you_did"
    PUT_A_NUMBER = "put_a_number"
    SET_THE_SCENE = "set_the_scene"
    STATE_THE_TASK = "state_the_task"
    NAME_THE_BOUNDARY = "name_the_boundary"
    NAME_THE_GAP = "name_the_gap"
    SHORTEN_THE_SITUATION = "shorten_the_situation"
    SAY_WHAT_LASTED = "say_what_lasted"
    CLOSE_ON_WHAT_LASTED = "close_on_what_lasted"


def _without(facts: Facts, *faults: Weakness | Disqualifier | Stage) -> Facts:
    gone = set(faults)
    missing = facts.missing_stages - gone
    weaknesses = facts.weaknesses - gone
    return replace(
        facts,
        disqualifiers=facts.disqualifiers - gone,
        missing_stages=missing,
        weaknesses=weaknesses if missing else weaknesses - {Weakness.MISSING_STAGES},
    )


def _with(facts: Facts, *signals: Signal) -> Facts:
    return replace(facts, signals=facts.signals | set(signals))


def mended(facts: Facts, change: Change) -> Facts:
    """The facts as they would be if exactly this were told differently."""
    match change:
        case Change.SAY_HOW_IT_BEGAN:
            return _without(facts, Disqualifier.ASSIGNED)
        case Change.CARRY_IT_THROUGH:
            return _without(facts, Disqualifier.HANDED_OFF)
        case Change.SAY_WHO_DECIDED:
            return _without(facts, Disqualifier.COLLECTIVE_DECISION)
        case Change.SAY_WHAT_YOU_DID:
            told = _without(facts, Weakness.WE_DILUTION, Stage.ACTION)
            return _with(told, Signal.INDIVIDUAL_ACTIONS)
        case Change.PUT_A_NUMBER:
            told = _without(facts, Weakness.UNQUANTIFIED, Weakness.VAGUE_RESULT, Stage.RESULT)
            return _with(told, Signal.METRIC_DELTA)
        case Change.SET_THE_SCENE:
            return _without(facts, Stage.SITUATION)
        case Change.STATE_THE_TASK:
            told = _without(facts, Stage.TASK)
            return _with(told, Signal.GOAL_STATED, Signal.SCOPE_BOUNDARY)
        case Change.NAME_THE_BOUNDARY:
            return _with(facts, Signal.SCOPE_BOUNDARY)
        case Change.NAME_THE_GAP:
            told = _without(facts, Weakness.GENERIC_REFLECTION, Stage.REFLECTION)
            return _with(told, Signal.SPECIFIC_INSIGHT, Signal.SYSTEMIC_INSIGHT)
        case Change.SHORTEN_THE_SITUATION:
            return _without(facts, Weakness.LONG_SITUATION)
        case Change.SAY_WHAT_LASTED:
            return _with(facts, Signal.SECOND_ORDER_EFFECT)
        case Change.CLOSE_ON_WHAT_LASTED:
            told = mended(facts, Change.NAME_THE_GAP)
            return _with(told, Signal.SECOND_ORDER_EFFECT)


@dataclass(frozen=True)
class Counterfactual:
    """The verdict if exactly this were told differently."""

    change: Change
    verdict: Verdict
    also: Change | None = None
    """A second change, where neither helps without the other."""


def counterfactuals(facts: Facts, question: Question) -> tuple[Counterfactual, ...]:
    """Every change that would alter these facts, the most worthwhile first.

    Best verdict first; among equals the order of `Change`, which is the order of gravity. Closing
    on what lasted names two things in one sentence, so it is offered only where no plainer change
    helps. Where several faults hold the verdict at one level no single change helps: then the best
    two together come first.
    """
    verdict = decide(facts, question).verdict
    possible = [
        Counterfactual(change, decide(changed, question).verdict)
        for change in Change
        if (changed := mended(facts, change)) != facts
        and not _is_beside_the_point(change, facts, question)
    ]
    plain = [c for c in possible if c.change is not Change.CLOSE_ON_WHAT_LASTED]
    helpful = [c for c in plain if c.verdict.rank > verdict.rank]
    offered = sorted((helpful and plain) or possible, key=lambda c: -c.verdict.rank)
    if not offered or offered[0].verdict.rank > verdict.rank:
        return tuple(offered)
    together = [
        Counterfactual(
            one.change,
            decide(mended(mended(facts, one.change), two.change), question).verdict,
            also=two.change,
        )
        for one, two in combinations(plain, 2)
    ]
    best = max(together, key=lambda c: c.verdict.rank, default=None)
    if best is None or best.verdict.rank <= verdict.rank:
        return tuple(offered)
    return (best, *offered)


def _is_beside_the_point(change: Change, facts: Facts, question: Question) -> bool:
    """Nobody is asked for an aim that was told, nor to mend what the question does not count."""
    if change is Change.STATE_THE_TASK:
        return Stage.TASK not in facts.missing_stages and Signal.GOAL_STATED in facts.signals
    disqualifier = {
        Change.SAY_HOW_IT_BEGAN: Disqualifier.ASSIGNED,
        Change.CARRY_IT_THROUGH: Disqualifier.HANDED_OFF,
        Change.SAY_WHO_DECIDED: Disqualifier.COLLECTIVE_DECISION,
    }.get(change)
    return disqualifier is not None and disqualifier not in question.counts
