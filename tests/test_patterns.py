"""Every pattern that comes with the program, held against the rubric and against the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_interviewer import wiring
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.coverage import coverage_of
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Disqualifier, Level, Verdict, Weakness
from mock_interviewer.settings import Home

PATTERNS = wiring.packs(Home(Path("/nowhere"))).patterns
FRAME_WORDS = 6
each_pattern = pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.question.id)


def judged(text: str, question: Question) -> Analysis:
    return wiring.analyse(wiring.transcript_of_text(text), question, None)


@each_pattern
def test_its_strong_answer_is_hired_at_its_level(pattern: Pattern) -> None:
    analysis = judged(pattern.strong_answer, pattern.question)
    assert analysis.gate is None
    assert analysis.verdict in (Verdict.HIRE, Verdict.STRONG_HIRE), analysis.ruling


@each_pattern
def test_its_weak_answer_fails_by_the_words_that_its_points_name(pattern: Pattern) -> None:
    analysis = judged(pattern.weak_answer.text, pattern.question)
    assert analysis.verdict in (Verdict.NO_HIRE, Verdict.LEAN_NO_HIRE), analysis.ruling
    points = [point.quote for point in pattern.weak_answer.points]
    disqualifiers = [
        found.quote
        for name, found in analysis.findings.disqualifiers.items()
        if found and name in pattern.question.counts
    ]
    assert all(is_pointed_at(quote, points) for quote in disqualifiers), disqualifiers
    weak = analysis.findings.weaknesses
    named = (weak.we_dilution, weak.vague_result, weak.generic_reflection)
    weaknesses = [found.quote for found in named if found]
    assert any(is_pointed_at(quote, points) for quote in disqualifiers + weaknesses)
    assert weaknesses or weak.present & {Weakness.UNQUANTIFIED, Weakness.MISSING_STAGES}


def test_a_weak_answer_that_hands_its_work_off_is_no_hire_by_that() -> None:
    pattern = next(p for p in PATTERNS if p.question.id == "missed-deadline")
    analysis = judged(pattern.weak_answer.text, pattern.question)
    assert analysis.verdict is Verdict.NO_HIRE, analysis.ruling
    assert analysis.findings.disqualifiers[Disqualifier.HANDED_OFF]


def is_pointed_at(quote: str, points: list[str]) -> bool:
    """True if a point quotes three words in a row of it, or all of a shorter one."""
    told = frames(quote, 3) or {tuple(words(quote))}
    return any(told & (frames(point, 3) or {tuple(words(point))}) for point in points)


@each_pattern
def test_it_is_whole(pattern: Pattern) -> None:
    assert coverage_of(pattern).holes == ()
    assert len(pattern.variants) >= 3
    assert len(pattern.weak_answer.points) >= 4
    assert len(pattern.weak_answer.thoughts) >= 4
    assert len({probe.tests for probe in pattern.probes}) >= 3
    assert {item.kind for item in pattern.quiz} >= {"principle", "weakness", "signal"}
    assert pattern.question.principle in pattern.lenses
    assert set(pattern.levels) == set(Level)
    for item in (*pattern.quiz, *pattern.concepts):
        assert len(item.options) == 4


@each_pattern
def test_the_right_option_is_not_where_one_would_guess(pattern: Pattern) -> None:
    """Whoever always takes the same letter, or always the longest option, learns nothing."""
    items = (*pattern.quiz, *pattern.concepts)
    at = [item.answer for item in pattern.quiz]
    assert max(at.count(position) for position in range(4)) <= 6, at
    longest = sum(len(item.options[item.answer]) == max(map(len, item.options)) for item in items)
    assert longest <= 6, f"in {longest} of {len(items)} items the right option is the longest"


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def frames(text: str, size: int = FRAME_WORDS) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[k : k + size]) for k in range(len(said) - size + 1)}


def texts_of(pattern: Pattern) -> Iterator[str]:
    for guide in pattern.stages.values():
        yield from (guide.example, guide.coaching, guide.mistake)
    for level in pattern.levels.values():
        yield from (level.reflection, level.focus, level.bar)
    for probe in pattern.probes:
        yield from (probe.text, probe.weak, probe.weak_why, probe.strong)
    yield from (pattern.weak_answer.text, pattern.weak_answer.verdict)
    yield from (point.fault for point in pattern.weak_answer.points)
    for item in (*pattern.concepts, *pattern.quiz):
        yield item.question
        yield from item.options


def test_no_two_patterns_share_a_sentence_or_a_frame_of_six_words() -> None:
    told: dict[tuple[str, ...], str] = {}
    shared = []
    for pattern in PATTERNS:
        own = {frame for text in texts_of(pattern) for frame in frames(text)}
        shared += [(told[f], pattern.question.id, " ".join(f)) for f in own if f in told]
        told |= dict.fromkeys(own, pattern.question.id)
    assert shared == []
