"""Where the person's own files live, and what they may set once for all commands.

The home folder is `--home`, else MOCK_INTERVIEWER_HOME, else the system's user data folder.
Everything in it is for its owner only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "MOCK_INTERVIEWER_HOME"


@dataclass(frozen=True)
class Home:
    """The person's folder and what lies where in it."""

    path: Path

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
        return self.path / "questions"

    @property
    def voice_cache(self) -> Path:
        return self.path / "voice"


def home_at(option: Path | None) -> Home:
    """The home folder by option, environment or the system's custom; it need not exist yet."""
    if option is not None:
        return Home(option.expanduser())
    from_environment = os.environ.get(HOME_VARIABLE)
    if from_environment:
        return Home(Path(from_environment).expanduser())
    import platformdirs

    return Home(Path(platformdirs.user_data_dir("mock-interviewer", appauthor=False)))
