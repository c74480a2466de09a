"""What an answer shows, and what its result and reflection lack (rubric: Signals, Weaknesses).

A phrase means what it means in its stage: 'what I would do differently' is a fault in a task and a
virtue in a reflection. So a signal is looked for among the units of its home stage only. Each unit
is weighed by a learned detector (core/detectors.py), together with a second opinion where there is
one (core/second_opinion.py); the likeliest unit above the threshold is the finding, and the clause
of it that weighs most is the quote. Two kinds of evidence are not left to weights: a number that
moved needs a quantity, and a result with a quantity in it is never vague. A lesson cannot be
particular to this story and general at once, so of the two the likelier one stands. A fault is only
found in words that were heard clearly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from mock_interviewer.core.detectors import (
    clause_that_weighs,
    log_odds,
    probability,
    read_units,
    shown_in,
)
from mock_interviewer.core.language import Language
from mock_interviewer.core.quantities import quantities_in
from mock_interviewer.core.quoting import LONGEST_QUOTE_S, REASONS, shortened, without_hanging
from mock_interviewer.core.rubric import STAGE_OF_SIGNAL, Signal, Stage, Weakness
from mock_interviewer.core.second_opinion import SIGNALS_TABLE, Opinion, opinions_on, weighed
from mock_interviewer.core.transcript import (
    Finding,
    StagedUnit,
    Transcript,
    finding,
    heard_clearly,
    units_in,
)

WEIGHTS = "signals"
QUANTITY_SUFFICES = 0.6
"""Of its threshold: how likely a metric must be where the unit holds a quantity."""
SURE = 0.65
"""Confidence above which a unit belongs to its own stage and to no other."""
LEAST_ODDS = -30.0
HARDLY_HEARD = 0.5
"""Share of clear words."""

STAGE_OF_LABEL: Mapping[str, Stage] = {s.value: stage for s, stage in STAGE_OF_SIGNAL.items()} | {
    Weakness.VAGUE_RESULT.value: Stage.RESULT,
    Weakness.GENERIC_REFLECTION.value: Stage.REFLECTION,
}
WHOLE_THOUGHTS = frozenset(
    {Signal.SELF_INITIATED, Signal.SPECIFIC_INSIGHT, Signal.SYSTEMIC_INSIGHT}
) | frozenset({Weakness.GENERIC_REFLECTION})
"""'I had thought it was the pump, and it was the filter' is no lesson without its second half."""
LABELS_OF_STAGE: Mapping[Stage, tuple[str, ...]] = {
    stage: tuple(
        label
        for label, home in STAGE_OF_LABEL.items()
        if home is stage and label != Signal.INDIVIDUAL_ACTIONS  # those are counted
    )
    for stage in Stage
}

LABELS = tuple(label for labels in LABELS_OF_STAGE.values() for label in labels)


def candidates(units: Sequence[StagedUnit], stage: Stage) -> list[int]:
    """The units of a stage, and those right beside them whose own stage is not sure."""
    home = {k for k, unit in enumerate(units) if unit.stage is stage}
    beside = {k for at in home for k in (at - 1, at + 1) if 0 <= k < len(units)} - home
    return sorted(home | {k for k in beside if units[k].confidence < SURE})


class Evidence:
    """The units of an answer, read once, with what every detector makes of them."""

    def __init__(
        self, transcript: Transcript, units: Sequence[StagedUnit], language: Language
    ) -> None:
        self.transcript, self.units, self.language = transcript, units, language
        self.readings = read_units(transcript, units, language)
        self.opinions = _opinions(transcript, units, language)
        self._weighed = language.weighed(WEIGHTS, LABELS)
        self._of_runs = self._weighed.sums_of_runs([read.abstracted for read in self.readings])
        self._odds: dict[Stage, dict[str, dict[int, float]]] = {}
        self._chances: dict[str, dict[int, float]] = {}
        self._thresholds: dict[str, float] = {}

    def odds(self, stage: Stage) -> dict[str, dict[int, float]]:
        """Label -> unit -> log odds by the readable detectors.

        Of the stage's labels, in its units and in those that may be of it.
        """
        if stage not in self._odds:
            labels, at = LABELS_OF_STAGE[stage], candidates(self.units, stage)
            columns = [LABELS.index(label) for label in labels]
            shown = shown_in(self.readings, stage, at)
            totals = self._weighed.named.sums(shown.values())[:, columns]
            totals += self._of_runs[np.ix_(at, columns)]
            totals += [self.weights(label)["bias"] for label in labels]
            self._odds[stage] = {
                label: dict(zip(at, map(log_odds, column), strict=True))
                for label, column in zip(labels, totals.T.tolist(), strict=True)
            }
        return self._odds[stage]

    def weights(self, label: str) -> Mapping[str, float]:
        return self.language.weights[WEIGHTS][label]

    def chances(self, label: str, stage: Stage) -> dict[int, float]:
        """The probability for every unit of the stage, by both readings where there are two."""
        if label not in self._chances:
            odds = self.odds(stage)[label]
            threshold = self.weights(label)["threshold"]
            self._thresholds[label] = threshold
            if self.opinions:
                table = self.language.weights[SIGNALS_TABLE][label]
                odds = weighed(odds, self.opinions, label, threshold, table)
                self._thresholds[label] = probability(table["threshold"])
            self._chances[label] = {k: probability(said) for k, said in odds.items()}
        return self._chances[label]

    def threshold(self, label: str) -> float:
        """The probability from which a unit shows the label."""
        self.chances(label, STAGE_OF_LABEL[label])
        return self._thresholds[label]

    def likeliest(self, label: str, stage: Stage) -> tuple[int, float] | None:
        """The unit that shows it best and how far above the threshold, if it is above it."""
        chances = self.chances(label, stage)
        if not chances:
            return None
        threshold = self.threshold(label)
        best = max(chances, key=lambda k: chances[k])
        margin = chances[best] - threshold
        return (best, margin) if margin >= 0 else None

    def metric(self) -> int | None:
        """The likeliest unit of the result among those that hold a quantity."""
        label = Signal.METRIC_DELTA.value
        chances = self.chances(label, Stage.RESULT)
        counted = [k for k in chances if self.readings[k].quantities]
        best = max(counted, key=lambda k: chances[k], default=None)
        if best is None:
            return None
        floor = QUANTITY_SUFFICES * self.threshold(label)
        return best if chances[best] >= floor else None

    def lesson(self) -> tuple[int | None, int | None]:
        """The units of the particular lesson and of the general one; never both."""
        general = self.likeliest(Weakness.GENERIC_REFLECTION.value, Stage.REFLECTION)
        own = self.likeliest(Signal.SPECIFIC_INSIGHT.value, Stage.REFLECTION)
        if own and general:
            own, general = (own, None) if own[1] >= general[1] else (None, general)
        return (own[0] if own else None), (general[0] if general else None)

    def quote(self, label: str, index: int | None) -> Finding | None:
        """The unit's clause that weighs most, as a finding."""
        if index is None:
            return None
        first, last = self._shown_together(label, index)
        start, _ = self._clause(label, first)
        _, end = self._clause(label, last)
        return self.cut(start, end, label)

    def _clause(self, label: str, index: int) -> tuple[int, int]:
        """The transcript's words [first, end) of the unit's clause that weighs most."""
        unit = self.units[index]
        if label in WHOLE_THOUGHTS:
            return unit.first_word, unit.end_word
        first, end = clause_that_weighs(self.readings[index], self.weights(label))
        return unit.first_word + first, unit.first_word + end

    def _shown_together(self, label: str, index: int) -> tuple[int, int]:
        """The unit, with the one beside it where that shows the same and both fit a quote.

        Of a number that moved, one unit may tell from where and the next to where.
        """
        chances, threshold = self.chances(label, STAGE_OF_LABEL[label]), self.threshold(label)
        beside = max((index - 1, index + 1), key=lambda k: chances.get(k, 0.0))
        if label == Signal.METRIC_DELTA and beside in chances and self.readings[beside].quantities:
            threshold *= QUANTITY_SUFFICES
        if chances.get(beside, 0.0) < threshold:
            return index, index
        first, last = min(index, beside), max(index, beside)
        start_s, end_s = self.units[first].start_s, self.units[last].end_s
        fits = start_s is not None and end_s is not None and end_s - start_s <= LONGEST_QUOTE_S
        return (first, last) if fits else (index, index)

    def cut(self, first: int, end: int, label: str) -> Finding:
        """The words as a finding no longer than a quote may be."""
        end = without_hanging(self.transcript, first, end, self.language)
        span = shortened(self.transcript, first, end)
        return finding(self.transcript, *span, self.language.sentence(REASONS, label))

    def fault(self, label: str, index: int | None) -> Finding | None:
        """The same for a fault: only where the unit, and all that is quoted, was heard clearly."""
        if index is None:
            return None
        unit = self.units[index]
        if not heard_clearly(self.transcript, unit.first_word, unit.end_word):
            return None
        quoted = self.quote(label, index)
        if quoted and heard_clearly(self.transcript, quoted.first_word, quoted.end_word):
            return quoted
        return self.cut(unit.first_word, unit.end_word, label)


def _opinions(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> dict[int, Opinion]:
    """The encoder's on every unit of the story that was heard clearly; empty without one."""
    if SIGNALS_TABLE not in language.weights:
        return {}
    wanted = [
        unit.stage is not Stage.NONE and heard_clearly(transcript, unit.first_word, unit.end_word)
        for unit in units
    ]
    return opinions_on(units, wanted, language)


@lru_cache(maxsize=2)
def evidence_of(
    transcript: Transcript, units: tuple[StagedUnit, ...], language: Language
) -> Evidence:
    """The same answer is asked about four times; it is read once."""
    return Evidence(transcript, units, language)


def find_signals(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> dict[Signal, Finding | None]:
    """Every signal's finding, None where the answer does not show it (rubric: Signals).

    INDIVIDUAL_ACTIONS is always None here: core/agency.py finds it.
    """
    evidence = evidence_of(transcript, tuple(units), language)
    found: dict[Signal, Finding | None] = dict.fromkeys(Signal)
    for signal, stage in STAGE_OF_SIGNAL.items():
        if signal is Signal.INDIVIDUAL_ACTIONS:
            continue
        if signal is Signal.METRIC_DELTA:
            index = evidence.metric()
        elif signal is Signal.SPECIFIC_INSIGHT:
            index = evidence.lesson()[0]
        else:
            likeliest = evidence.likeliest(signal.value, stage)
            index = likeliest[0] if likeliest else None
        found[signal] = evidence.quote(signal.value, index)
    return found


def log_odds_of(
    signal: Signal, transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> float:
    """Of the unit that shows a signal best; LEAST_ODDS where its stage was not told."""
    evidence = evidence_of(transcript, tuple(units), language)
    chances = evidence.chances(signal.value, STAGE_OF_SIGNAL[signal])
    best = min(max(chances.values(), default=0.0), 1.0 - 1e-12)
    return max(LEAST_ODDS, math.log(best / (1 - best))) if best > 0 else LEAST_ODDS


def is_unquantified(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> bool:
    """True if no unit of the result holds a quantity; so also where there is no result.

    A number that moved is one of the result's, even where its unit may be of the stage beside it.
    A result of which hardly anything was heard may have had one.
    """
    told = units_in(units, Stage.RESULT)
    if any(quantities_in(unit.text, language) for unit in told):
        return False
    clear = sum(transcript.clear_words(unit.first_word, unit.end_word) for unit in told)
    if clear < HARDLY_HEARD * sum(unit.end_word - unit.first_word for unit in told):
        return False
    return evidence_of(transcript, tuple(units), language).metric() is None


def find_vague_result(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> Finding | None:
    """The words in which a result that nobody could check is told; None where it can be checked."""
    if not is_unquantified(transcript, units, language):
        return None
    evidence = evidence_of(transcript, tuple(units), language)
    likeliest = evidence.likeliest(Weakness.VAGUE_RESULT.value, Stage.RESULT)
    return evidence.fault(Weakness.VAGUE_RESULT.value, likeliest[0] if likeliest else None)


def find_generic_reflection(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> Finding | None:
    """The words of a lesson that would fit any story; None where one is this story's own."""
    evidence = evidence_of(transcript, tuple(units), language)
    if evidence.likeliest(Signal.SYSTEMIC_INSIGHT.value, Stage.REFLECTION):
        return None
    return evidence.fault(Weakness.GENERIC_REFLECTION.value, evidence.lesson()[1])
