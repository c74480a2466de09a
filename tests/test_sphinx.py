"""pocketsphinx on a synthetic voice, on a reader, and on nothing."""

from __future__ import annotations

import json
import re
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_interviewer.adapters import sphinx
from mock_interviewer.adapters.audio_files import read_audio, resample
from mock_interviewer.adapters.sphinx import SphinxTranscriber, calibrated
from mock_interviewer.adapters.vad import speech_regions
from mock_interviewer.core.hearing import enough_heard
from mock_interviewer.core.speech_regions import speech_seconds
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.ports import Audio

SOUNDS = Path(__file__).parent / "sounds"
SENTENCES = json.loads((SOUNDS / "ferry.json").read_text())
IN_THIS_PROCESS = SphinxTranscriber(workers=1)


@pytest.fixture(scope="module")
def ferry() -> Audio:
    return read_audio(SOUNDS / "ferry.ogg")


@pytest.fixture(scope="module")
def shares() -> list[float]:
    return []


@pytest.fixture(scope="module")
def heard(ferry: Audio, shares: list[float]) -> Transcript:
    return IN_THIS_PROCESS.transcribe(ferry, shares.append)


@pytest.fixture(scope="module")
def ends(ferry: Audio) -> Audio:
    """The first sentence and the third, far enough apart to be heard one by one."""
    first, third = ferry.samples[: 16_000 * 6], ferry.samples[16_000 * 11 : 16_000 * 16]
    return Audio(np.concatenate([first, third]), ferry.rate_hz)


@pytest.fixture(scope="module")
def heard_ends(ends: Audio) -> Transcript:
    return IN_THIS_PROCESS.transcribe(ends)


def plain(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def wrong_words(said: list[str], heard: list[str]) -> int:
    """The least number of words to change, add or leave out."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def test_a_clear_voice_is_understood_in_the_main(heard: Transcript) -> None:
    said = plain(" ".join(sentence["text"] for sentence in SENTENCES))

    assert wrong_words(said, plain(heard.text)) < 0.25 * len(said)
    assert heard.engine == "pocketsphinx en-us"


def test_words_are_plain_words_without_noise_marks_or_variant_numbers(heard: Transcript) -> None:
    assert all(re.fullmatch(r"[a-z'.-]+", word.text) for word in heard.words)


def test_words_are_in_order_and_within_the_sentences_that_were_spoken(
    heard: Transcript, ferry: Audio
) -> None:
    times = [(word.start_s or 0.0, word.end_s or 0.0) for word in heard.words]

    assert times == sorted(times)
    assert 0.0 <= times[0][0] < times[-1][1] <= ferry.duration_s
    for start_s, end_s in times:
        assert any(
            sentence["start_s"] - 0.2 <= start_s and end_s <= sentence["end_s"] + 0.2
            for sentence in SENTENCES
        )


def test_a_word_is_found_where_it_was_said(heard: Transcript) -> None:
    boats = [word for word in heard.words if word.text in ("boat", "boats")]

    assert boats, "said in the second and the fourth sentence"
    for word in boats:
        assert any(
            "boat" in sentence["text"]
            and sentence["start_s"] <= (word.start_s or 0.0) <= sentence["end_s"]
            for sentence in SENTENCES
        )


def test_progress_rises_to_one(heard: Transcript, shares: list[float]) -> None:
    assert heard.words
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_a_clear_voice_passes_the_floor_and_a_short_reader_does_not(
    heard: Transcript, ferry: Audio
) -> None:
    reader = read_audio(SOUNDS / "reader.ogg")
    read = IN_THIS_PROCESS.transcribe(reader)

    assert enough_heard(heard, speech_seconds(speech_regions(ferry)))
    assert read.words
    assert not enough_heard(read, speech_seconds(speech_regions(reader)))


def test_what_is_heard_does_not_depend_on_what_was_heard_before(
    heard: Transcript, ends: Audio, heard_ends: Transcript
) -> None:
    # the same sentence at the start of the one recording and of the other
    again = [word for word in heard.words if (word.end_s or 0.0) < 5.5]

    assert again == list(heard_ends.words[: len(again)])
    assert len(again) > 8


def test_two_processes_hear_what_one_hears(ends: Audio, heard_ends: Transcript) -> None:
    assert SphinxTranscriber(workers=2).transcribe(ends) == heard_ends


def test_where_no_second_process_can_run_the_work_is_done_in_this_one(
    ends: Audio, heard_ends: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BrokenPool:
        def __init__(self, *_: object) -> None: ...

        def map(self, *_: object) -> list[Future[object]]:
            raise BrokenProcessPool

        def shutdown(self, **_: object) -> None: ...

    monkeypatch.setattr(sphinx, "ProcessPoolExecutor", BrokenPool)

    assert SphinxTranscriber(workers=2).transcribe(ends) == heard_ends


def test_silence_gives_no_words(capfd: pytest.CaptureFixture[str]) -> None:
    silent = IN_THIS_PROCESS.transcribe(Audio(np.zeros(16_000 * 3, np.float32), 16_000))

    assert (silent.words, silent.duration_s) == ((), 3.0)
    assert capfd.readouterr() == ("", "")


def test_at_another_sampling_rate_words_keep_their_seconds(
    ends: Audio, heard_ends: Transcript
) -> None:
    first = Audio(ends.samples[: 16_000 * 6], ends.rate_hz)

    words = IN_THIS_PROCESS.transcribe(resample(first, 44_100)).words

    assert words[0].start_s == pytest.approx(heard_ends.words[0].start_s, abs=0.1)
    assert words[-1].end_s == pytest.approx(SENTENCES[0]["end_s"], abs=0.2)


def test_a_word_among_well_heard_words_is_trusted_more_than_one_among_guesses() -> None:
    among_good = calibrated([0.99, 0.99, 0.5, 0.99, 0.99])[2]
    among_bad = calibrated([0.05, 0.05, 0.5, 0.05, 0.05])[2]

    assert among_good > among_bad


@given(st.lists(st.floats(0.0, 1.0), max_size=30))
def test_calibration_gives_each_word_a_probability(posteriors: list[float]) -> None:
    found = calibrated(posteriors)

    assert len(found) == len(posteriors)
    assert all(0.0 < probability < 1.0 for probability in found)
