"""The second reading of the stages with the encoder in it, learned on thirds unseen by both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import learn_stages
import numpy as np
from all_cores import on_all_cores
from learn_folds import FOLDS, fold_of
from stage_figures import calibration_error, figures, messy_ones, prediction
from stage_samples import samples_of
from unseen_thirds import Thirds

from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.second_reading import SecondReading, centred, places_of
from mock_interviewer.core.segmenting import emissions, model_of, path_shares, stages_told

Row = dict[str, Any]


def learn_course(thirds: Thirds, answers: Sequence[Row]) -> None:
    """The second reading with the encoder in it; what it does on unseen thirds is printed."""
    told = on_all_cores(lambda answer: _heard(thirds, answer), answers)
    folds = [fold_of(answer["id"]) for answer in answers]
    everything = 0  # no third has this number, so nothing is left out
    readings = on_all_cores(
        lambda without: _fitted([t for t, f in zip(told, folds, strict=True) if f != without]),
        range(everything, FOLDS + 1),
    )
    predicted: dict[str, Row] = {}
    for fold in range(1, FOLDS + 1):
        thirds.mix({"course_encoder": learn_stages.second_tables_of(readings[fold])})
        unseen = [a for a, f in zip(answers, folds, strict=True) if f == fold]
        courses = on_all_cores(lambda answer: _predicted(thirds, answer), unseen)
        predicted |= {a["id"]: course for a, course in zip(unseen, courses, strict=True)}
    for name, chosen in (("all", list(answers)), ("messy", messy_ones(answers))):
        found = figures(chosen, [predicted[answer["id"]] for answer in chosen])
        print(f"stages, {name}: {found}", flush=True)
    print("calibration", calibration_error(answers, predicted))
    thirds.mix({"course_encoder": learn_stages.second_tables_of(readings[everything])})


def _heard(thirds: Thirds, answer: Row) -> list[tuple[Any, Any, Any, tuple[Stage, ...]]]:
    """Places, first reading and encoder's scores of an answer's units, as it may be heard."""
    spoken_language = thirds.language_for(answer["id"])
    model = model_of(spoken_language.weights["stages"])
    found = []
    for sample in samples_of([answer]):
        emit = emissions(sample.units, spoken_language, model)
        lengths = [unit.end_word - unit.first_word for unit in sample.units]
        places = places_of(path_shares(emit, model), lengths)
        said = stages_told(sample.units, spoken_language)
        assert said is not None
        found.append((places, centred(emit), centred(said), sample.stages))
    return found


def _fitted(told: Sequence[Sequence[Any]]) -> SecondReading:
    rows = [sample for answer in told for sample in answer]
    return learn_stages.second_of(
        [places for places, _, _, _ in rows],
        [np.hstack([emit, said]) for _, emit, said, _ in rows],
        [stages for _, _, _, stages in rows],
    )


def _predicted(thirds: Thirds, answer: Row) -> Row:
    spoken_language = thirds.language_for(answer["id"])
    return prediction(answer, None, bare=False, noisy=False, speaks=spoken_language)
