"""Recogniser, voice detector and voice that hang, crash or run out of memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from mock_interviewer.adapters import following, guarded_vad
from mock_interviewer.adapters.audio_files import RATE_HZ, read_audio
from mock_interviewer.adapters.following import CHILD, Follower
from mock_interviewer.adapters.guarded_vad import GuardedVad
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.adapters.stepping_in import SteppingIn
from mock_interviewer.adapters.vad import FRAME_SAMPLES, VadStream, speech_regions
from mock_interviewer.adapters.voice import Pyttsx3Voice
from mock_interviewer.errors import NoVoice
from mock_interviewer.ports import Samples
from reliability.frame import Options, Tried

NAME = "engines"
PLACE = 220
PROMISE = (
    "Recogniser, voice detector and voice may hang, crash or have no memory: they are ended at a "
    "deadline, the first two started once more, then the rough engine steps in; the answer survives"
)
HOW = (
    "children that hang, abort, die of no memory (ulimit -v) or are killed once; networks that "
    "hang or fail; deadlines shortened to 1 s, the real pocketsphinx stepping in"
)
TRIES = 24
DEADLINE_S = 1.0
READY = "import sys, json, time, os; print(json.dumps({'ready': True}), flush=True); "
HANGS = (sys.executable, "-c", READY + "time.sleep(600)")
CRASHES = (sys.executable, "-c", READY + "sys.stdin.readline(); sys.stdin.readline(); os.abort()")
NO_MEMORY = ("sh", "-c", "ulimit -v 60000; exec " + " ".join(CHILD))
SPHINX = {"engine": "sphinx"}
Network = Callable[[], VadStream]


def run(options: Options) -> Tried:
    """Each kind in turn."""
    kept = following._DEADLINE_S, following._DEADLINE_TIMES, following.LOAD_DEADLINE_S
    late_s = guarded_vad.LATE_S
    recording = options.folder / "answer.wav"
    audio = read_audio(fixtures_dir() / "weak-reply2.flac")
    soundfile.write(recording, audio.samples, audio.rate_hz, subtype="PCM_16")
    regions = speech_regions(audio)
    with closing(Follower(SPHINX, "pocketsphinx en-us")) as alone:
        alone.begin(recording)
        right = alone.finish(regions, audio.duration_s, None).text

    def steps_in(child: Sequence[str]) -> str:
        _deadlines(DEADLINE_S, 0.0, 30.0)
        chosen = Follower(SPHINX, "whisper broken", child)
        _deadlines(DEADLINE_S, 0.0, 0.0)

        def rough() -> Follower:
            _deadlines(*kept)
            return Follower(SPHINX, "pocketsphinx en-us")

        with closing(SteppingIn(chosen, rough)) as following_along:
            following_along.begin(recording)
            text = following_along.finish(regions, audio.duration_s, None)
        is_right = (text.text, text.engine) == (right, "pocketsphinx en-us")
        return "" if is_right else f"the text is '{text.text}' by {text.engine}"

    def killed_once(_: Sequence[str]) -> str:
        _deadlines(*kept)
        with closing(Follower(SPHINX, "whisper killed")) as chosen:
            chosen.begin(recording)
            chosen._process.kill()
            text = chosen.finish(regions, audio.duration_s, None)
        return "" if text.text == right else f"the text is '{text.text}'"

    tried: list[tuple[str, Callable[[], str]]] = [
        ("recogniser hangs", lambda: steps_in(HANGS)),
        ("recogniser crashes", lambda: steps_in(CRASHES)),
        ("recogniser has no memory", lambda: steps_in(NO_MEMORY)),
        ("recogniser is killed once", lambda: killed_once(CHILD)),
        ("detector hangs", lambda: _detects(_Hanging, audio.samples)),
        ("detector fails", lambda: _detects(_Failing, audio.samples)),
        ("voice hangs", lambda: _is_told(options.folder, HANGS)),
        ("voice crashes", lambda: _is_told(options.folder, CRASHES)),
    ]
    faults, tries = [], options.times(TRIES)
    try:
        guarded_vad.LATE_S = 0.2
        for number in range(tries):
            what, work = tried[number % len(tried)]
            fault = work()
            if fault:
                faults.append(fault)
                print(f"{what}: {fault}", file=sys.stderr)
    finally:
        _deadlines(*kept)
        guarded_vad.LATE_S = late_s
    return Tried(tries, len(faults), ("the same words as without a fault",))


def _deadlines(piece_s: float, times: float, load_s: float) -> None:
    vars(following).update(_DEADLINE_S=piece_s, _DEADLINE_TIMES=times, LOAD_DEADLINE_S=load_s)


class _Hanging(VadStream):
    """Answers for a second of sound and then never again."""

    def __init__(self) -> None:
        super().__init__()
        self._given = 0

    def push(self, samples: Samples) -> Any:
        self._given += len(samples)
        if self._given > RATE_HZ:
            time.sleep(600)
        return super().push(samples)


class _Failing(_Hanging):
    """Has no memory after a second of sound."""

    def push(self, samples: Samples) -> Any:
        self._given += len(samples)
        if self._given > RATE_HZ:
            raise MemoryError
        return VadStream.push(self, samples)


def _detects(network: Network, samples: Samples) -> str:
    """A whole answer through a detector that breaks down: one probability a frame, and speech."""
    vad = GuardedVad(network)
    blocks = [samples[at : at + 800] for at in range(0, len(samples), 800)]
    found = np.concatenate([*(vad.push(block) for block in blocks), vad.finish()])
    if len(found) != -(-len(samples) // FRAME_SAMPLES):
        return f"{len(found)} frames"
    return "" if 0.1 < float(np.mean(found > 0.5)) < 1.0 else "no speech was heard"


def _is_told(folder: Path, child: Sequence[str]) -> str:
    """The question is shown instead, in one line, and nothing half-written stays."""
    voice = Pyttsx3Voice(folder / "voice", deadline_s=DEADLINE_S, child=child)
    try:
        voice.speak_to_file("Tell me about it.", folder / "question.wav")
    except NoVoice as told:
        left = list((folder / "voice").iterdir())
        return "" if "\n" not in str(told) and not left else f"{told}; left: {left}"
    return "it was spoken"
