"""Hours of interviews in one process, as fast as they go: what grows, and what is left open.

    python -m reliability.long_day FOLDER HOURS

Everything is the program's own but the two ends: the microphone hands over recorded sound block by
block as soon as it is asked (`FastMicrophone`), and the recogniser gives the words that the fixture
is known to say, each when it has been heard. The clock goes with the sound. Recording, voice
detector, live stages, ending, writing, analysis, probes, session folder, history and the report of
the page are real. Prints one JSON object.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import soundfile
from many_sessions import words_of_fixture
from processes import memory_mb

from mock_interviewer import wiring
from mock_interviewer.adapters.audio_files import RATE_HZ, read_audio
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.adapters.take import Int16, Recording, Take
from mock_interviewer.app.interview import Interview
from mock_interviewer.app.listening import AnswerUnderWay
from mock_interviewer.core.dialogue import Dialogue
from mock_interviewer.core.moves import Turn
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.voice_heard import VoiceHeard
from mock_interviewer.ports import RecordedAnswer
from mock_interviewer.settings import Home
from mock_interviewer.wiring import answers as kept
from mock_interviewer.wiring import live, past, unfinished

BLOCK = RATE_HZ // 10
LOOK_EVERY = 5
"""Blocks; a person's screen looks more often, at the same state."""
BETWEEN_S = 25.0
"""Hearing the question, and reading what was made of the answer."""
LOOK_BACK_EVERY = 3
"""Interviews; what a look keeps (the last four sounds) is all there within the first tenth."""
SHORTEST_S = 8.0
"""No recorded reply is so short."""
BEGUN_AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@cache
def _sound(name: str) -> Int16:
    """Four quiet seconds of thinking, then a recorded answer."""
    samples = read_audio(fixtures_dir() / f"{name}.flac").samples
    hiss = np.random.default_rng(1).normal(0, 20, 4 * RATE_HZ)
    return np.concatenate((hiss, samples * 32_000)).astype(np.int16)


@cache
def _words(name: str) -> tuple[Word, ...]:
    from dataclasses import replace

    return tuple(
        replace(word, start_s=(word.start_s or 0) + 4.0, end_s=(word.end_s or 0) + 4.0)
        for word in words_of_fixture(name).words
    )


class FastMicrophone:
    """Fulfils ports.Listening; time is how much was handed over."""

    is_live, level_dbfs = True, -20.0

    def __init__(self) -> None:
        self._recording: Recording | None = None
        self.recorded_s = 0.0

    @property
    def voice(self) -> VoiceHeard | None:
        return self._recording.voice if self._recording else None

    def begin(self, path: Path, not_before: float | None = None) -> None:
        self._recording, self.recorded_s = Recording(path, not_before), 0.0

    def hand_over(self, block: Int16) -> None:
        assert self._recording is not None
        self._recording.count(block, self.recorded_s)
        self.recorded_s += len(block) / RATE_HZ

    def pause(self) -> None:
        raise AssertionError("nobody pauses here")

    resume = change = pause

    def end(self) -> Take:
        recording, self._recording = self._recording, None
        assert recording is not None
        recording.writer.close()
        from mock_interviewer.core.voice_heard import hear

        voice = hear(recording.voice, recording.vad.finish().tolist())
        duration_s = recording.writer.duration_s
        return Take(recording.writer.path, duration_s, voice.regions(duration_s), None, (), ())


@dataclass
class KnownWords:
    """Fulfils ports.Following: what the fixture says, each word once it was heard."""

    name: str
    said: tuple[Word, ...]
    words: tuple[Word, ...] = ()
    until_s: float = 0.0
    fault: str | None = None

    def begin(self, recording: Path) -> None:
        self.words, self.until_s = (), 0.0

    def hear(self, voice: VoiceHeard) -> None:
        self.until_s = voice.heard_s
        heard = sum(1 for word in self.said if (word.end_s or 0) <= self.until_s)
        self.words = self.said[:heard]

    def finish(self, regions: Any, duration_s: float, progress: Any) -> Transcript:
        return Transcript(self.said, duration_s=duration_s, engine=self.name)


@dataclass
class Day:
    """The candidate, the clock, and whoever looks on."""

    home: Home
    passed_s: float = 0.0
    recorded_s: float = 0.0
    interviews: int = 0
    lines: list[str] = field(default_factory=list)
    name: str = "known words"

    def now_at(self) -> datetime:
        return BEGUN_AT + timedelta(seconds=self.passed_s)

    def transcribe(self, audio: Any, progress: Any = None) -> Transcript:
        raise AssertionError("everything is written along")

    def listen(self, turn: Turn, asked: str, recording: Path) -> RecordedAnswer:
        kind = "strong" if self.interviews % 2 else "weak"
        name = kind if turn.is_opening else f"{kind}-reply{1 + (turn.probe_index or 0) % 2}"
        microphone, sound = FastMicrophone(), _sound(name)
        attention = live.attention(self.home, is_auto=False, is_coached=True)
        under_way = AnswerUnderWay(
            microphone, attention, KnownWords(self.name, _words(name)),
            self.question.budgets, is_story=turn.is_opening,
        )  # fmt: skip
        under_way.begin(recording, None)
        for number, at in enumerate(range(0, len(sound), BLOCK)):
            microphone.hand_over(sound[at : at + BLOCK])
            if number % LOOK_EVERY == 0:
                under_way.look()
        answer, duration_s = under_way.end(recording)
        self.recorded_s += duration_s
        self.passed_s += duration_s + BETWEEN_S
        return answer

    def hold(self) -> None:
        """One interview of one question and two probes."""
        known = wiring.packs(self.home).questions
        self.question = known[self.interviews % len(known)]
        session = wiring.sessions(self.home).begin(self.now_at(), self.interviews)
        desk = wiring.desk(
            answers=self, view=_View(self.lines), transcriber=self, speaker=None, home=self.home
        )
        dialogue = Dialogue((self.question,), probes_wanted=2)
        with unfinished.sole_use(self.home):
            Interview(dialogue, desk, session).run()
        self.interviews += 1
        if self.interviews % LOOK_BACK_EVERY == 0:
            past.history(self.home)
            (folder,) = session.path.glob("q1-*")
            answer = kept.kept_answer(self.home, session.name, folder.name)
            kept.page_of(answer, kept.analysis_of(answer), {})


class _View:
    """Fulfils ports.InterviewView, and keeps what would be explained."""

    def __init__(self, lines: list[str]) -> None:
        self.explain = lines.append

    def show_progress(self, turn: Turn) -> Any:
        return lambda share: None

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("show_"):
            raise AttributeError(name)
        return lambda *_, **__: None


def damaged(home: Home) -> list[str]:
    """The sessions in which something is missing or cannot be read."""
    found = []
    for session in sorted(home.sessions.iterdir()):
        try:
            state = json.loads((session / "session.json").read_text(encoding="utf-8"))
            (folder,) = session.glob("q1-*")
            recordings = sorted(folder.glob("*.wav"))
            lengths = [soundfile.info(path).duration for path in recordings]
            texts = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
            is_whole = state["questions"][0]["state"] == "judged" and len(recordings) == 3
            if not is_whole or min(lengths) < SHORTEST_S or len(texts) != 3 + 1 + 2:
                found.append(f"{session.name}: {len(recordings)} recordings, {len(texts)} texts")
        except (OSError, ValueError, KeyError, RuntimeError) as fault:
            found.append(f"{session.name}: {fault}")
    return found


def main() -> None:
    """Hold interviews until so many hours have passed."""
    home, hours = Home(Path(sys.argv[1], "home")), float(sys.argv[2])
    day, seen = Day(home), list[tuple[float, int, int]]()
    while day.passed_s < hours * 3600:
        day.hold()
        open_files = len(os.listdir("/proc/self/fd")) - 1
        seen.append((memory_mb(os.getpid()), open_files, threading.active_count()))
    print(
        json.dumps(
            {
                "interviews": day.interviews,
                "recorded_h": round(day.recorded_s / 3600, 2),
                "hours": round(day.passed_s / 3600, 2),
                "memory_mb": [round(part, 1) for part in _first_and_last(seen)],
                "files": [seen[len(seen) // 10][1], seen[-1][1]],
                "threads": [seen[len(seen) // 10][2], seen[-1][2]],
                "damaged": damaged(home),
                "lines": day.lines[:5],
            }
        )
    )


def _first_and_last(seen: list[tuple[float, int, int]]) -> Iterator[float]:
    """The median memory in the second tenth of the day, and in the last."""
    tenth = max(1, len(seen) // 10)
    with contextlib.suppress(ValueError):
        yield median(memory for memory, *_ in seen[tenth : 2 * tenth] or seen)
        yield median(memory for memory, *_ in seen[-tenth:])


if __name__ == "__main__":
    main()
