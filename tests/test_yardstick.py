"""The yardstick: chance is no loss, a loss is no chance, and README says what is kept."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import labelled
import pytest
from learn_folds import FOLDS, fold_of
from yards import Row, Yard, answer_figures, answer_rows, gate_figures, shipped, yards
from yardstick import ROOT, drawn, in_readme, kept_path, surely_worse, table

GATE = Yard("gate", "rows that are right or wrong", dict, gate_figures)


def gate_rows(wrong: int) -> dict[str, Row]:
    return {f"g{k}": {"gate": "story", "ok": k >= wrong} for k in range(40)}


def test_one_more_mistake_of_forty_is_chance_and_twelve_are_not() -> None:
    assert not surely_worse("story_recall", drawn(GATE, gate_rows(2), gate_rows(3)))
    assert surely_worse("story_recall", drawn(GATE, gate_rows(2), gate_rows(14)))
    assert not surely_worse("story_recall", drawn(GATE, gate_rows(14), gate_rows(2)))


def test_a_twin_is_judged_by_weights_that_did_not_see_its_base() -> None:
    assert fold_of("t-07+po-11") == fold_of("t-07")
    assert {fold_of(f"t-{k}") for k in range(50)} == set(range(1, FOLDS + 1))


def test_rows_keep_their_figures_as_json() -> None:
    rows = list(answer_rows(["messy"], shipped).values())
    measured = answer_figures(rows)
    assert 0 < (measured["stage_accuracy"] or 0) < 1  # neither nothing nor everything is right
    assert answer_figures(json.loads(json.dumps(rows))) == measured


@pytest.fixture(params=["en", "es"])
def _labels_of_a_language(request: pytest.FixtureRequest) -> Iterator[None]:
    labelled.speak(request.param)
    yield
    labelled.speak("en")


@pytest.mark.usefixtures("_labels_of_a_language")
def test_readme_shows_the_figures_that_are_kept() -> None:
    kept = json.loads(gzip.decompress(kept_path().read_bytes()))
    figures = {y.name: y.figures(list(kept[y.name].values())) for y in yards()}
    told = table(figures, {name: len(rows) for name, rows in kept.items()})
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert in_readme(readme, told) == readme
