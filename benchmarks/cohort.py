"""Many recordings at once: how much sooner two workers are done, and what a killed one costs.

    python benchmarks/cohort.py

500 transcripts (labelled answers, each with a speaker by corpus/timed.py) and 40 recordings (cut
from audio_fixtures, written down by pocketsphinx) in one folder, mixed. The whole program is run
each time, start included: in one process, with --jobs 2, and with --jobs 2 --again while a worker
is killed in the middle. Every run must print the same bytes, or there is no figure. The memory of
the workers is read every quarter of a second: what it grew by from a third of the run to its end.
Each figure is written to results.json. Linux only (it reads /proc).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "benchmarks")]

from figures import Figure, keep  # noqa: E402
from processes import memory_mb  # noqa: E402
from timed import whisper_json  # noqa: E402

from mock_interviewer import wiring  # noqa: E402
from mock_interviewer.ports import Audio  # noqa: E402

TRANSCRIPTS, RECORDINGS, WORKERS = 500, 40, 2
RECORDING_S = 7.0
LOOK_S = 0.25
KILLED_AFTER = 0.5
"""The share of files done when a worker is killed."""


def make_files(folder: Path, transcripts: int, recordings: int) -> None:
    """The transcripts and recordings, a recording after every dozen transcripts."""
    labels = sorted((ROOT / "corpus").glob("dev/*.json")) + sorted(
        (ROOT / "corpus").glob("train/*.json")
    )
    for number in range(transcripts):
        answer = json.loads(labels[number % len(labels)].read_text(encoding="utf-8"))
        answer["id"] += f"-{number}"  # another speaker each time
        path = folder / f"{number:03}-answer.json"
        path.write_text(json.dumps(whisper_json(answer)), encoding="utf-8")
    sounds = [wiring.read_audio(path) for path in sorted((ROOT / "audio_fixtures").glob("*.flac"))]
    for number in range(recordings):
        sound = sounds[number % len(sounds)]
        length = round(RECORDING_S * sound.rate_hz)
        latest = max(1, len(sound.samples) - length)
        begin = (number // len(sounds) * length) % latest
        cut = Audio(sound.samples[begin : begin + length], sound.rate_hz)
        after = number * transcripts // recordings
        wiring.write_audio(folder / f"{after:03}-recording.wav", cut)


class Run:
    """One run of the program: its bytes, how long it took, the workers' memory over it."""

    def __init__(self, home: Path, folder: Path, *options: str, is_killed: bool = False) -> None:
        self._killed_at = KILLED_AFTER if is_killed else None
        self.killed = 0
        self.memory: dict[int, list[tuple[float, float]]] = {}
        command = [sys.executable, "-m", "mock_interviewer.cli.main", "replay", str(folder)]
        began_s = time.monotonic()
        with subprocess.Popen(
            [*command, "--json", "--engine", "sphinx", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"MOCK_INTERVIEWER_HOME": str(home)},
        ) as self._process:
            watch = threading.Thread(target=self._watch, args=(began_s,))
            told = threading.Thread(target=self._read_progress)
            watch.start()
            told.start()
            assert self._process.stdout is not None
            self.printed = self._process.stdout.read()
            self._process.wait()
            self.wall_s = time.monotonic() - began_s
            watch.join()
            told.join()

    def _read_progress(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            words = line.split()
            if words[-1:] != ["files"] or self._killed_at is None or self.killed:
                continue
            if int(words[0]) >= self._killed_at * int(words[2]):
                os.kill(next(workers_of(self._process.pid)), signal.SIGKILL)
                self.killed += 1

    def _watch(self, began_s: float) -> None:
        while self._process.poll() is None:
            for worker in workers_of(self._process.pid):
                try:
                    now = (time.monotonic() - began_s, memory_mb(worker))
                except (OSError, IndexError):
                    continue  # it has just ended
                self.memory.setdefault(worker, []).append(now)
            time.sleep(LOOK_S)

    def growth_mb(self) -> list[float]:
        """For each worker: its memory in the last sixth over that in the sixth after a third."""

        def between(seen: list[tuple[float, float]], first: float, last: float) -> float:
            return median(mb for at_s, mb in seen if first <= at_s / self.wall_s < last)

        return [between(seen, 5 / 6, 1) - between(seen, 2 / 6, 3 / 6) for seen in self.seen()]

    def seen(self) -> list[list[tuple[float, float]]]:
        """The memory of those workers that lived through most of the run."""
        return [seen for seen in self.memory.values() if len(seen) * LOOK_S > self.wall_s / 2]


def workers_of(program: int) -> Iterator[int]:
    """The processes that the program's own children are: its workers, by their command line."""
    children = Path(f"/proc/{program}/task/{program}/children")
    tasks = children.parent.parent
    for task in tasks.glob("*/children") if tasks.is_dir() else ():
        try:
            found = task.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in found:
            try:
                command = Path(f"/proc/{child}/cmdline").read_bytes()
            except OSError:
                continue
            if b"spawn_main" in command:
                yield int(child)


def measure(transcripts: int = TRANSCRIPTS, recordings: int = RECORDINGS) -> Iterator[Figure]:
    """Speed-up, files lost, memory. Raises ValueError where the runs do not print the same."""
    with tempfile.TemporaryDirectory() as made:
        folder, home = Path(made, "files"), Path(made, "home")
        folder.mkdir()
        make_files(folder, transcripts, recordings)
        jobs = ("--jobs", str(WORKERS))
        alone = Run(home, folder)
        spread = Run(home, folder, *jobs)
        killed = Run(home, folder, *jobs, "--again", is_killed=True)
    total = transcripts + recordings
    lines = killed.printed.splitlines()
    if alone.printed != spread.printed or len(alone.printed.splitlines()) != total:
        raise ValueError(f"{WORKERS} workers do not print what one process prints")
    if killed.killed != 1:
        raise ValueError("no worker was killed")
    same = sum(a == b for a, b in zip(alone.printed.splitlines(), lines, strict=False))
    speedup = alone.wall_s / spread.wall_s
    yield Figure("cohort_speedup", speedup, "times", speedup, speedup, 1)
    yield Figure("cohort_one_process_s", alone.wall_s, "s", alone.wall_s, alone.wall_s, 1)
    lost = total - same
    yield Figure("cohort_lost_after_kill", lost, "files", lost, lost, total)
    growth = spread.growth_mb()
    yield Figure(
        "cohort_worker_growth_mb", max(growth), "MB", min(growth), max(growth), len(growth)
    )
    peaks = [max(mb for _, mb in seen) for seen in spread.seen()]
    yield Figure("cohort_worker_peak_mb", max(peaks), "MB", min(peaks), max(peaks), len(peaks))


def main() -> None:
    """Measure everything and keep it."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    for figure in measure():
        keep([figure])
        print(figure)


if __name__ == "__main__":
    main()
