"""One plain line on stderr: wrapped between words where a person watches, else left whole."""

from __future__ import annotations

import shutil
import sys
import textwrap

OTHERWISE = "Another principle: --principle NAME."


def tell(line: str) -> None:
    """Say it on stderr. In a terminal no word and no path is broken."""
    plain = " ".join(str(line).split())
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        plain = textwrap.fill(plain, width, break_long_words=False, break_on_hyphens=False)
    print(plain, file=sys.stderr)


def tell_guess(line: str) -> None:
    """Say what a question was taken for, and how to say otherwise."""
    tell(f"{line} {OTHERWISE}")
