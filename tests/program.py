"""The program with a command line: in a process of its own, or, much quicker, in this one.

What only a process can show (what it loads, its own standard streams, a crash) is tried in one;
what a command does and says is the same in this one, `main` with its exit status included.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from mock_interviewer.cli.main import main

Ran = subprocess.CompletedProcess[str]


def started(home: Path, arguments: Sequence[object], stdin: str = "", **environment: str) -> Ran:
    """Run in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "mock_interviewer.cli.main", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | _settings(home) | environment,
    )


def called(home: Path, arguments: Sequence[object], stdin: str = "", **environment: str) -> Ran:
    """Run in this process, standard streams and environment as in one of its own."""
    command = ["mock-interviewer", *map(str, arguments)]
    shown, told = StringIO(), StringIO()
    with (
        patch.dict(os.environ, _settings(home) | environment),
        patch.object(sys, "argv", command),
        patch.object(sys, "stdin", StringIO(stdin)),
        redirect_stdout(shown),
        redirect_stderr(told),
    ):
        status = _status()
    return subprocess.CompletedProcess(command, status, shown.getvalue(), told.getvalue())


def _settings(home: Path) -> dict[str, str]:
    return {"MOCK_INTERVIEWER_HOME": str(home), "COLUMNS": "100"}


def _status() -> int:
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0
