"""How long judging takes: an answer, an hour of talk, a thousand answers in one go.

    python benchmarks/judging.py

Each answer is analysed once only, so of earlier ones nothing helps it but the words they share.
Times are medians of CPU time in milliseconds, so what else the machine does disturbs them little
(on shared cores they still grow by half); memory is this process's resident size (Linux).
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools"), str(ROOT / "benchmarks")]

from labelled import labelled_answers, spoken  # noqa: E402
from recording import memory_mb  # noqa: E402

from mock_interviewer.adapters.language_files import load_language  # noqa: E402
from mock_interviewer.adapters.probe_phrases import load_probe_phrases  # noqa: E402
from mock_interviewer.core.analysis import analyse  # noqa: E402
from mock_interviewer.core.question import DEFAULT_QUESTION  # noqa: E402
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


def main() -> None:
    """Measure and print."""
    language, phrases = load_language(), load_probe_phrases()

    def judge(transcript: Transcript) -> float:
        began_at = time.process_time()
        analyse(transcript, DEFAULT_QUESTION, language, phrases)
        return 1000 * (time.process_time() - began_at)

    answers = list(talk(WORDS, 0))
    first = judge(answers[0])  # compiles the patterns, once in a process
    times = [judge(answer) for answer in answers[1:]]
    print(f"{WORDS} words, everything: {statistics.median(times):.1f} ms ({len(times)} answers)")
    print(f"{WORDS} words, the first in a process: {first:.0f} ms")
    staging = []
    for answer in talk(WORDS, 7):
        began_at = time.process_time()
        segment(units_of(answer, language), language)
        staging.append(1000 * (time.process_time() - began_at))
    print(f"{WORDS} words, stages alone: {statistics.median(staging):.1f} ms")
    hour = judge(next(talk(HOUR_WORDS, 3)))
    print(f"{HOUR_WORDS} words: {hour:.0f} ms, {hour / statistics.median(times):.1f} times as long")
    before = memory_mb(os.getpid())
    for number in range(1000):
        judge(answers[number % len(answers)])
    print(f"1,000 answers: memory {before:.1f} MB before, {memory_mb(os.getpid()):.1f} MB after")


if __name__ == "__main__":
    main()
