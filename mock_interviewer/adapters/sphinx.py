"""Recognition with nothing downloaded: pocketsphinx, whose English model lies in its wheel.

It writes a rough draft: on clear synthetic voices 5 to 30 % of the words come out wrong, on people
a quarter and much more, always in lower case without punctuation. It is given stretches of speech
of at most 15 s, joined over short pauses, each with its own mean of the spectrum (cepstral mean
`batch`) and its own estimate of the noise, so that a stretch is heard the same whatever came before
it and the work can be shared between processes: pocketsphinx keeps Python's lock while it listens,
so threads would gain nothing. A second of clear speech takes 0.15 s of one core, of noisy speech up
to 0.7 s.
"""

from __future__ import annotations

import math
import os
import re
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from typing import Any

from mock_interviewer.adapters.audio_files import RATE_HZ, resample
from mock_interviewer.adapters.vad import pieces_to_hear
from mock_interviewer.core.pieces import Piece
from mock_interviewer.core.speech_regions import Region, speech_seconds
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.errors import BadModel
from mock_interviewer.ports import Audio, Progress, Samples

LONGEST_UTTERANCE_S = 15.0
LONGEST_GAP_S = 0.6
_PAD_S = 0.15
_FRAME_S = 0.01
_WORKER_PAYS_S = 20.0
"""Speech below this is heard sooner in this process than a second one is started."""
_SEARCH = {
    "lw": 5.0,  # trusts the ear more than the default of 6.5: some 10 % fewer of the errors
    "fwdflatlw": 6.5,
    "bestpathlw": 7.5,
    "maxhmmpf": 3000,  # bounds the time that noise takes; clear speech never needs more
}
_VARIANT = re.compile(r"\(\d+\)$")

_NO_WORD = "<[+"
"""How silence, noise and breath begin."""

NEIGHBOURS = 4
OWN_WEIGHT, AROUND_WEIGHT, BIAS = 0.379, 0.260, 0.922
"""Learned from 2454 words of four synthetic voices (clean, faster, with noise, in a room) and six
recordings of people, each word marked right or wrong by alignment with the text."""

Heard = tuple[str, float, float, float]
"""A word, its start and end in seconds from the start of its stretch, its probability."""


@dataclass(frozen=True)
class SphinxTranscriber:
    """Fulfils ports.Transcriber."""

    workers: int = 0
    """Processes that share the work; 0 takes two where the machine has two cores."""

    @property
    def name(self) -> str:
        return "pocketsphinx en-us"

    def transcribe(self, audio: Audio, progress: Progress | None = None) -> Transcript:
        """The words with times and probabilities; silence gives no words. Raises BadModel."""
        audio = resample(audio, RATE_HZ)
        _, stretches = pieces_to_hear(audio, LONGEST_UTTERANCE_S, LONGEST_GAP_S, _PAD_S)
        pieces = [_pcm(_cut(audio, stretch)) for stretch in stretches]
        to_do_s, done_s = speech_seconds(stretches), 0.0
        words: list[Word] = []
        for stretch, heard in zip(stretches, self._hear_all(pieces, to_do_s), strict=True):
            words += _placed(heard, stretch)
            done_s += stretch[1] - stretch[0]
            if progress:
                progress(min(1.0, done_s / to_do_s))
        if progress and not stretches:
            progress(1.0)
        return Transcript(tuple(words), audio.duration_s, self.name, "en")

    def hear(self, samples: Samples, piece: Piece) -> tuple[Word, ...]:
        """The words of one piece; its samples at RATE_HZ, times in the whole recording."""
        return tuple(_placed(_hear(_pcm(samples)), (piece.start_s, piece.end_s)))

    def _hear_all(self, pieces: Sequence[bytes], speech_s: float) -> Iterator[list[Heard]]:
        """What is heard in each piece, in order; in this process if others cannot be started."""
        workers = min(self.workers or min(2, os.cpu_count() or 1), len(pieces))
        done = 0
        if workers > 1 and (self.workers or speech_s >= _WORKER_PAYS_S):
            pool = ProcessPoolExecutor(workers, get_context("spawn"), _leave_interrupts_to_parent)
            try:
                for heard in pool.map(_hear, pieces):
                    yield heard
                    done += 1
            except (BrokenProcessPool, OSError):  # no memory or no leave for a second process
                pass
            finally:
                if done < len(pieces):
                    _end_workers(pool)  # an interrupt does not wait for the rest
                pool.shutdown(cancel_futures=True)
        for piece in pieces[done:]:
            yield _hear(piece)


def _end_workers(pool: ProcessPoolExecutor) -> None:
    # the public way, terminate_workers(), comes with Python 3.14
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _cut(audio: Audio, stretch: Region) -> Samples:
    return audio.samples[round(stretch[0] * audio.rate_hz) : round(stretch[1] * audio.rate_hz)]


def _pcm(samples: Samples) -> bytes:
    return (samples * 32767).astype("<i2").tobytes()


def _placed(heard: Sequence[Heard], stretch: Region) -> list[Word]:
    """The words with their seconds in the whole recording, none beyond its stretch."""
    start_s, end_s = stretch
    return [
        Word(
            text,
            start_s=round(min(start_s + first, end_s), 2),
            end_s=round(min(start_s + last, end_s), 2),
            probability=round(probability, 3),
        )
        for text, first, last, probability in heard
    ]


def _hear(pcm: bytes) -> list[Heard]:
    """Recognise one stretch of 16-bit mono sound at 16 kHz."""
    decoder = _decoder()
    decoder.reinit_feat()  # its estimate of the noise would run on from the stretch before
    decoder.start_utt()
    decoder.process_raw(pcm, False, True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return []
    segments = [segment for segment in decoder.seg() if segment.word[0] not in _NO_WORD]
    probabilities = calibrated([segment.prob for segment in segments])
    return [
        (
            _VARIANT.sub("", segment.word),
            segment.start_frame * _FRAME_S,
            (segment.end_frame + 1) * _FRAME_S,
            probability,
        )
        for segment, probability in zip(segments, probabilities, strict=True)
    ]


def calibrated(posteriors: Sequence[float]) -> list[float]:
    """How likely each word of a stretch is right, from the posteriors of all of them.

    The lattice splits a word among its pronunciations and its possible beginnings, so that of the
    words with a posterior of 0.2 half are right; and a word among words that were not understood is
    less to be trusted than its own posterior says. Hence a logistic regression on the word's logit
    and the mean logit of the NEIGHBOURS words on either side.
    """
    logits = [_logit(posterior) for posterior in posteriors]
    found = []
    for index, own in enumerate(logits):
        around = logits[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
        weighed = OWN_WEIGHT * own + AROUND_WEIGHT * sum(around) / len(around) + BIAS
        found.append(1.0 / (1.0 + math.exp(-weighed)))
    return found


def _logit(posterior: float) -> float:
    held = min(max(posterior, 0.001), 0.999)
    return math.log(held / (1.0 - held))


@cache
def _decoder() -> Any:
    """The recogniser with the wheel's model, loaded once a process."""
    import pocketsphinx

    try:
        return pocketsphinx.Decoder(loglevel="FATAL", cmn="batch", **_SEARCH)
    except (RuntimeError, ValueError, OSError):
        raise BadModel(
            "pocketsphinx cannot load the English model of its wheel; "
            "run: pip install --force-reinstall pocketsphinx"
        ) from None
