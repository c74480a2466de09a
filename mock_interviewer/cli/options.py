"""Options that several commands share, and how their values are read.

A name that does not exist is answered with the names that do.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from mock_interviewer.core.rubric import Level, Principle
from mock_interviewer.errors import UnknownName

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Where your sessions are kept; also MOCK_INTERVIEWER_HOME.",
    ),
]
LanguageOption = Annotated[
    str | None,
    typer.Option("--language", metavar="NAME", help="The language spoken: en or es."),
]
PrincipleOption = Annotated[
    str | None,
    typer.Option("--principle", metavar="NAME", help="ownership, deliver_results, conflict ..."),
]
LevelOption = Annotated[
    str | None, typer.Option("--level", metavar="LEVEL", help="sde1, sde2 or senior.")
]
EngineOption = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="auto, whisper or sphinx.")
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME|DIR", help="A faster-whisper model's name or folder."),
]
DeviceOption = Annotated[
    str | None,
    typer.Option("--device", metavar="NAME", help="A microphone by (part of) its name."),
]
SpeakerOption = Annotated[
    str | None,
    typer.Option("--speaker", metavar="NAME", help="A loudspeaker by (part of) its name."),
]
VoiceOption = Annotated[
    str | None, typer.Option("--voice", metavar="ID", help="A voice; see 'voices'.")
]
RateOption = Annotated[
    int, typer.Option("--rate", min=80, max=350, help="Words a minute of the spoken question.")
]

ENGINES = ("auto", "whisper", "sphinx")
_Named = TypeVar("_Named", bound=StrEnum)


def _named(kind: type[_Named], value: str | None, what: str) -> _Named | None:
    if value is None:
        return None
    try:
        return kind(value.lower().replace("-", "_"))
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise UnknownName(f"There is no {what} '{value}'; there are {known}.") from None


def principle_of(value: str | None) -> Principle | None:
    """The principle by its name. Raises UnknownName."""
    return _named(Principle, value, "principle")


def level_of(value: str | None) -> Level | None:
    """The level by its name. Raises UnknownName."""
    return _named(Level, value, "level")


def engine_of(value: str) -> str:
    """An engine's name. Raises UnknownName."""
    if value not in ENGINES:
        raise UnknownName(f"There is no engine '{value}'; there are {', '.join(ENGINES)}.")
    return value
