"""The voice detector: silero's network from the faster-whisper wheel, run with onnxruntime.

A frame is 512 samples at 16 kHz (32 ms), seen together with the 64 samples before it; the network's
state runs on from frame to frame. Nothing is downloaded and torch is not needed. Stretches are not
padded: a pause is as long as it was.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mock_interviewer.adapters.audio_files import RATE_HZ, resample
from mock_interviewer.core.speech_regions import Regions, cut_to, grouped, padded, regions_of
from mock_interviewer.errors import BadModel
from mock_interviewer.ports import Audio, Samples

FRAME_SAMPLES = 512
FRAME_S = FRAME_SAMPLES / RATE_HZ
_CONTEXT_SAMPLES = 64
_BATCH_FRAMES = 4096
_STATE_SHAPE = (1, 1, 128)


def speech_regions(audio: Audio) -> Regions:
    """Stretches of speech (start, end) in seconds, sorted, 0.2 s or more apart. Raises BadModel."""
    return regions_of(speech_probabilities(audio).tolist(), FRAME_S, audio.duration_s)


def pieces_to_hear(
    audio: Audio, longest_s: float, longest_gap_s: float, pad_s: float
) -> tuple[Regions, Regions]:
    """The stretches of speech, and the pieces in which a recogniser is best given them.

    A piece joins stretches over gaps up to longest_gap_s, lasts at most longest_s (a longer stretch
    is cut where speech is least likely) plus pad_s of the silence at either end. Raises BadModel.
    """
    probabilities = speech_probabilities(audio).tolist()
    regions = regions_of(probabilities, FRAME_S, audio.duration_s)
    short = cut_to(longest_s, regions, probabilities, FRAME_S)
    return regions, padded(grouped(short, longest_s, longest_gap_s), pad_s, audio.duration_s)


def speech_probabilities(audio: Audio) -> npt.NDArray[np.float32]:
    """The probability of speech for every 32 ms, shape (frames,). Raises BadModel."""
    samples = resample(audio, RATE_HZ).samples
    frames = -(-len(samples) // FRAME_SAMPLES)
    if not frames:
        return np.zeros(0, np.float32)
    session = _session()
    hidden = cell = np.zeros(_STATE_SHAPE, np.float32)
    found = []
    for first in range(0, frames, _BATCH_FRAMES):
        windows = _windows(samples, first, min(first + _BATCH_FRAMES, frames))
        probabilities, hidden, cell = session.run(None, {"input": windows, "h": hidden, "c": cell})
        found.append(probabilities.reshape(-1))
    return np.concatenate(found)


def _windows(samples: Samples, first: int, end: int) -> Samples:
    """The frames [first, end), each behind the 64 samples before it, shape (end - first, 576)."""
    start = first * FRAME_SAMPLES - _CONTEXT_SAMPLES
    stretch = np.zeros((end - first) * FRAME_SAMPLES + _CONTEXT_SAMPLES, np.float32)
    known = samples[max(start, 0) : end * FRAME_SAMPLES]
    offset = max(-start, 0)
    stretch[offset : offset + len(known)] = known
    return np.lib.stride_tricks.sliding_window_view(stretch, FRAME_SAMPLES + _CONTEXT_SAMPLES)[
        ::FRAME_SAMPLES
    ].copy()


@cache
def _session() -> Any:
    """The network, loaded once a process."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(
            str(_network_file(_wheel_folders())), options, providers=["CPUExecutionProvider"]
        )
    except BadModel:
        raise
    except Exception:  # onnxruntime's errors share no base class of their own
        raise BadModel(
            "the voice detector inside faster-whisper cannot be loaded; "
            "run: pip install --force-reinstall faster-whisper"
        ) from None


def _wheel_folders() -> Sequence[str]:
    spec = importlib.util.find_spec("faster_whisper")  # looked up, not imported: that takes 0.2 s
    return [] if spec is None else list(spec.submodule_search_locations or [])


def _network_file(folders: Sequence[str]) -> Path:
    for folder in folders:
        for path in sorted(Path(folder, "assets").glob("silero_vad*.onnx")):
            return path
    raise BadModel(
        "the voice detector inside faster-whisper is missing; "
        "run: pip install --upgrade faster-whisper"
    )


class VadStream:
    """The detector fed piece by piece; gives what speech_probabilities gives for the whole."""

    def __init__(self) -> None:
        self._session = _session()
        self._hidden = self._cell = np.zeros(_STATE_SHAPE, np.float32)
        self._context = np.zeros(_CONTEXT_SAMPLES, np.float32)
        self._rest = np.zeros(0, np.float32)

    def push(self, samples: Samples) -> npt.NDArray[np.float32]:
        """One probability for each frame that is now whole, shape (frames,).

        samples: mono at 16 kHz, shape (n,), float32 in [-1, 1]; n may be anything.
        """
        known = np.concatenate((self._rest, samples.astype(np.float32, copy=False)))
        frames = len(known) // FRAME_SAMPLES
        self._rest = known[frames * FRAME_SAMPLES :].copy()
        if not frames:
            return np.zeros(0, np.float32)
        stretch = np.concatenate((self._context, known[: frames * FRAME_SAMPLES]))
        self._context = stretch[-_CONTEXT_SAMPLES:].copy()
        windows = np.lib.stride_tricks.sliding_window_view(
            stretch, FRAME_SAMPLES + _CONTEXT_SAMPLES
        )[::FRAME_SAMPLES].copy()
        found, self._hidden, self._cell = self._session.run(
            None, {"input": windows, "h": self._hidden, "c": self._cell}
        )
        return np.asarray(found, np.float32).reshape(-1)

    def finish(self) -> npt.NDArray[np.float32]:
        """The probability of the last, incomplete frame, shape (1,), or none, shape (0,)."""
        missing = -len(self._rest) % FRAME_SAMPLES
        return self.push(np.zeros(missing, np.float32))
