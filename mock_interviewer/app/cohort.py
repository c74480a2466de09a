"""Many files, each once, in the order in which they were named, whatever the order of doing.

What was found before is taken from what is kept; what comes is kept at once, so a run that breaks
off goes on where it was. What could not be read is not kept: the file may be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """One source and the key under which its answer is kept; the key changes with the file."""

    source: str
    key: str


@dataclass(frozen=True)
class Found:
    """A source's lines, as `replay --json` prints them."""

    source: str
    lines: Lines
    is_flawed: bool = False


WorkOff = Callable[[Sequence[Piece]], Iterator[tuple[int, Found]]]


def in_order(
    pieces: Sequence[Piece],
    kept: Mapping[str, Lines],
    work_off: WorkOff,
    keep: Callable[[Piece, Lines], None],
    show: Callable[[int, int], None],
) -> Iterator[Found]:
    """Every piece's answer in its order, as soon as all before it are there.

    show is told how many of how many are done.
    """
    done = {
        number: Found(piece.source, kept[piece.key])
        for number, piece in enumerate(pieces)
        if piece.key in kept
    }
    missing = [number for number in range(len(pieces)) if number not in done]
    count, following = len(done), 0
    show(count, len(pieces))
    while following in done:
        yield done.pop(following)
        following += 1
    for which, found in work_off([pieces[number] for number in missing]):
        number = missing[which]
        if not found.is_flawed:
            keep(pieces[number], found.lines)
        done[number] = found
        count += 1
        show(count, len(pieces))
        while following in done:
            yield done.pop(following)
            following += 1
