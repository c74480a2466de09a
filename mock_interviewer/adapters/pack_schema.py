"""The form of question packs, checked by pydantic: every fault at once, each with its place.

What must hold between the parts is looked for in pack_checks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mock_interviewer.core import pattern
from mock_interviewer.core.question import Probe, Question
from mock_interviewer.core.rubric import (
    STORY_STAGES,
    USUAL_COUNTS,
    Budget,
    Disqualifier,
    Kind,
    Level,
    Principle,
    Stage,
    Tests,
    Work,
)

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Options = Annotated[list[Text], Field(min_length=2, max_length=6)]


class Form(BaseModel):
    """No unknown key passes: a misspelt one would be lost in silence."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class BudgetForm(Form):
    target_s: Annotated[float, Field(gt=0, le=600)]
    limit_s: Annotated[float, Field(gt=0, le=600)]


class ProbeForm(Form):
    text: Text
    tests: Tests


class QuestionForm(Form):
    """A plain question."""

    id: Id
    text: Text
    kind: Kind = Kind.STORY
    principle: Principle
    level: Level = Level.SDE2
    work: Work | None = None
    counts: list[Disqualifier] | None = None
    probes: Annotated[list[ProbeForm], Field(min_length=1)]
    targets: dict[Stage, BudgetForm] = {}

    def made(self) -> Question:
        counts = USUAL_COUNTS[self.principle] if self.counts is None else frozenset(self.counts)
        return Question(
            text=self.text,
            id=self.id,
            kind=self.kind,
            principle=self.principle,
            level=self.level,
            counts=counts,
            probes=tuple(Probe(probe.text, probe.tests) for probe in self.probes),
            overrides={s: Budget(b.target_s, b.limit_s) for s, b in self.targets.items()},
            work=self.work,
        )


class StageForm(Form):
    example: Text
    cues: Annotated[list[Text], Field(min_length=1)]
    coaching: Text
    mistake: Text


class LevelForm(Form):
    focus: Text
    bar: Text
    length: Text
    reflection: Text


class ProbeGuideForm(ProbeForm):
    after: Text
    weak: Text
    weak_why: Text
    strong: Text
    key_phrase: Text
    about_example: bool = False


class PointForm(Form):
    quote: Text
    fault: Text


class ThoughtForm(Form):
    after: Text
    thought: Text


class WeakAnswerForm(Form):
    text: Text
    verdict: Text
    points: Annotated[list[PointForm], Field(min_length=3)]
    thoughts: Annotated[list[ThoughtForm], Field(min_length=1)]


class LensForm(Form):
    lead_with: Text
    emphasise: Text
    play_down: Text


class ChoiceForm(Form):
    question: Text
    options: Options
    answer: Annotated[int, Field(ge=0)]


class ConceptForm(ChoiceForm):
    explanation: Text


class QuizForm(ChoiceForm):
    difficulty: Literal["easy", "medium", "hard"]
    kind: Literal["principle", "weakness", "signal", "disqualifier", "ownership"]
    steps: Annotated[list[Text], Field(min_length=2)]
    hint: Text
    mistake: Text


class PatternForm(QuestionForm):
    """A whole pattern."""

    title: Text
    variants: Annotated[list[Text], Field(min_length=1)]
    overview: Text
    takeaway: Text
    stages: dict[Stage, StageForm]
    levels: dict[Level, LevelForm]
    probes: Annotated[list[ProbeGuideForm], Field(min_length=4)]  # type: ignore[assignment]
    weak_answer: WeakAnswerForm
    lenses: Annotated[dict[Principle, LensForm], Field(min_length=3)]
    concepts: Annotated[list[ConceptForm], Field(min_length=3, max_length=3)]
    quiz: Annotated[list[QuizForm], Field(min_length=10, max_length=10)]

    @field_validator("stages")
    @classmethod
    def _all_stages(cls, stages: dict[Stage, StageForm]) -> dict[Stage, StageForm]:
        missing = [stage for stage in STORY_STAGES if stage not in stages]
        if missing:
            raise ValueError(f"missing: {', '.join(missing)}")
        return {stage: stages[stage] for stage in STORY_STAGES}

    @field_validator("levels")
    @classmethod
    def _all_levels(cls, levels: dict[Level, LevelForm]) -> dict[Level, LevelForm]:
        missing = [level for level in Level if level not in levels]
        if missing:
            raise ValueError(f"missing: {', '.join(missing)}")
        return levels

    def made(self) -> Question:
        """The question with the probes that any candidate can be asked."""
        asked = (Probe(p.text, p.tests) for p in self.probes if not p.about_example)
        return replace(super().made(), probes=tuple(asked))

    def made_pattern(self) -> pattern.Pattern:
        weak = self.weak_answer
        return pattern.Pattern(
            question=self.made(),
            title=self.title,
            variants=tuple(self.variants),
            overview=self.overview,
            takeaway=self.takeaway,
            stages={
                stage: pattern.StageGuide(g.example, tuple(g.cues), g.coaching, g.mistake)
                for stage, g in self.stages.items()
            },
            levels={
                level: pattern.LevelGuide(**guide.model_dump())
                for level, guide in self.levels.items()
            },
            probes=tuple(pattern.ProbeGuide(**probe.model_dump()) for probe in self.probes),
            weak_answer=pattern.WeakAnswer(
                text=weak.text,
                points=tuple(pattern.Point(p.quote, p.fault) for p in weak.points),
                thoughts=tuple(pattern.Thought(t.after, t.thought) for t in weak.thoughts),
                verdict=weak.verdict,
            ),
            lenses={p: pattern.Lens(**lens.model_dump()) for p, lens in self.lenses.items()},
            concepts=tuple(
                pattern.ConceptCheck(c.question, tuple(c.options), c.answer, c.explanation)
                for c in self.concepts
            ),
            quiz=tuple(
                pattern.QuizItem(
                    question=q.question,
                    options=tuple(q.options),
                    answer=q.answer,
                    difficulty=q.difficulty,
                    kind=q.kind,
                    steps=tuple(q.steps),
                    hint=q.hint,
                    mistake=q.mistake,
                )
                for q in self.quiz
            ),
        )


class QuestionsForm(Form):
    """A file of plain questions."""

    question: Annotated[list[QuestionForm], Field(min_length=1)]
