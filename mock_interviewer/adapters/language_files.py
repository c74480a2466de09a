"""A language's tables, read from `languages/<code>/`: weights as TSV, phrase patterns as TOML.

A `.tsv` has a header and the columns label, phrase, weight; a `.toml` has groups, each a list of
regular expressions (under the key `patterns`, or the group itself being the list). A folder is a
language if it has an `about.toml`, which says what the language is called. A table
`agency_encoder.tsv` says that an encoder lies beside it, in `encoder/`; it is asked only by who
loads the language with it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

from mock_interviewer.core.language import Language
from mock_interviewer.errors import UnknownName

LANGUAGES_DIR = Path(__file__).resolve().parent.parent / "languages"
ABOUT = "about.toml"
ENCODER = "encoder"
ENCODER_TABLE = "agency_encoder"
"""As core.second_opinion.TABLE, which would load half the core for commands that judge nothing."""


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


def load_language(code: str = "en", *, with_encoder: bool = False) -> Language:
    """The language's tables, read once a process; with_encoder, its encoder too, if any."""
    return _load_with_encoder(code) if with_encoder else _load(code)


@cache
def _load_with_encoder(code: str) -> Language:
    language = _load(code)
    if ENCODER_TABLE not in language.weights:
        return language
    from mock_interviewer.adapters.sentence_encoder import SentenceEncoder

    return replace(language, encoder=SentenceEncoder(LANGUAGES_DIR / code / ENCODER))


@cache
def _load(code: str) -> Language:
    folder = LANGUAGES_DIR / code
    return Language(
        code=code,
        weights={path.stem: read_weights(path) for path in sorted(folder.glob("*.tsv"))},
        phrases={path.stem: read_phrases(path) for path in sorted(folder.glob("*.toml"))},
    )


@cache
def languages_called() -> dict[str, tuple[str, ...]]:
    """Code -> what the language is called, the name for a sentence first."""
    return {
        path.parent.name: read_phrases(path)["called"]
        for path in sorted(LANGUAGES_DIR.glob(f"*/{ABOUT}"))
    }


def language_called(name: str) -> str | None:
    """The code of the language that people or recognisers call so; None for an unknown one.

    >>> language_called("Spanish"), language_called("es-MX"), language_called("Klingon")
    ('es', 'es', None)
    """
    wanted = name.strip()
    for code, names in languages_called().items():
        if any(re.fullmatch(expression, wanted, re.IGNORECASE) for expression in names):
            return code
    return None


def find_language(name: str) -> str:
    """The code of the language that is called so. Raises UnknownName with those there are."""
    code = language_called(name)
    if code is None:
        there = ", ".join(f"{names[0]} ({code})" for code, names in languages_called().items())
        raise UnknownName(f"'{name}' is no language spoken here; there are {there}.")
    return code
