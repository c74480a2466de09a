"""Recognition with Whisper, through faster-whisper, from a model folder on this machine.

The network is never asked: the folder is checked file by file before anything is loaded, because
the library would otherwise take a missing folder for a name to download. Whisper writes sentences
into silence, so it is given only stretches with speech, at most 28 s at a time (its window is 30
s), each read without regard to the one before; what it writes where the voice detector heard next
to nothing is dropped, and stock phrases of silence ('thanks for watching') are dropped unless
speech bears them out. It bends word times around pauses, so words are moved back into the stretches
of speech. Text that repeats itself like a broken record is kept but marked as not heard well.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.audio_files import RATE_HZ, resample
from mock_interviewer.adapters.vad import pieces_to_hear
from mock_interviewer.core.language import Language
from mock_interviewer.core.pieces import Piece
from mock_interviewer.core.speech_regions import (
    Region,
    Regions,
    clamped,
    overlap_s,
    speech_seconds,
)
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.errors import BadModel
from mock_interviewer.ports import Audio, Progress, Samples

LONGEST_PIECE_S = 28.0
LONGEST_GAP_S = 4.0
"""A longer silence ends the piece: it would be an invitation to invent."""
_PAD_S = 0.2
LEAST_SPEECH_S = 0.2
"""A segment with less speech under it is dropped."""
STOCK_PHRASE_SPEECH_S = 0.6
"""A stock phrase of silence needs this much speech under it to be believed."""
REPETITIVE_RATIO = 2.4
"""Text that compresses better than this is a loop (the limit that Whisper itself uses)."""
_LOOP_PROBABILITY = 0.2
MULTILINGUAL_TOKENS = 51_865
"""Whisper's networks for many languages have at least so many tokens, those for English fewer."""
_NEEDED = ("config.json", "model.bin", "tokenizer.json")
_GET_WHOLE = "copy the whole faster-whisper model folder again"


def check_model_folder(folder: Path) -> None:
    """Raise BadModel, in one plain line, unless folder has every file of a faster-whisper model."""
    if not folder.exists():
        raise BadModel(f"{folder}: there is no such model folder; check the name")
    if not folder.is_dir():
        raise BadModel(f"{folder}: is a file; a model is a folder with model.bin in it")
    for name in _NEEDED:
        _check_filled(folder / name, folder)
    if not list(folder.glob("vocabulary.*")):
        raise BadModel(
            f"{folder}: the model has no vocabulary.json or vocabulary.txt; {_GET_WHOLE}"
        )
    jsons = [
        folder / "config.json", folder / "tokenizer.json",
        *folder.glob("preprocessor_config.json"), *folder.glob("vocabulary.json"),
    ]  # fmt: skip
    for path in jsons:
        _check_json(path, folder)
    _check_weights(folder / "model.bin", folder)


def _check_filled(path: Path, folder: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise BadModel(f"{folder}: the model's {path.name} is missing; {_GET_WHOLE}") from None
    if not size:
        raise BadModel(f"{folder}: the model's {path.name} is empty; {_GET_WHOLE}")


def _check_json(path: Path, folder: Path) -> None:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadModel(f"{folder}: the model's {path.name} is damaged; {_GET_WHOLE}") from None


def _check_weights(path: Path, folder: Path) -> None:
    """The kind of network is named in the first bytes; anything else would only fail later."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        raise BadModel(
            f"{folder}: the model's {path.name} cannot be opened; check its permissions"
        ) from None
    if b"WhisperSpec" not in head:
        raise BadModel(f"{folder}: the model's {path.name} holds no Whisper network; {_GET_WHOLE}")


def check_knows(folder: Path, language: Language) -> None:
    """Raise BadModel, in one plain line, if the model knows English only and this is another."""
    if language.code != "en" and knows_english_only(folder):
        called = language.sentence("about", "called")
        fetch = language.sentence("about", "models")
        raise BadModel(
            f"{folder}: this model knows English only and would write {called} down as English; "
            f"`mock-interviewer model fetch {fetch}` brings one that knows {called}."
        )


def knows_english_only(folder: Path) -> bool:
    """True for a model without the tokens that name languages; its name mostly ends in '.en'.

    False for a folder that is no whole model: that is told elsewhere.
    """
    if folder.name.endswith(".en"):
        return True
    try:
        for path in folder.glob("vocabulary.*"):
            text = path.read_text(encoding="utf-8")
            tokens = len(json.loads(text)) if path.suffix == ".json" else text.count("\n")
            return tokens < MULTILINGUAL_TOKENS
    except (OSError, ValueError, TypeError):
        return False
    return False


def _threads() -> int:
    """Threads of one model: as many as the environment allows, one where others work beside it."""
    allowed = os.environ.get("OMP_NUM_THREADS", "")
    return int(allowed) if allowed.isdecimal() and int(allowed) else min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class WhisperTranscriber:
    """Fulfils ports.Transcriber; checks the folder when made, loads the network when first used."""

    folder: Path
    language: Language
    """Its code is what is listened for; its table `hearing` knows the stock phrases of silence."""
    label: str = field(default="")
    """What the model is called; the folder's name if empty."""

    def __post_init__(self) -> None:
        check_model_folder(self.folder)
        check_knows(self.folder, self.language)

    @property
    def name(self) -> str:
        return f"whisper {self.label or self.folder.name}"

    @cached_property
    def _model(self) -> Any:
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
        from faster_whisper import WhisperModel

        try:
            return WhisperModel(
                str(self.folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=_threads(),
                local_files_only=True,
            )
        except Exception:  # CTranslate2 and tokenizers raise what they like
            raise BadModel(
                f"{self.folder}: the model cannot be loaded, a file of it is damaged or of another "
                f"version; {_GET_WHOLE}"
            ) from None

    def transcribe(self, audio: Audio, progress: Progress | None = None) -> Transcript:
        """The words with times and probabilities; silence gives no words. Raises BadModel."""
        audio = resample(audio, RATE_HZ)
        regions, pieces = pieces_to_hear(audio, LONGEST_PIECE_S, LONGEST_GAP_S, _PAD_S)
        to_do_s, done_s = speech_seconds(pieces), 0.0
        words: list[Word] = []
        for piece in pieces:
            words += self._words_of(_cut(audio, piece), piece[0], regions)
            done_s += piece[1] - piece[0]
            if progress:
                progress(min(1.0, done_s / to_do_s))
        if progress and not pieces:
            progress(1.0)
        return Transcript(_in_order(words), audio.duration_s, self.name, self.language.code)

    def hear(self, samples: Samples, piece: Piece) -> tuple[Word, ...]:
        """The words of one piece; its samples at RATE_HZ, times in the whole recording."""
        return _in_order(self._words_of(samples, piece.start_s, piece.regions))

    def _words_of(self, samples: Samples, start_s: float, regions: Regions) -> list[Word]:
        """What is believed of a stretch of sound; regions are those of its speech.

        Where Whisper does not say that its text is complete, it is made to listen again from the
        last word on: a window of 30 s for nothing, if no speech is left.
        """
        words: list[Word] = []
        end_s = start_s + len(samples) / RATE_HZ
        for segment in self._segments(samples, start_s):
            words += self._believed(segment, regions)
            last_s = (segment.words[-1].end_s if segment.words else None) or start_s
            if overlap_s(last_s, end_s, regions) < LEAST_SPEECH_S:
                break  # what comes now would be dropped
        return words

    def _segments(self, samples: Samples, start_s: float) -> Iterator[_Segment]:
        """What Whisper writes for the samples, its times moved by start_s."""
        try:
            segments, _ = self._model.transcribe(
                samples,
                language=self.language.code,
                temperature=0.0,
                beam_size=5,
                condition_on_previous_text=False,
                word_timestamps=True,
                vad_filter=False,
            )
            for segment in segments:
                yield _Segment(
                    text=segment.text,
                    words=_whole_words(segment.words or (), start_s),
                    compression_ratio=segment.compression_ratio,
                )
        except (RuntimeError, ValueError, KeyError, IndexError):
            raise BadModel(
                f"{self.folder}: the model stopped while listening, its files do not fit together; "
                f"{_GET_WHOLE}"
            ) from None

    def _believed(self, segment: _Segment, regions: Regions) -> list[Word]:
        """The segment's words in their stretches of speech; none if no speech bears them out."""
        if not segment.words:
            return []
        speech_s = overlap_s(
            segment.words[0].start_s or 0.0, segment.words[-1].end_s or 0.0, regions
        )
        if speech_s < LEAST_SPEECH_S:
            return []
        if speech_s < STOCK_PHRASE_SPEECH_S and self._is_stock_phrase(segment.text):
            return []
        loops = segment.compression_ratio > REPETITIVE_RATIO
        return [_moved(word, regions, loops) for word in segment.words]

    def _is_stock_phrase(self, text: str) -> bool:
        plain = re.sub(r"[^\w' ]+", " ", text).strip()
        return bool(self.language.pattern("hearing", "silence_phrases").fullmatch(plain))


def _cut(audio: Audio, piece: Region) -> Samples:
    return audio.samples[round(piece[0] * RATE_HZ) : round(piece[1] * RATE_HZ)]


@dataclass(frozen=True)
class _Segment:
    text: str
    words: tuple[Word, ...]
    compression_ratio: float


def _whole_words(pieces: Iterable[Any], start_s: float) -> tuple[Word, ...]:
    """Whisper's pieces as words: one that begins without a blank goes on with the word before."""
    words: list[Word] = []
    for piece in pieces:
        text, end_s = piece.word.strip(), start_s + float(piece.end)
        probability = float(piece.probability)
        if not text:
            continue
        if words and not piece.word[0].isspace():
            before = words[-1]
            text, probability = before.text + text, min(before.probability or 0.0, probability)
            words[-1] = Word(text, before.start_s, end_s, probability)
        else:
            words.append(Word(text, start_s + float(piece.start), end_s, probability))
    return tuple(words)


def _moved(word: Word, regions: Regions, loops: bool) -> Word:
    start_s, end_s = clamped(word.start_s or 0.0, word.end_s or 0.0, regions)
    probability = word.probability
    if loops:
        probability = min(probability or 0.0, _LOOP_PROBABILITY)
    return Word(
        word.text,
        start_s=round(start_s, 2),
        end_s=round(end_s, 2),
        probability=None if probability is None else round(probability, 3),
    )


def _in_order(words: Sequence[Word]) -> tuple[Word, ...]:
    """Starts that never go back, ends that are never before their start."""
    ordered: list[Word] = []
    latest_s = 0.0
    for word in words:
        start_s = max(word.start_s or 0.0, latest_s)
        ordered.append(Word(word.text, start_s, max(word.end_s or 0.0, start_s), word.probability))
        latest_s = start_s
    return tuple(ordered)
