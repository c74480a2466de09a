"""A labelled answer as it may be heard, cut into units as at run time, with their true stages.

It is given a speaker (corpus/timed.py), with and without punctuation and with misheard words, and
each unit takes the stage of most of its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from labelled import language, most_told
from timed import heard

from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.transcript import Transcript, Unit, Word
from mock_interviewer.core.units import units_of

HEARD = ((False, False), (True, False), (False, True))
"""(bare, noisy): as spoken; without punctuation; with misheard words."""


@dataclass(frozen=True)
class Sample:
    """One answer as it was heard: its units and their true stages."""

    units: tuple[Unit, ...]
    stages: tuple[Stage, ...]


def sample_of(answer: dict[str, Any], *, bare: bool, noisy: bool) -> Sample:
    """An answer with a speaker, cut as at run time."""
    told = heard(answer, bare, noisy)
    words = tuple(Word(w["word"].strip(), w["start"], w["end"], w["probability"]) for w in told)
    true = [Stage(answer["units"][w["unit"]]["stage"]) for w in told]
    units = units_of(Transcript(words), language())
    stages = tuple(most_told(true[unit.first_word : unit.end_word]) for unit in units)
    return Sample(units, stages)


def brief(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as somebody would tell it in a hurry: one or two units of every stretch."""
    stretches = [list(run) for _, run in groupby(answer["units"], key=lambda u: u["stage"])]
    most = 1 + len(answer["units"]) % 2
    kept = [unit for stretch in stretches for unit in stretch[:most]]
    return answer | {"units": kept}


def samples_of(answers: Sequence[dict[str, Any]]) -> list[Sample]:
    """Every answer as it may be heard, whole and in a hurry."""
    return [
        sample_of(told, bare=bare, noisy=noisy)
        for answer in answers
        for bare, noisy in HEARD
        for told in (answer, brief(answer))
    ]
