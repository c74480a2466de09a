"""The labelled answers in thirds, each judged by what has never seen it.

The readable tables of a third are those of corpus/folds (learn_folds.py); its encoder is given by
what it said of every unit of that third (`learn_encoder.py`, UNSEEN.npz).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from labelled import language
from learn_folds import FOLDS, fold_of, fold_tables

from mock_interviewer.adapters.sentence_encoder import COLUMNS
from mock_interviewer.core.language import Language
from mock_interviewer.core.second_opinion import Asked, Opinion


class Unseen:
    """An encoder that has not seen one third of the answers, and is asked about these alone."""

    fault: str | None = None

    def __init__(self, units: Sequence[str], logits: np.ndarray) -> None:
        self._told = dict(zip(units, logits.tolist(), strict=True))

    def opinions(self, units: Sequence[Asked]) -> Sequence[Opinion] | None:
        return [
            dict(
                zip(
                    COLUMNS,
                    self._told["\n".join((unit.before, unit.text, unit.after))],
                    strict=True,
                )
            )
            for unit in units
        ]


class Thirds:
    """For every third a language whose tables and encoder have not seen it."""

    def __init__(self, file: Path) -> None:
        told = np.load(file)
        self.encoders = {
            fold: Unseen(told[f"units_{fold}"].tolist(), told[f"logits_{fold}"])
            for fold in range(1, FOLDS + 1)
        }
        self.mixed: Mapping[str, Any] = {}
        """The encoder's tables, as far as they have been learned."""
        self._languages: dict[int, Language] = {}

    def mix(self, tables: Mapping[str, Any]) -> None:
        """From now on these are the encoder's tables."""
        self.mixed, self._languages = tables, {}

    def language_for(self, answer_id: str) -> Language:
        """The same one for all of a third, for what is compiled in it is kept."""
        fold = fold_of(answer_id)
        if fold not in self._languages:
            self._languages[fold] = self._without(fold)
        return self._languages[fold]

    def _without(self, fold: int) -> Language:
        spoken_language = language()
        weights = {
            name: table
            for name, table in {**spoken_language.weights, **_tables(fold)}.items()
            if not name.endswith("_encoder") or name == "replies_encoder"
        }
        weights["agency_encoder"] = {}
        return replace(
            spoken_language, weights={**weights, **self.mixed}, encoder=self.encoders[fold]
        )


_tables = cache(fold_tables)
