"""Where the questions and the recorded answers lie: inside the installed package, or beside it."""

from __future__ import annotations

from pathlib import Path

from mock_interviewer.errors import BadInput

_PACKAGE = Path(__file__).resolve().parent.parent


def prompts_dir(language: str = "en") -> Path:
    """The folder of question packs in a language: `prompts/`, or `prompts/es/`. Raises BadInput."""
    return _found("prompts" if language == "en" else f"prompts/{language}")


def fixtures_dir() -> Path:
    """The folder of recorded answers. Raises BadInput."""
    return _found("audio_fixtures")


def _found(name: str) -> Path:
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise BadInput(f"The folder '{name}' is missing from this installation; install it again.")
