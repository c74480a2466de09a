"""Finding a question by its words: in any order, in any case, and in any of their common forms.

Who looks for 'deadlines missed' wants 'missed a deadline'. So words are compared by their stems,
which takes the endings of English plurals and verbs off and nothing more; a wanted word also finds
the longer ones that begin with it, from FEWEST_LETTERS on: 'custom' finds 'customers'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mock_interviewer.core.transcript import straight

FEWEST_LETTERS = 4
"""Shorter words must be there whole: 'art' is no search for 'article'."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ENDINGS = ("ing", "ed", "es", "s", "e")
_SHORTEST_STEM = 3


def stem(word: str) -> str:
    """A word in small letters without its ending.

    >>> [stem(word) for word in ("Deadlines", "missed", "stopping", "stop", "tries", "try")]
    ['deadlin', 'miss', 'stop', 'stop', 'tri', 'tri']
    """
    bare = straight(word.lower()).split("'")[0]
    for ending in _ENDINGS:
        short = bare.removesuffix(ending)
        if short != bare and len(short) >= _SHORTEST_STEM and not bare.endswith("ss"):
            bare = short
            break
    if len(bare) > _SHORTEST_STEM and bare[-1] == bare[-2] and bare[-1] not in "aeiouls":
        bare = bare[:-1]
    return bare[:-1] + "i" if len(bare) >= _SHORTEST_STEM and bare.endswith("y") else bare


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a text's words, in their order."""
    return tuple(stem(word) for word in _WORD.findall(straight(text.lower())))


def missing_words(wanted: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The wanted words that none of the texts has; empty where all of them are found.

    >>> missing_words("DEADLINES missing", ["Tell me how you missed a deadline."])
    ()
    """
    there = {found for text in texts for found in stems_of(text)}
    return tuple(
        word for word in _WORD.findall(straight(wanted.lower())) if not _is_among(stem(word), there)
    )


def _is_among(wanted: str, there: set[str]) -> bool:
    return wanted in there or (
        len(wanted) >= FEWEST_LETTERS and any(found.startswith(wanted) for found in there)
    )
