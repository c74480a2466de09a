"""What an interviewer may think along an answer, each thought at its second.

A thought belongs to something that was found, so it can never say more than the analysis does: a
signal, a counted fault, a stage that runs on. The sentences are a language's data
(`languages/<code>/thoughts.toml`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Noted, Stage
from mock_interviewer.core.timing import Span, word_too_long
from mock_interviewer.core.transcript import Finding

TABLE = "thoughts"


@dataclass(frozen=True)
class Thought:
    """Something thought at a moment of the answer, when its words had been said."""

    at_s: float | None
    after_word: int
    text: str
    is_good: bool


def thoughts_on(analysis: Analysis, language: Language) -> tuple[Thought, ...]:
    """The interviewer's thoughts in the order of the answer."""
    found = analysis.findings
    thoughts = [
        *(_thought(s, f, language, is_good=True) for s, f in found.signals.items() if f),
        *(
            _thought(d, f, language)
            for d, f in found.disqualifiers.items()
            if f and d in analysis.question.counts
        ),
        *(
            _thought(name, f, language)
            for name in ("we_dilution", "vague_result", "generic_reflection")
            if (f := getattr(found.weaknesses, name))
        ),
        *_on_time(analysis, language),
    ]
    blames = found.noted.get(Noted.BLAMES_OTHERS)
    if blames:
        thoughts.append(_thought(Noted.BLAMES_OTHERS, blames, language))
    return tuple(sorted(thoughts, key=lambda thought: thought.after_word))


def _thought(name: str, finding: Finding, language: Language, *, is_good: bool = False) -> Thought:
    return Thought(finding.end_s, finding.end_word, language.sentence(TABLE, name), is_good)


def _on_time(analysis: Analysis, language: Language) -> Iterator[Thought]:
    """What is thought when a stage runs on."""
    transcript = analysis.transcript
    limit_s = analysis.stages[Stage.SITUATION].budget.limit_s
    too_long = word_too_long(transcript, analysis.units, limit_s)
    if analysis.findings.weaknesses.long_situation and too_long is not None:
        at_s = transcript.words[too_long].end_s
        yield _thought_of_time(Stage.SITUATION, at_s, too_long + 1, language)
    action = analysis.stages[Stage.ACTION]
    at_s = _when_over(action.spans, action.budget.limit_s)
    if at_s is not None:
        after = sum(word.end_s is not None and word.end_s <= at_s for word in transcript.words)
        yield _thought_of_time(Stage.ACTION, round(at_s, 2), after, language)


def _thought_of_time(
    stage: Stage, at_s: float | None, after_word: int, language: Language
) -> Thought:
    return Thought(at_s, after_word, language.sentence(TABLE, f"long_{stage}"), is_good=False)


def _when_over(spans: Sequence[Span], limit_s: float) -> float | None:
    """When the spans together have lasted this long; None if they never do."""
    left_s = limit_s
    for start_s, end_s in spans:
        if end_s - start_s > left_s:
            return start_s + left_s
        left_s -= end_s - start_s
    return None
