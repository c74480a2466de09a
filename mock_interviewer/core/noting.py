"""What is worth noting and costs nothing: people moved, ways weighed, a mistake owned, blame laid.

Each is looked for in words that are plain to see (rubric: Noted); what is doubtful is not said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mock_interviewer.core.detectors import TABLE, UnitReading
from mock_interviewer.core.evidence import evidence_of
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Noted, Stage
from mock_interviewer.core.transcript import Finding, StagedUnit, Transcript

GUARD_WORDS = 4
FEWEST_WORDS_NOTED = 6
"""Of fewer words than these the whole unit is quoted: 'I should have' shows nothing."""
NOTED_IN: Mapping[Noted, frozenset[Stage]] = {
    Noted.INFLUENCE: frozenset({Stage.ACTION, Stage.RESULT}),
    Noted.TRADE_OFF: frozenset({Stage.TASK, Stage.ACTION}),
    Noted.OWNED_FAILURE: frozenset(Stage) - {Stage.NONE},
    Noted.BLAMES_OTHERS: frozenset({Stage.ACTION, Stage.RESULT, Stage.REFLECTION}),
}


def find_noted(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> dict[Noted, Finding | None]:
    """What is shown without effect on the verdict; None wherever it is not plain to see."""
    evidence = evidence_of(transcript, tuple(units), language)
    found: dict[Noted, Finding | None] = dict.fromkeys(Noted)
    for noted, stages in NOTED_IN.items():
        for reading in evidence.readings:
            span = _plain_case(reading, noted) if reading.unit.stage in stages else None
            if span is not None:
                first, end = reading.unit.first_word, reading.unit.end_word
                if span[1] - span[0] >= FEWEST_WORDS_NOTED:
                    first, end = first + span[0], first + span[1]
                found[noted] = evidence.cut(first, end, noted)
                break
    return found


def _plain_case(reading: UnitReading, noted: Noted) -> tuple[int, int] | None:
    """The unit's words [first, end) around a match that nothing shortly before it denies."""
    pattern = reading.patterns.get(f"noted_{noted.value}")
    match = pattern.search(reading.text) if pattern else None
    if match is None:
        return None
    before = " ".join(reading.text[: match.start()].split()[-GUARD_WORDS:])
    if reading.language.pattern(TABLE, "noted_denied").search(before):
        return None
    unit = reading.unit
    if len(reading.speech.words) < (unit.end_word - unit.first_word) // 2:
        return None
    return reading.speech.span(match.start(), match.end())
