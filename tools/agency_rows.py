"""What the detectors of agency learn from: the features and labels of units and sentences.

Of an answer these are its labelled units and those that the program finds; of a minimal pair those
that its change teaches; and own sentences and replies to probes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from labelled import (
    Twin,
    language,
    lines_of,
    own_corpus,
    sentences_in,
    spoken,
    twins_of,
    words_quoted,
)

from mock_interviewer.core.agency import STAGES_OF
from mock_interviewer.core.judging import STAGE_READ, sentences_of
from mock_interviewer.core.rubric import Disqualifier, Stage
from mock_interviewer.core.segmenting import segment
from mock_interviewer.core.telltales import features, read, read_units
from mock_interviewer.core.units import units_of

Rows = list[tuple[dict[str, int], set[str]]]
"""Features and labels of each unit."""


def rows_of(
    answer: dict[str, Any], found: bool = False, bare: bool = False, noisy: bool = False
) -> Rows:
    """Every unit's features and the disqualifiers it is quoted for.

    With found, the units and stages are those that the program finds, else the labelled ones.
    """
    transcript, units = spoken(answer, bare, noisy)
    if found:
        units = list(segment(units_of(transcript, language()), language()))
    quotes = answer["disqualifiers"].items()
    places = {name: words for name, quote in quotes if (words := words_quoted(transcript, quote))}
    readings = read_units(transcript, units, language())
    rows: Rows = []
    for unit, shown in zip(units, features(readings), strict=True):
        labels = {
            name
            for name, words in places.items()
            if 2 * (min(words.stop, unit.end_word) - max(words.start, unit.first_word))
            >= min(len(words), unit.end_word - unit.first_word)
        }
        rows.append((dict.fromkeys(shown, 1), labels))
    return rows


def twin_rows(twin: Twin) -> tuple[Rows, Rows]:
    """All rows of a minimal pair's changed answer, and those that its change teaches."""
    transcript, units = spoken(twin.answer)
    readings = read_units(transcript, units, language())
    told = [dict.fromkeys(found, 1) for found in features(readings)]
    shown = {twin.label} if twin.is_present else set()
    teaching = twin.teaching(units, STAGES_OF[Disqualifier(twin.label)])
    return [(found, set()) for found in told], [(told[k], shown) for k in teaching]


def own_rows() -> Rows:
    rows: Rows = []
    for row in sentences_in("agency.jsonl"):
        texts = row["units"] if "units" in row else [row["text"]]
        readings = [
            read(t.split(), [True] * len(t.split()), Stage(row["stage"]), language()) for t in texts
        ]
        # a sentence alone has no course of an answer around it
        found = {name for name in features(readings)[0] if not name.startswith("c:")}
        rows.append((dict.fromkeys(found, 1), {row["label"]} if row["label"] else set()))
    return rows


def reply_rows(without: Collection[str] = ()) -> Rows:
    """Every sentence of the own replies to probes, as the judging of replies reads it.

    Replies to the stories named in without are left out.
    """
    rows: Rows = []
    for reply in lines_of(own_corpus() / "replies.jsonl"):
        if reply["story"] in without:
            continue
        texts = sentences_of(reply["reply"], language())
        words = [text.split() for text in texts]
        for disqualifier, stage in STAGE_READ.items():
            readings = [read(spoken, [True] * len(spoken), stage, language()) for spoken in words]
            for text, found in zip(texts, features(readings), strict=True):
                decides = reply["evidence"] in text or text.rstrip(".") in reply["evidence"]
                if decides and reply["why"] in set(Disqualifier):
                    if reply["why"] == disqualifier.value:
                        rows.append((dict.fromkeys(found, 1), {reply["why"]}))
                elif reply["why"] == "solid":
                    rows.append((dict.fromkeys(found, 1), set()))
    return rows


def rough_rows(answer: dict[str, Any]) -> tuple[Rows, Rows]:
    """As a rough recogniser would hand it over: without stops, and with words misheard."""
    return rows_of(answer, found=True, bare=True), rows_of(answer, found=True, noisy=True)


@dataclass(frozen=True)
class Material:
    """What every disqualifier is learned from, by answer and by minimal pair."""

    answers: Sequence[dict[str, Any]]
    rows: Sequence[Rows]
    """In the labelled units of each answer."""
    rows_found: Sequence[Rows]
    """In the units that the program finds."""
    rough: Sequence[tuple[Rows, Rows]]
    """As a rough recogniser would hand it over (rough_rows)."""
    own: Rows
    pairs: Sequence[Twin]
    paired: Sequence[tuple[Rows, Rows]]
    """All rows of a pair's changed answer, and those that its change teaches."""

    @classmethod
    def of(cls, answers: Sequence[dict[str, Any]], without: Collection[str]) -> Material:
        """From these answers; without replies to the stories named in without."""
        pairs = twins_of(answers)
        return cls(
            answers,
            [rows_of(answer) for answer in answers],
            [rows_of(answer, found=True) for answer in answers],
            [rough_rows(answer) for answer in answers],
            own_rows() + reply_rows(without),
            pairs,
            [twin_rows(p) if p.label in set(Disqualifier) else ([], []) for p in pairs],
        )

    def is_there(self, label: str) -> np.ndarray:
        """Of each answer, whether it shows the label."""
        return np.array([bool(answer["disqualifiers"][label]) for answer in self.answers])

    def pairs_of(self, label: str) -> list[int]:
        """The numbers of the label's minimal pairs."""
        return [k for k, pair in enumerate(self.pairs) if pair.label == label]

    def taught_by_pairs(self, label: str, without: Collection[str] = ()) -> Rows:
        """What the label's pairs teach, but for those on the answers without (their ids)."""
        mine = [k for k in self.pairs_of(label) if self.pairs[k].base not in without]
        return [row for k in mine for row in self.paired[k][1]]
