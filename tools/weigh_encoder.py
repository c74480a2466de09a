"""How much the small encoder counts beside the readable tables: learned on thirds unseen by both.

    python tools/weigh_encoder.py FILE.npz     FILE is by `learn_encoder.py`

Both readings of an answer are by weights that have never seen it: the encoder's from FILE, the
readable ones from corpus/folds (so learn_folds.py has to run before). Written are the tables of the
second reading of the stages with the encoder in it (course_encoder.tsv, by weigh_stages.py), for
every label the factors of the two readings and the threshold (agency_encoder.tsv,
signals_encoder.tsv), and how a disqualifier is then weighed within its answer (within_answer.tsv,
by weigh_within.py).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

import learn_signals  # noqa: E402
from all_cores import on_all_cores  # noqa: E402
from encoder_material import DISQUALIFIERS, LABELS, STAGES, asked, known_of  # noqa: E402
from labelled import (  # noqa: E402
    Twin,
    labelled_answers,
    spoken,
    table_path,
    twins_of,
    words_quoted,
    write_tables,
)
from thresholds import ABOUT_AS_GOOD, SURE, best, surer_threshold  # noqa: E402
from unseen_thirds import Thirds  # noqa: E402
from weigh_stages import learn_course  # noqa: E402
from weigh_within import Heard, weigh_within  # noqa: E402

from mock_interviewer.core import detectors, telltales, within_answer  # noqa: E402
from mock_interviewer.core.language import Language  # noqa: E402
from mock_interviewer.core.rubric import Stage  # noqa: E402
from mock_interviewer.core.second_opinion import Asked  # noqa: E402
from mock_interviewer.core.segmenting import segment  # noqa: E402
from mock_interviewer.core.transcript import StagedUnit, Transcript  # noqa: E402
from mock_interviewer.core.units import units_of  # noqa: E402
from mock_interviewer.core.weight_rows import total_of  # noqa: E402

Row = dict[str, Any]
PAIR_COUNTS = 1.0
"""What a minimal pair's changed unit counts; those of disqualifiers are weighed within the answer.

They teach how much each reading counts where the matter is the same and only the saying differs:
on unseen thirds pairs of the boundary of the job were right in 0.695 instead of 0.689, kappa 0.859
instead of 0.856; the other labels stayed as they were within 0.003.
"""


@dataclass(frozen=True)
class Told:
    """What both readings say of an answer as it was heard."""

    heard: Heard
    both: Mapping[str, Mapping[int, tuple[float, float]]]
    """Label -> unit -> readable log odds and the encoder's logit."""
    known: Sequence[Mapping[str, tuple[bool, float]]]
    """Unit -> label -> whether it is shown there, and how much that counts; empty where roughly
    heard."""


class Weighed:
    """What both readings say of units that neither has learned from, for one label."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.rows: list[tuple[float, float, bool, float]] = []
        """(readable log odds, encoder's logit, is shown, weight) of units."""
        self.answers: list[tuple[np.ndarray, bool]] = []
        """An answer's units (units, 2), once labelled and once found; and whether it is shown."""
        self.rough: list[tuple[np.ndarray, bool]] = []
        """The same of answers heard roughly, once without stops and once with words misheard."""
        self.twins: list[tuple[np.ndarray, bool]] = []

    @property
    def is_fault(self) -> bool:
        return self.label in DISQUALIFIERS

    def take_in(self, told: Told) -> None:
        """One answer more."""
        units = told.both[self.label]
        answer = np.array(list(units.values())).reshape(-1, 2), self.label in told.heard.shows
        where = {"twin": self.twins, "labelled": self.answers, "found": self.answers}
        where.get(told.heard.how, self.rough).append(answer)
        if told.known and not (self.is_fault and told.heard.how == "twin"):
            self.rows += [
                (*units[k], *told.known[k][self.label])
                for k in units
                if self.label in told.known[k]
            ]

    def table(self) -> dict[str, float]:
        """The factors, from a regression on the rows, and the thresholds on their sum."""
        rows = np.array(self.rows, dtype=float)
        counts = np.ones(len(rows)) if self.is_fault else rows[:, 3]  # even odds are then even
        mix = LogisticRegression(C=1.0)
        mix.fit(rows[:, :2], rows[:, 2] > 0, sample_weight=counts)
        (words, encoder), bias = mix.coef_[0].clip(min=0), float(mix.intercept_[0])

        def score(units: np.ndarray) -> float:
            return float((units @ [words, encoder]).max(initial=-99.0)) + bias

        scores = np.array([score(units) for units, _ in self.answers])
        target = np.array([is_shown for _, is_shown in self.answers])
        found = best(scores, target, SURE if self.is_fault else ABOUT_AS_GOOD)
        table = {"threshold": found, "words": words, "encoder": encoder, "bias": bias}
        self._print(score, scores, target, table)
        if self.is_fault:
            roughly = np.array([score(units) for units, _ in self.rough])
            truly = np.array([is_shown for _, is_shown in self.rough])
            surer = max(found, surer_threshold(roughly[~truly]))
            for threshold in (found, surer):
                there, others = ((roughly[of] >= threshold).mean() for of in (truly, ~truly))
                print(f"    roughly at {threshold:.2f}: {there:.2f} there, {others:.3f} of others")
            table["threshold_rough"] = surer
        return table

    def _print(
        self, score: Any, scores: np.ndarray, target: np.ndarray, table: Mapping[str, float]
    ) -> None:
        found = table["threshold"]
        right = [(score(units) >= found) == is_shown for units, is_shown in self.twins]
        called = scores >= found
        f1 = 2 * (called & target).sum() / max(1, called.sum() + target.sum())
        readable = np.array([u[:, 0].max(initial=-99.0) for u, _ in self.answers])
        alone = readable >= best(readable, target)
        kappas = [learn_signals.agreement(target, c) for c in (called, alone)]
        pairs = f"{np.mean(right):.3f} of {len(right)}" if right else "-"
        print(
            f"{self.label}: f1 {f1:.3f}, kappa {kappas[0]:.3f} (readable alone {kappas[1]:.3f}), "
            f"pairs right {pairs}; {table['words']:.2f} {table['encoder']:.2f} "
            f"{table['bias']:.2f} at {found:.2f}",
            flush=True,
        )


def odds_of(
    transcript: Transcript, units: Sequence[StagedUnit], spoken_language: Language
) -> dict[str, dict[int, float]]:
    """Label -> unit -> the readable detectors' log odds, in the stages where it can be told."""
    shown = telltales.features(telltales.read_units(transcript, units, spoken_language))
    readings = detectors.read_units(transcript, units, spoken_language)
    of_stage = {
        stage: detectors.stage_features(readings, stage)
        for stage in {Stage(s) for label in LABELS for s in STAGES[label]} - {Stage.NONE}
    }
    found: dict[str, dict[int, float]] = {}
    for label in LABELS:
        if label in DISQUALIFIERS:
            weights = spoken_language.weights["agency"][label]
            found[label] = {
                k: telltales.log_odds(total_of(shown[k], weights))
                for k, unit in enumerate(units)
                if unit.stage.value in STAGES[label]
            }
        else:
            weights = spoken_language.weights["signals"][label]
            features = of_stage[Stage(next(iter(STAGES[label])))]
            found[label] = {
                k: detectors.log_odds(total_of(of_unit, weights)) for k, of_unit in features.items()
            }
    return found


def weigh(
    thirds: Thirds, answers: Sequence[Row]
) -> tuple[dict[str, dict[str, float]], list[Heard]]:
    """Every label's table; and all that it was learned from."""
    twins = [twin for twin in twins_of(answers) if twin.label in LABELS]
    told = [
        *chain.from_iterable(on_all_cores(lambda answer: _every_hearing(thirds, answer), answers)),
        *on_all_cores(lambda twin: _hearing_of_twin(thirds, twin), twins),
    ]
    weighed = {label: Weighed(label) for label in LABELS}
    for each in told:
        for label in each.heard.asked_for:
            weighed[label].take_in(each)
    return {label: of_label.table() for label, of_label in weighed.items()}, [
        each.heard for each in told
    ]


def _every_hearing(thirds: Thirds, answer: Row) -> list[Told]:
    """An answer as labelled, as found, without stops and with words misheard."""
    speaks = thirds.language_for(answer["id"])
    shows = frozenset(label for label in LABELS if learn_signals.quote_in(answer, label))
    found = []
    for how in ("labelled", "found", "bare", "noisy"):
        transcript, units = spoken(answer, bare=how == "bare", noisy=how == "noisy")
        if how != "labelled":
            units = list(segment(units_of(transcript, speaks), speaks))
        heard = Heard(how, answer["id"], transcript, units, shows)
        known = _known(transcript, units, answer) if how in ("labelled", "found") else []
        found.append(Told(heard, _both(transcript, units, speaks), known))
    return found


def _hearing_of_twin(thirds: Thirds, twin: Twin) -> Told:
    """A minimal pair's changed answer, of which one label is known."""
    speaks = thirds.language_for(twin.base)
    transcript, units = spoken(twin.answer)
    shows, asked_for = frozenset([twin.label] if twin.is_present else []), frozenset([twin.label])
    heard = Heard("twin", twin.base, transcript, units, shows, asked_for)
    known: list[dict[str, tuple[bool, float]]] = [{} for _ in units]
    for k in twin.teaching(units, [Stage(stage) for stage in STAGES[twin.label]]):
        known[k][twin.label] = twin.is_present, PAIR_COUNTS
    return Told(heard, _both(transcript, units, speaks), known)


def _both(
    transcript: Transcript, units: Sequence[StagedUnit], speaks: Language
) -> dict[str, dict[int, tuple[float, float]]]:
    """Label -> unit -> both readings."""
    assert speaks.encoder is not None
    told = speaks.encoder.opinions([Asked(*unit) for unit in asked(units)])
    assert told is not None
    return {
        label: {k: (said, told[k][label]) for k, said in odds.items()}
        for label, odds in odds_of(transcript, units, speaks).items()
    }


def _known(transcript: Transcript, units: Sequence[StagedUnit], answer: Row) -> list[Any]:
    quoted = {
        label: set(words_quoted(transcript, learn_signals.quote_in(answer, label)))
        for label in LABELS
    }
    return [known_of(quoted, unit) for unit in units]


def main() -> None:
    """Learn, print what it does on unseen thirds, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("unseen", type=Path)
    options = parser.parse_args()
    thirds, answers = Thirds(options.unseen), labelled_answers()
    learn_course(thirds, answers)
    for name, table in thirds.mixed.items():
        write_tables(table, table_path(name))
    tables, heard = weigh(thirds, answers)
    faults = {label: table for label, table in tables.items() if label in DISQUALIFIERS}
    shown = {label: table for label, table in tables.items() if label not in DISQUALIFIERS}
    write_tables(faults, table_path("agency_encoder"))
    write_tables(shown, table_path("signals_encoder"))
    thirds.mix({**thirds.mixed, "agency_encoder": faults, "signals_encoder": shown})
    within = weigh_within(heard, thirds.language_for)
    write_tables(within, table_path(within_answer.TABLE))


if __name__ == "__main__":
    main()
