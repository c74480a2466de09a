"""A language's tables, read from `languages/<code>/`: weights as TSV, phrase patterns as TOML.

A `.tsv` has a header and the columns label, phrase, weight; a `.toml` has groups, each a list of
regular expressions (under the key `patterns`, or the group itself being the list).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from mock_interviewer.core.language import Language

LANGUAGES_DIR = Path(__file__).resolve().parent.parent / "languages"


def read_weights(path: Path) -> dict[str, dict[str, float]]:
    """Label -> phrase -> weight."""
    weights: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8") as lines:
        next(lines)  # the header
        for line in lines:
            label, phrase, weight = line.rstrip("\n").split("\t")
            weights.setdefault(label, {})[phrase] = float(weight)
    return weights


def read_phrases(path: Path) -> dict[str, tuple[str, ...]]:
    """Group -> regular expressions."""
    with path.open("rb") as file:
        return {group: tuple(expressions) for group, expressions in tomllib.load(file).items()}


@cache
def load_language(code: str = "en") -> Language:
    """The language's tables, read once a process."""
    folder = LANGUAGES_DIR / code
    return Language(
        code=code,
        weights={path.stem: read_weights(path) for path in sorted(folder.glob("*.tsv"))},
        phrases={path.stem: read_phrases(path) for path in sorted(folder.glob("*.toml"))},
    )
