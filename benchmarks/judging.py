"""How long judging takes: an answer, an hour of talk, a thousand answers in one go.

    python benchmarks/judging.py

Each answer is analysed once only, so nothing that was kept from the time before helps it. Times
are medians in milliseconds of one core's work, so that what else the machine does counts little;
memory is this process's resident size (Linux). With the encoder, its loading is told by itself.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools"), str(ROOT / "benchmarks")]

from labelled import labelled_answers, spoken  # noqa: E402
from recording import memory_mb  # noqa: E402

from mock_interviewer.adapters.language_files import (  # noqa: E402
    ENCODER,
    LANGUAGES_DIR,
    load_language,
)
from mock_interviewer.adapters.probe_phrases import load_probe_phrases  # noqa: E402
from mock_interviewer.adapters.sentence_encoder import SentenceEncoder  # noqa: E402
from mock_interviewer.core.analysis import analyse  # noqa: E402
from mock_interviewer.core.language import Language  # noqa: E402
from mock_interviewer.core.question import DEFAULT_QUESTION  # noqa: E402
from mock_interviewer.core.second_opinion import Asked  # noqa: E402
from mock_interviewer.core.segmenting import segment  # noqa: E402
from mock_interviewer.core.transcript import Transcript  # noqa: E402
from mock_interviewer.core.units import units_of  # noqa: E402

WORDS = 450
HOUR_WORDS = 9000


def talk(words: int, variant: int) -> Iterator[Transcript]:
    """Answers of this length, cut out of the labelled ones one after the other."""
    found, end_s = [], 0.0
    answers = labelled_answers(["train"])
    for answer in answers[variant:] + answers[:variant]:
        for word in spoken(answer)[0].words:
            start_s, stop_s = (word.start_s or 0.0), (word.end_s or 0.0)
            found.append(replace(word, start_s=end_s + start_s, end_s=end_s + stop_s))
            if len(found) == words:
                yield Transcript(tuple(found), duration_s=found[-1].end_s)
                found, end_s = [], 0.0
                break
        else:
            end_s = found[-1].end_s or 0.0


def with_encoder(
    answers: Sequence[Transcript], judge: Callable[[Transcript, Language], float]
) -> None:
    """The same answers with the encoder, if one ships."""
    encoded = load_language(with_encoder=True)
    if encoded.encoder is None:
        print("the encoder is not there")
        return
    judge(answers[0], encoded)  # compiles the patterns anew
    began_s = time.process_time()
    asked = [Asked("", "so")]
    fresh = SentenceEncoder(LANGUAGES_DIR / encoded.code / ENCODER)
    fresh.opinions(asked)
    print(f"encoder, loaded anew: {1000 * (time.process_time() - began_s):.0f} ms")
    times = [judge(answer, encoded) for answer in answers[1:]]
    if encoded.encoder.fault:
        print(f"the encoder was of no use: {encoded.encoder.fault}")
        return
    print(f"analysis_{WORDS}_words_encoder_ms: {statistics.median(times):.1f}")


def main() -> None:
    """Measure and print."""
    language, phrases = load_language(), load_probe_phrases()

    def judge(transcript: Transcript, language: Language = language) -> float:
        began_s = time.process_time()
        analyse(transcript, DEFAULT_QUESTION, language, phrases)
        return 1000 * (time.process_time() - began_s)

    answers = list(talk(WORDS, 0))
    first = judge(answers[0])  # compiles the patterns, once in a process
    times = [judge(answer) for answer in answers[1:]]
    print(f"analysis_{WORDS}_words_ms: {statistics.median(times):.1f} ({len(times)} answers)")
    with_encoder(answers, judge)
    print(f"{WORDS} words, the first in a process: {first:.0f} ms")
    staging = []
    for answer in talk(WORDS, 7):
        began_s = time.process_time()
        segment(units_of(answer, language), language)
        staging.append(1000 * (time.process_time() - began_s))
    print(f"{WORDS} words, stages alone: {statistics.median(staging):.1f} ms")
    hour = judge(next(talk(HOUR_WORDS, 3)))
    print(f"{HOUR_WORDS} words: {hour:.0f} ms, {hour / statistics.median(times):.1f} times as long")
    before = memory_mb(os.getpid())
    for number in range(1000):
        judge(answers[number % len(answers)])
    print(f"1,000 answers: memory {before:.1f} MB before, {memory_mb(os.getpid()):.1f} MB after")


if __name__ == "__main__":
    main()
