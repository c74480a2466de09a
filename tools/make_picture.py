"""Make the README's pictures: a real replay of a labelled answer, and a terminal as it was.

make_picture.py                    docs/replay.svg
make_picture.py --terminal FILE    docs/live.svg, from what `tmux capture-pane -e -p` printed
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus")]

import timed  # noqa: E402

from mock_interviewer import wiring  # noqa: E402
from mock_interviewer.app.replay import Wanted  # noqa: E402
from mock_interviewer.cli.answer_view import show_answer  # noqa: E402
from mock_interviewer.settings import Home  # noqa: E402

ANSWER = ROOT / "corpus" / "dev" / "c-04.json"


def main() -> None:
    """Make the picture that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--terminal", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.terminal is None:
        picture_of_replay()
    else:
        picture_of_terminal(options.terminal.read_text(encoding="utf-8"))


def picture_of_terminal(shown: str) -> None:
    """Keep what a terminal showed, colours included."""
    console = Console(record=True, width=100, file=io.StringIO(), highlight=False)
    console.print(Text.from_ansi(shown))
    svg = console.export_svg(title="mock-interviewer interview")
    (ROOT / "docs" / "live.svg").write_text(svg, encoding="utf-8")


def picture_of_replay() -> None:
    """Replay one answer and keep what the terminal shows."""
    with tempfile.TemporaryDirectory() as folder:
        spoken = timed.whisper_json(json.loads(ANSWER.read_text(encoding="utf-8")))
        path = Path(folder, "answer.json")
        path.write_text(json.dumps(spoken), encoding="utf-8")
        replayer = wiring.replayer(Home(Path(folder)), wiring.NoTranscriber)
        (replayed,) = replayer.replay(str(path), Wanted())
    assert replayed.analysis is not None
    console = Console(record=True, width=100, file=io.StringIO(), highlight=False)
    show_answer(console, replayed.analysis)
    svg = console.export_svg(title="mock-interviewer replay answer.json")
    (ROOT / "docs" / "replay.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
