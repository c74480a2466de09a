"""What the small encoder learns from: labelled units, sentences and minimal pairs, for every label.

An example is a unit (its stage, the last words before it, its own words) with what is known of it:
for each label whether the unit shows it, and how much that counts. Of a sentence written for one
label nothing else is known, and of a minimal pair only what its changed words bring or take away.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labelled import Twin, labelled_answers, language, own_corpus, spoken, twins_of
from learn_signals import LEARNED, Told, told_variants

from mock_interviewer.core.agency import STAGES_OF
from mock_interviewer.core.rubric import Disqualifier, Stage
from mock_interviewer.core.second_opinion import last_words
from mock_interviewer.core.segmenting import segment
from mock_interviewer.core.transcript import StagedUnit
from mock_interviewer.core.units import units_of

DISQUALIFIERS = [d.value for d in Disqualifier]
LABELS = [*DISQUALIFIERS, *LEARNED]
"""The columns of the network, in their order."""
STAGES: Mapping[str, frozenset[str]] = {
    d.value: frozenset(s.value for s in STAGES_OF[d]) for d in Disqualifier
} | {label: frozenset([stage.value]) for label, stage in LEARNED.items()}
"""Where each label can be shown."""
FAULT_WEIGHT, SIGNAL_WEIGHT = 4.0, 1.5
"""What a unit that shows a label counts against one that does not; faults are rarer."""
BESIDE_WEIGHT, OTHER_WEIGHT = 0.15, 0.7
"""A signal may be shown twice and is quoted once: other units of such an answer, and of others."""
PAIR_TIMES = 2
PLAIN_SHARE = 0.2
"""So many units are learned without stops, as some recognisers write them."""
OTHERS_SHARE = 0.35
"""So many of the program's own units without a label are learned from."""
Asked = tuple[str, str, str]
"""Stage, the last words before, and the words of a unit."""
Known = dict[str, tuple[bool, float]]
"""Label -> whether the unit shows it, and how much that counts."""
Example = tuple[Asked, Known]


def asked(units: Sequence[StagedUnit]) -> list[Asked]:
    """The units as the encoder reads them (core/second_opinion.py does the same)."""
    befores = ["", *[last_words(unit.text) for unit in units[:-1]]]
    return [(u.stage.value, before, u.text) for u, before in zip(units, befores, strict=True)]


class Material:
    """Everything that is learned from, by answer, by own sentence and by minimal pair."""

    def __init__(self) -> None:
        self.answers = labelled_answers()
        self.number = {answer["id"]: k for k, answer in enumerate(self.answers)}
        self.variants = [told_variants(k, a) for k, a in enumerate(self.answers)]
        """Each answer in its labelled units, in the program's own, and in these without stops."""
        self.examples_of = [
            [self._examples(told) for told in variants] for variants in self.variants
        ]
        self.found = [asked(_found(answer)) for answer in self.answers]
        """Each answer in units and stages that the program finds."""
        self.rough = [
            (asked(_found(answer, bare=True)), asked(_found(answer, noisy=True)))
            for answer in self.answers
        ]
        """The same as a rough recogniser would hand it over: without stops; with words misheard."""
        self.faults = list(self._sentences("agency.jsonl"))
        self.shown = list(self._sentences("signals.jsonl"))
        self.twins = [t for t in twins_of(self.answers) if t.label in LABELS]
        self.of_twins = [asked(spoken(t.answer)[1]) for t in self.twins]

    def _examples(self, told: Told) -> list[Example]:
        return [
            (unit, _known(told.quoted, staged))
            for unit, staged in zip(asked(told.units), told.units, strict=True)
        ]

    def _sentences(self, name: str) -> Iterator[Example]:
        for line in (own_corpus() / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row["units"][0] if "units" in row else row["text"]
            shown = row["labels"] if "labels" in row else [row["label"]]
            asked_for = LEARNED if "labels" in row else DISQUALIFIERS
            weight = SIGNAL_WEIGHT if "labels" in row else FAULT_WEIGHT
            yield (
                (row["stage"], "", text),
                {
                    label: (label in shown, weight if label in shown else 1.0)
                    for label in asked_for
                    if row["stage"] in STAGES[label]
                },
            )

    def taught_by(self, twin: Twin, told: Sequence[Asked]) -> list[Example]:
        """What a minimal pair's changed units teach: the label, or that there is none."""
        home = [told[k] for k in sorted(twin.changed) if told[k][0] in STAGES[twin.label]]
        weight = FAULT_WEIGHT if twin.label in DISQUALIFIERS else SIGNAL_WEIGHT
        if twin.is_present:
            return [(unit, {twin.label: (True, weight)}) for unit in home[:1]]
        return [(unit, {twin.label: (False, 1.0)}) for unit in home]

    def examples(
        self, answers: Sequence[int], faults: Sequence[int], shown: Sequence[int]
    ) -> list[Example]:
        """What these answers, their minimal pairs and these sentences teach."""
        rng, known = random.Random(5), set(answers)
        taught = [e for k in answers for e in self.examples_of[k][0]]
        seen = {unit for unit, _ in taught}
        for k in answers:
            for variant in self.examples_of[k][1:]:
                for unit, labels in variant:
                    is_shown = any(is_shown for is_shown, _ in labels.values())
                    share = 0.6 if is_shown else OTHERS_SHARE
                    if unit not in seen and rng.random() < share:
                        taught.append((unit, labels))
        for twin, told in zip(self.twins, self.of_twins, strict=True):
            if self.number[twin.base] in known:
                taught += PAIR_TIMES * self.taught_by(twin, told)
        taught += [self.faults[k] for k in faults] + [self.shown[k] for k in shown]
        return [
            ((s, plain(before), plain(text)), labels)
            if rng.random() < PLAIN_SHARE
            else ((s, before, text), labels)
            for (s, before, text), labels in taught
            if s != Stage.NONE.value or rng.random() < OTHERS_SHARE
        ]


def _found(answer: dict[str, Any], bare: bool = False, noisy: bool = False) -> list[StagedUnit]:
    transcript, _ = spoken(answer, bare, noisy)
    return list(segment(units_of(transcript, language()), language()))


def _known(quoted: Mapping[str, set[int]], unit: StagedUnit) -> Known:
    """What the labelled quotes say of one unit."""
    inside = set(range(unit.first_word, unit.end_word))
    known: Known = {}
    for label in LABELS:
        words = quoted[label]
        touched = len(words & inside)
        is_shown = touched > 0 and 2 * touched >= min(len(words), len(inside))
        if is_shown:
            known[label] = (True, FAULT_WEIGHT if label in DISQUALIFIERS else SIGNAL_WEIGHT)
        elif label in DISQUALIFIERS:
            known[label] = (False, 1.0)
        elif unit.stage.value in STAGES[label]:
            known[label] = (False, BESIDE_WEIGHT if words else OTHER_WEIGHT)
    return known


def plain(text: str) -> str:
    """Without stops."""
    return re.sub(r"[.,;:!?]+(?=\s|$)", "", text)
