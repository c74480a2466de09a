"""Small times: a drill's cues while both cores are busy, the analysis, the start of the program.

    python benchmarks/timing.py --model DIR

timer_error_p99_ms: the drill's own timer runs in a terminal of its own (a pty) against many short
targets, while two recognisers of base size (or pocketsphinx, without --model) write down without a
pause; the error is from the second that was due to the cue's call. The sound card's own delay comes
on top and is the same every time.
analysis_450_words_ms: one core's work from words to verdict, each answer judged once; with `tables`
in its name without the encoder.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import pty
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests")]

from figures import Figure, keep, over_runs, quantile  # noqa: E402
from judging import WORDS, judged_ms, talk  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.live import Live  # noqa: E402

from mock_interviewer import wiring  # noqa: E402
from mock_interviewer.adapters.following import Follower  # noqa: E402
from mock_interviewer.adapters.language_files import load_language  # noqa: E402
from mock_interviewer.adapters.prompt_dir import fixtures_dir  # noqa: E402
from mock_interviewer.adapters.vad import FRAME_S  # noqa: E402
from mock_interviewer.app.drilling import Drill  # noqa: E402
from mock_interviewer.cli.drilling import DrillTerminal  # noqa: E402
from mock_interviewer.core.rubric import Budget, Stage  # noqa: E402
from mock_interviewer.core.voice_heard import VoiceHeard  # noqa: E402

RUNS = 60
FIRST_S, SECOND_S = 0.4, 0.8


class QuietMicrophone:
    """A microphone that is open and hears nothing."""

    is_live, level_dbfs, recorded_s, voice = True, -60.0, 0.0, VoiceHeard(FRAME_S)

    def pause(self) -> None: ...

    def resume(self) -> None: ...


class NotedCues:
    """Notes when each cue came."""

    def __init__(self) -> None:
        self.at: list[float] = []

    def play(self, name: str) -> None:
        self.at.append(time.monotonic())


@contextmanager
def busy_recognisers(model: Path | None) -> Iterator[None]:
    """Two children that write down all the time."""
    order: dict[str, str] = {"engine": "sphinx"}
    if model is not None:
        order = {"engine": "whisper", "folder": str(model), "label": "base", "language": "en"}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "a.wav")
        samples = wiring.read_audio(fixtures_dir() / "strong.flac")
        from mock_interviewer.adapters.audio_files import write_wav

        write_wav(path, samples)
        children = [Follower(order, "busy") for _ in range(2)]
        for child in children:
            child.begin(path)
            for number in range(400):
                child._send(
                    {
                        "id": number,
                        "path": str(path),
                        "start_s": 0.0,
                        "end_s": 6.0,
                        "regions": [[0.0, 6.0]],
                    }
                )
        for child in children:
            while not child._is_ready:
                child._collect(0.1)
        try:
            yield
        finally:
            for child in children:
                child.close()


def timer_errors_ms(runs: int = RUNS) -> list[float]:
    """How late each cue came."""
    master, slave = pty.openpty()
    before = sys.stdin
    errors: list[float] = []
    cues = NotedCues()
    with os.fdopen(slave, "r") as terminal, tempfile.TemporaryDirectory() as name:
        sys.stdin = terminal
        try:
            follower = _Nobody()
            console = Console(file=io.StringIO(), force_terminal=True, width=80)
            shower = DrillTerminal(
                console, lambda tell: contextlib.nullcontext(),  # type: ignore[arg-type, return-value]
                follower, cues, None, Path(name), load_language(), lambda kind, what: None,  # type: ignore[arg-type]
            )  # fmt: skip
            for _ in range(runs):
                clock: list[float] = []

                def now(clock: list[float] = clock) -> float:
                    clock.append(time.monotonic())
                    return clock[-1]

                drill = Drill(
                    QuietMicrophone(),  # type: ignore[arg-type]
                    follower,  # type: ignore[arg-type]
                    cues,
                    (Stage.TASK,),
                    {Stage.TASK: Budget(FIRST_S, SECOND_S)},
                    now=now,
                )
                drill.go_on()  # without a countdown
                cues.at.clear()
                _hit_enter_after(master, SECOND_S + 1.0)
                with Live(console=console, refresh_per_second=12, transient=True) as shown:
                    shower._watch(shown, drill)
                for at, due_s in zip(cues.at, (FIRST_S, SECOND_S), strict=True):
                    errors.append(1000 * abs(at - clock[0] - due_s))
        finally:
            sys.stdin = before
    os.close(master)
    return errors


class _Nobody:
    def hear(self, voice: VoiceHeard) -> None:
        pass


def _hit_enter_after(master: int, seconds: float) -> None:
    import threading

    threading.Timer(seconds, lambda: os.write(master, b"\n")).start()


def startup_ms(runs: int = 7) -> list[float]:
    """`mock-interviewer --help`, the start of the process included."""
    command = [sys.executable, "-m", "mock_interviewer.cli.main", "--help"]
    found = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        found.append(1000 * (time.perf_counter() - began))
    return found[1:]


def measure(model: Path | None) -> Iterator[Figure]:
    """All figures."""
    answers = list(talk(WORDS, 0))
    for name, encoder in (("analysis_450_words_ms", True), ("analysis_450_words_tables_ms", False)):
        yield over_runs(name, "ms", judged_ms(answers, load_language(with_encoder=encoder)))
    yield over_runs("startup_help_ms", "ms", startup_ms())
    with busy_recognisers(model):
        errors = timer_errors_ms()
    p99 = quantile(errors, 0.99)
    yield Figure("timer_error_p99_ms", p99, "ms", median(errors), max(errors), len(errors))


def main() -> None:
    """Measure and print; --keep puts the figures into results.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a Whisper of base size")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    figures = []
    for figure in measure(options.model):
        figures.append(figure)
        print(f"{figure.name:24} {figure.value:.1f} {figure.unit} ", end="")
        print(f"({figure.low:.1f} to {figure.high:.1f}, n = {figure.runs})", flush=True)
    if options.keep:
        keep(figures)


if __name__ == "__main__":
    main()
