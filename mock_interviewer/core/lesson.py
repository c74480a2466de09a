"""A pattern told step by step: what is shown, one reveal at a time, and what can be heard.

The order is the walkthrough's: what it is about; each stage with an example before its rule, and
with the last stage how the lesson sounds at each level; the interviewer's next questions; then the
answer that fails and what is thought of it; the same story under another light; and what each level
asks. A reveal holds back what the person should first think of themselves.
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
class Reveal:
    """What is shown at once."""

    lines: tuple[Line, ...]
    aloud: str | None = None
    """What can be heard on request: an example, a reply."""


@dataclass(frozen=True)
class Step:
    """One subject, revealed piece by piece."""

    title: str
    reveals: tuple[Reveal, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All that the step tells."""
        return tuple(line for reveal in self.reveals for line in reveal.lines)

    @property
    def aloud(self) -> str | None:
        """What can be heard of it: the first thing that a reveal offers."""
        return next((reveal.aloud for reveal in self.reveals if reveal.aloud), None)


def steps_of(pattern: Pattern) -> tuple[Step, ...]:
    """The lesson of a pattern, from its overview to its levels."""
    return (
        _overview(pattern),
        *(_stage(pattern, stage) for stage in STORY_STAGES),
        *(_probe(number, probe) for number, probe in enumerate(pattern.probes, start=1)),
        _weak_answer(pattern),
        _lenses(pattern),
        _levels(pattern),
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _name(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _one(kind: str, text: str) -> Reveal:
    return Reveal((Line(kind, _plain(text)),))


def _overview(pattern: Pattern) -> Step:
    others = (Line("quote", variant) for variant in pattern.variants)
    asked = (Line("coaching", pattern.question.text), Line("text", "Also asked as:"), *others)
    return Step(
        pattern.title,
        (
            Reveal(asked, aloud=pattern.question.text),
            _one("text", pattern.overview),
            _one("coaching", pattern.takeaway),
        ),
    )


def _stage(pattern: Pattern, stage: Stage) -> Step:
    guide = pattern.stages[stage]
    budget = pattern.question.budgets[stage]
    example = _plain(guide.example)
    shown = Reveal((Line("example", example), Line("cues", "; ".join(guide.cues))), aloud=example)
    reveals = [shown, _one("coaching", guide.coaching), _one("mistake", guide.mistake)]
    if stage is Stage.REFLECTION:
        reveals += (
            Reveal(
                (Line("text", f"At {level.plain_name}:"), Line("example", _plain(asks.reflection))),
                aloud=_plain(asks.reflection),
            )
            for level, asks in pattern.levels.items()
        )
    return Step(f"{_name(stage.value)}, {budget.target_s:.0f} s", tuple(reveals))


def _probe(number: int, probe: ProbeGuide) -> Step:
    tests = f"It tests {probe.tests.value.replace('_', ' ')}. {_plain(probe.after)}"
    return Step(
        f"Probe {number}: {probe.text}",
        (
            Reveal((Line("text", tests),), aloud=probe.text),
            Reveal((Line("weak", _plain(probe.weak)), Line("fault", _plain(probe.weak_why)))),
            Reveal(
                (Line("strong", _plain(probe.strong)), Line("cues", _plain(probe.key_phrase))),
                aloud=_plain(probe.strong),
            ),
        ),
    )


def _weak_answer(pattern: Pattern) -> Step:
    weak = pattern.weak_answer
    text = _plain(weak.text)
    points = (
        line
        for point in weak.points
        for line in (Line("quote", _plain(point.quote)), Line("fault", _plain(point.fault)))
    )
    thoughts = (
        line
        for thought in weak.thoughts
        for line in (Line("quote", _plain(thought.after)), Line("thought", _plain(thought.thought)))
    )
    return Step(
        "An answer that fails: which words cost it?",
        (
            Reveal((Line("weak", text),), aloud=text),
            Reveal(tuple(points)),
            Reveal((Line("text", "What the interviewer thinks meanwhile:"), *thoughts)),
            Reveal((Line("text", "And in the end:"), Line("thought", _plain(weak.verdict)))),
        ),
    )


def _lenses(pattern: Pattern) -> Step:
    def told(name: str, *parts: tuple[str, str]) -> Iterator[Line]:
        yield Line("coaching", name)
        for lead, text in parts:
            yield Line("text", f"{lead}: {_plain(text)}")

    return Step(
        "The same story under another light",
        tuple(
            Reveal(
                tuple(
                    told(
                        _name(principle.value),
                        ("Lead with", lens.lead_with),
                        ("Emphasise", lens.emphasise),
                        ("Play down", lens.play_down),
                    )
                )
            )
            for principle, lens in pattern.lenses.items()
        ),
    )


def _levels(pattern: Pattern) -> Step:
    return Step(
        "What each level asks",
        tuple(
            Reveal(
                (
                    Line(
                        "coaching",
                        f"{level.plain_name[:1].upper()}{level.plain_name[1:]}, {asks.length}",
                    ),
                    Line("text", _plain(asks.focus)),
                    Line("text", f"The bar: {_plain(asks.bar)}"),
                )
            )
            for level, asks in pattern.levels.items()
        ),
    )
