"""Writing down piece by piece, in a process of its own that may be ended at any moment.

The first line on stdin says which recogniser (`{"engine": "sphinx"}`, or `{"engine": "whisper",
"folder", "label", "language"}`); each further one names a recording and a piece of it. The child
reads the sound from the growing file, so nothing is lost with it. Every answer is one line on
stdout: `{"ready": true}` once the model is loaded, then `{"id", "words", "spent_s"}` for each
piece, or `{"fault"}` and the end. It gives way to whatever else the machine has to do.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import IO, Any

import numpy as np

from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.core.pieces import Piece
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import PieceTranscriber, Samples

NICENESS = 1


def main() -> None:
    """Write down until stdin ends."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICENESS)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    orders = sys.stdin.buffer
    try:
        transcriber = transcriber_of(json.loads(orders.readline()))
        # the network is loaded and has run once before the first word is waited for
        transcriber.hear(np.zeros(RATE_HZ, np.float32), Piece(0.0, 1.0, ((0.0, 1.0),)))
        _tell(out, {"ready": True})
        for line in orders:
            _tell(out, _written(transcriber, json.loads(line)))
    except InterviewError as error:
        _tell(out, {"fault": str(error)})
    except (OSError, ValueError):
        pass  # nobody listens any more


def transcriber_of(order: dict[str, Any]) -> PieceTranscriber:
    """The recogniser that the first line asks for. Raises BadModel."""
    if order["engine"] == "sphinx":
        from mock_interviewer.adapters.sphinx import SphinxTranscriber

        return SphinxTranscriber()
    from mock_interviewer.adapters.language_files import load_language
    from mock_interviewer.adapters.whisper import WhisperTranscriber

    return WhisperTranscriber(
        Path(order["folder"]), load_language(order["language"]), order["label"]
    )


def _written(transcriber: PieceTranscriber, order: dict[str, Any]) -> dict[str, Any]:
    began_s = time.perf_counter()
    regions = tuple((start, end) for start, end in order["regions"])
    piece = Piece(order["start_s"], order["end_s"], regions)
    words = transcriber.hear(samples_of(Path(order["path"]), piece), piece)
    return {
        "id": order["id"],
        "words": [[word.text, word.start_s, word.end_s, word.probability] for word in words],
        "spent_s": round(time.perf_counter() - began_s, 3),
    }


def samples_of(path: Path, piece: Piece) -> Samples:
    """One piece of a 16 kHz WAV, which may still be growing. Raises OSError."""
    import soundfile

    try:
        samples, _ = soundfile.read(
            path,
            start=round(piece.start_s * RATE_HZ),
            stop=round(piece.end_s * RATE_HZ),
            dtype="float32",
        )
    except soundfile.LibsndfileError as error:
        raise OSError(str(error)) from None
    return np.asarray(samples, np.float32)


def _tell(out: IO[bytes], what: dict[str, Any]) -> None:
    out.write(json.dumps(what).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
