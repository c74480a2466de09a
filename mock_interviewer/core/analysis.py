"""One answer, analysed: the steps of the core in order, with no rule of their own.

Words become units, units get their stages, stages their seconds; evidence is read in its stage; the
gate asks whether there is something to judge at all; the rule gives the verdict, and the rule run
again gives the one thing to change; what is missing gives the probes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mock_interviewer.core.agency import (
    find_disqualifiers,
    find_individual_actions,
    find_we_dilution,
)
from mock_interviewer.core.correction import StageMark, marked
from mock_interviewer.core.delivery import Delivery, measure_delivery
from mock_interviewer.core.evidence import (
    find_generic_reflection,
    find_signals,
    find_vague_result,
    is_unquantified,
)
from mock_interviewer.core.feedback import NextChange, next_change
from mock_interviewer.core.findings import (
    Findings,
    Weaknesses,
    is_action_heard,
    missing_stages,
)
from mock_interviewer.core.gate import tells_no_story
from mock_interviewer.core.hearing import enough_heard, is_well_heard
from mock_interviewer.core.language import Language
from mock_interviewer.core.noting import find_noted
from mock_interviewer.core.probing import ChosenProbe, ProbePhrases, choose_probes
from mock_interviewer.core.question import Question
from mock_interviewer.core.remarks import Remark, remarks_on
from mock_interviewer.core.rubric import (
    LONG_SITUATION_S,
    Gate,
    Kind,
    Signal,
    Stage,
    Verdict,
)
from mock_interviewer.core.segmenting import segment
from mock_interviewer.core.timing import StageTiming, is_long_situation, time_stages
from mock_interviewer.core.transcript import StagedUnit, Transcript
from mock_interviewer.core.units import units_of
from mock_interviewer.core.verdict import (
    Counterfactual,
    Rule,
    Ruling,
    counterfactuals,
    decide,
)

PROBES_OFFERED = 3


@dataclass(frozen=True)
class Analysis:
    """Everything that is known about one answer."""

    question: Question
    transcript: Transcript
    gate: Gate | None
    units: tuple[StagedUnit, ...]
    stages: dict[Stage, StageTiming]
    findings: Findings
    delivery: Delivery
    ruling: Ruling | None
    """None where nothing is judged: not enough heard, or no story was asked for."""
    language: Language
    """The one in which the answer was given, and in which it is spoken about."""
    counterfactuals: tuple[Counterfactual, ...] = ()
    next_change: NextChange | None = None
    probes: tuple[ChosenProbe, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """Comments on an answer that asks for no story."""

    @property
    def verdict(self) -> Verdict | None:
        return self.ruling.verdict if self.ruling else None


def gate_of(
    transcript: Transcript,
    units: Sequence[StagedUnit],
    question: Question,
    language: Language,
    speech_s: float | None = None,
) -> Gate | None:
    """Whether there is something to judge (rubric: The gate)."""
    if not enough_heard(transcript, speech_s):
        return Gate.NOT_ENOUGH_HEARD
    if question.kind is Kind.STORY and tells_no_story(transcript, units, language):
        return Gate.NO_STORY
    return None


def find_all(
    transcript: Transcript,
    units: tuple[StagedUnit, ...],
    language: Language,
    situation_limit_s: float = LONG_SITUATION_S,
) -> Findings:
    """Signals, disqualifiers, weaknesses and what is only noted."""
    signals = find_signals(transcript, units, language)
    signals[Signal.INDIVIDUAL_ACTIONS] = find_individual_actions(transcript, units, language)
    return Findings(
        signals=signals,
        disqualifiers=find_disqualifiers(transcript, units, language),
        weaknesses=Weaknesses(
            we_dilution=find_we_dilution(transcript, units, language),
            vague_result=find_vague_result(transcript, units, language),
            unquantified=is_unquantified(transcript, units, language),
            generic_reflection=find_generic_reflection(transcript, units, language),
            long_situation=is_long_situation(transcript, units, situation_limit_s),
            missing_stages=missing_stages(transcript, units),
        ),
        noted=find_noted(transcript, units, language),
        is_action_heard=is_action_heard(transcript, units),
    )


def analyse(
    transcript: Transcript,
    question: Question,
    language: Language,
    phrases: ProbePhrases,
    *,
    speech_regions: Sequence[tuple[float, float]] | None = None,
    hums: Sequence[tuple[float, float]] | None = None,
    marks: Sequence[StageMark] = (),
) -> Analysis:
    """Analyse one answer.

    speech_regions are the seconds in which the VAD heard speech, None without audio; hums are what
    core.hums found in the recording, None where nobody looked. marks are the stages as the person
    corrected them.
    """
    units = marked(segment(units_of(transcript, language), language), marks, transcript)
    if question.kind is not Kind.STORY:
        units = tuple(replace(unit, stage=Stage.NONE, because=()) for unit in units)
    speech_s = None if speech_regions is None else sum(end - start for start, end in speech_regions)
    gate = gate_of(transcript, units, question, language, speech_s)
    is_judged = gate is None and question.kind is Kind.STORY
    limit_s = question.budgets[Stage.SITUATION].limit_s
    findings = find_all(transcript, units, language, limit_s) if is_judged else Findings()
    ruling = decide(findings.facts, question) if is_judged else None
    if gate is Gate.NO_STORY:
        ruling = Ruling(Verdict.NO_HIRE, (Rule("gate", Gate.NO_STORY, Verdict.NO_HIRE),))
    offered: tuple[Counterfactual, ...] = ()
    change = None
    if is_judged and ruling and ruling.verdict is not Verdict.STRONG_HIRE:
        offered = counterfactuals(findings.facts, question)
        if offered:
            change = next_change(offered[0], findings, transcript, units, language)
    probes: tuple[ChosenProbe, ...] = ()
    if is_judged:
        probes = choose_probes(
            question=question,
            transcript=transcript,
            units=units,
            signals=findings.signals,
            disqualifiers=findings.disqualifiers,
            weaknesses=findings.weaknesses.present,
            missing_stages=findings.weaknesses.missing_stages,
            phrases=phrases,
            n=PROBES_OFFERED,
        )
    elif gate is None:
        probes = _own_probes(question)
    stages = time_stages(
        transcript,
        units,
        question.budgets,
        findings.signals,
        is_well_heard=gate is not Gate.NOT_ENOUGH_HEARD and is_well_heard(transcript),
    )
    if question.kind is not Kind.STORY:  # no stage is missing where none is asked for
        stages = {
            stage: replace(timing, status=None, duration_s=None) for stage, timing in stages.items()
        }
    return Analysis(
        question=question,
        transcript=transcript,
        gate=gate,
        units=units,
        stages=stages,
        findings=findings,
        delivery=measure_delivery(transcript, language, speech_regions=speech_regions, hums=hums),
        ruling=ruling,
        language=language,
        counterfactuals=offered,
        next_change=change,
        probes=probes,
        remarks=() if gate else remarks_on(question.kind, transcript, units, language),
    )


def _own_probes(question: Question) -> tuple[ChosenProbe, ...]:
    """The question's own probes as they stand, where no lack can choose among them."""
    if question.kind is Kind.STORY:
        return ()
    return tuple(
        ChosenProbe(probe.text, probe.tests, probe.tests.value)
        for probe in question.probes[:PROBES_OFFERED]
    )
