"""Keeping pace: how soon the verdict is there when an answer has ended, and at what cost.

    python benchmarks/following.py --engine tiny|base|sphinx --model DIR

An answer of 1, 3 or 10 minutes is made of the recorded fixtures, one after the other. It is written
into a growing WAV, heard by the real voice detector and written down by the real child process, as
in an interview. Only its first part is not waited for in real time: sound is handed over as fast as
pieces come back, so that what is written at any second of the recording is what would have been
written then; the last LAST_S run at the speed of speech. Measured:

    verdict_after_end        from the last sample to the verdict drawn
    ..._whole_file           the same where the recording is transcribed when it has ended
    follow_cpu_share         processor seconds of the child for each second of the answer
    follow_peak_mb           the child's highest resident memory
    lag_words, lag_stage     from a moment of speech to its words, and its stage, being known:
                             the time until its piece was cut, plus the time that the piece took
                             (moments by the voice detector: random weights time no words)
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from figures import Figure, keep, over_runs, quantile  # noqa: E402
from processes import peak_mb, processor_s  # noqa: E402
from rich.console import Console  # noqa: E402

from mock_interviewer import wiring  # noqa: E402
from mock_interviewer.adapters.audio_files import RATE_HZ, read_audio  # noqa: E402
from mock_interviewer.adapters.following import Follower  # noqa: E402
from mock_interviewer.adapters.language_files import load_language  # noqa: E402
from mock_interviewer.adapters.prompt_dir import fixtures_dir  # noqa: E402
from mock_interviewer.adapters.vad import FRAME_S, FRAME_SAMPLES, VadStream  # noqa: E402
from mock_interviewer.adapters.wav_writer import WavWriter  # noqa: E402
from mock_interviewer.cli.answer_view import show_answer  # noqa: E402
from mock_interviewer.core.live import StagesSoFar, follow_stages  # noqa: E402
from mock_interviewer.core.question import DEFAULT_QUESTION  # noqa: E402
from mock_interviewer.core.speech_regions import Regions  # noqa: E402
from mock_interviewer.core.transcript import Transcript  # noqa: E402
from mock_interviewer.core.voice_heard import VoiceHeard, hear  # noqa: E402
from mock_interviewer.ports import Audio, Samples, Transcriber  # noqa: E402
from mock_interviewer.settings import Home  # noqa: E402
from mock_interviewer.wiring import live as live_wiring  # noqa: E402
from mock_interviewer.wiring.reading_ahead import reads_ahead  # noqa: E402

USUAL_MINUTES = 3.0
MINUTES = (USUAL_MINUTES, 1.0, 10.0)
LAST_S = 10.0
FRAMES_A_LOOK = 3


@cache
def spoken(minutes: float) -> Samples:
    """So much of the recorded answers, mono at RATE_HZ."""
    names = ("strong", "weak", "strong-reply1", "strong-reply2", "weak-reply1", "weak-reply2")
    one = np.concatenate([read_audio(fixtures_dir() / f"{name}.flac").samples for name in names])
    wanted = round(minutes * 60 * RATE_HZ)
    return np.tile(one, -(-wanted // len(one)))[:wanted]


@dataclass
class Answer:
    """An answer under way: its file, and the voice heard in it so far."""

    samples: Samples
    path: Path
    follower: Follower
    voice: VoiceHeard = field(default_factory=lambda: VoiceHeard(FRAME_S))
    word_lags_s: list[float] = field(default_factory=list)
    stage_lags_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._writer, self._vad = WavWriter(self.path, RATE_HZ), VadStream()
        self.follower.begin(self.path)
        self._until_s, self._stages = 0.0, StagesSoFar()

    @property
    def frames(self) -> int:
        return self.voice.frames

    def hear_more(self) -> None:
        """A tenth of a second more, as from the microphone."""
        first = self.frames * FRAME_SAMPLES
        block = self.samples[first : first + FRAMES_A_LOOK * FRAME_SAMPLES]
        self._writer.write((block * 32_767).astype(np.int16))
        self.voice = hear(self.voice, self._vad.push(block).tolist())
        self.follower.hear(self.voice)

    def settle(self) -> None:
        """Wait for what has been handed over, and note how late its words are."""
        handed_s, began_s = self.voice.heard_s, time.perf_counter()
        while self.follower._owed:
            time.sleep(0.002)
            self.follower._collect()
        spent_s = time.perf_counter() - began_s
        began_s = time.perf_counter()
        words, until_s = self.follower.words, self.follower.until_s
        self._stages = follow_stages(self._stages, words, load_language(), until_s)
        stage_s = spent_s + time.perf_counter() - began_s
        for said_s in _moments(self.voice.regions(handed_s), self._until_s, until_s):
            self.word_lags_s.append(handed_s - said_s + spent_s)
            self.stage_lags_s.append(handed_s - said_s + stage_s)
        self._until_s = until_s

    def run_to(self, end_s: float) -> None:
        """Up to a second of the recording, as fast as pieces come back."""
        while self.voice.heard_s < end_s - FRAMES_A_LOOK * FRAME_S:
            self.hear_more()
            if self.follower._owed:
                self.settle()

    def run_at_speed_of_speech(self, end_s: float) -> None:
        """Up to a second of the recording, as it would be spoken."""
        began_s, first_s = time.perf_counter(), self.voice.heard_s
        while self.voice.heard_s < end_s - FRAMES_A_LOOK * FRAME_S:
            self.hear_more()
            ahead_s = self.voice.heard_s - first_s - (time.perf_counter() - began_s)
            time.sleep(max(0.0, ahead_s))

    def close(self) -> tuple[Regions, float]:
        self._writer.close()
        duration_s = self._writer.duration_s
        return self.voice.regions(duration_s), duration_s


def _moments(regions: Regions, from_s: float, until_s: float) -> Iterator[float]:
    """Every quarter of a second of speech between two times."""
    for start, end in regions:
        at_s = start
        while at_s < end:
            if from_s <= at_s < until_s:
                yield at_s
            at_s += 0.25


def shown(transcript: Transcript, regions: Regions) -> None:
    """The verdict and everything with it, drawn."""
    analysis = wiring.analyse(transcript, DEFAULT_QUESTION, regions)
    show_answer(Console(file=io.StringIO(), width=80), analysis)


def verdict_after_end_s(
    transcriber: Transcriber, minutes: float, runs: int, folder: Path
) -> tuple[list[float], Answer, float]:
    """Seconds to the verdict for each run; the answer as followed once, and the child's share."""
    with closing(live_wiring.follower(transcriber, reads_ahead(None)).chosen) as follower:
        path = Path(tempfile.mkdtemp(dir=folder), "answer.wav")
        answer = Answer(spoken(minutes), path, follower)
        _wait_until_ready(follower)
        before_s = processor_s(follower.pid)
        began_at_s = minutes * 60 - LAST_S
        answer.run_to(began_at_s)
        used_s = processor_s(follower.pid) - before_s
        follower.peak_mb = peak_mb(follower.pid)  # type: ignore[attr-defined]
        found = []
        # only the parent knows what was said so far: each run goes on from the same place
        voice, frames = answer.voice, answer._writer._frames
        state = (follower._words, follower._cut_s, follower._until_s)
        hidden, cell = answer._vad._hidden, answer._vad._cell
        context, rest = answer._vad._context, answer._vad._rest
        for run in range(runs):
            answer.voice, answer._writer._frames = voice, frames
            answer._vad._hidden, answer._vad._cell = hidden, cell
            answer._vad._context, answer._vad._rest = context, rest
            follower._words, follower._cut_s, follower._until_s = state
            follower._owed.clear()
            answer.run_at_speed_of_speech(minutes * 60 - LAST_S * 0.5 * run / max(1, runs))
            ended_s = time.perf_counter()
            duration_s = answer._writer.duration_s
            regions = answer.voice.regions(duration_s)
            shown(follower.finish(regions, duration_s, None), regions)
            found.append(time.perf_counter() - ended_s)
        answer.close()
        return found, answer, used_s / began_at_s


def whole_file_s(transcriber: Transcriber, minutes: float, runs: int) -> list[float]:
    """Seconds from the end to the verdict where everything is done after the end."""
    found = []
    audio = Audio(spoken(minutes), RATE_HZ)
    transcriber.transcribe(audio.part(0, 5))  # loaded beforehand, as the other one is
    for _ in range(runs):
        began_s = time.perf_counter()
        regions = wiring.speech_regions(audio)
        shown(transcriber.transcribe(audio), regions)
        found.append(time.perf_counter() - began_s)
    return found


def _wait_until_ready(follower: Follower) -> None:
    while not follower._is_ready:
        follower._collect(0.05)


def measure(
    engine: str,
    model: Path | None,
    *,
    runs: int = 5,
    minutes: Sequence[float] = MINUTES,
    is_whole: bool = True,
) -> Iterator[Figure]:
    """The figures of one engine: for answers of so many minutes, and for a whole file at once."""
    transcriber, _ = wiring.choose_engine(
        "sphinx" if engine == "sphinx" else "whisper",
        None if model is None else str(model),
        wiring_home(),
    )
    with tempfile.TemporaryDirectory() as name:
        for each in minutes:
            yield from _followed(engine, transcriber, each, runs, Path(name))
    if is_whole:
        whole_runs = runs if engine != "sphinx" else min(runs, 3)
        whole = whole_file_s(transcriber, USUAL_MINUTES, whole_runs)
        yield over_runs(f"verdict_after_end_{engine}_whole_file_s", "s", whole)


def _followed(
    engine: str, transcriber: Transcriber, minutes: float, runs: int, folder: Path
) -> Iterator[Figure]:
    suffix = "" if minutes == USUAL_MINUTES else f"_{minutes:.0f}min"
    found, answer, share = verdict_after_end_s(transcriber, minutes, runs, folder)
    yield over_runs(f"verdict_after_end_{engine}{suffix}_s", "s", found)
    if engine != "base":
        return
    peak = answer.follower.peak_mb  # type: ignore[attr-defined]
    yield over_runs(f"follow_peak_mb_{minutes:.0f}min", "MB", [peak])
    if minutes != USUAL_MINUTES:
        return
    yield over_runs("follow_cpu_share", "of one core", [share])
    for what, lags in (("words", answer.word_lags_s), ("stage", answer.stage_lags_s)):
        low, high = quantile(lags, 0.05), max(lags)
        yield Figure(f"lag_{what}_p95_s", quantile(lags, 0.95), "s", low, high, len(lags))


def wiring_home() -> Home:
    """A home without models: the model is always named."""
    return Home(Path(tempfile.gettempdir(), "no-such-home"))


def main() -> None:
    """Measure and print; --keep puts the figures into results.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=("tiny", "base", "sphinx"), required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--short", action="store_true", help="only the answer of 3 minutes")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    figures = []
    for figure in measure(
        options.engine,
        options.model,
        runs=options.runs,
        minutes=MINUTES[:1] if options.short else MINUTES,
    ):
        figures.append(figure)
        spread = f"({figure.low:.3f} to {figure.high:.3f}, n = {figure.runs})"
        print(f"{figure.name:40} {figure.value:8.3f} {figure.unit} {spread}", flush=True)
    if options.keep:
        keep(figures)


if __name__ == "__main__":
    main()
