"""`judge`: replies to probes from a file, one JSON object a line in and out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from mock_interviewer.cli.options import HomeOption, LanguageOption


def judge(
    replies: Annotated[
        Path, typer.Argument(help="A file with one reply to a probe a line, as JSON objects.")
    ],
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Judge replies to follow-up questions.

    Example: mock-interviewer judge replies.jsonl
    """
    from mock_interviewer import wiring
    from mock_interviewer.settings import home_at

    all_judged = True
    for line in wiring.judged_replies(replies, home_at(home, language)):
        all_judged = all_judged and "error" not in line
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    if not all_judged:
        raise typer.Exit(1)
