"""What came of a question, as it is kept: its part of session.json, and a reply's judgement.

Whoever judges an answer writes the same: the interview, an upload, what finishes a broken-off one.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from mock_interviewer.core.judging import Judgement
from mock_interviewer.core.moves import Outcome
from mock_interviewer.core.probing import ChosenProbe
from mock_interviewer.core.report import question_json


def question_state(outcome: Outcome, folder: str, phase: str) -> dict[str, Any]:
    """What session.json says of a question that was asked."""
    return question_json(outcome.question) | {
        "folder": folder,
        "state": "judged" if outcome.analysis else "skipped" if outcome.is_skipped else "asked",
        "phase": phase,
        "verdict_at_first": outcome.verdict_at_first,
        "verdict": outcome.verdict,
        "rescored": outcome.is_rescored,
        "probes": [
            {
                "text": probed.probe.text,
                "tests": probed.probe.tests.value,
                "because": probed.probe.because,
                "quality": probed.judgement and probed.judgement.quality.value,
                "why": probed.judgement and probed.judgement.why.value,
            }
            for probed in outcome.probes
        ],
    }


def judgement_json(probe: ChosenProbe, reply: str, judgement: Judgement) -> dict[str, Any]:
    """A reply as it is kept: what was asked, what was said, what was made of it."""
    return {
        "probe": probe.text,
        "tests": probe.tests.value,
        "because": probe.because,
        "reply": reply,
        "judgement": dataclasses.asdict(judgement),
    }
