"""Adding up weights and weighing all courses: the quick ways give what the plain ones do."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import labelled
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core import agency, detectors, evidence, segmenting, telltales
from mock_interviewer.core.known_phrases import SEQUENCE, KnownPhrases
from mock_interviewer.core.plain_speech import UNHEARD, sequences
from mock_interviewer.core.second_reading import STAGES, Steps
from mock_interviewer.core.segmenting import (
    LEAST_LEANING,
    emissions,
    model_of,
    path_shares,
    segment,
)
from mock_interviewer.core.stage_features import (
    OPENING,
    TABLE,
    different_phrases,
    phrases_of,
    tokens_of,
    unit_features,
)
from mock_interviewer.core.units import units_of
from mock_interviewer.core.weight_rows import WeighedFeatures, WeightRows, total_of

ENGLISH = load_language("en")
ANSWERS = labelled.labelled_answers(["train"])[:6]
WORDS = st.lists(st.sampled_from(["so", "i", "did", "it", UNHEARD]), max_size=9)


def test_every_label_gets_its_own_sum_of_what_was_found() -> None:
    tables = [{"w:so": 1.0, "w:me": -0.5}, {"w:me": 2.0, "s:i": 4.0}]
    units = [{"w:so", "w:me"}, set[str](), {"w:me", "s:i", "w:unknown"}]
    sums = WeightRows.of_columns(tables).sums(units)
    assert sums.tolist() == [[total_of(unit, table) for table in tables] for unit in units]
    assert WeightRows.of_columns(tables).sums([]).shape == (0, 2)


KNOWN = {
    "w:so": (1.0, -0.5),
    "w:i did": (0.25, 4.0),
    "w:did it": (-2.0, 0.0),
    "w:so i did": (8.0, 1.0),
    "w:it it it": (16.0, 0.5),
    "w:never so said": (3.0, 3.0),
}


@given(st.lists(WORDS, max_size=4))
def test_runs_of_words_weigh_what_they_do_when_spelt_one_by_one(units: list[list[str]]) -> None:
    columns = [{name: weights[k] for name, weights in KNOWN.items()} for k in (0, 1)]
    sums = WeighedFeatures.of_columns(columns).sums_of_runs(units)
    spelt = [[total_of({*sequences(words)}, one) for one in columns] for words in units]
    assert sums.tolist() == spelt


@given(WORDS)
def test_phrases_are_found_where_they_stand(words: list[str]) -> None:
    phrases = [name.removeprefix(SEQUENCE) for name in KNOWN]
    found = KnownPhrases(phrases).find([["it"], words])
    told = zip(found.unit.tolist(), found.at.tolist(), found.phrase.tolist(), strict=True)
    spelt = {
        (1, at, number)
        for number, phrase in enumerate(phrases)
        for at in range(len(words))
        if words[at : at + phrase.count(" ") + 1] == phrase.split(" ")
    }
    assert sorted(told) == sorted(spelt)


def test_a_phrase_of_four_words_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 3 words"):
        KnownPhrases(["so it was", "so it was done"])


@given(WORDS)
def test_phrases_are_counted_as_if_spelt(words: list[str]) -> None:
    assert different_phrases(words) == len(phrases_of(words))


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer["id"])
def test_an_answer_is_weighed_by_the_features_that_were_learned(answer: dict[str, Any]) -> None:
    transcript, _ = labelled.spoken(answer)
    plain = units_of(transcript, ENGLISH)
    model, rows = model_of(ENGLISH.weights[TABLE]), ENGLISH.weights[TABLE]
    spelt = [
        [
            total_of(phrases, rows[stage]) / len(phrases) ** 0.5 + total_of(others, rows[stage])
            for stage in STAGES
        ]
        for phrases, others in unit_features(plain, ENGLISH)
    ]
    assert emissions(plain, ENGLISH, model) == pytest.approx(np.array(spelt))

    units = tuple(replace(unit, confidence=1.0) for unit in segment(plain, ENGLISH))
    read = agency.AnswerRead.of(transcript, units, ENGLISH)
    for at, (unit, features) in enumerate(
        zip(units, telltales.features(read.readings), strict=True)
    ):
        tables = [ENGLISH.weights[agency.TABLE][label] for label in agency.LABELS]
        if unit.stage in agency.ANYWHERE:
            told = [total_of(features, table) for table in tables]
            assert read.totals[at] == pytest.approx(told)

    shown = evidence.Evidence(transcript, units, ENGLISH)
    for stage, labels in evidence.LABELS_OF_STAGE.items():
        features_of = detectors.stage_features(shown.readings, stage)
        for label in labels:  # no unit is unsure of its stage, so none beside it is looked at
            table = ENGLISH.weights[evidence.WEIGHTS][label]
            told = {at: detectors.log_odds(total_of(f, table)) for at, f in features_of.items()}
            assert shown.odds(stage)[label] == pytest.approx(told)


@pytest.mark.parametrize("answer", ANSWERS[:3], ids=lambda answer: answer["id"])
def test_what_decided_is_what_says_most_for_the_stage(answer: dict[str, Any]) -> None:
    rows = ENGLISH.weights[TABLE]

    def ahead(phrase: str, stage: str) -> float:
        others = [rows[one].get(phrase, 0.0) for one in STAGES if one != stage]
        return rows[stage].get(phrase, 0.0) - max(others)

    for unit in segment(units_of(labelled.spoken(answer)[0], ENGLISH), ENGLISH):
        spelt = {
            phrase: (ahead(phrase, unit.stage), phrase.count(" "))
            for phrase in phrases_of(tokens_of(unit.text, ENGLISH))
            if not phrase.startswith(OPENING)
            and ahead(phrase, unit.stage) > 0
            and rows[unit.stage].get(phrase, 0.0) > LEAST_LEANING
        }
        assert bool(unit.because) == bool(spelt)
        if spelt:
            first = " ".join(tokens_of(unit.because[0], ENGLISH))
            most = max(spelt.values())
            assert any(phrase in first for phrase, said in spelt.items() if said == most)
        assert sum(len(phrase.split()) for phrase in unit.because) <= len(unit.text.split())


def _model(rng: np.random.Generator) -> Steps:
    many = len(STAGES)
    return Steps(rng.normal(0, 2, (many, many)), rng.normal(0, 2, many), rng.normal(0, 2, many))


@pytest.mark.parametrize(("units", "often"), [(1, 8), (2, 8), (4, 8), (5, 2)])
def test_a_share_is_that_of_all_paths_through_the_stage(
    units: int, often: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segmenting, "OFTEN_ENOUGH", often)  # brought back to 1 among them, too
    rng = np.random.default_rng(units)
    model, emit = _model(rng), rng.normal(0, 3, (units, len(STAGES)))
    expected = np.zeros_like(emit)
    for path in product(range(len(STAGES)), repeat=units):
        steps = sum(model.steps[a, b] for a, b in pairwise(path))
        told = sum(row[stage] for row, stage in zip(emit, path, strict=True))
        weight = np.exp(model.first[path[0]] + model.last[path[-1]] + steps + told)
        expected[np.arange(units), path] += weight
    expected /= expected.sum(1, keepdims=True)
    assert path_shares(emit, model) == pytest.approx(expected, rel=1e-9)


def test_shares_do_not_vanish_in_an_hour_of_talk() -> None:
    rng = np.random.default_rng(7)
    shares = path_shares(rng.normal(0, 9, (2000, len(STAGES))), _model(rng))
    assert np.isfinite(shares).all()
    assert shares.sum(1) == pytest.approx(np.ones(len(shares)))
