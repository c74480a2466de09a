"""What the small encoder learns from: labelled units, sentences and minimal pairs, for every label.

An example is a unit (the last words before it, its own, the first after it) with what is known of
it: its stage, and for each label whether the unit shows it, and how much that counts. Of a sentence
written for some labels nothing else is known, and of a minimal pair only what its changed words
bring or take away. The encoder is not told the stage: it is to help to find it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from labelled import Twin, labelled_answers, lines_of, own_corpus, spoken, twins_of
from learn_signals import LEARNED, Told, told_variants

from mock_interviewer.adapters.sentence_encoder import COLUMNS
from mock_interviewer.core.agency import STAGES_OF
from mock_interviewer.core.rubric import Disqualifier, Stage
from mock_interviewer.core.second_opinion import asked_about
from mock_interviewer.core.transcript import StagedUnit

DISQUALIFIERS = [d.value for d in Disqualifier]
LABELS = [column.value for column in COLUMNS if not isinstance(column, Stage)]
"""Those of the network's columns that a unit shows or not."""
STAGES: Mapping[str, frozenset[str]] = {
    d.value: frozenset(s.value for s in STAGES_OF[d]) for d in Disqualifier
} | {label: frozenset([stage.value]) for label, stage in LEARNED.items()}
"""Where each label can be shown."""
FAULT_WEIGHT, SIGNAL_WEIGHT = 4.0, 1.5
"""What a unit that shows a label counts against one that does not; faults are rarer."""
BESIDE_WEIGHT, OTHER_WEIGHT = 0.15, 0.7
"""A signal may be shown twice and is quoted once: other units of such an answer, and of others."""
PAIR_TIMES = 2
OTHERS_AS_LABELLED, OTHERS_AS_FOUND = 6000, 3000
"""So many other units are learned beside the pairs when these are learned again."""
PLAIN_SHARE = 0.2
"""So many units are learned without stops, as some recognisers write them."""
SHOWN_SHARE, OTHERS_SHARE = 0.5, 0.2
"""So many of the program's own units are learned from besides: with a label, and without."""
Asked = tuple[str, str, str]
"""The last words before a unit, its words, and the first words after it."""
Known = dict[str, tuple[bool, float]]
"""Label -> whether the unit shows it, and how much that counts."""
Example = tuple[Asked, str, Known]
"""A unit, its stage, and what it shows."""


def asked(units: Sequence[StagedUnit]) -> list[Asked]:
    """The units as the encoder reads them (core/second_opinion.py does the same)."""
    return [(u.before, u.text, u.after) for u in asked_about([unit.text for unit in units])]


class Material:
    """Everything that is learned from, by answer, by own sentence and by minimal pair."""

    def __init__(self) -> None:
        self.answers = labelled_answers()
        self.examples_of = [
            [_examples(told) for told in told_variants(k, answer)]
            for k, answer in enumerate(self.answers)
        ]
        """Each answer in its labelled units, in the program's own, and in these without stops."""
        self.sentences = [*_sentences("agency.jsonl"), *_sentences("signals.jsonl")]
        self.twins = [t for t in twins_of(self.answers) if t.label in LABELS]

    def examples(self, is_known: Callable[[str], bool]) -> list[Example]:
        """What the answers of which is_known says so teach, their minimal pairs, all sentences."""
        rng = random.Random(5)
        known = [k for k, answer in enumerate(self.answers) if is_known(answer["id"])]
        taught = [e for k in known for e in self.examples_of[k][0]]
        seen = {unit for unit, _, _ in taught}
        for example in (e for k in known for v in self.examples_of[k][1:] for e in v):
            is_shown = any(is_shown for is_shown, _ in example[2].values())
            share = SHOWN_SHARE if is_shown else OTHERS_SHARE
            if example[0] not in seen and rng.random() < share:
                taught.append(example)
        for twin in self.twins:
            if is_known(twin.base):
                taught += PAIR_TIMES * _taught_by(twin)
        taught += self.sentences
        return _some_plain(taught, rng)

    def contrasts(self, is_known: Callable[[str], bool]) -> list[Example]:
        """The minimal pairs again, what stands in their place in the answer, and some others.

        What is changed stands beside what it was, so that the difference counts. The others keep
        what was learned from being forgotten.
        """
        rng = random.Random(9)
        of_answer = {
            answer["id"]: variants
            for answer, variants in zip(self.answers, self.examples_of, strict=True)
            if is_known(answer["id"])
        }
        taught: list[Example] = []
        for twin in self.twins:
            if twin.base in of_answer:
                taught += PAIR_TIMES * _taught_by(twin)
                base = of_answer[twin.base][0]
                taught += [base[k] for k in sorted(twin.changed) if k < len(base)]
        for variant, most in ((0, OTHERS_AS_LABELLED), (1, OTHERS_AS_FOUND)):
            others = [e for variants in of_answer.values() for e in variants[variant]]
            taught += rng.sample(others, min(most, len(others)))
        return _some_plain(taught, rng)


def _some_plain(taught: Sequence[Example], rng: random.Random) -> list[Example]:
    return [
        ((plain(unit[0]), plain(unit[1]), plain(unit[2])), stage, labels)
        if rng.random() < PLAIN_SHARE
        else (unit, stage, labels)
        for unit, stage, labels in taught
    ]


def _examples(told: Told) -> list[Example]:
    return [
        (unit, staged.stage.value, known_of(told.quoted, staged))
        for unit, staged in zip(asked(told.units), told.units, strict=True)
    ]


def _sentences(name: str) -> Iterator[Example]:
    for row in lines_of(own_corpus() / name):
        texts = row["units"] if "units" in row else [row["text"]]
        first = asked_about(texts)[0]
        shown = row["labels"] if "labels" in row else [row["label"]]
        asked_for = LEARNED if "labels" in row else DISQUALIFIERS
        weight = SIGNAL_WEIGHT if "labels" in row else FAULT_WEIGHT
        known = {
            label: (label in shown, weight if label in shown else 1.0)
            for label in asked_for
            if row["stage"] in STAGES[label]
        }
        yield ("", first.text, first.after), row["stage"], known


def _taught_by(twin: Twin) -> list[Example]:
    """What a minimal pair's changed units teach: the label, or that there is none."""
    _, units = spoken(twin.answer)
    told = asked(units)
    weight = FAULT_WEIGHT if twin.label in DISQUALIFIERS else SIGNAL_WEIGHT
    known: Known = {twin.label: (twin.is_present, weight if twin.is_present else 1.0)}
    teaching = twin.teaching(units, [Stage(stage) for stage in STAGES[twin.label]])
    if not teaching:  # said in passing in a unit of another stage
        teaching = sorted(twin.changed)[: 1 if twin.is_present else None]
    return [(told[k], units[k].stage.value, known) for k in teaching]


def known_of(quoted: Mapping[str, set[int]], unit: StagedUnit) -> Known:
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
