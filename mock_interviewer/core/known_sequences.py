"""Those word sequences of a text that have a weight, found without naming all the others.

A detector weighs sequences of one to three words ('w:nobody asked'). A unit has some hundred of
them and a table knows a few of these; to write down the hundred in order to look them up would take
longer than all else that is read. So the known ones are kept by their words: the first leads to the
second, and that to the third.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

PREFIX = "w:"


class _Begun(NamedTuple):
    """What is known of some words."""

    name: str | None
    """The sequence's own, if they are one."""
    then: dict[str, _Begun]
    """What may come next."""


_NOTHING = _Begun(None, {})


class KnownSequences:
    """The sequences among some names, ready to be found in any words."""

    def __init__(self, names: Iterable[str]) -> None:
        self._unread: dict[str, list[str]] = {}
        """First word -> its sequences, until the word is first said."""
        for name in names:
            if name.startswith(PREFIX):
                self._unread.setdefault(name[2:].partition(" ")[0], []).append(name)
        self._begun: dict[str, _Begun] = {}

    def among(self, words: Sequence[str]) -> list[str]:
        """The names of the known ones in the words; what is said twice may come twice."""
        found = []
        begun = self._begun
        for first, second, third in zip(
            words, [*words[1:], ""], [*words[2:], "", ""], strict=False
        ):
            name, then = begun.get(first) or self._begin(first)
            if name is not None:
                found.append(name)
            if second in then:
                name, then = then[second]
                if name is not None:
                    found.append(name)
                if third in then and (name := then[third].name):
                    found.append(name)
        return found

    def _begin(self, first: str) -> _Begun:
        """What begins with a word; arranged once, words that begin nothing are not kept."""
        names = self._unread.pop(first, None)
        if names is None:
            return _NOTHING
        root: dict[str, _Begun] = {}
        for name in names:
            *before, last = name[2:].split(" ")
            at = root
            for word in before:
                at = at.setdefault(word, _Begun(None, {})).then
            at[last] = _Begun(name, at[last].then if last in at else {})
        self._begun[first] = root[first]
        return self._begun[first]
