"""Options that several commands share, and how their values are read.

A name that does not exist is answered with the names that do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from mock_interviewer.core.endpointing import LEAST_PATIENCE_S, MOST_PATIENCE_S
from mock_interviewer.core.rubric import Level, Principle, Work
from mock_interviewer.errors import BadInput, UnknownName

if TYPE_CHECKING:
    from random import Random

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
WorkOption = Annotated[
    str | None,
    typer.Option(
        "--work",
        metavar="KIND",
        help="tech, care_and_education, retail_and_service, industry_and_trades or "
        "office_and_public_service.",
    ),
]
SurpriseOption = Annotated[bool, typer.Option("--surprise", help="Draw one of them by lot.")]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", metavar="N", help="The same draw again.", show_default=False),
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

EndOption = Annotated[
    str,
    typer.Option(
        "--end",
        metavar="HOW",
        help="manual (a key or 'that's my answer') or auto (also a silence, after a countdown).",
    ),
]
PatienceOption = Annotated[
    float | None,
    typer.Option(
        "--patience",
        metavar="SECONDS",
        help="With --end auto: how long a silence is waited for, 2 to 8; else learned from yours.",
        show_default=False,
    ),
]

ENDINGS = ("manual", "auto")
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


def work_of(value: str | None) -> Work | None:
    """The kind of work by its name. Raises UnknownName."""
    return _named(Work, value, "kind of work")


def dice_of(seed: int | None) -> Random:
    """What draws: the same for the same seed, by chance without one."""
    from random import Random, SystemRandom

    return Random(SystemRandom().randrange(2**32) if seed is None else seed)


def engine_of(value: str) -> str:
    """An engine's name. Raises UnknownName."""
    if value not in ENGINES:
        raise UnknownName(f"There is no engine '{value}'; there are {', '.join(ENGINES)}.")
    return value


@dataclass(frozen=True)
class WantedEnding:
    """How answers may end; patience_s None is learned."""

    is_auto: bool
    patience_s: float | None


def ending_of(value: str, patience_s: float | None) -> WantedEnding:
    """How answers may end. Raises UnknownName, BadInput."""
    if value not in ENDINGS:
        raise UnknownName(f"There is no ending '{value}'; there are {', '.join(ENDINGS)}.")
    if patience_s is not None and not LEAST_PATIENCE_S <= patience_s <= MOST_PATIENCE_S:
        raise BadInput(f"--patience takes 2 to 8 seconds, not {patience_s:g}.")
    if patience_s is not None and value != "auto":
        raise BadInput("--patience goes with --end auto.")
    return WantedEnding(value == "auto", patience_s)
