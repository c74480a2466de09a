"""Linear detectors over the units of an answer: what is weighed, and how.

A unit is read as named features, all present or absent, so that a detector is one table of weights
that a person can read (`signals.tsv`), and what decided can be named. Five kinds: groups of
phrases that a reader of the language can check (`p:task_not_mine`), word sequences with quantities
abstracted (`w:nobody asked`), the shape of the unit (`s:quantity`, tense, person, place in its
stage), what the units beside it say (`n:given_to_me`), and what the rest of the answer says about
the same thing (`a:given_to_me`). Speech is read plain (core/plain_speech.py).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from mock_interviewer.core.language import Language
from mock_interviewer.core.plain_speech import UNHEARD, PlainSpeech, sequences, speech_of
from mock_interviewer.core.quantities import quantities_in
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.transcript import StagedUnit, Transcript

TABLE = "evidence"
SHAPE = "evidence_shape"
PERSONS = ("i", "we", "you", "they")
NUMBER = "NUM"
LONGEST_SEQUENCE = 3
LARGEST_LOG_ODDS = 30.0


@dataclass(frozen=True)
class UnitReading:
    """One unit as plain speech, with its quantities and the phrases of its stage."""

    unit: StagedUnit
    speech: PlainSpeech
    language: Language

    @property
    def text(self) -> str:
        return self.speech.text

    @cached_property
    def quantities(self) -> list[tuple[int, int]]:
        """Character spans of the quantities in the plain text."""
        return quantities_in(self.text, self.language)

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """The phrase groups that may match, each with what to search for."""
        return self.language.patterns_for(TABLE, self.text)

    @cached_property
    def abstracted(self) -> list[str]:
        """The plain words, each run of a quantity's words as one NUMBER."""
        words: list[str] = []
        at = 0
        for start, end in [*self.quantities, (len(self.text), len(self.text))]:
            words.extend(self.text[at:start].split())
            if start < end:
                words.append(NUMBER)
            at = end
        return words


def read_units(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> list[UnitReading]:
    """Every unit read, in order."""
    speeches = speech_of(transcript, tuple(units), language)
    return [
        UnitReading(unit, speech, language) for unit, speech in zip(units, speeches, strict=True)
    ]


def shape(reading: UnitReading) -> Iterator[str]:
    """Quantities, length, person and tense."""
    language, words = reading.language, reading.speech.words
    yield f"s:quantity={min(len(reading.quantities), 2)}"
    yield f"s:length={min(len(words) // 6, 4)}"
    kinds_of = language.kinds_of_words(SHAPE)
    persons = frozenset().union(*(kinds_of[word] for word in words))
    for person in PERSONS:
        if person in persons:
            yield f"s:{person}"
    for tense, pattern in language.patterns_for(SHAPE, reading.text).items():
        if pattern.search(reading.text):
            yield f"s:{tense}"


def place(index: int, told: Sequence[int]) -> Iterator[str]:
    """Where a unit stands among those that are told in the stage."""
    if told:
        yield "s:first" if index <= told[0] else "s:not_first"
        yield "s:last" if index >= told[-1] else "s:not_last"
        yield f"s:units={min(len(told), 5)}"


def phrases_of(reading: UnitReading, stage: Stage) -> Iterator[str]:
    """The stage's phrase groups in a unit, and which of them occur more than once."""
    for group, pattern in reading.patterns.items():
        count = reading.speech.times(pattern) if group.startswith(f"{stage.value}_") else 0
        if count:
            yield f"p:{group}"
        if count > 1:
            yield f"p:{group}=2"


def told_in(readings: Sequence[UnitReading], stage: Stage) -> list[int]:
    """The indexes of the units in a stage."""
    return [k for k, reading in enumerate(readings) if reading.unit.stage is stage]


def stage_features(readings: Sequence[UnitReading], stage: Stage) -> dict[int, set[str]]:
    """All features of every unit of a stage, each seeing its neighbours."""
    shown = shown_in(readings, stage, told_in(readings, stage))
    return {k: {*names, *sequences(readings[k].abstracted)} for k, names in shown.items()}


def shown_in(
    readings: Sequence[UnitReading], stage: Stage, indexes: Sequence[int]
) -> dict[int, list[str]]:
    """What some units show for a stage beside their word sequences.

    Linear in the units: what the whole stage shares is found once.
    """
    told = told_in(readings, stage)
    phrases = {k: list(phrases_of(readings[k], stage)) for k in indexes}
    shared = {f"a:{name[2:]}": None for names in phrases.values() for name in names}
    if stage in BEGINNING:
        shared.update(dict.fromkeys(beginnings(readings)))
    found = {}
    for k, own in phrases.items():
        beside = [*phrases.get(k - 1, ()), *phrases.get(k + 1, ())]
        around = dict.fromkeys(f"n:{name[2:]}" for name in beside)
        found[k] = [*own, *shared, *shape(readings[k]), *place(k, told), *around]
    return found


BEGINNING = (Stage.SITUATION, Stage.TASK)


def beginnings(readings: Sequence[UnitReading]) -> Iterator[str]:
    """How situation and task together say that it began: both stages see it."""
    told = [reading for reading in readings if reading.unit.stage in BEGINNING]
    for group in ("began_given", "began_noticed", "began_by_itself"):
        for reading in told:
            pattern = reading.patterns.get(group)
            match = pattern.search(reading.text) if pattern else None
            if match and UNHEARD not in match.group().split():
                yield f"a:{group}"
                break


def log_odds(total: float) -> float:
    """A detector's sum as log odds, at most LARGEST_LOG_ODDS either way."""
    return max(-LARGEST_LOG_ODDS, min(LARGEST_LOG_ODDS, total))


def probability(odds: float) -> float:
    """The probability that some log odds mean."""
    return 1 / (1 + math.exp(-odds))


SHORTEST_QUOTE = 11
"""Words: a shorter clause is quoted with the one beside it that weighs more."""


def clause_that_weighs(reading: UnitReading, weights: Mapping[str, float]) -> tuple[int, int]:
    """The words [first, end) of the unit, counted from its first, whose clause weighs most."""
    length = reading.unit.end_word - reading.unit.first_word
    words = reading.speech.words
    opens = [k for k in range(1, len(words)) if reading.speech.opens[k]]
    edges = sorted({0, *opens, len(words)})
    if len(words) <= 2 * SHORTEST_QUOTE or len(edges) < 3:
        return 0, length
    worth = _worth_of_words(reading, weights)
    totals = [sum(worth[a:b]) for a, b in pairwise(edges)]
    low = high = max(range(len(totals)), key=lambda k: totals[k])
    while edges[high + 1] - edges[low] < SHORTEST_QUOTE:
        before = totals[low - 1] if low else -math.inf
        after = totals[high + 1] if high + 1 < len(totals) else -math.inf
        if before > after:
            low -= 1
        else:
            high += 1
    at = reading.speech.at
    start = at[edges[low]] if low else 0
    end = at[edges[high + 1]] if high + 1 < len(totals) else length
    return start, end


def _worth_of_words(reading: UnitReading, weights: Mapping[str, float]) -> list[float]:
    """How much each plain word takes part in phrases and sequences that speak for the signal."""
    words = reading.speech.words
    worth = [0.0] * len(words)
    text = reading.text
    for group, pattern in reading.patterns.items():
        weight = weights.get(f"p:{group}", 0.0)
        if weight > 0:
            for match in pattern.finditer(text):
                first, end = reading.speech.plain_span(match.start(), match.end())
                for k in range(first, end):
                    worth[k] += weight / (end - first)
    for length in range(1, LONGEST_SEQUENCE + 1):
        for first in range(len(words) - length + 1):
            weight = weights.get("w:" + " ".join(words[first : first + length]), 0.0)
            for k in range(first, first + length):
                worth[k] += weight / length
    number = weights.get(f"w:{NUMBER}", 0.0) + weights.get("s:quantity=2", 0.0)
    for start, _ in reading.quantities:
        worth[text.count(" ", 0, start)] += number
    return worth
