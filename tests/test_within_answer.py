"""A disqualifier weighed within its answer, with a scripted encoder and weights for each case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_agency import OWN_ACTIONS, OWN_TASK, RESULT, SITUATION, told
from test_second_opinion import HANDED, Scripted, english_with

from mock_interviewer.core.agency import AnswerRead, find_disqualifiers
from mock_interviewer.core.rubric import Disqualifier, Signal
from mock_interviewer.core.within_answer import (
    FURTHEST,
    MOST_DEEDS,
    OWN_BEGINNING,
    SURE,
    TABLE,
    score,
    told_around,
)

NAMES = tuple(told_around([0.0], [0.0], 0, dict.fromkeys(OWN_BEGINNING, 0.0)))
NOTHING = {"bias": 0.0, "threshold": 0.0, **dict.fromkeys(NAMES, 0.0)}
AGAIN = ("action", "On the pontoon they had sorted the rest out, and that was that.")


def found_with(table: dict[str, float], *parts: tuple[str, str]) -> bool:
    """Whether the hand-off on the pontoon is found by weights."""
    language = english_with(Scripted("pontoon", much=2.0, little=-2.0))
    tables = {disqualifier.value: {**NOTHING, **table} for disqualifier in Disqualifier}
    language = replace(language, weights={**language.weights, TABLE: tables})
    transcript, units = told(*parts)
    return find_disqualifiers(transcript, units, language)[Disqualifier.HANDED_OFF] is not None


def test_own_deeds_that_go_on_afterwards_speak_against_a_hand_off() -> None:
    table = {"bias": 1.0, "own_after": -0.8}
    ended = (SITUATION, OWN_TASK, *OWN_ACTIONS, HANDED, RESULT)
    went_on = (SITUATION, OWN_TASK, HANDED, *OWN_ACTIONS, RESULT)
    assert found_with(table, *ended)
    assert not found_with(table, *went_on)


def test_what_is_told_a_second_time_is_surer() -> None:
    table = {"bias": 0.0, "second": 1.0}
    once = (SITUATION, OWN_TASK, OWN_ACTIONS[0], HANDED, RESULT)
    twice = (SITUATION, OWN_TASK, OWN_ACTIONS[0], HANDED, AGAIN, RESULT)
    assert not found_with(table, *once)
    assert found_with(table, *twice)


def test_the_numbers_are_those_of_the_answer() -> None:
    beginning = {Signal.SELF_INITIATED: 1.5, Signal.SCOPE_BOUNDARY: -9.0, Signal.GOAL_STATED: 0.0}
    around = told_around([12.0, 0.5, 0.25], [0, 2, 1, 3], 2, beginning)
    assert (around["first"], around["second"]) == (FURTHEST, 0.5)
    assert around["own_after"] == 3
    assert (around["self_initiated"], around["scope_boundary"]) == (1.5, -SURE)
    assert score(around, {**NOTHING, "bias": 0.25, "second": 2.0}) == pytest.approx(1.25)


def test_one_unit_alone_is_told_once() -> None:
    around = told_around([1.0], [0.0], 0, dict.fromkeys(OWN_BEGINNING, 0.0))
    assert around["second"] == -FURTHEST


def test_many_deeds_say_no_more_than_some() -> None:
    around = told_around([0.0], [0.0, *[5.0] * 20], 0, dict.fromkeys(OWN_BEGINNING, 0.0))
    assert around["own_after"] == MOST_DEEDS


def test_an_answer_without_a_unit_that_can_be_quoted_has_none() -> None:
    language = english_with(Scripted("pontoon"))
    transcript, units = told(SITUATION, RESULT)
    answer = AnswerRead.of(transcript, units, language)
    assert answer.likeliest(Disqualifier.COLLECTIVE_DECISION) == []
    assert find_disqualifiers(transcript, units, language)[Disqualifier.COLLECTIVE_DECISION] is None
