"""Where the person's own files live, and what they may set once for all commands.

The home folder is `--home`, else MOCK_INTERVIEWER_HOME, else the system's user data folder.
Everything in it is for its owner only. Its `settings.toml`, if there is one, says what holds where
the command line says nothing:

    language = "es"
    encoder = false         # judge by the readable tables alone

MOCK_INTERVIEWER_ENCODER=off does the latter for one command.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.errors import BadInput, UnknownName

HOME_VARIABLE = "MOCK_INTERVIEWER_HOME"
ENCODER_VARIABLE = "MOCK_INTERVIEWER_ENCODER"
SETTINGS = "settings.toml"
USUAL_LANGUAGE = "en"


@dataclass(frozen=True)
class Home:
    """The person's folder, what lies where in it, and the language that is spoken."""

    path: Path
    asked_language: str | None = None
    """The code of the language that the command line names."""
    usual_language: str = USUAL_LANGUAGE
    """What is spoken where nobody says."""
    wants_encoder: bool = True
    """Whether the settings let the encoder judge along (core/second_opinion.py)."""

    @property
    def language(self) -> str:
        return self.asked_language or self.usual_language

    @property
    def sessions(self) -> Path:
        return self.path / "sessions"

    @property
    def drills(self) -> Path:
        return self.path / "drills"

    @property
    def models(self) -> Path:
        return self.path / "models"

    @property
    def questions(self) -> Path:
        """The person's own packs in the language spoken: `questions/`, or `questions/es/`."""
        folder = self.path / "questions"
        return folder if self.language == USUAL_LANGUAGE else folder / self.language

    @property
    def voice_cache(self) -> Path:
        return self.path / "voice"


def home_at(option: Path | None, language: str | None = None) -> Home:
    """The home folder by option, environment or the system's custom; it need not exist yet.

    language is what the command line names. Raises UnknownName for one that is not there, BadInput
    for a folder or settings that cannot be used.
    """
    path = _path(option)
    settings = _settings(path / SETTINGS)
    return Home(
        path,
        asked_language=None if language is None else _code(language),
        usual_language=_usual_language(path / SETTINGS, settings),
        wants_encoder=_wants_encoder(path / SETTINGS, settings),
    )


def uses_encoder(home: Home | None) -> bool:
    """Whether the encoder judges along: the environment can forbid it, and so can the settings."""
    if os.environ.get(ENCODER_VARIABLE, "").strip().lower() in ("off", "0", "no", "false"):
        return False
    return home is None or home.wants_encoder


def _path(option: Path | None) -> Path:
    if option is not None:
        return _in_full(option)
    from_environment = os.environ.get(HOME_VARIABLE)
    if from_environment:
        return _in_full(Path(from_environment))
    import platformdirs

    return Path(platformdirs.user_data_dir("mock-interviewer", appauthor=False))


def _in_full(told: Path) -> Path:
    try:
        return told.expanduser()
    except RuntimeError:
        raise BadInput(f"{told}: there is no such user; name the folder in full.") from None


def _code(language: str) -> str:
    from mock_interviewer.adapters.language_files import find_language

    return find_language(language)


def _wants_encoder(path: Path, settings: dict[str, Any]) -> bool:
    told = settings.get("encoder", True)
    if not isinstance(told, bool):
        raise BadInput(f"{path}: encoder is true or false, without quotes.")
    return told


def _usual_language(path: Path, settings: dict[str, Any]) -> str:
    told = settings.get("language", USUAL_LANGUAGE)
    if not isinstance(told, str):
        raise BadInput(f'{path}: the language is a name in quotes, like language = "es".')
    try:
        return told if told == USUAL_LANGUAGE else _code(told)
    except UnknownName as fault:
        raise BadInput(f"{path}: {fault}") from None


def _settings(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeError) as fault:
        why = getattr(fault, "strerror", None) or "it is not UTF-8 text"
        raise BadInput(f"{path} cannot be read: {why}.") from None
    except RecursionError:
        raise BadInput(f"{path} is nested too deep; mend or remove it.") from None
    except ValueError as fault:  # TOMLDecodeError is one
        raise BadInput(f"{path} is not TOML ({fault}); mend or remove it.") from None


def settings_of(home: Home) -> dict[str, Any]:
    """All that the person's settings say; empty where there are none. Raises BadInput."""
    return _settings(home.path / SETTINGS)
