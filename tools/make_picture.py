"""Make `docs/replay.svg`, the README's picture: a real replay of a labelled answer."""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus")]

import timed  # noqa: E402

from mock_interviewer import wiring  # noqa: E402
from mock_interviewer.app.replay import Wanted  # noqa: E402
from mock_interviewer.cli.answer_view import show_answer  # noqa: E402
from mock_interviewer.settings import Home  # noqa: E402

ANSWER = ROOT / "corpus" / "dev" / "b-07.json"


def main() -> None:
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
