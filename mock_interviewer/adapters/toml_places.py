"""On which line of a TOML text a key stands; the standard reader does not say.

Tables, arrays of tables and keys are followed from the top; what stands inside strings of several
lines and inside arrays is passed over.
"""

from __future__ import annotations

import re

Place = tuple[str | int, ...]

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]+"|'[^']+'|[\w-]+(?:\s*\.\s*[\w-]+)*)\s*=\s*(.*)$""")


def places_of(text: str) -> dict[Place, int]:
    """Every table and key with its line, counted from 1."""
    places: dict[Place, int] = {(): 1}
    counted: dict[Place, int] = {}
    table: Place = ()
    open_string, depth = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if open_string:
            if open_string in line:
                open_string = ""
            continue
        if depth > 0:
            depth += _brackets(line)
            continue
        head = _TABLE.match(line)
        key = _KEY.match(line)
        if head:
            table = _table_place(head[1] == "[[", head[2], counted)
            _note(places, table, number)
        elif key:
            _note(places, (*table, *_names(key[1])), number)
            open_string = _opened_string(key[2])
            depth = 0 if open_string else max(0, _brackets(key[2]))
    return places


def _note(places: dict[Place, int], place: Place, number: int) -> None:
    """The line of a place, and of what it opens around it and no line before has named."""
    places[place] = number
    for end in range(1, len(place)):
        places.setdefault(place[:end], number)


def line_of(places: dict[Place, int], place: Place) -> int:
    """The line of a place, or of the nearest thing around it."""
    while place and place not in places:
        place = place[:-1]
    return places[place]


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _table_place(is_array: bool, dotted: str, counted: dict[Place, int]) -> Place:
    place: Place = ()
    names = _names(dotted)
    for at, name in enumerate(names):
        place = (*place, name)
        if is_array and at == len(names) - 1:
            counted[place] = counted.get(place, -1) + 1
        if place in counted:
            place = (*place, counted[place])
    return place


def _opened_string(value: str) -> str:
    for quotes in ('"""', "'''"):
        if value.startswith(quotes) and quotes not in value[3:]:
            return quotes
    return ""


def _brackets(line: str) -> int:
    bare = re.sub(r"""\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*""", "", line)
    return bare.count("[") - bare.count("]")
