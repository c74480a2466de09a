"""An analysis as the JSON object that is printed, stored and read by other programs.

Every id of the rubric is a key; null is 'not there' for a finding and 'not measured' for a number.
Seconds are rounded to hundredths. What stands here is a contract: keys are only ever added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.findings import Findings
from mock_interviewer.core.lenses import sights_of
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import (
    RUBRIC_VERSION,
    STAGE_OF_SIGNAL,
    Disqualifier,
    Noted,
    Signal,
    Weakness,
)
from mock_interviewer.core.second_opinion import judges_along
from mock_interviewer.core.transcript import Finding, StagedUnit
from mock_interviewer.core.verdict import Rule

Json = dict[str, Any]


def rounded(seconds: float | None) -> float | None:
    """Hundredths of a second, or None."""
    return None if seconds is None else round(float(seconds), 2)


def finding_json(found: Finding | None) -> Json | None:
    """A quote with its time and its reason."""
    if found is None:
        return None
    return {
        "quote": found.quote,
        "start_s": rounded(found.start_s),
        "end_s": rounded(found.end_s),
        "reason": found.reason,
    }


def question_json(question: Question) -> Json:
    """What was asked, and what it counts."""
    return {
        "id": question.id or None,
        "text": question.text,
        "kind": question.kind.value,
        "principle": question.principle.value,
        "level": question.level.value,
        "work": question.work.value if question.work else None,
        "counts": [d.value for d in Disqualifier if d in question.counts],
    }


def _unit_json(unit: StagedUnit) -> Json:
    return {
        "start_s": rounded(unit.start_s),
        "end_s": rounded(unit.end_s),
        "stage": unit.stage.value,
        "confidence": round(unit.confidence, 3),
        "text": unit.text,
        "because": list(unit.because),
    }


def _stages_json(analysis: Analysis) -> Json:
    return {
        stage.value: {
            "duration_s": rounded(timing.duration_s),
            "target_s": timing.budget.target_s,
            "limit_s": timing.budget.limit_s,
            "status": timing.status.value if timing.status else None,
            "spans": [[rounded(start), rounded(end)] for start, end in timing.spans],
        }
        for stage, timing in analysis.stages.items()
    }


def _weaknesses_json(findings: Findings) -> Json:
    weak = findings.weaknesses
    return {
        "we_dilution": finding_json(weak.we_dilution),
        "vague_result": finding_json(weak.vague_result),
        "unquantified": weak.unquantified,
        "generic_reflection": finding_json(weak.generic_reflection),
        "long_situation": weak.long_situation,
        "missing_stages": [stage.value for stage in weak.missing_stages],
    }


def _spans_json(spans: Sequence[tuple[float, float]]) -> list[list[float | None]]:
    return [[rounded(start), rounded(end)] for start, end in spans]


def _delivery_json(analysis: Analysis) -> Json:
    measured, pauses = analysis.delivery, analysis.delivery.pauses
    return {
        "words_per_minute": measured.words_per_minute,
        "articulation_wpm": measured.articulation_wpm,
        "thinking_s": rounded(measured.thinking_s),
        "fillers": {"at_least": measured.fillers.at_least, "maybe": measured.fillers.maybe},
        "pauses": {
            "count": pauses.count if pauses else None,
            "median_s": rounded(pauses.median_s) if pauses else None,
            "p90_s": rounded(pauses.p90_s) if pauses else None,
            "longest_s": rounded(pauses.longest_s) if pauses else None,
        },
        "fillers_heard": [
            {"text": f.text, "start_s": rounded(f.start_s), "end_s": rounded(f.end_s)}
            for f in measured.fillers.heard
        ],
        "fillers_maybe_at": _spans_json(measured.fillers.maybe_at),
        "pauses_at": _spans_json(pauses.at) if pauses else [],
        "windows": [
            {
                "start_s": rounded(window.start_s),
                "end_s": rounded(window.end_s),
                "words_per_minute": window.words_per_minute,
                "articulation_wpm": window.articulation_wpm,
            }
            for window in measured.windows
        ],
    }


def quote_of_rule(rule: Rule, findings: Findings) -> Finding | None:
    """The candidate's words that a line of the rule rests on; None where it rests on an absence."""
    if rule.kind == "disqualifier":
        return findings.disqualifiers[Disqualifier(rule.about)]
    if rule.about in (Weakness.WE_DILUTION, Weakness.VAGUE_RESULT, Weakness.GENERIC_REFLECTION):
        found = getattr(findings.weaknesses, rule.about)
        assert found is None or isinstance(found, Finding)
        return found
    if rule.kind == "start":
        order = (Signal.SECOND_ORDER_EFFECT, Signal.METRIC_DELTA, Signal.INDIVIDUAL_ACTIONS)
        return next((f for s in order if (f := findings.signals.get(s))), None)
    return None


def _because_json(analysis: Analysis) -> list[Json]:
    if analysis.ruling is None:
        return []
    reasons = []
    for rule in analysis.ruling.rules:
        found = quote_of_rule(rule, analysis.findings)
        reasons.append(
            {
                "rule": rule.id,
                "allows": rule.verdict.value,
                "quote": found.quote if found else None,
                "start_s": rounded(found.start_s) if found else None,
                "end_s": rounded(found.end_s) if found else None,
                "reason": found.reason if found else "",
            }
        )
    return reasons


def _readers(analysis: Analysis) -> list[str]:
    """By what the disqualifiers were looked for; nothing where nothing was judged."""
    if analysis.gate or analysis.ruling is None:
        return []
    return ["tables", "encoder"] if judges_along(analysis.language) else ["tables"]


def analysis_json(analysis: Analysis, source: str) -> Json:
    """The object of one answer; source is the path or session as the person gave it."""
    findings, change = analysis.findings, analysis.next_change
    return {
        "source": source,
        "question": question_json(analysis.question),
        "duration_s": rounded(analysis.transcript.duration_s),
        "engine": analysis.transcript.engine,
        "rubric_version": RUBRIC_VERSION,
        "disqualifiers_by": _readers(analysis),
        "gate": analysis.gate.value if analysis.gate else None,
        "units": [_unit_json(unit) for unit in analysis.units],
        "stages": _stages_json(analysis),
        "signals": {s.value: finding_json(findings.signals.get(s)) for s in STAGE_OF_SIGNAL},
        "disqualifiers": {
            d.value: finding_json(findings.disqualifiers.get(d)) for d in Disqualifier
        },
        "weaknesses": _weaknesses_json(findings),
        "noted": {n.value: finding_json(findings.noted.get(n)) for n in Noted},
        "delivery": _delivery_json(analysis),
        "verdict": analysis.verdict.value if analysis.verdict else None,
        "because": _because_json(analysis),
        "next_change": change
        and {
            "text": change.text,
            "verdict_if_changed": change.verdict_if_changed.value,
            "change": change.change.value,
            "also": change.also.value if change.also else None,
        },
        "counterfactuals": [
            {
                "change": c.change.value,
                "also": c.also.value if c.also else None,
                "verdict_if_changed": c.verdict.value,
            }
            for c in analysis.counterfactuals[:3]
        ],
        "probes": [
            {"text": probe.text, "tests": probe.tests.value, "because": probe.because}
            for probe in analysis.probes
        ],
        "comments": [
            {
                "about": remark.id,
                "text": remark.text,
                "praise": remark.is_praise,
                "quote": finding_json(remark.quote),
            }
            for remark in analysis.remarks
        ],
    }


def lenses_json(analysis: Analysis) -> Json:
    """Verdict and deciding rule under every principle and level; empty where nothing was judged."""
    seen: Json = {}
    for sight in sights_of(analysis):
        seen.setdefault(sight.principle.value, {})[sight.level.value] = {
            "verdict": sight.verdict.value,
            "rule": sight.because.id,
        }
    return seen
