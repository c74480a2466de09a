"""Learn which phrases and features speak for which stage, from labelled answers.

A chain of stages (tools/chain_field.py) is fitted to the answers as they may be heard
(tools/stage_samples.py). What comes out is `languages/<code>/stages.tsv`, and for the second
reading `course.tsv`, which people can read.

    learn_stages.py                         learn, and write the table
    learn_stages.py --cross-validate 5      figures on held-out folds; writes nothing
    learn_stages.py --folders train         learn from these folders of the corpus alone
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

from chain_field import fitted  # noqa: E402
from labelled import (  # noqa: E402
    labelled_answers,
    language,
    language_option,
    speak,
    table_path,
    write_tables,
)
from stage_figures import cross_validated  # noqa: E402
from stage_samples import HEARD, samples_of  # noqa: E402

from mock_interviewer.core.rubric import Stage  # noqa: E402
from mock_interviewer.core.second_reading import (  # noqa: E402
    PLACES,
    STAGES,
    SecondReading,
    centred,
    places_of,
    steps_told,
)
from mock_interviewer.core.segmenting import (  # noqa: E402
    StageModel,
    emissions,
    path_shares,
)
from mock_interviewer.core.stage_features import unit_features  # noqa: E402
from mock_interviewer.core.weight_rows import WeightRows  # noqa: E402

PENALTY_PHRASES, PENALTY_OTHERS = 1.0, 0.3
PENALTY_PLACES, PENALTY_READ = 1.0, 0.05
INNER_FOLDS = 3
"""The second reading learns from this many first readings, each of a part it has not seen."""
SMALLEST_WEIGHT = 0.04
SCALE = 1 / len(HEARD)
"""What an answer counts: those told in a hurry count beside the whole ones."""


def learn(answers: Sequence[dict[str, Any]], iterations: int = 120) -> StageModel:
    """Fit both readings to the answers."""
    first = learn_first(answers, iterations)
    return replace(first, second=learn_second(answers, iterations))


def learn_second(answers: Sequence[dict[str, Any]], iterations: int) -> SecondReading:
    """Fit the second reading to first readings by models that had not seen the answer."""
    emits, found, stages = [], [], []
    for part in range(INNER_FOLDS):
        model = learn_first(
            [a for k, a in enumerate(answers) if k % INNER_FOLDS != part], iterations
        )
        for sample in samples_of(answers[part::INNER_FOLDS]):
            emit = emissions(sample.units, language(), model)
            lengths = [unit.end_word - unit.first_word for unit in sample.units]
            found.append(places_of(path_shares(emit, model), lengths))
            emits.append(centred(emit))
            stages.append(sample.stages)
    return second_of(found, emits, stages, iterations)


def second_of(
    places: Sequence[np.ndarray],
    read: Sequence[np.ndarray],
    stages: list[tuple[Stage, ...]],
    iterations: int = 120,
) -> SecondReading:
    """Fit it to the places of each answer's units and to what was read of them.

    read: for each unit the first reading's scores, and beside them the encoder's if it has a part.
    """
    columns = np.concatenate(places)
    rows = np.repeat(np.arange(len(columns)), columns.shape[1])
    at = scipy.sparse.csr_matrix(
        (np.ones(len(rows)), (rows, columns.ravel())), shape=(len(columns), len(PLACES))
    )
    x = scipy.sparse.hstack([at, scipy.sparse.csr_matrix(np.concatenate(read))]).tocsr()
    penalty = np.full((x.shape[1], 1), PENALTY_PLACES)
    penalty[len(PLACES) :] = PENALTY_READ
    weights, steps, first, last = fitted(x, stages, penalty, scale=SCALE, iterations=iterations)
    by_places, by_first, by_told = np.split(weights, [len(PLACES), len(PLACES) + len(STAGES)])
    told = by_told if len(by_told) else None
    return SecondReading(steps, first, last, by_first, by_places, told)


def learn_first(answers: Sequence[dict[str, Any]], iterations: int) -> StageModel:
    """Fit the first reading to the answers."""
    samples = samples_of(answers)
    featured = [unit_features(sample.units, language()) for sample in samples]
    seen = Counter(name for units in featured for phrases, _ in units for name in phrases)
    phrases = sorted(name for name, count in seen.items() if count >= 3 * len(HEARD))
    others = sorted({name for units in featured for _, names in units for name in names})
    index = {name: at for at, name in enumerate([*phrases, *others])}
    n_answers = sum(len(units) for units in featured)
    rarity = np.ones(len(index))
    for name in phrases:
        rarity[index[name]] = math.log(n_answers / seen[name])
    entries: list[tuple[int, int, float]] = []
    for row, (names, shape) in enumerate(unit for units in featured for unit in units):
        for name in names:
            if name in index:
                entries.append((row, index[name], rarity[index[name]] / math.sqrt(len(names))))
        entries += [(row, index[name], 1.0) for name in shape]
    rows, columns, values = zip(*entries, strict=True)
    x = scipy.sparse.csr_matrix((values, (rows, columns)), shape=(n_answers, len(index)))
    penalty = np.full((len(index), 1), PENALTY_OTHERS)
    penalty[: len(phrases)] = PENALTY_PHRASES
    weights, steps, first, last = fitted(
        x, [s.stages for s in samples], penalty, scale=SCALE, iterations=iterations
    )
    table = weights * rarity[:, None]
    return StageModel(
        steps,
        first,
        last,
        phrases=WeightRows.of(
            {n: table[index[n]] for n in phrases if _matters(table[index[n]])}, len(STAGES)
        ),
        others=WeightRows.of({n: table[index[n]] for n in others}, len(STAGES)),
    )


def _matters(row: np.ndarray) -> bool:
    return float(np.abs(row).max()) >= SMALLEST_WEIGHT


def tables_of(model: StageModel) -> dict[str, dict[str, float]]:
    """Stage, phrase, weight, the strongest first; steps to the next stage as '-> stage'."""
    tables = {}
    for at, stage in enumerate(STAGES):
        entries = {
            name: rows.table[place, at]
            for rows in (model.phrases, model.others)
            for name, place in rows.at.items()
        }
        tables[stage.value] = strongest_first(entries) | steps_told(model, at)
    return tables


def second_tables_of(model: SecondReading) -> dict[str, dict[str, float]]:
    """The same of the second reading; the first one's scores as 'first reading: stage'."""
    tables = {}
    for at, stage in enumerate(STAGES):
        told = {f"first reading: {s}": float(model.by_first[k, at]) for k, s in enumerate(STAGES)}
        if model.by_told is not None:
            told |= {f"encoder: {s}": float(model.by_told[k, at]) for k, s in enumerate(STAGES)}
        entries = dict(zip(PLACES, model.places[:, at], strict=True))
        tables[stage.value] = told | strongest_first(entries) | steps_told(model, at)
    return tables


def strongest_first(entries: dict[str, float]) -> dict[str, float]:
    """What matters at all, in the order of its weight."""
    strong = sorted(entries.items(), key=lambda entry: -entry[1])
    return {name: float(weight) for name, weight in strong if abs(weight) >= least(name)}


def least(name: str) -> float:
    """A phrase's weight is shared by all of its unit's, so small ones change nothing."""
    return 0.02 if name[0] in "=<>@" else 0.1


def main() -> None:
    """Learn, or say how well learning does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folders", nargs="+", default=None)
    parser.add_argument("--cross-validate", type=int, metavar="FOLDS")
    language_option(parser)
    options = parser.parse_args()
    speak(options.language)
    answers = labelled_answers(options.folders)
    if options.cross_validate:
        for name, found in cross_validated(answers, options.cross_validate, learn).items():
            print(name, json.dumps(found))
        return
    model = learn(answers)
    write_tables(tables_of(model), table_path("stages"))
    if model.second:
        write_tables(second_tables_of(model.second), table_path("course"))
    print(f"{len(answers)} answers, {len(model.phrases.at)} phrases, {len(model.others.at)} others")


if __name__ == "__main__":
    main()
