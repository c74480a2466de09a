"""Learn which phrases and features speak for which stage, from labelled answers.

A linear-chain conditional random field: a weight for every (feature, stage), one for every step
from a stage to the next, and one for every first and last stage, all fitted together with an L2
penalty. The answers are given a speaker (corpus/timed.py), cut into units as at run time, with and
without punctuation and with misheard words, and each unit takes the stage of most of its words.
What comes out is `languages/<code>/stages.tsv`, and for the second reading `course.tsv`, which
people can read.

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
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

import timed  # noqa: E402
from labelled import (  # noqa: E402
    labelled_answers,
    language,
    language_option,
    most_told,
    speak,
    table_path,
    write_tables,
)

from mock_interviewer.core.language import Language  # noqa: E402
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
    segment,
)
from mock_interviewer.core.stage_features import unit_features  # noqa: E402
from mock_interviewer.core.transcript import Transcript, Unit, Word  # noqa: E402
from mock_interviewer.core.units import units_of  # noqa: E402

PENALTY_PHRASES, PENALTY_OTHERS, PENALTY_STEPS = 1.0, 0.3, 0.1
PENALTY_PLACES, PENALTY_READ = 1.0, 0.05
INNER_FOLDS = 3
"""The second reading learns from this many first readings, each of a part it has not seen."""
SMALLEST_WEIGHT = 0.04
HEARD = ((False, False), (True, False), (False, True))
"""As spoken; without punctuation; with misheard words."""


@dataclass(frozen=True)
class Sample:
    """One answer as it was heard: its units and their true stages."""

    units: tuple[Unit, ...]
    stages: tuple[Stage, ...]


def sample_of(answer: dict[str, Any], *, bare: bool, noisy: bool) -> Sample:
    """An answer with a speaker, cut as at run time."""
    heard = timed.heard(answer, bare, noisy)
    words = tuple(Word(w["word"].strip(), w["start"], w["end"], w["probability"]) for w in heard)
    true = [Stage(answer["units"][w["unit"]]["stage"]) for w in heard]
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
    weights, steps, first, last = _fit(x, stages, penalty, iterations)
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
    weights, steps, first, last = _fit(x, [s.stages for s in samples], penalty, iterations)
    table = weights * rarity[:, None]
    return StageModel(
        steps,
        first,
        last,
        phrases={n: tuple(table[index[n]]) for n in phrases if _matters(table[index[n]])},
        others={n: tuple(table[index[n]]) for n in others},
    )


def _matters(row: np.ndarray) -> bool:
    return float(np.abs(row).max()) >= SMALLEST_WEIGHT


def _fit(
    x: scipy.sparse.csr_matrix, stages: list[tuple[Stage, ...]], penalty: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    k, features = len(STAGES), x.shape[1]
    lengths = np.array([len(told) for told in stages])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    longest = lengths.max()
    at = starts[:, None] + np.minimum(np.arange(longest), lengths[:, None] - 1)
    inside = np.arange(longest) < lengths[:, None]
    y = np.array([STAGES.index(stage) for told in stages for stage in told])
    gold = np.zeros((len(y), k))
    gold[np.arange(len(y)), y] = 1
    gold_steps = np.zeros((k, k))
    for start, length in zip(starts, lengths, strict=True):
        np.add.at(gold_steps, (y[start : start + length - 1], y[start + 1 : start + length]), 1)
    gold_first = np.bincount(y[starts], minlength=k).astype(float)
    gold_last = np.bincount(y[starts + lengths - 1], minlength=k).astype(float)
    scale = 1 / len(HEARD)  # answers told in a hurry count beside the whole ones

    def unpack(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        w = theta[: features * k].reshape(features, k)
        rest = theta[features * k :]
        return w, rest[: k * k].reshape(k, k), rest[k * k : k * k + k], rest[k * k + k :]

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        w, steps, first, last = unpack(theta)
        scores = x @ w
        emit = scores[at]  # (answers, longest, k)
        emit[np.arange(len(lengths)), lengths - 1] += last
        emit[:, 0] += first
        alpha = np.zeros_like(emit)
        alpha[:, 0] = emit[:, 0]
        for t in range(1, longest):
            came = _logsumexp(alpha[:, t - 1, :, None] + steps, 1) + emit[:, t]
            alpha[:, t] = np.where(inside[:, t, None], came, alpha[:, t - 1])
        log_z = _logsumexp(alpha[:, -1], 1)
        beta = np.zeros_like(emit)
        step_expect = np.zeros((k, k))
        for t in range(longest - 2, -1, -1):
            ahead = emit[:, t + 1] + beta[:, t + 1]
            beta[:, t] = np.where(
                inside[:, t + 1, None], _logsumexp(steps + ahead[:, None, :], 2), 0.0
            )
            pair = np.exp(alpha[:, t, :, None] + steps + ahead[:, None, :] - log_z[:, None, None])
            step_expect += (pair * inside[:, t + 1, None, None]).sum(0)
        post = np.exp(alpha + beta - log_z[:, None, None])
        flat = post[inside]
        told = (scores * gold).sum() + (steps * gold_steps).sum()
        told += first @ gold_first + last @ gold_last
        value = scale * (log_z.sum() - told)
        value += 0.5 * (penalty * w**2).sum() + 0.5 * PENALTY_STEPS * (steps**2).sum()
        grad_w = scale * (x.T @ (flat - gold)) + penalty * w
        grad_steps = scale * (step_expect - gold_steps) + PENALTY_STEPS * steps
        grad_first = scale * (post[:, 0].sum(0) - gold_first) + PENALTY_STEPS * first
        ends = post[np.arange(len(lengths)), lengths - 1].sum(0)
        grad_last = scale * (ends - gold_last) + PENALTY_STEPS * last
        gradient = np.concatenate([grad_w.ravel(), grad_steps.ravel(), grad_first, grad_last])
        return value, gradient

    start = np.zeros(features * k + k * k + 2 * k)
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": n}
    )
    return unpack(found.x)


def _logsumexp(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis, keepdims=True)
    total: np.ndarray = np.log(np.exp(values - top).sum(axis, keepdims=True)) + top
    return total.squeeze(axis)


def prediction(
    answer: dict[str, Any],
    model: StageModel | None,
    *,
    bare: bool,
    noisy: bool,
    speaks: Language | None = None,
) -> str:
    """A line as the scorer reads it, with stages only; by a model, or by a language's own."""
    sample = sample_of(answer, bare=bare, noisy=noisy)
    units = segment(sample.units, speaks or language(), model=model)
    told = {unit.stage for unit in units}
    ends = [unit.start_s for unit in units[1:]] + [units[-1].end_s]
    seconds: dict[str, float] = dict.fromkeys(STAGES, 0.0)
    for unit, end_s in zip(units, ends, strict=True):
        seconds[unit.stage] += (end_s or 0.0) - (unit.start_s or 0.0)
    return json.dumps(
        {
            "units": [
                {"start_s": u.start_s, "end_s": u.end_s, "stage": u.stage, "p": u.confidence}
                for u in units
            ],
            "stages": {stage: {"duration_s": seconds[stage]} for stage in STAGES},
            "weaknesses": {"missing_stages": [s for s in STAGES if s not in told and s != "none"]},
        }
    )


def figures(
    answers: Sequence[dict[str, Any]], lines: Sequence[str], *, bare: bool, noisy: bool
) -> dict[str, Any]:
    """The scorer's figures about stages."""
    import score

    rows = [
        score.judge(answer, json.loads(line), "")
        for answer, line in zip(answers, lines, strict=True)
    ]
    found = score.figures(rows)
    wanted = ("stage_accuracy", "boundary_f1", "duration_mae_s", "missing_stage_f1")
    return {name: found[name] for name in wanted}


def cross_validated(answers: Sequence[dict[str, Any]], folds: int) -> dict[str, Any]:
    """Figures on answers by models that did not see them."""
    lines: dict[tuple[bool, bool], dict[str, str]] = {heard: {} for heard in HEARD}
    for fold in range(folds):
        model = learn([a for at, a in enumerate(answers) if at % folds != fold])
        for at, answer in enumerate(answers):
            if at % folds == fold:
                for bare, noisy in HEARD:
                    line = prediction(answer, model, bare=bare, noisy=noisy)
                    lines[bare, noisy][answer["id"]] = line
    found: dict[str, Any] = {}
    for bare, noisy in HEARD:
        name = "bare" if bare else "noisy" if noisy else "as spoken"
        for part, kept in (("all", answers), ("messy", messy_ones(answers))):
            if not kept:
                continue
            told = [lines[bare, noisy][answer["id"]] for answer in kept]
            found[f"{name}, {part}"] = figures(kept, told, bare=bare, noisy=noisy)
    found["calibration_error"] = calibration_error(answers, lines[False, False])
    return found


def messy_ones(answers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [answer for answer in answers if answer["style"].startswith("messy")]


def calibration_error(answers: Sequence[dict[str, Any]], lines: dict[str, str]) -> float:
    """Expected calibration error of the units' confidence over ten bins."""
    sure, right = [], []
    for answer in answers:
        truth = sample_of(answer, bare=False, noisy=False).stages
        for unit, stage in zip(json.loads(lines[answer["id"]])["units"], truth, strict=True):
            sure.append(unit["p"])
            right.append(unit["stage"] == stage)
    bins = np.minimum((np.array(sure) * 10).astype(int), 9)
    gaps = [
        abs(np.mean(np.array(sure)[bins == b]) - np.mean(np.array(right)[bins == b]))
        * np.mean(bins == b)
        for b in range(10)
        if (bins == b).any()
    ]
    return round(float(sum(gaps)), 4)


def tables_of(model: StageModel) -> dict[str, dict[str, float]]:
    """Stage, phrase, weight, the strongest first; steps to the next stage as '-> stage'."""
    tables = {}
    for at, stage in enumerate(STAGES):
        entries = {n: row[at] for n, row in (*model.phrases.items(), *model.others.items())}
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
        for name, found in cross_validated(answers, options.cross_validate).items():
            print(name, json.dumps(found))
        return
    model = learn(answers)
    write_tables(tables_of(model), table_path("stages"))
    if model.second:
        write_tables(second_tables_of(model.second), table_path("course"))
    print(f"{len(answers)} answers, {len(model.phrases)} phrases, {len(model.others)} others")


if __name__ == "__main__":
    main()
