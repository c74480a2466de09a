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
_COMMAND = re.compile(r"(?:\x1b\[[0-?]*|\x9b[0-?]+)[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""What a terminal obeys: 'clear the screen', 'call the window so'."""
_MAY_ESCAPE_CONTROL = re.compile(r"\\(?:[bf]|u00[01789])")


def without_controls(text: str) -> str:
    r"""A text without control characters; those that are blank become blanks, line ends stay.

    >>> without_controls("I \x1b[2Jdid\x1f\nit")
    'I did \nit'
    """
    shown = _COMMAND.sub("", text)
    return _CONTROL.sub(lambda found: " " if found[0].isspace() else "", shown)


def _shown(value: Any) -> Any:
    """A value, its strings without control characters. Raises RecursionError."""
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, list):
        return [_shown(each) for each in value]
    if isinstance(value, dict):
        return {_shown(name): _shown(each) for name, each in value.items()}
    return value


def json_value(text: str) -> Any:
    r"""The value that a text holds. Raises ValueError.

    >>> json_value('{"a": "\\ud83d\\ude00 \\ud800"}')
    {'a': '😀 ?'}
    >>> json_value('["so \\u001b[2J", "\\\\u001b"]')
    ['so ', '\\u001b']
    """
    text = without_controls(text)
    try:
        value = json.loads(text)
        if _HALF_CHARACTER.search(text):
            whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            value = json.loads(whole)
        if _MAY_ESCAPE_CONTROL.search(text):
            value = _shown(value)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python's limit for the digits of an integer
        raise ValueError("a number in it has thousands of digits") from None
    return value
