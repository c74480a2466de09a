"""Transcripts of any tool as ours: JSON, lines with times, plain text, told apart by their content.

A suffix decides only where the content leaves a doubt: what opens like JSON and is none is text,
but not in a file that is called JSON.

What may be wrong with a file is told in one plain line (BadInput). What can be mended is mended
without losing a word: words that overlap a little are normal, words that run backwards are put
where the ones before them end, and where times are no numbers at all the words are kept without
times.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.adapters import subtitles, whisper_json
from mock_interviewer.adapters.session_folders import as_text, write_whole
from mock_interviewer.adapters.whisper_json import number_in, objects
from mock_interviewer.core.json_text import json_value, without_controls
from mock_interviewer.core.question import AskedAs
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.errors import BadInput

LARGEST_BYTES = 50_000_000
"""About two hundred hours of Whisper JSON."""
LONGEST_WORD = 200
"""No spoken word has more letters; a longer one is not a transcript."""
JSON_SUFFIXES = frozenset({".json", ".jsonl"})
TEXT_SUFFIXES = JSON_SUFFIXES | {".txt", ".srt", ".vtt", ".tsv"}
_OPENS_AS_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*\{)')
"""Speech does not begin so."""
_WITHOUT_BLANKS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana and Han."""


@dataclass(frozen=True)
class TranscriptFile:
    """A transcript, and what it says it was an answer to."""

    transcript: Transcript
    interview: AskedAs | None = None


SOUND_SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("wav", "flac", "ogg", "oga", "opus", "mp3", "m4a", "mp4", "aac", "aiff", "aif"),
        *("webm", "wma", "caf", "mkv", "mov"),
    )
)


def is_text(path: Path) -> bool:
    """True if a file holds text and not sound, by its suffix and its first bytes."""
    suffix = path.suffix.lower()
    if suffix in SOUND_SUFFIXES or suffix in TEXT_SUFFIXES:
        return suffix in TEXT_SUFFIXES
    with path.open("rb") as file:
        head = file.read(4096)
    return b"\x00" not in head or _utf16_of(head) is not None


def read_transcript(path: Path) -> TranscriptFile:
    """Read a transcript of any known form. Raises BadInput."""
    text = _text_of(path)
    read = _read_json(path, text)
    if read is None:
        timed = subtitles.parse(text, str(path))
        read = TranscriptFile(timed or Transcript(tuple(Word(word) for word in text.split())))
    _check_words(read.transcript, path)
    return read


def write_whisper_json(path: Path, transcript: Transcript, asked: AskedAs | None = None) -> None:
    """Write a transcript as Whisper JSON, whole or not at all. Raises HomeFault."""
    write_whole(path, as_text(whisper_json.as_json(transcript, asked)))


def _text_of(path: Path) -> str:
    if path.is_dir():
        raise BadInput(f"{path} is a folder; name a transcript in it.")
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise BadInput(f"{path} has {size // 1_000_000} MB; no answer's text is so large.")
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.") from None
    if not raw.strip():
        raise BadInput(f"{path} is empty: there is no transcript in it.")
    text = _decoded(raw)
    if text is None:
        raise BadInput(
            f"{path} is not text; for a recording use a sound file's suffix (.wav, .mp3, .m4a)."
        )
    return text


def _decoded(raw: bytes) -> str | None:
    """The text in the first encoding that fits; None for bytes that are no text."""
    wide = _utf16_of(raw)
    for encoding in (wide,) if wide else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        control = sum(ord(c) < 32 and c not in "\t\n\r\f" for c in text[:100_000])
        if "\x00" in text or control > len(text[:100_000]) / 100:
            return None
        return without_controls(text)
    return None


def _utf16_of(raw: bytes) -> str | None:
    """UTF-16 in the order that its mark tells; without one, in which every other byte is zero.

    >>> _utf16_of("I did".encode("utf-16-le")), _utf16_of(b"I did")
    ('utf-16-le', None)
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = raw[:4096]
    first, second = head[::2].count(0), head[1::2].count(0)
    for encoding, zeros, others in (("utf-16-le", second, first), ("utf-16-be", first, second)):
        if zeros > len(head) / 4 and others <= zeros / 20:
            return encoding
    return None


def _read_json(path: Path, text: str) -> TranscriptFile | None:
    """What a JSON text holds; None for a text that is none and does not claim to be."""
    suffix, opens = path.suffix.lower(), text.lstrip()[:1] in ("{", "[")
    if not opens and suffix not in JSON_SUFFIXES:
        return None
    try:
        value = _json_lines(text) if suffix == ".jsonl" else json_value(text)
    except ValueError as error:
        if opens and (suffix in JSON_SUFFIXES or _OPENS_AS_JSON.match(text)):
            raise BadInput(f"{path} {_fault_in(error)}. Export the transcript again.") from None
        return None
    return TranscriptFile(*whisper_json.parse(_as_segments(value), str(path)))


def _fault_in(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is not whole JSON: line {error.lineno}, column {error.colno}: {error.msg}"
    return f"is no transcript: {error}"


def _json_lines(text: str) -> Any:
    """A text that is one JSON value, or a list of those that its lines are. Raises ValueError."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    values = []
    for number, line in lines:
        try:
            values.append(json_value(line))
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is not whole JSON: {error.msg}") from None
    if not values:
        raise ValueError("there is nothing in it")
    return values if len(values) > 1 else values[0]


def _as_segments(value: Any) -> Any:
    """The JSON of Whisper's relatives with 'segments' in seconds; any other as it is.

    whisper.cpp has `transcription[]` with `offsets` in milliseconds. OpenAI's API puts `words[]`
    beside the `text`, which alone has the punctuation. One segment may stand for itself.
    """
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("transcription"), list):
        result = value.get("result")
        language = result.get("language") if isinstance(result, dict) else None
        told = [_in_seconds(segment) for segment in value["transcription"]]
        return value | {"segments": told, "language": language}
    words, told_in = value.get("words"), objects(value.get("segments"))
    if isinstance(words, list) and words and not any(each.get("words") for each in told_in):
        return value | {"segments": [{"words": _as_written(words, value.get("text"))}]}
    if "segments" not in value and "start" in value:
        return [value]
    return value


def _in_seconds(segment: Any) -> Any:
    """A segment of whisper.cpp as Whisper writes it."""
    offsets = segment.get("offsets") if isinstance(segment, dict) else None
    if not isinstance(offsets, dict):
        return segment
    start_ms, end_ms = number_in(offsets.get("from")), number_in(offsets.get("to"))
    return {
        "text": segment.get("text"),
        "start": None if start_ms is None else start_ms / 1000,
        "end": None if end_ms is None else end_ms / 1000,
    }


def _as_written(words: list[Any], text: Any) -> list[Any]:
    """Words as the text writes them, with its punctuation, where it has one for each."""
    written = text.split() if isinstance(text, str) else []
    pairs = list(zip(words, written, strict=False))
    if len(written) != len(words) or not all(
        isinstance(word, dict) and str(word.get("word")).strip() in whole for word, whole in pairs
    ):
        return words
    return [word | {"word": whole} for word, whole in pairs]


def _check_words(transcript: Transcript, path: Path) -> None:
    if not transcript.words:
        raise BadInput(f"{path} has no words in it: nothing was said or recognised.")
    head = transcript.text_of(0, 1000)[:10_000]
    if len(_WITHOUT_BLANKS.findall(head)) > len(head) / 2:
        raise BadInput(
            f"{path} is in a language that is written without blanks between its words (as Chinese "
            "and Japanese are): these are not supported. Use an answer in another language."
        )
    longest = max(transcript.words, key=lambda word: len(word.text))
    if len(longest.text) > LONGEST_WORD:
        raise BadInput(
            f"{path} has a word of {len(longest.text)} letters ('{longest.text[:20]}...'): "
            "that is no transcript of speech."
        )
