"""The questions and patterns there are, ours and the person's own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mock_interviewer.adapters.language_files import languages_called
from mock_interviewer.settings import Home
from mock_interviewer.wiring.languages import language_of

if TYPE_CHECKING:
    from mock_interviewer.adapters.pack_files import Fault, Packs
    from mock_interviewer.core.guessing import Guess
    from mock_interviewer.core.pattern import Pattern
    from mock_interviewer.core.question import Question


@cache
def packs(home: Home) -> Packs:
    """Our questions in the language and the person's own."""
    from mock_interviewer.adapters.pack_files import load_packs

    return load_packs(home.questions, home.language)


def pattern(home: Home, name: str) -> Pattern:
    """A whole pattern by its id. Raises UnknownName."""
    return packs(home).find_pattern(name)


def guess_of(home: Home, question: str) -> Guess:
    """What a question in the person's own words asks for."""
    from mock_interviewer.core import guessing

    return guessing.guess_of(question, language_of(home))


def known_question(home: Home, text: str) -> Question | None:
    """The pack's question with exactly this id or text, or another wording of it.

    In the home's language or in another.
    """
    from mock_interviewer.adapters import pack_files

    for code in sorted(languages_called(), key=lambda code: code != home.language):
        spoken = replace(home, asked_language=code)
        if pack_files.is_mentioned(text, spoken.questions, code):
            found = packs(spoken).known(text)
            if found is not None:
                return found
    return None


def pack_files(home: Home) -> tuple[Path, ...]:
    """Every file of questions, ours before the person's own."""
    from mock_interviewer.adapters import pack_files

    return pack_files.pack_paths(home.questions, home.language)


def check_pack(path: Path) -> tuple[Fault, ...]:
    """Every fault of a pack."""
    from mock_interviewer.adapters import pack_files

    return pack_files.check_pack(path)
