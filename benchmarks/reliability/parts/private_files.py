"""What is written is for its owner only."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from mock_interviewer.adapters.prompt_dir import fixtures_dir
from reliability.frame import NotHere, Options, Tried

NAME = "private_files"
PROMISE = "Another person of the same machine can read nothing that was said"
HOW = (
    "interview, replay, test, history, a report, corrections and a page that was looked at, under "
    "umask 000: every file 0600, every folder 0700, and (run by root) none opened by another user"
)
PLACE = 420
NOBODY = 65534
OPEN_ALL = """
import os, sys
os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1]))
for path in sys.stdin.read().splitlines():
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").close()
        print(path)
    except OSError:
        pass
"""


def run(options: Options) -> Tried:
    """Every file and folder of a home. Raises NotHere."""
    if os.name != "posix":
        raise NotHere("only POSIX systems have modes")
    home = options.folder / "home"
    program = (sys.executable, "-m", "mock_interviewer.cli.main")
    weak = str(fixtures_dir() / "weak.flac")
    for arguments, stdin in (
        (("interview", "--answer", weak, "--probes", "0", "--engine", "sphinx"), ""),
        (("interview", "--typed", "--probes", "0"), "I saw it. I mended it. It fell to 4.\n\n"),
        (("replay", "--edit"), ""),
        (("replay", "--html", str(home / "report.html")), ""),
        (("test", "missed-deadline", "--seed", "7"), "1\n" * 40),
        (("concepts", "missed-deadline"), "1\n" * 20),
        (("history",), ""),
    ):
        _run([*program, *arguments], home, stdin)
    _run([sys.executable, "-m", "reliability.ask_page", str(home)], home, "")
    paths = [home, *sorted(home.rglob("*"))]
    lost = [f"{path}: {_mode(path):o}" for path in paths if _mode(path) != _wanted(path)]
    notes = [f"{sum(path.is_file() for path in paths)} files"]
    if os.getuid() == 0:
        options.folder.chmod(0o755)  # so that the home itself is what keeps others out
        told = subprocess.run(
            [sys.executable, "-c", OPEN_ALL, str(NOBODY)],
            input="\n".join(map(str, paths)), capture_output=True, text=True, check=True,
        )  # fmt: skip
        lost += [f"{path}: opened by another user" for path in told.stdout.splitlines()]
        notes.append("tried as another user")
    for line in lost:
        print(line, file=sys.stderr)
    return Tried(len(paths), len(lost), tuple(notes))


def _run(command: list[str], home: Path, stdin: str) -> None:
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, check=False, umask=0,
        env=os.environ | {"MOCK_INTERVIEWER_HOME": str(home), "EDITOR": "true"},
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"{command[3:5]}: {done.stderr[-300:]}")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def _wanted(path: Path) -> int:
    return 0o700 if path.is_dir() else 0o600
