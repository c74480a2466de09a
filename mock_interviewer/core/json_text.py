"""Text that says it is JSON, from a file that anybody may have written.

json.loads has more ways to fail than JSON has faults: a document nested deep enough is a
RecursionError, and an escape may name half a character ("\\ud800"), which no file and no screen
takes afterwards. Here every text is either a value whose strings can be written again, or a
ValueError.
"""

from __future__ import annotations

import json
import re
from typing import Any

_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def json_value(text: str) -> Any:
    r"""The value that a text holds. Raises ValueError.

    >>> json_value('{"a": "\\ud83d\\ude00 \\ud800"}')
    {'a': '😀 ?'}
    """
    try:
        value = json.loads(text)
        if _HALF_CHARACTER.search(text):
            whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            value = json.loads(whole)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return value
