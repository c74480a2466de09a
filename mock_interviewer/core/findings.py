"""Everything that was found in one answer, and the plain facts that the verdict's rule reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mock_interviewer.core.hearing import WELL_HEARD_SHARE, is_well_heard
from mock_interviewer.core.rubric import (
    STORY_STAGES,
    Disqualifier,
    Noted,
    Signal,
    Stage,
    Weakness,
)
from mock_interviewer.core.transcript import Finding, StagedUnit, Transcript, units_in
from mock_interviewer.core.verdict import Facts


@dataclass(frozen=True)
class Weaknesses:
    """What holds the answer back (rubric: Weaknesses); None and False are 'not there'."""

    we_dilution: Finding | None = None
    vague_result: Finding | None = None
    unquantified: bool = False
    generic_reflection: Finding | None = None
    long_situation: bool = False
    missing_stages: tuple[Stage, ...] = ()

    @property
    def present(self) -> frozenset[Weakness]:
        return frozenset(w for w in Weakness if getattr(self, w.value))


@dataclass(frozen=True)
class Findings:
    """Signals, disqualifiers and weaknesses of one answer; all empty where the gate is closed."""

    signals: Mapping[Signal, Finding | None] = field(default_factory=lambda: dict.fromkeys(Signal))
    disqualifiers: Mapping[Disqualifier, Finding | None] = field(
        default_factory=lambda: dict.fromkeys(Disqualifier)
    )
    weaknesses: Weaknesses = field(default_factory=Weaknesses)
    noted: Mapping[Noted, Finding | None] = field(default_factory=lambda: dict.fromkeys(Noted))
    is_action_heard: bool = True
    """False where the action was told and so badly heard that deeds may be in it unheard."""

    @property
    def facts(self) -> Facts:
        return Facts(
            signals=frozenset(s for s, found in self.signals.items() if found),
            disqualifiers=frozenset(d for d, found in self.disqualifiers.items() if found),
            weaknesses=self.weaknesses.present,
            missing_stages=frozenset(self.weaknesses.missing_stages),
            is_action_heard=self.is_action_heard,
        )


def is_action_heard(transcript: Transcript, units: Sequence[StagedUnit]) -> bool:
    """True if the action was heard well enough to say what deeds are not in it."""
    acting = units_in(units, Stage.ACTION)
    words = sum(unit.end_word - unit.first_word for unit in acting)
    clear = sum(transcript.clear_words(unit.first_word, unit.end_word) for unit in acting)
    return clear >= WELL_HEARD_SHARE * words


def missing_stages(transcript: Transcript, units: tuple[StagedUnit, ...]) -> tuple[Stage, ...]:
    """The story stages that no unit serves; none where too much was not heard clearly."""
    if not is_well_heard(transcript):
        return ()
    told = {unit.stage for unit in units}
    return tuple(stage for stage in STORY_STAGES if stage not in told)
