"""Text that says it is JSON, from a file that anybody may have written.

json.loads has more ways to fail than JSON has faults: a document nested deep enough is a
RecursionError, and an escape may name half a character ("\\ud800"), which no file and no screen
takes afterwards, or a control character ("\\u001b"), by which a file would command the terminal it
is shown on. Here every text is either a value whose strings can be written and shown again, or a
ValueError.
"""

from __future__ import annotations

import json
import re
from typing import Any

_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MAY_ESCAPE_CONTROL = re.compile(r"\\(?:[bf]|u00[01789])")
_ESCAPE = re.compile(r"\\(?:u00[0-9a-fA-F]{2}|.)", re.DOTALL)


def without_controls(text: str) -> str:
    r"""A text without control characters; those that are blank become blanks, line ends stay.

    >>> without_controls("I \x1b[2Jdid\x1f\nit")
    'I [2Jdid \nit'
    """
    return _CONTROL.sub(lambda found: " " if found[0].isspace() else "", text)


def _plain_escape(found: re.Match[str]) -> str:
    escape = found[0]
    if escape in (r"\b", r"\f"):
        return " " if escape == r"\f" else ""
    if len(escape) < len(r"\u001b"):
        return escape
    character = chr(int(escape[2:], 16))
    shown = without_controls(character)
    return escape if shown == character else shown


def json_value(text: str) -> Any:
    r"""The value that a text holds. Raises ValueError.

    >>> json_value('{"a": "\\ud83d\\ude00 \\ud800"}')
    {'a': '😀 ?'}
    >>> json_value('["\\u001b[2J", "\\\\u001b"]')
    ['[2J', '\\u001b']
    """
    text = without_controls(text)
    if _MAY_ESCAPE_CONTROL.search(text):
        text = _ESCAPE.sub(_plain_escape, text)
    try:
        value = json.loads(text)
        if _HALF_CHARACTER.search(text):
            whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            value = json.loads(whole)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python's limit for the digits of an integer
        raise ValueError("a number in it has thousands of digits") from None
    return value
