"""Linear detectors over the units of an answer: what is weighed, and how.

A unit is read as named features, all present or absent, so that a detector is one table of weights
that a person can read (`signals.tsv`), and what decided can be named. Four kinds: groups of
phrases that a reader of the language can check (`p:task_not_mine`), word sequences with quantities
abstracted (`w:nobody asked`), the shape of the unit (`s:quantity`, tense, person, place in its
stage), and what the rest of the answer says about the same thing (`a:given_to_me`). Speech is read
without fillers, stammers, punctuation and capitals, because a recogniser may print none of them
and a nervous speaker many; a word that was not heard well takes part in no feature.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from mock_interviewer.core.actors import UNHEARD, PlainSpeech, plain_speech
from mock_interviewer.core.language import Language
from mock_interviewer.core.quantities import quantities_in
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.transcript import StagedUnit, Transcript

TABLE = "evidence"
NUMBER = "NUM"
LONGEST_SEQUENCE = 3


@dataclass(frozen=True)
class UnitReading:
    """One unit as plain speech, with its quantities and the phrases of its stage."""

    unit: StagedUnit
    speech: PlainSpeech
    language: Language

    @cached_property
    def text(self) -> str:
        return self.speech.text

    @cached_property
    def quantities(self) -> list[tuple[int, int]]:
        """Character spans of the quantities in the plain text."""
        return quantities_in(self.text, self.language)

    def groups_of(self, stage: Stage) -> dict[str, int]:
        """The stage's phrase groups that this unit matches, and how often."""
        counts = {}
        for group in groups_for(stage, self.language):
            found = sum(
                UNHEARD not in match.group().split()
                for match in self.language.pattern(TABLE, group).finditer(self.text)
            )
            if found:
                counts[group] = found
        return counts

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


def groups_for(stage: Stage, language: Language) -> tuple[str, ...]:
    """The phrase groups that are read in a stage."""
    return tuple(g for g in language.phrases[TABLE] if g.startswith(stage.value + "_"))


def read_units(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> list[UnitReading]:
    """Every unit read, in order."""
    readings = []
    for unit in units:
        words = transcript.words[unit.first_word : unit.end_word]
        clear = [word.is_clear for word in words]
        speech = plain_speech([word.text for word in words], language, clear)
        readings.append(UnitReading(unit, speech, language))
    return readings


def sequences(reading: UnitReading) -> Iterator[str]:
    """Word sequences of one to LONGEST_SEQUENCE words, none with an unheard word."""
    words = reading.abstracted
    for length in range(1, LONGEST_SEQUENCE + 1):
        for at in range(len(words) - length + 1):
            run = words[at : at + length]
            if UNHEARD not in run:
                yield "w:" + " ".join(run)


def shape(readings: Sequence[UnitReading], index: int, stage: Stage) -> Iterator[str]:
    """Quantities, length, person and the unit's place among those of the stage."""
    here = readings[index]
    words = here.speech.words
    yield f"s:quantity={min(len(here.quantities), 2)}"
    yield f"s:length={min(len(words) // 6, 4)}"
    for person in ("i", "we", "you", "they"):
        group = here.language.pattern("evidence_shape", person)
        if any(group.fullmatch(word) for word in words):
            yield f"s:{person}"
    for tense in ("past", "present", "negation", "hypothetical"):
        if here.language.pattern("evidence_shape", tense).search(here.text):
            yield f"s:{tense}"
    same = [k for k, other in enumerate(readings) if other.unit.stage is stage]
    if same:
        yield "s:first" if index <= same[0] else "s:not_first"
        yield "s:last" if index >= same[-1] else "s:not_last"
        yield f"s:units={min(len(same), 5)}"


def features(readings: Sequence[UnitReading], index: int, stage: Stage) -> set[str]:
    """Everything that speaks for or against a signal of `stage` in one unit."""
    found: set[str] = set()
    for group, count in readings[index].groups_of(stage).items():
        found.add(f"p:{group}")
        if count > 1:
            found.add(f"p:{group}=2")
    found.update(sequences(readings[index]))
    found.update(shape(readings, index, stage))
    return found


def around(
    readings: Sequence[UnitReading], groups: Mapping[int, set[str]], index: int
) -> Iterator[str]:
    """Phrase groups of the units beside one, and of the whole stage."""
    near = {g for k in (index - 1, index + 1) for g in groups.get(k, ()) if g.startswith("p:")}
    yield from (f"n:{group[2:]}" for group in near)
    everywhere = {g for k in groups for g in groups[k] if g.startswith("p:")}
    yield from (f"a:{group[2:]}" for group in everywhere)


def told_in(readings: Sequence[UnitReading], stage: Stage) -> list[int]:
    """The indexes of the units in a stage."""
    return [k for k, reading in enumerate(readings) if reading.unit.stage is stage]


def stage_features(
    readings: Sequence[UnitReading], stage: Stage, indexes: Sequence[int] | None = None
) -> dict[int, set[str]]:
    """Features of every unit of a stage (or of `indexes`), each seeing its neighbours."""
    chosen = told_in(readings, stage) if indexes is None else indexes
    found = {k: features(readings, k, stage) for k in chosen}
    shared = set(beginnings(readings)) if stage in BEGINNING else set()
    return {k: own | shared | set(around(readings, found, k)) for k, own in found.items()}


BEGINNING = (Stage.SITUATION, Stage.TASK)


def beginnings(readings: Sequence[UnitReading]) -> Iterator[str]:
    """How situation and task together say that it began: both stages see it."""
    texts = [reading.text for reading in readings if reading.unit.stage in BEGINNING]
    for group in ("began_given", "began_noticed", "began_by_itself"):
        for text in texts:
            match = readings[0].language.pattern(TABLE, group).search(text)
            if match and UNHEARD not in match.group().split():
                yield f"a:{group}"
                break


def probability(found: set[str], weights: Mapping[str, float]) -> float:
    """The linear detector's probability."""
    total = weights.get("bias", 0.0) + sum(weights.get(name, 0.0) for name in found)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


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
    for name, weight in weights.items():
        if name.startswith("p:") and weight > 0 and "=" not in name:
            for match in reading.language.pattern(TABLE, name[2:]).finditer(text):
                first = text.count(" ", 0, match.start())
                end = text.count(" ", 0, max(match.start(), match.end() - 1)) + 1
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
