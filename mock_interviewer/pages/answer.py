"""One answer as a page: an analysis with everything a person may want to see of it, in its place.

Every number keeps its second, every judgement its quote; what was not measured is said to be so.
The page is the same for a session, a recording and a transcript; what a page does not have (sound,
times, replies, a coach) is left out, not shown empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.lenses import Sight, sights_of
from mock_interviewer.core.reader_remarks import Opinion
from mock_interviewer.core.report import quote_of_rule
from mock_interviewer.core.rubric import (
    STAGE_OF_SIGNAL,
    STORY_STAGES,
    Gate,
    Kind,
    Signal,
    Stage,
    Verdict,
    Weakness,
)
from mock_interviewer.core.speech_regions import Region
from mock_interviewer.core.thoughts import thoughts_on
from mock_interviewer.core.timing import Span
from mock_interviewer.core.transcript import units_in
from mock_interviewer.core.verdict import Change, Rule
from mock_interviewer.core.wording import Wording
from mock_interviewer.pages.margin import Note, Stretch, notes_on, stretches_of
from mock_interviewer.pages.parts import CoachNote, Reason, Reply, StageCard
from mock_interviewer.pages.ruler import PacePlot, Ruler, pace_plot, ruler_of
from mock_interviewer.pages.ruler import Piece as RulerPiece

ACTIONS = ("sound", "marks", "forget", "text", "coach", "repair", "lens", "reader")
GAP_S = 0.3
"""Silence between two stretches that are played in a row."""
BEFORE_WE_S, AFTER_WE_S = 0.15, 1.2
"""What is played around a 'we', so that one hears what was done."""

STAGE_TO_RETELL = {
    Change.SAY_HOW_IT_BEGAN: Stage.SITUATION,
    Change.CARRY_IT_THROUGH: Stage.ACTION,
    Change.SAY_WHO_DECIDED: Stage.ACTION,
    Change.SAY_WHAT_YOU_DID: Stage.ACTION,
    Change.PUT_A_NUMBER: Stage.RESULT,
    Change.SET_THE_SCENE: Stage.SITUATION,
    Change.STATE_THE_TASK: Stage.TASK,
    Change.NAME_THE_BOUNDARY: Stage.TASK,
    Change.NAME_THE_GAP: Stage.REFLECTION,
    Change.SHORTEN_THE_SITUATION: Stage.SITUATION,
    Change.SAY_WHAT_LASTED: Stage.RESULT,
    Change.CLOSE_ON_WHAT_LASTED: Stage.REFLECTION,
}
"""Which stage to tell again for a change."""


@dataclass(frozen=True)
class AnswerPage:
    """All that the page of an answer shows."""

    analysis: Analysis
    title: str
    when: str
    verdict: str | None
    """After the probes."""
    verdict_at_first: str | None
    is_rescored: bool
    gate_words: str | None
    reasons: tuple[Reason, ...]
    ruler: Ruler | None
    stages: tuple[StageCard, ...]
    stretches: tuple[Stretch, ...]
    notes: tuple[Note, ...]
    faults_without_words: tuple[str, ...]
    not_heard: tuple[str, ...]
    unclear_words: int
    we_spans: tuple[Span, ...]
    pace: PacePlot | None
    lenses: tuple[tuple[str, tuple[Sight, ...]], ...]
    replies: tuple[Reply, ...]
    coach: CoachNote | None
    sound_s: float | None
    """How long the recording is; None where there is none."""
    links: dict[str, str]
    """Where the page's ACTIONS go; empty ones are not offered."""
    takes: tuple[int, ...] = ()
    take: int = 1
    number: int = 1
    """Which answer of the document it is."""
    opinion: Opinion | None = None
    """What a second reader says, where one was asked."""

    @property
    def has_sound(self) -> bool:
        return self.sound_s is not None

    @property
    def then(self) -> str | None:
        """The verdict once the change is made, where that is better.

        None where a reply decides: no change to the opening answer would lift the verdict.
        """
        change, now = self.analysis.next_change, self.analysis.verdict
        if change is None or now is None or any(reply.is_rescoring for reply in self.replies):
            return None
        then = change.verdict_if_changed
        return then.value if then.rank > now.rank else None

    @property
    def facts(self) -> str:
        """Whose words they are, and who wrote them down."""
        transcript = self.analysis.transcript
        said = Wording(self.analysis.language)
        facts = []
        if transcript.speaker:
            facts.append(said.say("only_of", speaker=transcript.speaker))
        if transcript.engine == "typed":
            facts.append(said.say("typed"))
        elif transcript.engine:
            facts.append(said.say("written_by", engine=transcript.engine))
        return " · ".join(facts)

    @property
    def retell(self) -> str | None:
        """The stage that the one thing to change is about."""
        change = self.analysis.next_change
        return STAGE_TO_RETELL[change.change].value if change else None

    @property
    def ruler_runs(self) -> tuple[RulerPiece, ...]:
        """The ruler's pieces, those of one stage in a row taken together."""
        if self.ruler is None:
            return ()
        runs = []
        for _, run in groupby(self.ruler.pieces, key=lambda piece: piece.stage):
            first, *others = run
            last = others[-1] if others else first
            width = round(last.x + last.width - first.x, 3)
            runs.append(replace(first, width=width, end_s=last.end_s))
        return tuple(runs)

    @property
    def data(self) -> dict[str, Any]:
        """What the page's script needs: times of words and units."""
        words = self.analysis.transcript.words
        return {
            "words": [[word.start_s, word.end_s] for word in words],
            "units": [
                {
                    "first": unit.first_word,
                    "end": unit.end_word,
                    "stage": unit.stage.value,
                    "start": unit.start_s,
                    "stop": unit.end_s,
                    "confidence": min(0.99, round(unit.confidence, 2)),
                    "named": unit.confidence == 1.0 and not unit.because,
                    "because": list(unit.because),
                    "text": unit.text,
                }
                for unit in self.analysis.units
            ],
            "axis": self.ruler.axis_s if self.ruler else None,
            "duration": self.analysis.transcript.duration_s,
            "links": self.links,
            "gap": GAP_S,
        }


def answer_page(
    analysis: Analysis,
    *,
    title: str,
    when: str = "",
    regions: Sequence[Region] | None = None,
    samples: npt.NDArray[np.float32] | None = None,
    replies: tuple[Reply, ...] = (),
    coach: CoachNote | None = None,
    links: dict[str, str] | None = None,
    takes: tuple[int, ...] = (),
    take: int = 1,
    number: int = 1,
    is_playable: bool = True,
    rate_hz: int = 16_000,
) -> AnswerPage:
    """Lay an answer out; samples are its sound, mono, shape (n,), None without a recording."""
    thoughts = thoughts_on(analysis, analysis.language) if analysis.gate is None else ()
    notes, said = notes_on(analysis, thoughts), Wording(analysis.language)
    transcript = analysis.transcript
    at_first = analysis.verdict.value if analysis.verdict else None
    is_rescored = at_first is not None and any(reply.is_rescoring for reply in replies)
    return AnswerPage(
        analysis=analysis,
        title=title,
        when=when,
        verdict=Verdict.NO_HIRE.value if is_rescored else at_first,
        verdict_at_first=at_first,
        is_rescored=is_rescored and at_first != Verdict.NO_HIRE,
        gate_words=said.gate(analysis.gate) if analysis.gate else None,
        reasons=tuple(_reasons(analysis)),
        ruler=ruler_of(analysis, regions, samples),
        stages=tuple(_stage_card(analysis, stage) for stage in STORY_STAGES),
        stretches=stretches_of(analysis, notes),
        notes=notes,
        faults_without_words=tuple(_faults_without_words(analysis)),
        not_heard=_not_heard(analysis),
        unclear_words=sum(not word.is_clear for word in transcript.words),
        we_spans=_we_spans(analysis),
        pace=pace_plot(analysis.delivery.windows, transcript.duration_s),
        lenses=_lenses(analysis),
        replies=replies,
        coach=coach,
        sound_s=None if samples is None or not is_playable else round(len(samples) / rate_hz, 3),
        links=dict.fromkeys(ACTIONS, "") | (links or {}),
        takes=takes,
        take=take,
        number=number,
    )


def _reasons(analysis: Analysis) -> list[Reason]:
    """The lines of the rule that held the verdict where it is; the start where nothing did."""
    if analysis.ruling is None or analysis.gate is Gate.NO_STORY:
        return []
    rules = analysis.ruling.rules
    holding = [rule for rule in rules if rule.kind in ("disqualifier", "cap", "step")]
    return [_reason(analysis, rule) for rule in holding or rules]


def _reason(analysis: Analysis, rule: Rule) -> Reason:
    found = quote_of_rule(rule, analysis.findings)
    if rule.kind == "start" and rule.about == Verdict.HIRE:
        found = found or analysis.findings.signals.get(Signal.INDIVIDUAL_ACTIONS)
    return Reason(
        Wording(analysis.language).rule(rule, analysis.findings.weaknesses.missing_stages),
        found.quote if found else None,
        found.start_s if found else None,
        found.end_s if found else None,
    )


def _stage_card(analysis: Analysis, stage: Stage) -> StageCard:
    timing, said = analysis.stages[stage], Wording(analysis.language)
    limit_s = timing.budget.limit_s
    is_told = bool(units_in(analysis.units, stage))
    is_judged = analysis.gate is None and analysis.question.kind is Kind.STORY
    wanted = [signal for signal, home in STAGE_OF_SIGNAL.items() if home is stage]
    return StageCard(
        stage=stage.value,
        duration_s=timing.duration_s,
        target_s=timing.budget.target_s,
        limit_s=limit_s,
        status=timing.status.value if timing.status else None,
        status_words=said.status(timing.status) if timing.status else "",
        is_told=is_told,
        spans=timing.spans,
        signals=tuple(
            (said.signal(signal), bool(analysis.findings.signals.get(signal)))
            for signal in wanted
            if is_judged
        ),
        share=round(min(100.0, 100 * (timing.duration_s or 0.0) / limit_s), 2),
        target_share=round(100 * timing.budget.target_s / limit_s, 2),
    )


def _faults_without_words(analysis: Analysis) -> list[str]:
    """Faults that rest on an absence or on seconds, so that no words can be quoted."""
    weak, said = analysis.findings.weaknesses, Wording(analysis.language)
    faults = []
    if weak.unquantified:
        faults.append(said.fault(Weakness.UNQUANTIFIED))
    if weak.long_situation:
        faults.append(said.fault(Weakness.LONG_SITUATION))
    left_out = said.fault(Weakness.MISSING_STAGES)
    faults += [f"{said.stage(stage)}: {left_out}" for stage in weak.missing_stages]
    return faults


def _not_heard(analysis: Analysis) -> tuple[str, ...]:
    if analysis.gate is not None or analysis.question.kind is not Kind.STORY:
        return ()
    signals, said = analysis.findings.signals, Wording(analysis.language)
    return tuple(said.lack(signal) for signal in Signal if not signals.get(signal))


def _we_spans(analysis: Analysis) -> tuple[Span, ...]:
    """Where 'we' was said in the task and the action, with what followed it."""
    words, spans = analysis.transcript.words, []
    if not analysis.transcript.is_timed:
        return ()
    for unit in units_in(analysis.units, Stage.TASK, Stage.ACTION):
        for at in range(unit.first_word, unit.end_word):
            word = words[at]
            if word.is_clear and _is_we(word.text):
                start_s, end_s = word.start_s or 0.0, word.end_s or 0.0
                end_s = min(end_s + AFTER_WE_S, analysis.transcript.duration_s or end_s)
                spans.append((round(max(0.0, start_s - BEFORE_WE_S), 3), round(end_s, 3)))
    return tuple(spans)


def _is_we(word: str) -> bool:
    """'we', also as "we'd" or "We,"."""
    return word.lower().strip(".,;:!?").replace("’", "'").split("'")[0] == "we"


def _lenses(analysis: Analysis) -> tuple[tuple[str, tuple[Sight, ...]], ...]:
    rows: dict[str, list[Sight]] = {}
    for sight in sights_of(analysis):
        rows.setdefault(sight.principle.value, []).append(sight)
    return tuple((name, tuple(row)) for name, row in rows.items())
