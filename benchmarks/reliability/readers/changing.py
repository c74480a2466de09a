"""Valid input, changed: bytes anywhere, or one value inside a JSON or TOML document."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Sequence
from random import Random
from typing import Any

import tomli_w

MOST_BYTES = 1 << 16
TOKENS: tuple[bytes, ...] = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r\n", b"\x85", b"\x0c",
    "\u2028".encode(), "\u202e".encode(), "İ".encode(), "٣".encode(), "²".encode(), "💥".encode(),
    b"-1", b"0", b"1e999", b"NaN", b"Infinity", b"-0.0", b"9" * 400, b"0x10", b"1_000", b"true",
    b"null", b"{}", b"[]", b'""', b'"', b"\\", b"\\ud800", b"[" * 3000, b'{"a":' * 500, b"'",
    b"../", b"/etc/passwd", b"%00", b"%2e%2e%2f", b"%", b"{{7*7}}", b"\x1b[2J", b"0:0:0,0 --> ",
)  # fmt: skip
"""What readers stumble over: odd digits, halves of characters, no numbers, depth, paths."""
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, -(2**63), 10**400, 0.0, -0.0, 1e308, float("nan"),
    float("inf"), "", " ", "0", "\x00", "\ud800", "a" * 300, "é\u2028\u202e", [], {}, [[]], [None],
    [{}], {"": None}, ["a", 1, None], "../../x", "story", "ownership", "sde2", "hire",
)  # fmt: skip


def changed(seed: bytes, seeds: Sequence[bytes], words: Sequence[bytes], dice: Random) -> bytes:
    """A seed with one to four changes."""
    if dice.random() < 0.4:
        changed_inside = _value_changed(seed, dice)
        if changed_inside is not None:
            return changed_inside[:MOST_BYTES]
    data = bytearray(seed)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        _change_bytes(data, seeds, words, dice)
    return bytes(data[:MOST_BYTES])


def _change_bytes(
    data: bytearray, seeds: Sequence[bytes], words: Sequence[bytes], dice: Random
) -> None:
    at = dice.randrange(len(data) + 1)
    length = dice.choice((1, 1, 2, 4, 8, 32, 200))
    match dice.randrange(8):
        case 0:
            for place in range(at, min(len(data), at + length)):
                data[place] = dice.randrange(256)
        case 1:
            if at < len(data):
                data[at] ^= 1 << dice.randrange(8)
        case 2:
            del data[at : at + length]
        case 3:
            data[at:at] = data[at : at + length] * dice.choice((1, 2, 50))
        case 4:
            data[at:at] = dice.choice(TOKENS)
        case 5:
            data[at : at + length] = dice.choice(words) if words else dice.choice(TOKENS)
        case 6:
            del data[at:]
        case _:
            other = dice.choice(seeds)
            start = dice.randrange(len(other) + 1)
            data[at:at] = other[start : start + dice.choice((8, 64, 512))]


def _value_changed(seed: bytes, dice: Random) -> bytes | None:
    """One value inside a document made another; None where it is no document."""
    try:
        text = seed.decode()
    except UnicodeDecodeError:
        return None
    if text.lstrip()[:1] in ("{", "["):
        try:
            lines = [json.loads(text)]
        except ValueError:
            try:
                lines = [json.loads(line) for line in text.splitlines()]
            except ValueError:
                return None
        number = dice.randrange(len(lines))
        lines[number] = _somewhere(lines[number], dice)
        told = "\n".join(json.dumps(line) for line in lines)
        return told.encode()
    try:
        value = tomllib.loads(text)
        return tomli_w.dumps(_somewhere(value, dice)).encode()
    except (tomllib.TOMLDecodeError, ValueError, TypeError, AttributeError):
        return None  # a value that TOML cannot say


def _somewhere(value: Any, dice: Random) -> Any:
    """A copy with one of its values, anywhere inside, made another, removed or doubled."""
    value = copy.deepcopy(value)
    places: list[tuple[Any, Any]] = []
    _collect(value, places)
    if not places:
        return dice.choice(VALUES)
    inside, key = dice.choice(places)
    match dice.randrange(6):
        case 0:
            del inside[key]
        case 1 if isinstance(inside, list):
            inside.insert(key, copy.deepcopy(inside[key]))
        case 2:
            other_inside, other_key = dice.choice(places)
            inside[key] = copy.deepcopy(other_inside[other_key])
        case 3 if isinstance(inside, dict):
            inside[dice.choice(("", "id", "text", "text2", "é"))] = inside.pop(key)
        case _:
            inside[key] = copy.deepcopy(dice.choice(VALUES))
    return value


def _collect(value: Any, places: list[tuple[Any, Any]]) -> None:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            places.append((value, key))
            _collect(inner, places)
