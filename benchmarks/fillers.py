"""Fillers: hums of known place spliced into speech, and what is found of them.

    python benchmarks/fillers.py

Real speech (a reader of LibriVox, benchmarks/sounds) and synthetic speech (flite), each with the
times of its words. Between two words a hum is put in, 'uh' or 'um', made by a source and a filter:
pulses at a pitch with drift and jitter, three formants, for 'um' closing into a nasal; 0.22 to 0.9
s long, with silence on one side or both. The words stand as a recogniser writes them that leaves
fillers out. The thresholds of core.hums were set looking at seeds 1 and 2; the figures are of other
seeds. No hums of real people are at hand: with those, figures will be lower. False ones are counted
on the speech as it was read, and once more with words drawn out ('and...'), whose times cover them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from figures import Figure, keep, share  # noqa: E402

from mock_interviewer.adapters.audio_files import RATE_HZ, read_audio  # noqa: E402
from mock_interviewer.adapters.prompt_dir import fixtures_dir  # noqa: E402
from mock_interviewer.core.hums import find_hums  # noqa: E402
from mock_interviewer.core.transcript import Transcript, Word  # noqa: E402

Samples = npt.NDArray[np.float32]
HUMS = 300
FIRST_SEED = 100
EVERY_WORDS = 12


def hum(seconds: float, pitch_hz: float, loud: float, rng: random.Random) -> Samples:
    """A filled pause."""
    noise = np.random.default_rng(rng.randrange(1 << 30))
    n = round(seconds * RATE_HZ)
    at = np.arange(n) / RATE_HZ
    drift = rng.uniform(-1.2, 0.4) * at / seconds + 0.15 * np.sin(2 * np.pi * 2.5 * at)
    pitch = (
        pitch_hz
        * 2 ** (drift / 12)
        * (1 + 0.008 * np.interp(at, at[::80], noise.normal(size=len(at[::80]))))
    )
    phase = np.cumsum(pitch) / RATE_HZ
    pulses = np.diff(np.floor(phase), prepend=0.0) + 0.01 * noise.normal(size=n)
    formants = [(rng.uniform(480, 650), 90), (rng.uniform(1150, 1500), 110), (2500, 160)]
    vowel = _filtered(pulses, formants)
    if rng.random() < 0.5:  # 'um'
        nasal = _filtered(pulses, [(260, 70), (1100, 250), (2200, 300)])
        from_s = seconds * rng.uniform(0.35, 0.6)
        mix = np.clip((at - from_s) / 0.06, 0.0, 1.0)
        vowel = vowel / _rms(vowel) * (1 - mix) + 0.6 * nasal / _rms(nasal) * mix
    edges = np.minimum(1.0, np.minimum(at / 0.03, (seconds - at) / 0.05))
    return (vowel / _rms(vowel) * edges * loud).astype(np.float32)


def _filtered(
    source: npt.NDArray[np.float64], formants: Sequence[tuple[float, float]]
) -> npt.NDArray[np.float64]:
    """Resonances one after the other, in the spectrum."""
    spectrum, hertz = np.fft.rfft(source), np.fft.rfftfreq(len(source), 1 / RATE_HZ)
    for middle, width in formants:
        spectrum = spectrum / (1 - (hertz / middle) ** 2 + 1j * hertz * width / middle**2)
    return np.fft.irfft(spectrum, len(source))


def _rms(samples: npt.NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(samples**2)) + 1e-9)


def sources() -> Iterator[tuple[str, Samples, tuple[Word, ...]]]:
    """Speech with the times of its words: real readers, then flite."""
    yield from real_speech()
    for path in sorted(fixtures_dir().glob("*.flac")):
        told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        words = [
            Word(word["word"], word["start_s"], word["end_s"], 0.9)
            for unit in told["units"]
            for word in unit["words"]
        ]
        yield path.stem, read_audio(path).samples, tuple(words)


def real_speech() -> Iterator[tuple[str, Samples, tuple[Word, ...]]]:
    """A reader's sentences."""
    sounds = ROOT / "benchmarks" / "sounds"
    told = json.loads((sounds / "readers.json").read_text(encoding="utf-8"))["words"]
    words = tuple(Word(text, start_s, end_s, 0.9) for text, start_s, end_s in told)
    yield "readers", read_audio(sounds / "readers.flac").samples, words


Spliced = tuple[Samples, tuple[Word, ...], list[tuple[float, float]]]


def spliced(
    samples: Samples, words: Sequence[Word], pitch_hz: float, rng: random.Random
) -> Spliced:
    """The speech with hums put in, its words moved along, and where the hums are."""
    level = _rms(samples[np.abs(samples) > 0.01].astype(np.float64))
    parts: list[Samples] = []
    moved: list[Word] = []
    places: list[tuple[float, float]] = []
    taken = at = 0
    for number, word in enumerate(words):
        shift_s = (at - taken) / RATE_HZ
        moved.append(
            replace(
                word,
                start_s=(word.start_s or 0.0) + shift_s,
                end_s=(word.end_s or 0.0) + shift_s,
            )
        )
        if number % EVERY_WORDS != EVERY_WORDS // 2:
            continue
        cut = round((word.end_s or 0.0) * RATE_HZ)
        seconds = rng.uniform(0.22, 0.9)
        sides = rng.choice(("both", "both", "before", "after"))
        before_s = rng.uniform(0.12, 0.8) if sides != "after" else 0.0
        after_s = rng.uniform(0.12, 0.8) if sides != "before" else 0.0
        sound = hum(seconds, pitch_hz * rng.uniform(0.9, 1.1), level * rng.uniform(0.5, 1.0), rng)
        pieces = [samples[taken:cut], _silence(before_s), sound, _silence(after_s)]
        start = at + len(pieces[0]) + len(pieces[1])
        places.append((start / RATE_HZ, (start + len(sound)) / RATE_HZ))
        parts += pieces
        at += sum(map(len, pieces))
        taken = cut
    parts.append(samples[taken:])
    noise = np.random.default_rng(rng.randrange(1 << 30))
    whole = np.concatenate(parts)
    whole = whole + noise.normal(0, 0.0005, len(whole)).astype(np.float32)
    return whole, tuple(moved), places


def drawn_out(
    samples: Samples, words: Sequence[Word], pitch_hz: float, rng: random.Random
) -> Spliced:
    """The same with words drawn out and no hum: a vowel held on, covered by its word."""
    level = _rms(samples[np.abs(samples) > 0.01].astype(np.float64))
    parts: list[Samples] = []
    moved: list[Word] = []
    taken = at = 0
    for number, word in enumerate(words):
        shift_s = (at - taken) / RATE_HZ
        start_s, end_s = (word.start_s or 0.0) + shift_s, (word.end_s or 0.0) + shift_s
        if number % EVERY_WORDS == EVERY_WORDS // 2:
            cut = round((word.end_s or 0.0) * RATE_HZ)
            sound = hum(rng.uniform(0.3, 0.9), pitch_hz, level * 0.8, rng)
            pieces = [samples[taken:cut], sound, _silence(rng.uniform(0.2, 0.8))]
            end_s += len(sound) / RATE_HZ
            parts += pieces
            at += sum(map(len, pieces))
            taken = cut
        moved.append(replace(word, start_s=start_s, end_s=end_s))
    parts.append(samples[taken:])
    return np.concatenate(parts), tuple(moved), []


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def counted(found: Sequence[tuple[float, float]], true: Sequence[tuple[float, float]]) -> int:
    """Found hums that lie on true ones, each true one at most once."""
    hits = 0
    for start, end in true:
        half_s = 0.5 * (end - start)
        hits += any(min(end, b) - max(start, a) > half_s for a, b in found)
    return hits


def measure(least_hums: int = HUMS, first_seed: int = FIRST_SEED) -> list[Figure]:
    """Precision, recall, and false ones a minute of fluent speech."""
    hits = found_count = true_count = false = 0
    minutes = 0.0
    seed = first_seed
    speech = list(sources())
    while true_count < least_hums:
        for name, samples, words in speech:
            rng = random.Random(seed * 1000 + len(words))
            pitch_hz = rng.uniform(90, 230)
            sound, moved, true = spliced(samples, words, pitch_hz, rng)
            found = find_hums(sound, RATE_HZ, Transcript(moved))
            hits += counted(found, true)
            found_count += len(found)
            true_count += len(true)
            sound, moved, _ = drawn_out(samples, words, pitch_hz, rng)
            for fluent, told in ((samples, words), (sound, moved)):
                false += len(find_hums(fluent, RATE_HZ, Transcript(tuple(told))))
                minutes += len(fluent) / RATE_HZ / 60
            print(
                f"{name:16} seed {seed}: {counted(found, true)} of {len(true)}, {len(found)} found"
            )
        seed += 1
    per_min = false / minutes
    return [
        share("filler_precision", hits, max(found_count, hits)),
        share("filler_recall", hits, true_count),
        Figure("filler_false_per_min", per_min, "a minute", per_min, per_min, round(minutes)),
    ]


def main() -> None:
    """Measure and print; --keep puts the figures into results.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hums", type=int, default=HUMS)
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="1 is for tuning")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    figures = measure(options.hums, options.seed)
    for figure in figures:
        print(f"{figure.name:24} {figure.value:.3f} {figure.unit} ", end="")
        print(f"({figure.low:.3f} to {figure.high:.3f}, n = {figure.runs})")
    if options.keep:
        keep(figures)


if __name__ == "__main__":
    main()
