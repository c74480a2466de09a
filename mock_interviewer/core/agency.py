"""Who starts, decides and does (rubric: Disqualifiers, `we_dilution`, `individual_actions`).

A count of I against we finds little: the weakest answers may hold no 'we' at all. What tells is
who gave the job to whom, whether the key decision has an owner, and whether the speaker's own deeds
go on after others come in. Every unit is read for that (telltales.py) and weighed by learned
detectors, together with a second opinion where there is one (second_opinion.py), which is then
weighed within the whole answer (within_answer.py). The likeliest unit's words are the quote. What
was not heard well takes part in no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from mock_interviewer.core import within_answer
from mock_interviewer.core.actors import Act, Actor
from mock_interviewer.core.arrays import Floats
from mock_interviewer.core.evidence import log_odds_of
from mock_interviewer.core.hearing import Hearing, how_heard
from mock_interviewer.core.language import Language
from mock_interviewer.core.quoting import REASONS, clear_around, is_quotable, shortened
from mock_interviewer.core.rubric import Disqualifier, Signal, Stage, Weakness
from mock_interviewer.core.second_opinion import TABLE as ENCODER_TABLE
from mock_interviewer.core.second_opinion import Opinion, opinions_on, weighed
from mock_interviewer.core.telltales import (
    GUARD_WORDS,
    TABLE,
    Reading,
    abstracted,
    log_odds,
    probability,
    read_units,
    shown_in,
)
from mock_interviewer.core.transcript import (
    Finding,
    StagedUnit,
    Transcript,
    finding,
    heard_clearly,
    straight,
)

MOSTLY_HEARD = 0.7
"""Below this share of clear words a unit is no evidence at all."""
WORDS_AROUND = 5
ENOUGH_DEEDS = 2.5
"""rubric: individual_actions, at least three concrete things; one may be a message, which counts
half.
"""

THRESHOLD, THRESHOLD_ROUGH = "threshold", "threshold_rough"
"""From where on a unit counts; and where it was not heard clearly (hearing.py)."""
THRESHOLD_WITHOUT_STOPS = "threshold_without_stops"
"""Where the words are clear and only the sentences are not printed; a table may leave it out."""
STAGES_OF = {
    Disqualifier.ASSIGNED: frozenset({Stage.SITUATION, Stage.TASK, Stage.ACTION, Stage.NONE}),
    Disqualifier.HANDED_OFF: frozenset({Stage.TASK, Stage.ACTION, Stage.RESULT}),
    Disqualifier.COLLECTIVE_DECISION: frozenset({Stage.TASK, Stage.ACTION}),
}
"""Where a disqualifier can be told at all."""
ANYWHERE = frozenset().union(*STAGES_OF.values())
LABELS = tuple(disqualifier.value for disqualifier in Disqualifier)


def find_disqualifiers(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> dict[Disqualifier, Finding | None]:
    """Every disqualifier's finding, or None (rubric: Disqualifiers)."""
    answer = AnswerRead.of(transcript, units, language)
    return {disqualifier: _finding(answer, disqualifier) for disqualifier in Disqualifier}


Likeliest = list[tuple[float, int, tuple[int, int]]]
"""(score, unit, words [first, end) that can be quoted), the highest score first."""
COMPARED = 2
"""Units: whether another one tells it too says something (within_answer.py)."""


@dataclass(frozen=True)
class AnswerRead:
    """An answer's units with what both readings make of them."""

    transcript: Transcript
    units: Sequence[StagedUnit]
    language: Language
    readings: Sequence[Reading]
    totals: Floats
    """Shape (units, LABELS): what the readable detectors make of those in a stage that counts."""
    opinions: Mapping[int, Opinion]
    """The encoder's, by unit; empty where the readable detectors judge alone."""

    @classmethod
    def of(
        cls, transcript: Transcript, units: Sequence[StagedUnit], language: Language
    ) -> AnswerRead:
        """Read an answer."""
        readings = read_units(transcript, units, language)
        told = [k for k, unit in enumerate(units) if unit.stage in ANYWHERE]
        weights = language.weighed(TABLE, LABELS)
        totals = np.zeros((len(units), len(LABELS)))
        totals[told] = weights.named.sums(shown_in(readings, told))
        totals[told] += weights.sums_of_runs([abstracted(readings[k]) for k in told])
        totals += [language.weights[TABLE][label]["bias"] for label in LABELS]
        wanted = [_is_asked_about(transcript, unit) for unit in units]
        opinions = opinions_on(units, wanted, language)
        return cls(transcript, units, language, readings, totals, opinions)

    def likeliest(self, disqualifier: Disqualifier) -> Likeliest:
        """The COMPARED units, or fewer, that tell it most and can be held against the speaker."""
        weights = self.language.weights[TABLE][disqualifier.value]
        told = [k for k, unit in enumerate(self.units) if unit.stage in STAGES_OF[disqualifier]]
        totals = self.totals[:, LABELS.index(disqualifier.value)].tolist()
        if self.opinions:
            odds = {index: log_odds(totals[index]) for index in told}
            table = self.language.weights[ENCODER_TABLE][disqualifier.value]
            scores = weighed(odds, self.opinions, disqualifier, weights[THRESHOLD], table)
        else:
            scores = {index: probability(totals[index]) for index in told}
        quotable = (
            (scores[index], index, words)
            for index in sorted(told, key=lambda k: -scores[k])
            if (words := self._decisive_words(index, weights))
        )
        return list(islice(quotable, COMPARED))

    def _decisive_words(self, index: int, weights: Mapping[str, float]) -> tuple[int, int] | None:
        unit, reading = self.units[index], self.readings[index]
        return decisive_words(self.transcript, unit, reading, weights, self.language)

    def around(self, likeliest: Likeliest) -> dict[str, float]:
        """What the answer holds around its likeliest unit (within_answer.py)."""
        scores, index = [score for score, _, _ in likeliest], likeliest[0][1]
        return within_answer.told_around(scores, self._own_deeds, index, self._beginning)

    @cached_property
    def _own_deeds(self) -> list[float]:
        return [own_weight(r) if r.stage is Stage.ACTION else 0.0 for r in self.readings]

    @cached_property
    def _beginning(self) -> dict[Signal, float]:
        return {
            signal: log_odds_of(signal, self.transcript, self.units, self.language)
            for signal in within_answer.OWN_BEGINNING
        }


def _is_asked_about(transcript: Transcript, unit: StagedUnit) -> bool:
    """True for a unit in a stage where anything can be told, if its words are what was said."""
    return unit.stage in ANYWHERE and heard_clearly(transcript, unit.first_word, unit.end_word)


def _finding(answer: AnswerRead, disqualifier: Disqualifier) -> Finding | None:
    """The likeliest unit's words, if the answer as a whole is above the threshold."""
    transcript, language = answer.transcript, answer.language
    outright = _said_outright(transcript, answer.units, disqualifier, language)
    if outright:
        return outright
    likeliest = answer.likeliest(disqualifier)
    if not likeliest:
        return None
    score, _, words = likeliest[0]
    tables = language.weights[ENCODER_TABLE if answer.opinions else TABLE]
    if answer.opinions and within_answer.TABLE in language.weights:
        tables = language.weights[within_answer.TABLE]
        score = within_answer.score(answer.around(likeliest), tables[disqualifier.value])
    table = tables[disqualifier.value]
    if score < _threshold(table, how_heard(transcript)):
        return None
    return finding(transcript, *words, language.sentence(REASONS, disqualifier))


def _threshold(table: Mapping[str, float], hearing: Hearing) -> float:
    """The surer one where the hearing was rough."""
    if hearing is Hearing.CLEAR:
        return table[THRESHOLD]
    rough = table.get(THRESHOLD_ROUGH, table[THRESHOLD])
    if hearing is Hearing.WITHOUT_STOPS:
        return table.get(THRESHOLD_WITHOUT_STOPS, rough)
    return rough


def _said_outright(
    transcript: Transcript,
    units: Sequence[StagedUnit],
    disqualifier: Disqualifier,
    language: Language,
) -> Finding | None:
    """A disqualifier in so many words ('we collectively decided'); no weighing is needed then.

    A negation or condition shortly before ('if my manager had asked me to') leaves it to weighing.
    """
    for unit in (unit for unit in units if unit.stage in STAGES_OF[disqualifier]):
        said = said_outright(unit.text, disqualifier, language)
        if said and is_quotable(transcript, *unit.words_at(said.start(), said.end())):
            for until in (len(unit.text), said.end()):
                first, end = shortened(transcript, *unit.words_at(said.start(), until))
                if heard_clearly(transcript, first, end):
                    return finding(transcript, first, end, language.sentence(REASONS, disqualifier))
    return None


def said_outright(
    text: str, disqualifier: Disqualifier, language: Language
) -> re.Match[str] | None:
    """Where a sentence tells a disqualifier in so many words, and does not deny it."""
    plain, group = straight(text), f"outright_{disqualifier.value}"
    if group not in language.phrases[TABLE]:
        return None
    if group not in language.patterns_for(TABLE, plain.lower()):
        return None
    said = language.pattern(TABLE, group).search(plain)
    return said if said and not _denied(said, language) else None


def _denied(said: re.Match[str], language: Language) -> bool:
    before = " ".join(said.string[: said.start()].lower().split()[-GUARD_WORDS:])
    return language.pattern(TABLE, "not_so").search(before) is not None


def decisive_words(
    transcript: Transcript,
    unit: StagedUnit,
    reading: Reading,
    weights: Mapping[str, float],
    language: Language,
) -> tuple[int, int] | None:
    """The transcript's words [first, end) that may be held against the speaker.

    The whole unit if it was heard clearly, else the surroundings of an expression that was; None
    where neither was, for nothing is held against anyone that was not heard.
    """
    first, end = shortened(transcript, unit.first_word, unit.end_word)
    if heard_clearly(transcript, first, end):
        return first, end
    if transcript.clear_words(first, end) < MOSTLY_HEARD * (end - first):
        return None
    for group, (start, stop) in reading.matches.items():
        if weights.get(f"p:{group}", 0.0) <= 0:
            continue
        at = reading.speech.at
        around = (
            unit.first_word + at[max(0, start - WORDS_AROUND)],
            unit.first_word + at[min(len(at), stop + WORDS_AROUND) - 1] + 1,
        )
        exactly = (unit.first_word + at[start], unit.first_word + at[stop - 1] + 1)
        if heard_clearly(transcript, *around):
            return around
        if heard_clearly(transcript, *exactly):
            return clear_around(transcript, unit, *exactly, language)
    return None


def find_individual_actions(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> Finding | None:
    """The stretch of the action that holds most of the speaker's own deeds, if there are enough."""
    readings = read_units(transcript, units, language)
    acting = [k for k, unit in enumerate(units) if unit.stage is Stage.ACTION]
    if sum(own_weight(readings[k]) for k in acting) < ENOUGH_DEEDS:
        return None
    stretches = [
        (sum(readings[k].own_deeds for k in range(first, last + 1)), first - last, first, last)
        for first in acting
        for last in range(first, min(first + 3, len(units)))
        if all(units[k].stage is Stage.ACTION for k in range(first, last + 1))
        and is_quotable(transcript, units[first].first_word, units[last].end_word)
    ]
    deeds, _, first, last = max(stretches, default=(0, 0, 0, 0))
    span = units[first].first_word, units[last].end_word
    if not deeds:  # they stand in units with a long pause, which takes nothing away
        best = max(acting, key=lambda k: own_weight(readings[k]))
        span = _deeds_in(transcript, units[best], readings[best])
    return finding(transcript, *span, language.sentence(REASONS, Signal.INDIVIDUAL_ACTIONS))


def _deeds_in(transcript: Transcript, unit: StagedUnit, reading: Reading) -> tuple[int, int]:
    """Of a unit too long to be quoted, the words [first, end) with most of the speaker's deeds."""
    deeds = [
        unit.first_word + reading.speech.at[clause.first]
        for clause in reading.clauses
        if clause.actor is Actor.SELF and clause.act is Act.DEED
    ]
    begins = deeds or [unit.first_word]
    spans = [shortened(transcript, first, unit.end_word) for first in begins]
    return max(spans, key=lambda span: sum(span[0] <= at < span[1] for at in deeds))


def own_weight(reading: Reading) -> float:
    """The speaker's own doing in a unit; a message to others counts half."""
    return reading.own_deeds + 0.5 * reading.count(Actor.SELF, Act.ROUTING)


def find_we_dilution(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> Finding | None:
    """The unit that most tells of 'we' or nobody, where most of the action is told so."""
    readings = read_units(transcript, units, language)
    acting = [k for k, unit in enumerate(units) if unit.stage is Stage.ACTION]
    own = sum(own_weight(readings[k]) for k in acting)
    blurred = {k: blurred_deeds(readings[k]) for k in acting}
    if own >= ENOUGH_DEEDS or sum(blurred.values()) < max(2.0, 1.5 * own):
        return None
    clear = [k for k in acting if heard_clearly(transcript, units[k].first_word, units[k].end_word)]
    best = max(clear, key=lambda k: blurred[k], default=None)
    if best is None or not blurred[best]:
        return None
    span = shortened(transcript, units[best].first_word, units[best].end_word)
    return finding(transcript, *span, language.sentence(REASONS, Weakness.WE_DILUTION))


def blurred_deeds(reading: Reading) -> int:
    """Deeds of the group, or of nobody."""
    group = reading.count(Actor.GROUP, Act.DEED, Act.ROUTING)
    return group + reading.count(Actor.NOBODY, Act.DEED, Act.ROUTING)
