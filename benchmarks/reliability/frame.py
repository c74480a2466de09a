"""What a part is, and which parts there are.

A part is a module in `parts/` with

    NAME     its key in reliability.json: 'kills_card'
    PROMISE  one line: what a person may rely on
    HOW      one line: how it was tried
    PLACE    a number: where its row stands in the table
    GOES_BESIDE  True (optional): it is tried in a process of its own beside all the others, which
             mostly wait, at the least priority
    run      run(options) -> Tried

A part works in `options.folder` only, leaves no process behind, takes every random choice from
`options.dice()`, and says in `notes` what a reader of the table should know (figures, not praise).
What is lost is counted by the promise's own measure. NotHere says that this machine cannot try it.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol, cast

from reliability import parts


class NotHere(Exception):
    """The part cannot be tried on this machine; one plain line says why."""


@dataclass(frozen=True)
class Options:
    """How a part is to be tried."""

    folder: Path
    """Empty, and the part's own."""
    share: float = 1.0
    """Of the tries that the promise asks for."""
    seed: int = 1

    def times(self, full: int) -> int:
        """How often to try what is tried `full` times in all; at least once."""
        return max(1, round(full * self.share))

    def dice(self) -> Random:
        """The same for every run with the same seed."""
        return Random(self.seed)


@dataclass(frozen=True)
class Tried:
    """What came of a part."""

    tried: int
    lost: int
    notes: tuple[str, ...] = ()


class Part(Protocol):
    """A module in `parts/`."""

    NAME: str
    PROMISE: str
    HOW: str
    PLACE: int

    def run(self, options: Options) -> Tried:
        """Try it. Raises NotHere."""


def all_parts() -> list[Part]:
    """Every part there is, in the order of the table."""
    names = [module.name for module in pkgutil.iter_modules(parts.__path__)]
    found = [cast(Part, importlib.import_module(f"reliability.parts.{name}")) for name in names]
    return sorted(found, key=lambda part: (part.PLACE, part.NAME))
