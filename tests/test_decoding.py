"""Adding up weights and weighing all courses: the quick ways give what the plain ones do."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from mock_interviewer.core import segmenting
from mock_interviewer.core.second_reading import STAGES, Steps
from mock_interviewer.core.segmenting import path_shares
from mock_interviewer.core.weight_rows import WeightRows, total_of


def test_every_label_gets_its_own_sum_of_what_was_found() -> None:
    tables = [{"w:so": 1.0, "w:me": -0.5}, {"w:me": 2.0, "s:i": 4.0}]
    units = [{"w:so", "w:me"}, set[str](), {"w:me", "s:i", "w:unknown"}]
    sums = WeightRows.of_columns(tables).sums(units)
    assert sums.tolist() == [[total_of(unit, table) for table in tables] for unit in units]
    assert WeightRows.of_columns(tables).sums([]).shape == (0, 2)


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
