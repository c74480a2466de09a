"""Fillers that no recogniser writes down: 'uh' and 'um' found in the sound itself.

Whisper is trained to leave fillers out, so a count from its text is a count of nothing. A filled
pause holds still: the voice keeps its pitch and its colour while the speaker looks for words, and
silence lies beside it (Goto 1999: small change of pitch and of the spectral envelope find 0.85 of
them; seven in ten are followed by silence, Daly 1994). Here a hum is a voiced stretch of SHORTEST_S
to LONGEST_S that no word covers, of nearly level pitch and low spectral flux, with silence on one
side at least. A drawn-out 'and...' is covered by its word and is none.

The doubt: a word that the recogniser missed, held on one vowel, looks the same; and a hum under
which a recogniser stretched the word before it is not seen. So what is found here is 'maybe', never
'at least'. Frames are 40 ms wide and 10 ms apart; only gaps between words are looked at.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.arrays import Floats
from mock_interviewer.core.speech_regions import Region
from mock_interviewer.core.transcript import Transcript

SHORTEST_S = 0.2
LONGEST_S = 1.5
HOP_S = 0.01
FRAME_S = 0.04
LOWEST_HZ, HIGHEST_HZ = 65.0, 400.0
VOICED = 0.6
"""Height of the autocorrelation's peak, 1 for a perfectly regular sound."""
QUIETER_DB = 30.0
"""A frame so far below the answer's loud speech is silence."""
LEVEL_SEMITONES = 1.0
"""Spread of the pitch (half the range that holds 80 % of the frames)."""
STILL_FLUX = 0.045
"""Mean change of the spectral shape over 30 ms, 0 (none) to 1."""
SILENCE_BESIDE_S = 0.08
WORD_SLACK_S = 0.05
"""How far beyond its times a word may still sound."""
STRETCH_S = 20.0
_FLUX_FRAMES = 3
_BANDS = 24


def find_hums(
    samples: npt.NDArray[np.float32], rate_hz: int, transcript: Transcript
) -> tuple[Region, ...]:
    """Hums of an answer, in seconds, in order; samples mono, the transcript timed.

    Linear in the length of the recording.
    """
    if not transcript.is_timed or not len(samples):
        return ()
    loud = _loudness_db(samples, rate_hz)
    found = []
    for gap in _gaps(transcript, len(samples) / rate_hz):
        first, end = (round(at * rate_hz) for at in gap)
        for start_s, end_s in _hums_in(samples[first:end], rate_hz, loud):
            found.append((round(gap[0] + start_s, 3), round(gap[0] + end_s, 3)))
    return tuple(found)


def _gaps(transcript: Transcript, duration_s: float) -> list[Region]:
    """Stretches of at least SHORTEST_S that no word covers."""
    gaps, at_s = [], 0.0
    for word in transcript.words:
        start_s, end_s = (word.start_s or 0.0) - WORD_SLACK_S, (word.end_s or 0.0) + WORD_SLACK_S
        if start_s - at_s >= SHORTEST_S:
            gaps.append((at_s, start_s))
        at_s = max(at_s, end_s)
    if duration_s - at_s >= SHORTEST_S:
        gaps.append((at_s, duration_s))
    return gaps


def _loudness_db(samples: npt.NDArray[np.float32], rate_hz: int) -> float:
    """The level of the answer's loud speech: the 90th percentile over 40 ms."""
    size = round(FRAME_S * rate_hz)
    whole = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    if not len(whole):
        return 0.0
    return float(np.quantile(10 * np.log10((whole**2).mean(1) + 1e-12), 0.9))


def _hums_in(
    samples: npt.NDArray[np.float32], rate_hz: int, loud_db: float
) -> list[tuple[float, float]]:
    """Hums within one gap, in its seconds, read in stretches: a whole one would fill the memory."""
    hop = round(HOP_S * rate_hz)  # stretches begin with a frame of the whole
    step = hop * round(STRETCH_S / HOP_S)
    beside = hop * round((LONGEST_S + SILENCE_BESIDE_S + FRAME_S) / HOP_S)
    found: dict[tuple[float, float], None] = {}
    for first in range(0, max(1, len(samples)), step):
        begin = max(0, first - beside)
        for start_s, end_s in _hums_of(samples[begin : first + step + beside], rate_hz, loud_db):
            if first <= begin + round(start_s * rate_hz) < first + step:
                found[begin / rate_hz + start_s, begin / rate_hz + end_s] = None
    return list(found)


def _hums_of(
    samples: npt.NDArray[np.float32], rate_hz: int, loud_db: float
) -> list[tuple[float, float]]:
    """Hums within one stretch, in its seconds."""
    size, hop = round(FRAME_S * rate_hz), round(HOP_S * rate_hz)
    if len(samples) < size + hop:
        return []
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), size)[::hop]
    level_db = 10 * np.log10((frames**2).mean(1) + 1e-12)
    is_loud = level_db > loud_db - QUIETER_DB
    pitch_hz, regular = _pitch(frames, rate_hz)
    is_voiced = is_loud & (regular >= VOICED)
    shapes = _shapes(frames, rate_hz)
    found = []
    for first, end in _runs(is_voiced):
        length_s = (end - first) * HOP_S + FRAME_S - HOP_S
        if not SHORTEST_S <= length_s <= LONGEST_S:
            continue
        if _is_still(pitch_hz[first:end], shapes[first:end]) and _is_beside_silence(
            is_loud, first, end
        ):
            found.append((first * HOP_S, first * HOP_S + length_s))
    return found


def _pitch(frames: Floats, rate_hz: int) -> tuple[Floats, Floats]:
    """Pitch in hertz and regularity of every frame, from the normalised autocorrelation."""
    size = frames.shape[1]
    windowed = (frames - frames.mean(1, keepdims=True)) * np.hanning(size)
    spectrum = np.abs(np.fft.rfft(windowed, 2 * size)) ** 2
    auto = np.fft.irfft(spectrum)[:, :size]
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(size), 2 * size)) ** 2)[:size]
    auto = auto / (auto[:, :1] + 1e-12) / np.maximum(window / window[0], 0.05)
    low, high = int(rate_hz / HIGHEST_HZ), min(int(rate_hz / LOWEST_HZ), int(0.7 * size))
    at = auto[:, low:high].argmax(1) + low
    peaks = auto[np.arange(len(auto)), at]
    # twice, three and four times a period are as regular as the period itself: the shortest counts
    for part in (4, 3, 2):
        near = np.round(at / part).astype(int)[:, None] + np.arange(-1, 2)
        near = np.clip(near, 1, high - 1)
        values = np.take_along_axis(auto, near, 1)
        best = near[np.arange(len(at)), values.argmax(1)]
        is_period = (values.max(1) > 0.9 * peaks) & (best >= low)
        at, peaks = np.where(is_period, best, at), np.where(is_period, values.max(1), peaks)
    return rate_hz / at, peaks


def _shapes(frames: Floats, rate_hz: int) -> Floats:
    """The spectral envelope of every frame: energies of _BANDS bands, roots, sum of squares 1."""
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1]), axis=1)) ** 2
    hertz = np.fft.rfftfreq(frames.shape[1], 1 / rate_hz)
    edges = np.geomspace(120.0, 5500.0, _BANDS + 1)
    bands = np.array([(hertz >= a) & (hertz < b) for a, b in pairwise(edges)])
    energy = spectrum @ bands.T.astype(np.float64) + 1e-12
    shape: Floats = energy**0.25
    shape /= np.sqrt((shape**2).sum(1, keepdims=True))
    return shape


def _is_still(pitch_hz: Floats, shapes: Floats) -> bool:
    """True for a level pitch and a spectrum that hardly moves."""
    inner = pitch_hz[1:-1] if len(pitch_hz) > 8 else pitch_hz
    low, high = np.quantile(12 * np.log2(inner), (0.1, 0.9))
    change = 1 - (shapes[_FLUX_FRAMES:] * shapes[:-_FLUX_FRAMES]).sum(1)
    flux = float(np.mean(change)) if len(change) else 1.0
    return bool((high - low) / 2 <= LEVEL_SEMITONES and flux <= STILL_FLUX)


def _is_beside_silence(is_loud: npt.NDArray[np.bool_], first: int, end: int) -> bool:
    beside = round(SILENCE_BESIDE_S / HOP_S)
    before, after = is_loud[max(0, first - beside - 3) : first], is_loud[end : end + beside + 3]
    return any(len(part) >= beside and (~part).sum() >= beside for part in (before, after))


def _runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches [first, end) of true, over gaps of up to two frames."""
    padded = np.concatenate(([False], mask, [False])).astype(np.int8)
    change = np.flatnonzero(np.diff(padded))
    joined: list[tuple[int, int]] = []
    for first, end in zip(change[::2], change[1::2], strict=True):
        if joined and first - joined[-1][1] <= 2:
            joined[-1] = (joined[-1][0], int(end))
        else:
            joined.append((int(first), int(end)))
    return joined
