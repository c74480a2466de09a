"""A pattern told step by step: what is shown, one reveal at a time, and what can be heard.

The order is that of preparing for real: what it is about, each stage with an example before its
rule, how the lesson sounds at each level, the interviewer's next questions, then the answer that
fails and what is thought of it, and last the same story under another light.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mock_interviewer.core.pattern import Pattern, ProbeGuide
from mock_interviewer.core.rubric import STORY_STAGES, Stage


@dataclass(frozen=True)
class Line:
    """One line of a step: `kind` says how a view shows it."""

    kind: str
    """'text', 'example', 'cues', 'coaching', 'mistake', 'weak', 'strong', 'fault', 'thought'."""
    text: str


@dataclass(frozen=True)
class Step:
    """What is shown at once."""

    title: str
    lines: tuple[Line, ...]
    aloud: str | None = None
    """What can be heard on request: an example, a reply."""


def steps_of(pattern: Pattern) -> tuple[Step, ...]:
    """The lesson of a pattern, from its overview to its lenses."""
    return (
        _overview(pattern),
        *(_stage(pattern, stage) for stage in STORY_STAGES),
        _levels(pattern),
        *(_probe(number, probe) for number, probe in enumerate(pattern.probes, start=1)),
        _weak_answer(pattern),
        *_taken_apart(pattern),
        _lenses(pattern),
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _overview(pattern: Pattern) -> Step:
    others = (Line("text", f"Also asked as: {variant}") for variant in pattern.variants)
    return Step(
        pattern.title,
        (
            Line("text", pattern.question.text),
            *others,
            Line("text", _plain(pattern.overview)),
            Line("coaching", _plain(pattern.takeaway)),
        ),
        aloud=pattern.question.text,
    )


def _stage(pattern: Pattern, stage: Stage) -> Step:
    guide = pattern.stages[stage]
    budget = pattern.question.budgets[stage]
    return Step(
        f"{stage.value.capitalize()}, {budget.target_s:.0f} s",
        (
            Line("example", _plain(guide.example)),
            Line("cues", "; ".join(guide.cues)),
            Line("coaching", guide.coaching),
            Line("mistake", guide.mistake),
        ),
        aloud=_plain(guide.example),
    )


def _levels(pattern: Pattern) -> Step:
    lines: list[Line] = []
    for level, guide in pattern.levels.items():
        lines += [
            Line("text", f"{level.value}, {guide.length}: {guide.focus} The bar: {guide.bar}"),
            Line("example", guide.reflection),
        ]
    return Step("What each level asks, and how the lesson sounds there", tuple(lines))


def _probe(number: int, probe: ProbeGuide) -> Step:
    return Step(
        f"Probe {number}: {probe.text}",
        (
            Line("text", f"It tests {probe.tests.value.replace('_', ' ')}: {probe.after}"),
            Line("weak", probe.weak),
            Line("fault", probe.weak_why),
            Line("strong", probe.strong),
            Line("cues", probe.key_phrase),
        ),
        aloud=probe.strong,
    )


def _weak_answer(pattern: Pattern) -> Step:
    return Step(
        "An answer that fails",
        (Line("weak", _plain(pattern.weak_answer.text)),),
        aloud=_plain(pattern.weak_answer.text),
    )


def _taken_apart(pattern: Pattern) -> Iterator[Step]:
    weak = pattern.weak_answer
    lines: list[Line] = []
    for point in weak.points:
        lines += [Line("weak", point.quote), Line("fault", point.fault)]
    yield Step("The same answer, taken apart", tuple(lines))
    thoughts: list[Line] = []
    for thought in weak.thoughts:
        thoughts += [Line("weak", thought.after), Line("thought", thought.thought)]
    yield Step(
        "What the interviewer thinks meanwhile",
        (*thoughts, Line("thought", _plain(weak.verdict))),
    )


def _lenses(pattern: Pattern) -> Step:
    lines = [
        Line(
            "text",
            f"{principle.value.replace('_', ' ')}: lead with {lens.lead_with} Emphasise: "
            f"{lens.emphasise} Play down: {lens.play_down}",
        )
        for principle, lens in pattern.lenses.items()
    ]
    return Step("The same story under another light", tuple(lines))
