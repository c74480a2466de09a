"""Every pattern that comes with the program, held against the rubric and against the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_interviewer import wiring
from mock_interviewer.adapters.language_files import languages_called, load_language
from mock_interviewer.adapters.pack_files import Packs, load_packs
from mock_interviewer.adapters.probe_phrases import load_probe_phrases
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.coverage import coverage_of
from mock_interviewer.core.pattern import Pattern, taken_from
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Disqualifier, Level, Verdict, Weakness
from mock_interviewer.core.searching import stems_of
from mock_interviewer.settings import Home

PATTERNS = wiring.packs(Home(Path("/nowhere"))).patterns
FRAME_WORDS = 6
each_language = pytest.mark.parametrize("code", languages_called())
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


# ---- what is asked in an interview fits any candidate's story


def common_stems(packs: Packs, code: str) -> set[str]:
    """The words that questions and follow-ups of a language are made of, whatever the story."""
    patterns = {pattern.question.id for pattern in packs.patterns}
    texts = [question.text for question in packs.questions]
    texts += [text for pattern in packs.patterns for text in pattern.variants]
    plain = [question for question in packs.questions if question.id not in patterns]
    texts += [probe.text for question in plain for probe in question.probes]
    texts += [w for group in load_probe_phrases(code).groups.values() for w in group.wordings]
    return {stem for text in texts for stem in stems_of(text)}


def number_words(code: str) -> set[str]:
    """The language's words for three and more."""
    numbers = load_language(code).phrases["numbers"]
    worths = dict(entry.rsplit(" ", 1) for entry in (*numbers["units"], *numbers["scales"]))
    return {word for word, worth in worths.items() if float(worth) >= 3}


def out_of(pattern: Pattern, text: str, code: str, common: set[str]) -> set[str]:
    """The names, figures and rare words of a text that stand in the pattern's strong answer."""
    rare = (set(stems_of(text)) & set(stems_of(pattern.strong_answer))) - common
    return rare | set(taken_from(text, pattern.strong_answer, number_words(code)))


@each_language
def test_no_probe_that_is_asked_names_what_only_the_example_has(code: str) -> None:
    packs = load_packs(None, code)
    common = common_stems(packs, code)
    assert packs.patterns
    for pattern in packs.patterns:
        for probe in pattern.question.probes:
            assert not out_of(pattern, probe.text, code, common), (pattern.title, probe.text)


@each_language
def test_no_follow_up_of_a_plain_question_names_anybody(code: str) -> None:
    packs = load_packs(None, code)
    for question in packs.questions:
        for probe in question.probes:
            names = re.findall(r"(?<=[\w,;]\s)[^\W\d_]{2,}", probe.text)
            assert not [name for name in names if name[0].isupper()], probe.text


@each_pattern
def test_a_probe_about_the_example_is_taught_and_never_asked(pattern: Pattern) -> None:
    asked = {probe.text for probe in pattern.question.probes}
    assert len(asked) >= 2
    assert asked == {probe.text for probe in pattern.probes if not probe.about_example}


def test_probes_about_an_example_are_told_from_the_others_by_its_words() -> None:
    common = common_stems(load_packs(None), "en")
    named = [
        probe.about_example
        for pattern in PATTERNS
        for probe in pattern.probes
        if out_of(pattern, probe.text, "en", common)
    ]
    assert named
    assert all(named)


EXPORT = (
    "In May our nightly export of the price list was promised for the tenth and I saw on the "
    "eighth that it would not be done, and four hundred dealers were waiting for it.",
    "It was not my team's export and no ticket existed, but I set out to have it running by the "
    "twentieth.",
    "I read the job's log of a week. I rewrote the slow query. I called every dealer with the new "
    "date. I ran the job by hand for three nights.",
    "It went live on the nineteenth, and a run went from six hours to forty minutes. Two other "
    "teams use the query today.",
    "I learned that our calendar promised dates for a job that nobody had ever timed.",
)
"""A missed deadline that has nothing to do with the pattern's ferry."""


@pytest.mark.parametrize("left_out", [None, *range(len(EXPORT))])
def test_another_story_is_not_asked_about_the_examples(left_out: int | None) -> None:
    pattern = next(p for p in PATTERNS if p.question.id == "missed-deadline")
    told = " ".join(part for number, part in enumerate(EXPORT) if number != left_out)
    probes = judged(told, pattern.question).probes
    common = common_stems(load_packs(None), "en") | set(stems_of(told))
    assert probes
    for probe in probes:
        assert not out_of(pattern, probe.text, "en", common) - set(words(told)), probe.text
