"""Sound at another rate while it comes in: band-limited, and without a seam between the blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


class Resampler:
    """Mono 16-bit blocks from one rate to another; nothing is done where they are the same."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self.from_hz, self.to_hz = from_hz, to_hz
        self._swr: Any = None
        if from_hz != to_hz:
            import av

            self._swr = av.AudioResampler(format="s16", layout="mono", rate=to_hz)

    def push(self, samples: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
        """What is ready of the sound, shape (n,); a few samples stay behind for the next block."""
        if self._swr is None or not len(samples):
            return samples
        import av

        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[None, :], np.int16), format="s16", layout="mono"
        )
        frame.sample_rate = self.from_hz
        pieces = [out.to_ndarray().reshape(-1) for out in self._swr.resample(frame)]
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
