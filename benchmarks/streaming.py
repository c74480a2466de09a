"""Is text written along as good as text written at once? Word errors of both on the fixtures.

    python benchmarks/streaming.py --tiny DIR

Every recorded answer is written down twice by the same engine: in the pieces that are cut while
somebody speaks (core.pieces), and whole. For comparison stands LocalAgreement-2: the part of the
text after the last committed word is written down again every INTERVAL_S, and what two runs in a
row agree on is committed. Printed for each way: the share of wrong words, how many windows it cost,
and how late words are known at 95 % if a window takes WINDOW_S (one second).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "benchmarks")]

from figures import Figure, keep, quantile  # noqa: E402
from make_fixtures import errors  # noqa: E402

from mock_interviewer.adapters.audio_files import RATE_HZ, read_audio  # noqa: E402
from mock_interviewer.adapters.language_files import load_language  # noqa: E402
from mock_interviewer.adapters.prompt_dir import fixtures_dir  # noqa: E402
from mock_interviewer.adapters.sphinx import SphinxTranscriber  # noqa: E402
from mock_interviewer.adapters.vad import FRAME_S, speech_probabilities  # noqa: E402
from mock_interviewer.adapters.whisper import WhisperTranscriber  # noqa: E402
from mock_interviewer.core.pieces import Piece, Rhythm, next_piece, rest_of  # noqa: E402
from mock_interviewer.core.transcript import Word  # noqa: E402
from mock_interviewer.core.voice_heard import VoiceHeard, hear  # noqa: E402
from mock_interviewer.ports import Audio, PieceTranscriber, Samples  # noqa: E402

INTERVAL_S = 3.0
WINDOW_S = 1.0
LONGEST_TAIL_S = 24.0


@dataclass
class Written:
    """What one way gave: words, windows used, and how late each word was known."""

    words: list[str]
    windows: int
    lags_s: list[float]


def voices(audio: Audio) -> Iterator[VoiceHeard]:
    """The voice heard so far, ten times a second."""
    probabilities, voice = speech_probabilities(audio).tolist(), VoiceHeard(FRAME_S)
    for first in range(0, len(probabilities), 3):
        voice = hear(voice, probabilities[first : first + 3])
        yield voice


def by_pauses(engine: PieceTranscriber, audio: Audio, rhythm: Rhythm) -> Written:
    """As in an interview."""
    written, cut_s, voice = Written([], 0, []), 0.0, VoiceHeard(FRAME_S)

    def write(piece: Piece, now_s: float) -> None:
        words = engine.hear(_part(audio, piece), piece)
        written.words += [word.text for word in words]
        written.windows += 1
        written.lags_s += [now_s + WINDOW_S - (word.end_s or 0.0) for word in words]

    for voice in voices(audio):
        while piece := next_piece(voice, cut_s, rhythm):
            cut_s = piece.regions[-1][1]
            write(piece, voice.heard_s)
    for piece in rest_of(voice.regions(audio.duration_s), cut_s, audio.duration_s, 14.0):
        write(piece, audio.duration_s)
    return written


def by_agreement(engine: PieceTranscriber, audio: Audio) -> Written:
    """LocalAgreement-2 on the tail."""
    written, committed_s, last = Written([], 0, []), 0.0, list[Word]()
    due_s, voice = INTERVAL_S, VoiceHeard(FRAME_S)
    for voice in voices(audio):
        if voice.heard_s < due_s:
            continue
        due_s += INTERVAL_S
        speech = [r for r in voice.regions(voice.heard_s) if r[1] > committed_s + 0.05]
        if not speech:
            continue
        start_s = max(committed_s, speech[0][0] - 0.2)
        piece = Piece(start_s, voice.heard_s, tuple(speech))
        words = list(engine.hear(_part(audio, piece), piece))
        written.windows += 1
        agreed = _agreed(last, words)
        if piece.end_s - piece.start_s > LONGEST_TAIL_S:
            agreed = max(agreed, len(words) // 2)
        for word in words[:agreed]:
            written.words.append(word.text)
            written.lags_s.append(voice.heard_s + WINDOW_S - (word.end_s or 0.0))
            committed_s = word.end_s or 0.0
        last = words[agreed:]
    regions = [r for r in voice.regions(audio.duration_s) if r[1] > committed_s + 0.05]
    if regions:
        piece = Piece(committed_s, audio.duration_s, tuple(regions))
        written.words += [word.text for word in engine.hear(_part(audio, piece), piece)]
        written.windows += 1
    return written


def _agreed(before: Sequence[Word], now: Sequence[Word]) -> int:
    count = 0
    for one, other in zip(before, now, strict=False):
        if plain(one.text) != plain(other.text):
            break
        count += 1
    return count


def whole(engine: SphinxTranscriber | WhisperTranscriber, audio: Audio) -> Written:
    """Everything at once, after the end."""
    words = [word.text for word in engine.transcribe(audio).words]
    return Written(words, 0, [])


def _part(audio: Audio, piece: Piece) -> Samples:
    return audio.samples[round(piece.start_s * RATE_HZ) : round(piece.end_s * RATE_HZ)]


def plain(text: str) -> str:
    """Without capitals and stops."""
    return re.sub(r"[^\w']", "", text.lower())


def compared(
    engine: SphinxTranscriber | WhisperTranscriber,
    files: Sequence[Path],
    ways: dict[str, Callable[[Audio], Written]],
) -> dict[str, tuple[float, int, float]]:
    """For each way: the share of wrong words over all files, windows, and the lag at 95 %."""
    found = {}
    for name, way in ways.items():
        wrong = total = windows = 0
        lags: list[float] = []
        for path in files:
            units = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["units"]
            told = [plain(word["word"]) for unit in units for word in unit["words"]]
            written = way(read_audio(path))
            heard = [word for text in written.words for word in [plain(text)] if word]
            wrong += errors(told, heard)
            total += len(told)
            windows += written.windows
            lags += written.lags_s
        lag_s = quantile(lags, 0.95) if lags else 0.0
        found[name] = (wrong / total, windows, lag_s)
        print(f"{engine.name:24} {name:16} {wrong / total:.4f} of {total} words wrong, ", end="")
        print(f"{windows} windows, 95 % of the words within {lag_s:.1f} s", flush=True)
    return found


def files_for(engine: str) -> list[Path]:
    """The fixtures; the tiny Whisper knows only the voice `rms`."""
    paths = sorted(fixtures_dir().glob("*.flac"))
    if engine == "sphinx":
        return paths
    voices_of = {p: json.loads(p.with_suffix(".json").read_text(encoding="utf-8")) for p in paths}
    return [path for path, told in voices_of.items() if told["voice"] == "rms"]


def measure(tiny: Path | None, *, with_agreement: bool = False) -> Iterator[Figure]:
    """The excess of word errors for each engine."""
    engines: dict[str, SphinxTranscriber | WhisperTranscriber] = {"sphinx": SphinxTranscriber()}
    if tiny is not None:
        engines["tiny"] = WhisperTranscriber(tiny, load_language(), "tiny")
    worst = None
    for name, engine in engines.items():
        files = files_for(name)
        ways: dict[str, Callable[[Audio], Written]] = {
            "whole": lambda audio, engine=engine: whole(engine, audio),  # type: ignore[misc]
            "pieces": lambda audio, engine=engine: by_pauses(engine, audio, Rhythm()),  # type: ignore[misc]
        }
        if with_agreement and name != "sphinx":  # it would take longer than the answers
            ways["agreement"] = lambda audio, engine=engine: by_agreement(engine, audio)  # type: ignore[misc]
        found = compared(engine, files, ways)
        excess = found["pieces"][0] - found["whole"][0]
        worst = excess if worst is None else max(worst, excess)
        yield Figure(f"streamed_wer_excess_{name}", excess, "of the words", excess, excess, 1)
    if worst is not None:
        yield Figure("streamed_wer_excess", worst, "of the words", worst, worst, len(engines))


def main() -> None:
    """Measure and print; --keep puts the figures into results.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiny", type=Path, help="the tests' tiny Whisper")
    parser.add_argument("--agreement", action="store_true")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    figures = list(measure(options.tiny, with_agreement=options.agreement))
    for figure in figures:
        print(f"{figure.name:40} {figure.value:8.4f}")
    if options.keep:
        keep(figures)


if __name__ == "__main__":
    main()
