"""The recognition models that can be fetched: what each is called, where it lies, whom it serves.

All are Whisper networks in faster-whisper's form: those whose name ends in '.en' for English, the
others for many languages. A larger one mishears less and takes longer; the sizes here are only for
the question whether to fetch, the hub states the true ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mock_interviewer.errors import UnknownName


@dataclass(frozen=True)
class OfferedModel:
    """A model that can be fetched by name."""

    name: str
    repository: str
    """OWNER/NAME on the hub."""
    about_bytes: int
    """Of all its files together, roughly."""
    purpose: str


OFFERED = (
    OfferedModel(
        "base.en",
        "Systran/faster-whisper-base.en",
        148_000_000,
        "the usual choice for an ordinary laptop",
    ),
    OfferedModel(
        "small.en",
        "Systran/faster-whisper-small.en",
        487_000_000,
        "mishears less, takes longer",
    ),
    OfferedModel(
        "tiny.en",
        "Systran/faster-whisper-tiny.en",
        78_000_000,
        "for a small computer or a slow line",
    ),
    OfferedModel(
        "medium.en",
        "Systran/faster-whisper-medium.en",
        1_530_000_000,
        "mishears least; slow, for recordings",
    ),
    OfferedModel(
        "base",
        "Systran/faster-whisper-base",
        148_000_000,
        "other languages: the usual choice for an ordinary laptop",
    ),
    OfferedModel(
        "small",
        "Systran/faster-whisper-small",
        486_000_000,
        "other languages: mishears less, takes longer",
    ),
    OfferedModel(
        "tiny",
        "Systran/faster-whisper-tiny",
        78_000_000,
        "other languages: for a small computer or a slow line",
    ),
    OfferedModel(
        "medium",
        "Systran/faster-whisper-medium",
        1_530_000_000,
        "other languages: mishears least; slow, for recordings",
    ),
)
USUAL = OFFERED[0]

_NEEDED_FILES = ("config.json", "model.bin", "tokenizer.json")
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
MODEL_FILES = frozenset((*_NEEDED_FILES, *_VOCABULARIES, "preprocessor_config.json"))
"""Of all that a repository may hold, only files of these names are ever taken."""


def offered_model(name: str) -> OfferedModel:
    """The model by its name; its repository's name will do. Raises UnknownName.

    >>> offered_model("Systran/faster-whisper-base.en").name
    'base.en'
    """
    short = name.strip().rsplit("/", 1)[-1].removeprefix("faster-whisper-").lower()
    for model in OFFERED:
        if short == model.name:
            return model
    raise UnknownName(
        f"There is no model '{name}' to fetch; there are {', '.join(m.name for m in OFFERED)}."
    )


def missing_file(names: frozenset[str]) -> str | None:
    """The first file without which these would be no model; None if they are enough.

    >>> missing_file(frozenset({"config.json", "model.bin", "vocabulary.txt"}))
    'tokenizer.json'
    """
    for name in _NEEDED_FILES:
        if name not in names:
            return name
    return None if names & set(_VOCABULARIES) else _VOCABULARIES[0]


def as_size(count: int) -> str:
    """Bytes as people read them, in steps of a thousand as hubs and disks count.

    >>> [as_size(n) for n in (900, 12_345, 148_000_000, 1_530_000_000)]
    ['900 bytes', '12 kB', '148 MB', '1.5 GB']
    """
    for unit, step in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if count >= step:
            return f"{count / step:.1f} {unit}" if unit == "GB" else f"{round(count / step)} {unit}"
    return f"{count} bytes"


def is_hex(text: object, digits: int) -> bool:
    """True for a lower-case hexadecimal number of so many digits, as hashes are written."""
    return isinstance(text, str) and bool(re.fullmatch(rf"[0-9a-f]{{{digits}}}", text))
