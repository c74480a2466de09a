from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import (
    ALL_DISQUALIFIERS,
    STORY_STAGES,
    Disqualifier,
    Level,
    Principle,
    Signal,
    Stage,
    Verdict,
    Weakness,
)
from mock_interviewer.core.verdict import Change, Facts, counterfactuals, decide, mended

OWNERSHIP = Question("Tell me about a time you owned a problem.")
DELIVERY = replace(OWNERSHIP, principle=Principle.DELIVER_RESULTS, counts=frozenset())
PERFECT = Facts(frozenset(Signal), frozenset(), frozenset(), frozenset())


def without(*signals: Signal) -> Facts:
    return replace(PERFECT, signals=PERFECT.signals - set(signals))


def weak(*weaknesses: Weakness, missing: tuple[Stage, ...] = ()) -> Facts:
    return replace(PERFECT, weaknesses=frozenset(weaknesses), missing_stages=frozenset(missing))


def test_everything_there_is_a_strong_hire() -> None:
    assert decide(PERFECT, OWNERSHIP).verdict is Verdict.STRONG_HIRE


@pytest.mark.parametrize("signal", [Signal.SECOND_ORDER_EFFECT, Signal.SYSTEMIC_INSIGHT])
def test_strong_hire_needs_both_a_second_order_effect_and_a_systemic_insight(
    signal: Signal,
) -> None:
    assert decide(without(signal), OWNERSHIP).verdict is Verdict.HIRE


@pytest.mark.parametrize("disqualifier", list(Disqualifier))
def test_a_counted_disqualifier_decides_whatever_else_was_said(disqualifier: Disqualifier) -> None:
    facts = replace(PERFECT, disqualifiers=frozenset({disqualifier}))
    assert decide(facts, OWNERSHIP).verdict is Verdict.NO_HIRE
    uncounted = replace(OWNERSHIP, counts=ALL_DISQUALIFIERS - {disqualifier})
    assert decide(facts, uncounted).verdict is Verdict.STRONG_HIRE


@pytest.mark.parametrize(
    ("facts", "question", "verdict"),
    [
        (weak(Weakness.GENERIC_REFLECTION), OWNERSHIP, Verdict.LEAN_HIRE),
        (weak(Weakness.MISSING_STAGES, missing=(Stage.TASK,)), OWNERSHIP, Verdict.LEAN_HIRE),
        (
            weak(Weakness.MISSING_STAGES, missing=(Stage.TASK, Stage.RESULT)),
            OWNERSHIP,
            Verdict.LEAN_NO_HIRE,
        ),
        (without(Signal.SCOPE_BOUNDARY), OWNERSHIP, Verdict.LEAN_HIRE),
        (without(Signal.SCOPE_BOUNDARY), DELIVERY, Verdict.STRONG_HIRE),
        (
            without(Signal.SCOPE_BOUNDARY),
            replace(OWNERSHIP, counts=frozenset()),
            Verdict.STRONG_HIRE,
        ),
        (without(Signal.INDIVIDUAL_ACTIONS), OWNERSHIP, Verdict.LEAN_NO_HIRE),
        (weak(Weakness.WE_DILUTION), OWNERSHIP, Verdict.LEAN_NO_HIRE),
        (weak(Weakness.VAGUE_RESULT), OWNERSHIP, Verdict.LEAN_NO_HIRE),
        (weak(Weakness.UNQUANTIFIED), OWNERSHIP, Verdict.LEAN_NO_HIRE),
        (
            weak(Weakness.UNQUANTIFIED),
            replace(OWNERSHIP, level=Level.SDE1),
            Verdict.STRONG_HIRE,
        ),
        (
            without(Signal.SYSTEMIC_INSIGHT),
            replace(OWNERSHIP, level=Level.SENIOR),
            Verdict.LEAN_NO_HIRE,
        ),
        (weak(Weakness.LONG_SITUATION), OWNERSHIP, Verdict.HIRE),
        (
            weak(Weakness.LONG_SITUATION, Weakness.WE_DILUTION),
            OWNERSHIP,
            Verdict.LEAN_NO_HIRE,  # never below it
        ),
        (
            weak(Weakness.LONG_SITUATION, Weakness.GENERIC_REFLECTION),
            OWNERSHIP,
            Verdict.LEAN_NO_HIRE,
        ),
    ],
)
def test_each_cap_of_the_rule_holds(facts: Facts, question: Question, verdict: Verdict) -> None:
    assert decide(facts, question).verdict is verdict


def test_the_rules_named_never_allow_less_than_the_verdict() -> None:
    for first, second in combinations(Weakness, 2):
        missing = (Stage.TASK,) if Weakness.MISSING_STAGES in (first, second) else ()
        ruling = decide(weak(first, second, missing=missing), OWNERSHIP)
        assert min(rule.verdict.rank for rule in ruling.rules) == ruling.verdict.rank


def test_a_counterfactual_is_the_rule_run_again() -> None:
    facts = weak(Weakness.VAGUE_RESULT, Weakness.UNQUANTIFIED)
    best = counterfactuals(facts, OWNERSHIP)[0]
    assert best.change is Change.PUT_A_NUMBER
    assert best.verdict is decide(mended(facts, best.change), OWNERSHIP).verdict


def test_the_first_counterfactual_is_better_wherever_any_single_change_is() -> None:
    faults: list[Facts] = [
        replace(weak(*pair, missing=missing), disqualifiers=disqualifiers)
        for pair in combinations(Weakness, 2)
        for missing in [(Stage.TASK,) if Weakness.MISSING_STAGES in pair else ()]
        for disqualifiers in (frozenset(), frozenset({Disqualifier.HANDED_OFF}))
    ]
    for facts in faults:
        now = decide(facts, OWNERSHIP).verdict
        reachable = max(decide(mended(facts, change), OWNERSHIP).verdict.rank for change in Change)
        first = counterfactuals(facts, OWNERSHIP)[0]
        assert first.verdict.rank > now.rank
        if reachable > now.rank:
            assert (first.verdict.rank, first.also) == (reachable, None)


def test_where_no_single_change_helps_two_are_named_that_do_together() -> None:
    facts = weak(Weakness.WE_DILUTION, Weakness.VAGUE_RESULT, Weakness.UNQUANTIFIED)
    first, *others = counterfactuals(facts, DELIVERY)
    assert first.also is not None
    both = mended(mended(facts, first.change), first.also)
    now = decide(facts, DELIVERY).verdict
    assert decide(both, DELIVERY).verdict is first.verdict
    assert first.verdict.rank > now.rank
    assert all(other.verdict is now for other in others)


def test_an_aim_that_was_told_is_not_asked_for_again() -> None:
    changes = [c.change for c in counterfactuals(without(Signal.SCOPE_BOUNDARY), OWNERSHIP)]
    assert changes[0] is Change.NAME_THE_BOUNDARY
    assert Change.STATE_THE_TASK not in changes
    neither = without(Signal.SCOPE_BOUNDARY, Signal.GOAL_STATED)
    assert Change.STATE_THE_TASK in [c.change for c in counterfactuals(neither, OWNERSHIP)]


def test_nothing_is_left_to_change_in_a_perfect_answer() -> None:
    assert counterfactuals(PERFECT, OWNERSHIP) == ()


def test_a_disqualifier_that_is_not_counted_is_not_what_to_change() -> None:
    facts = replace(without(Signal.SYSTEMIC_INSIGHT), disqualifiers=frozenset(Disqualifier))
    offered = {found.change for found in counterfactuals(facts, DELIVERY)}
    assert Change.SAY_HOW_IT_BEGAN not in offered
    assert Change.NAME_THE_GAP in offered


def test_mending_a_missing_stage_mends_nothing_else_that_is_missing() -> None:
    facts = weak(Weakness.MISSING_STAGES, missing=STORY_STAGES[:2])
    assert mended(facts, Change.STATE_THE_TASK).missing_stages == {Stage.SITUATION}
