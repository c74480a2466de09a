"""The labelled answers that everything is learned from, and the tables that come out."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus")]

import timed  # noqa: E402

from mock_interviewer.adapters.language_files import LANGUAGES_DIR, load_language  # noqa: E402
from mock_interviewer.core.language import Language  # noqa: E402
from mock_interviewer.core.rubric import Stage  # noqa: E402
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word  # noqa: E402

LEARNED_FROM: Mapping[str, tuple[str, ...]] = {"en": ("train", "own/answers")}
"""Folders of the corpus; `dev`, `messy` and `own/kept` are only ever reported on.

A language that is not named here has its own folder, `own/<code>/answers`.
"""
_code = "en"
Told = TypeVar("Told", bound=str)


def speak(code: str) -> None:
    """Say in which language the scripts learn and measure; once, before anything is read."""
    global _code
    _code = code


def language_option(parser: argparse.ArgumentParser) -> None:
    """The option that all scripts share."""
    parser.add_argument("--language", default="en", metavar="CODE", help="as in languages/CODE")


def is_english() -> bool:
    """True unless another language was said."""
    return _code == "en"


def language() -> Language:
    """The language that is spoken, with its tables as they stand."""
    return load_language(_code)


def table_path(name: str) -> Path:
    """Where a table of it is written to."""
    return LANGUAGES_DIR / _code / f"{name}.tsv"


def own_corpus() -> Path:
    """What was written beside the corpus, in the language."""
    own = ROOT / "corpus" / "own"
    return own if is_english() else own / _code


def folders_learned_from() -> tuple[str, ...]:
    """The corpus's folders of answers to learn from, in the language."""
    return LEARNED_FROM.get(_code, (f"own/{_code}/answers",))


def labelled_answers(folders: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """The labelled answers of the corpus's folders, in a fixed order; all that teach if None."""
    folders = folders_learned_from() if folders is None else folders
    paths = [path for name in folders for path in sorted((ROOT / "corpus" / name).glob("*.json"))]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def lines_of(path: Path) -> list[dict[str, Any]]:
    """A JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sentences_in(name: str) -> list[dict[str, Any]]:
    """The own sentences of a file; none where a language has no such file."""
    path = own_corpus() / name
    return lines_of(path) if path.is_file() else []


def spoken(
    answer: dict[str, Any], bare: bool = False, noisy: bool = False
) -> tuple[Transcript, list[StagedUnit]]:
    """A labelled answer as a transcript with its true units."""
    heard = timed.heard(answer, bare, noisy)
    words = [Word(w["word"].strip(), w["start"], w["end"], w["probability"]) for w in heard]
    transcript = Transcript(tuple(words), words[-1].end_s)
    places: dict[int, list[int]] = {}
    for k, word in enumerate(heard):
        places.setdefault(word["unit"], []).append(k)
    units = []
    for index, inside in sorted(places.items()):
        first, end = inside[0], inside[-1] + 1
        times = words[first].start_s, words[end - 1].end_s
        stage = Stage(answer["units"][index]["stage"])
        units.append(StagedUnit(first, end, transcript.text_of(first, end), *times, stage, 1.0))
    return transcript, units


def most_told(stages: Sequence[Told]) -> Told:
    """What most words of a unit serve; of two that do equally often the first."""
    return Counter(stages).most_common(1)[0][0]


def words_quoted(transcript: Transcript, quote: str | None) -> range:
    """The words that a labelled quote touches; none where it is not said in these words."""
    at = transcript.text.find(quote) if quote else -1
    if quote is None or at < 0:
        return range(0)
    first = transcript.text.count(" ", 0, at)
    return range(first, first + quote.count(" ") + 1)


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

    def teaching(self, units: Sequence[StagedUnit], stages: Collection[Stage]) -> list[int]:
        """The changed ones of the answer's units that teach, among those of the label's stages.

        Where the label came with the change, the first one shows it; where it went, none does.
        """
        home = [k for k in sorted(self.changed) if units[k].stage in stages]
        return home[:1] if self.is_present else home


def twins_of(answers: Sequence[dict[str, Any]]) -> list[Twin]:
    """The own minimal pairs on these answers. Of a twin only its own label is known."""
    bases = {answer["id"]: answer for answer in answers}
    paths = sorted(own_corpus().glob("pairs-*.jsonl"))
    pairs = [pair for path in paths for pair in lines_of(path)]
    return [_twin(bases[pair["base"]], pair) for pair in pairs if pair["base"] in bases]


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
