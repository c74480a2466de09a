"""An answer of an hour: recorded, judged, and no slower at its end than at its beginning."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import soundfile
from many_sessions import QUESTION, words_of_fixture

from mock_interviewer import wiring
from mock_interviewer.adapters import sound_stream
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.core.transcript import Transcript, Word
from reliability.frame import Options, Tried
from reliability.timed import TimedProcess, is_unbroken

NAME = "long_answer"
PLACE = 310
PROMISE = "An answer of an hour is recorded whole, and everything takes time in proportion"
HOW = (
    "a timed source 60 times as fast as the clock; processor time of each fifth; the analysis of "
    "an hour of words against that of a tenth"
)
HOUR_S, SPEED, FIFTHS = 3600.0, 60.0, 5
MOST_RATIO = 1.5
"""Beyond proportion, for the noise of a busy machine."""


def run(options: Options) -> Tried:
    """One hour."""
    vars(sound_stream)["SoundProcess"] = partial(TimedProcess, speed=SPEED)
    hour_s = HOUR_S * min(1.0, options.share * 2)
    path, spent_s = options.folder / "hour.wav", []
    with Microphone() as microphone:
        microphone.wait_until_live()
        microphone.begin(path)
        for fifth in range(1, FIFTHS + 1):
            before_s = time.process_time()
            while microphone.recorded_s < hour_s * fifth / FIFTHS:
                time.sleep(0.05)
            spent_s.append(time.process_time() - before_s)
        take = microphone.end()
    recorded = max(spent_s[1:]) / spent_s[1]
    faults = _faults_in(path, take.duration_s, hour_s)
    whole_s, tenth_s = _analysed_s(20), _analysed_s(2)
    analysed = whole_s / tenth_s / 10
    faults += [f"recording {recorded:.1f}"] * (recorded > MOST_RATIO)
    faults += [f"analysis {analysed:.1f}"] * (analysed > MOST_RATIO)
    notes = (
        f"{take.duration_s / 60:.0f} min",
        f"a fifth took {min(spent_s):.1f} to {max(spent_s):.1f} s of processor",
        f"analysis {whole_s:.1f} s, of a tenth {tenth_s:.1f} s",
        *faults,
    )
    return Tried(3, len(faults), notes)


def _faults_in(path: Path, told_s: float, hour_s: float) -> list[str]:
    samples, rate_hz = soundfile.read(path, dtype="int16")
    is_whole = len(samples) / rate_hz == told_s >= hour_s and is_unbroken(samples)
    return [] if is_whole else [f"{len(samples) / rate_hz:.0f} s of {told_s:.0f} s are there"]


def _analysed_s(times: int) -> float:
    """Seconds that the analysis of the demo's answer takes, told so many times in a row."""
    once = words_of_fixture("strong")
    length_s = once.duration_s or 180.0
    words = tuple(
        Word(word.text, (word.start_s or 0) + n * length_s, (word.end_s or 0) + n * length_s, 0.95)
        for n in range(times)
        for word in once.words
    )
    began_s = time.process_time()
    wiring.analyse(Transcript(words, length_s * times), QUESTION, None)
    return time.process_time() - began_s
