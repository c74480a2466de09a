"""What every match of an expression must hold: the pieces that its parse tree tells of.

Nearly every expression needs some word: `(?:nobody|no one) (?:\\w+ ){0,3}asked` cannot match where
neither 'nobody' nor 'no one' stands. Each node of an expression's tree stands for a set of shapes.
A shape is what is known of a match: its characters, with GAP for anything at all, EDGE for a word's
beginning or end, and SPACE for anything that begins and ends outside a word. A sequence's shapes
are all combinations of its parts' shapes; where those are too many, the part that tells more is
kept and the other becomes a gap. A piece is a word of a shape, two words with a blank between, or a
sign; a GAP at its end says that the word may go on there. Whatever is not understood is a gap: then
the pieces tell less, and are never wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from re import _constants as _op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

GAP, EDGE, SPACE = "\0", "\1", "\2"
MOST_SHAPES = 150
Shapes = frozenset[str]
ANYTHING: Shapes = frozenset({GAP})
NOTHING: Shapes = frozenset({""})
_RUN = re.compile(r"\w+|[^\w\s]")
_PIECE = re.compile(r"\0?\w+\0?|[^\w \0\1\2]")
_PAIR = re.compile(r"(?<![\w\0])(?=(\w+ \w+)(?![\w\0]))")


def pieces_needed(expression: str, share_of: Callable[[str], float]) -> frozenset[str] | None:
    r"""Pieces of which every match holds one; None if nothing is known.

    share_of guesses the share of texts that hold a piece; of several sets the rarest is chosen.

    >>> sorted(pieces_needed(r"\b(?:told|asked) .*me", lambda piece: 1 / len(piece)))
    ['asked', 'told']
    """
    return _Shaper(share_of).pieces_needed(_parser.parse(expression))


def stays_within_a_word(expression: str) -> bool:
    r"""True if no match holds a blank, is empty, or depends on more than the word it is in.

    >>> stays_within_a_word(r"\b(?:it|\w+n't)\b"), stays_within_a_word(r"\bno one\b")
    (True, False)
    """
    tree = _parser.parse(expression)
    return tree.getwidth()[0] > 0 and all(_holds_no_blank(*node) for node in tree)


def _holds_no_blank(op: Any, value: Any) -> bool:
    if op is _op.LITERAL:
        return not chr(value).isspace()
    if op is _op.IN:
        return all(_holds_no_blank(*member) for member in value)
    if op is _op.AT:
        return value is _op.AT_BOUNDARY
    if op is _op.CATEGORY:
        return value in (_op.CATEGORY_WORD, _op.CATEGORY_DIGIT)
    if op is _op.BRANCH:
        return all(_holds_no_blank(*node) for branch in value[1] for node in branch)
    if op in (_op.SUBPATTERN, _op.MAX_REPEAT, _op.MIN_REPEAT):
        return all(_holds_no_blank(*node) for node in value[-1])
    return False


def runs_of(text: str) -> list[str]:
    """The words and signs of a text.

    >>> runs_of("i'd say 9%.")
    ['i', "'", 'd', 'say', '9', '%', '.']
    """
    return _RUN.findall(text)


def possible_pieces(run: str) -> Iterator[str]:
    """Every piece that a word or sign holds, but for those that have a GAP at both ends."""
    yield run
    for at in range(len(run)):
        yield run[: at + 1] + GAP
        yield GAP + run[at:]


class _Shaper:
    """Shapes of trees, the rarer ones kept."""

    def __init__(self, share_of: Callable[[str], float]) -> None:
        self._share_of = cache(share_of)

    def pieces_needed(self, tree: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
        return self._rarest_pieces(self._shapes_of(tree))

    def _rarest_pieces(self, shapes: Shapes) -> frozenset[str] | None:
        """The piece of every shape that fewest texts hold; None if a shape has none."""
        found = set()
        for shape in shapes:
            open_ended = f"{GAP}{shape}{GAP}".replace(GAP, GAP + GAP)  # one for each neighbour
            pieces = _PIECE.findall(open_ended)
            if " " in shape:
                pieces += _PAIR.findall(open_ended)
            if not pieces:
                return None
            found.add(min(pieces, key=self._share_of))
        return frozenset(found)

    def _share(self, shapes: Shapes) -> float:
        """A guess at the share of texts that hold one of the pieces that the shapes need."""
        pieces = self._rarest_pieces(shapes)
        return math.inf if pieces is None else sum(map(self._share_of, pieces))

    def _shapes_of(self, sequence: Iterable[tuple[Any, Any]]) -> Shapes:
        """The shapes of a row of nodes."""
        shapes, between = NOTHING, ""
        for op, value in sequence:
            if op is _op.LITERAL:
                between += _shape_of_character(chr(value))
            elif op is _op.AT:
                between += EDGE if value is _op.AT_BOUNDARY else ""
            else:
                shapes = self._joined(shapes, between, self._shapes_of_node(op, value))
                between = ""
        return _ended(shapes, between)

    def _joined(self, before: Shapes, between: str, after: Shapes) -> Shapes:
        """All combinations; where they are too many, the side that tells more, with a gap."""
        if len(before) * len(after) <= MOST_SHAPES:
            return frozenset(a + between + b for a in before for b in after)
        end = EDGE if _all_begin_outside_a_word(after) else ""
        start = EDGE if _all_end_outside_a_word(before) else ""
        only_before = _ended(before, between + end + GAP)
        only_after = frozenset(GAP + start + between + shape for shape in after)
        return min(only_before, only_after, key=self._share)

    def _shapes_of_node(self, op: Any, value: Any) -> Shapes:
        """The shapes of one node of the parse tree; a kind that is not known is a gap."""
        if op is _op.IN:
            return _shapes_of_class(value)
        if op is _op.SUBPATTERN:
            return self._shapes_of(value[-1])
        if op is _op.BRANCH:
            return frozenset().union(*map(self._shapes_of, value[1]))
        if op in (_op.MAX_REPEAT, _op.MIN_REPEAT):
            least, most, repeated = value
            return _repeated(self._shapes_of(repeated), least, most)
        if op in (_op.ASSERT, _op.ASSERT_NOT):
            return NOTHING  # they look, and take no room
        return ANYTHING


def _all_begin_outside_a_word(shapes: Shapes) -> bool:
    return all(shape.startswith((" ", SPACE, EDGE)) for shape in shapes)


def _all_end_outside_a_word(shapes: Shapes) -> bool:
    return all(shape.endswith((" ", SPACE, EDGE)) for shape in shapes)


def _ended(shapes: Shapes, ending: str) -> Shapes:
    return frozenset(shape + ending for shape in shapes) if ending else shapes


def _shape_of_character(character: str) -> str:
    return character if character.isprintable() else GAP


def _shapes_of_class(members: Sequence[tuple[Any, Any]]) -> Shapes:
    shapes: set[str] = set()
    for op, value in members:
        if op is _op.LITERAL:
            shapes.add(_shape_of_character(chr(value)))
        elif value is _op.CATEGORY_DIGIT:
            shapes.update("0123456789")
        elif value in (_op.CATEGORY_NOT_WORD, _op.CATEGORY_SPACE):
            shapes.add(SPACE)
        else:
            return ANYTHING
    return frozenset(shapes)


def _repeated(once: Shapes, least: int, most: int) -> Shapes:
    shapes = once
    if most > 1 and once != {SPACE}:
        first = EDGE if _all_begin_outside_a_word(once) else ""
        last = EDGE if _all_end_outside_a_word(once) else ""
        shapes = _ended(once, GAP + last) if least else frozenset({first + GAP + last})
    return shapes if least else shapes | NOTHING
