"""The labelled answers that everything is learned from, and the tables that come out."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus")]

import timed  # noqa: E402

from mock_interviewer.core.rubric import Stage  # noqa: E402
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word  # noqa: E402

LEARNED_FROM = ("train", "own/answers")
"""Folders of the corpus; `dev`, `messy` and `own/kept` are only ever reported on."""


def labelled_answers(folders: Sequence[str] = LEARNED_FROM) -> list[dict[str, Any]]:
    """The labelled answers of the corpus's folders, in a fixed order."""
    paths = [path for name in folders for path in sorted((ROOT / "corpus" / name).glob("*.json"))]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def spoken(
    answer: dict[str, Any], bare: bool = False, noisy: bool = False
) -> tuple[Transcript, list[StagedUnit]]:
    """A labelled answer as a transcript with its true units."""
    heard = timed.heard(answer, bare, noisy)
    words = [Word(w["word"].strip(), w["start"], w["end"], w["probability"]) for w in heard]
    transcript = Transcript(tuple(words), words[-1].end_s)
    units = []
    for index, unit in enumerate(answer["units"]):
        inside = [k for k, w in enumerate(heard) if w["unit"] == index]
        if inside:
            first, end = inside[0], inside[-1] + 1
            times = words[first].start_s, words[end - 1].end_s
            text = transcript.text_of(first, end)
            units.append(StagedUnit(first, end, text, *times, Stage(unit["stage"]), 1.0))
    return transcript, units


def write_tables(tables: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Label, phrase or feature, weight: one line each, as people can read it."""
    lines = ["label\tphrase\tweight"]
    for label, table in tables.items():
        lines += [f"{label}\t{name}\t{weight:.3f}" for name, weight in table.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Twin:
    """A labelled answer with one phrase changed, and one label that follows from it or does not."""

    base: str
    """The id of the answer that was changed."""
    label: str
    is_present: bool
    answer: dict[str, Any]
    changed: frozenset[int]
    """The units with other words than the base has."""


def twins_of(answers: Sequence[dict[str, Any]]) -> list[Twin]:
    """The own minimal pairs on these answers. Of a twin only its own label is known."""
    bases = {answer["id"]: answer for answer in answers}
    found = []
    for path in sorted((ROOT / "corpus" / "own").glob("pairs-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            if pair["base"] in bases:
                found.append(_twin(bases[pair["base"]], pair))
    return found


def _twin(base: dict[str, Any], pair: dict[str, Any]) -> Twin:
    units: list[dict[str, Any]] = []
    changed: set[int] = set()
    for unit in base["units"]:
        text = unit["text"]
        for edit in pair["edits"]:
            text = text.replace(edit["replace"], edit["with"])
        if text.strip():
            if text != unit["text"]:
                changed.add(len(units))
            units.append(unit | {"text": text})
    answer = base | {"id": pair["id"], "units": units}
    return Twin(base["id"], pair["label"], pair["present"], answer, frozenset(changed))
