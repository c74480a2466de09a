"""A second opinion on what a unit tells: an encoder that hears what it was never told.

The readable detectors (telltales.py, detectors.py) weigh expressions, so a hand-off, or a gap in a
system, told in words nobody used before is not heard. A small network that was taught on the same
sentences hears some of those, and cannot say why; therefore both are weighed together, and the
sentence itself is the evidence. The core knows only that somebody can be asked about sentences: the
network is an adapter's, and where there is none, or it fails, the readable detectors judge alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mock_interviewer.core.language import Language
from mock_interviewer.core.transcript import Unit

TABLE, SIGNALS_TABLE = "agency_encoder", "signals_encoder"
"""For each disqualifier, and each signal or fault of a stage: threshold, bias, and the factors of
the two readings (a disqualifier's score is then weighed by within_answer.py). How its word on the
stages counts: second_reading.py."""
WORDS_BESIDE = 12
"""So much of the unit before a unit, and of the one after it, is told with it: what others did with
it stands in the next sentence as often as in the same one."""


@dataclass(frozen=True)
class Asked:
    """One unit as it is put to the encoder, which is not told its stage: it helps to find that."""

    before: str
    """The last words of the unit before it; empty for the first."""
    text: str
    after: str = ""
    """The first words of the unit after it; empty for the last."""


Opinion = Mapping[str, float]
"""How much a unit tells of each label (log odds, above 0 rather yes), and serves each stage."""


class Encoder(Protocol):
    """Somebody who can be asked about sentences."""

    @property
    def fault(self) -> str | None:
        """Why nothing is answered, once that has turned out; None else."""

    def opinions(self, units: Sequence[Asked]) -> Sequence[Opinion] | None:
        """One for each unit, in order; None where nothing can be said. Never raises."""


def asked_about(texts: Sequence[str]) -> list[Asked]:
    """Units one after another, each with the last words before it and the first after it."""
    befores = ["", *(" ".join(text.split()[-WORDS_BESIDE:]) for text in texts[:-1])]
    afters = [*(" ".join(text.split()[:WORDS_BESIDE]) for text in texts[1:]), ""]
    return [Asked(*told) for told in zip(befores, texts, afters, strict=True)]


def judges_along(language: Language) -> bool:
    """True if an encoder is weighed in this language, and has not failed so far."""
    reader = language.encoder
    return reader is not None and TABLE in language.weights and reader.fault is None


def opinions_on(
    units: Sequence[Unit], wanted: Sequence[bool], language: Language
) -> dict[int, Opinion]:
    """The encoder's opinion on every wanted unit, by its number; empty without one."""
    reader = language.encoder
    if reader is None or not judges_along(language):
        return {}
    chosen = [index for index, is_wanted in enumerate(wanted) if is_wanted]
    asked = asked_about([unit.text for unit in units])
    told = reader.opinions([asked[index] for index in chosen]) if chosen else None
    return {} if told is None else dict(zip(chosen, told, strict=True))


def weighed(
    odds: Mapping[int, float],
    opinions: Mapping[int, Opinion],
    label: str,
    threshold: float,
    table: Mapping[str, float],
) -> dict[int, float]:
    """How much every unit tells of a label by both readings.

    odds are the readable detector's log odds of the units, threshold the probability from which it
    finds the label, table what the encoder's table holds of it. A unit without an opinion lies as
    far from the table's threshold as the readable detector's from its own.
    """
    readable = math.log(threshold / (1 - threshold))
    scores = {}
    for index, said in odds.items():
        if index in opinions:
            told = opinions[index][label]
            scores[index] = table["words"] * said + table["encoder"] * told + table["bias"]
        else:
            scores[index] = table["threshold"] + said - readable
    return scores
