"""How long judging takes: an answer, an hour of talk, a thousand answers in one go.

    python benchmarks/judging.py

Each answer is analysed once only, so nothing that was kept from the time before helps it. Times
are medians in milliseconds of one core's work, so that what else the machine does counts little;
memory is this process's resident size (Linux). With the encoder, its loading is told by itself.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools"), str(ROOT / "benchmarks")]

from labelled import labelled_answers, spoken  # noqa: E402
from processes import memory_mb  # noqa: E402

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


def judged_ms(answers: Iterable[Transcript], language: Language) -> list[float]:
    """One core's work on each answer but the first, which compiles the patterns."""
    phrases = load_probe_phrases()
    found = []
    for answer in answers:
        began_s = time.process_time()
        analyse(answer, DEFAULT_QUESTION, language, phrases)
        found.append(1000 * (time.process_time() - began_s))
    return found[1:]


def with_encoder(answers: Sequence[Transcript]) -> None:
    """The same answers with the encoder, if one ships."""
    encoded = load_language(with_encoder=True)
    if encoded.encoder is None:
        print("the encoder is not there")
        return
    began_s = time.process_time()
    fresh = SentenceEncoder(LANGUAGES_DIR / encoded.code / ENCODER)
    fresh.opinions([Asked("", "so")])
    print(f"encoder, loaded anew: {1000 * (time.process_time() - began_s):.0f} ms")
    times = judged_ms(answers, encoded)
    if encoded.encoder.fault:
        print(f"the encoder was of no use: {encoded.encoder.fault}")
        return
    print(f"{WORDS} words with the encoder: {statistics.median(times):.1f} ms")


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    language, answers = load_language(), list(talk(WORDS, 0))
    began_s = time.process_time()
    judged_ms(answers[:1], language)
    first = 1000 * (time.process_time() - began_s)
    usual = statistics.median(judged_ms(answers, language))
    print(f"{WORDS} words by the tables: {usual:.1f} ms ({len(answers) - 1} answers)")
    with_encoder(answers)
    print(f"{WORDS} words, the first in a process: {first:.0f} ms")
    staging = []
    for answer in talk(WORDS, 7):
        began_s = time.process_time()
        segment(units_of(answer, language), language)
        staging.append(1000 * (time.process_time() - began_s))
    print(f"{WORDS} words, stages alone: {statistics.median(staging):.1f} ms")
    (hour,) = judged_ms([answers[0], next(talk(HOUR_WORDS, 3))], language)
    print(f"{HOUR_WORDS} words: {hour:.0f} ms, {hour / usual:.1f} times as long")
    before = memory_mb(os.getpid())
    judged_ms((answers[number % len(answers)] for number in range(1000)), language)
    print(f"1,000 answers: memory {before:.1f} MB before, {memory_mb(os.getpid()):.1f} MB after")


if __name__ == "__main__":
    main()
