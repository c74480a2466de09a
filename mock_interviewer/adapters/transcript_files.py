"""Transcripts of any tool as ours: Whisper JSON, SRT, VTT, plain text, told apart by their content.

What may be wrong with a file is told in one plain line (BadInput). What can be mended is mended
without losing a word: words that overlap a little are normal, words that run backwards are put
where the ones before them end, and where times are no numbers at all the words are kept without
times.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.adapters import subtitles, whisper_json
from mock_interviewer.adapters.session_folders import as_text, write_whole
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.question import AskedAs
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.errors import BadInput

LARGEST_BYTES = 50_000_000
"""About two hundred hours of Whisper JSON."""
LONGEST_WORD = 200
"""No spoken word has more letters; a longer one is not a transcript."""


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
    if path.suffix.lower() in SOUND_SUFFIXES:
        return False
    with path.open("rb") as file:
        head = file.read(4096)
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in head


def read_transcript(path: Path) -> TranscriptFile:
    """Read a transcript of any known form. Raises BadInput."""
    text = _text_of(path)
    opening = text.lstrip()[:1]
    if opening in ("{", "["):
        read = TranscriptFile(*whisper_json.parse(_json_of(path, text), str(path)))
    elif text.lstrip().startswith("WEBVTT") or subtitles.has_cues(text):
        read = TranscriptFile(subtitles.parse(text, str(path)))
    else:
        read = TranscriptFile(Transcript(tuple(Word(word) for word in text.split())))
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
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        control = sum(ord(c) < 32 and c not in "\t\n\r\f" for c in text[:100_000])
        return text if control <= len(text[:100_000]) / 100 else None
    return None


def _json_of(path: Path, text: str) -> Any:
    try:
        return json_value(text)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{path} is not whole JSON: line {error.lineno}, column {error.colno}: {error.msg}. "
            "Export the transcript again."
        ) from None
    except ValueError as error:
        raise BadInput(f"{path} is no transcript: {error}.") from None


def _check_words(transcript: Transcript, path: Path) -> None:
    if not transcript.words:
        raise BadInput(f"{path} has no words in it: nothing was said or recognised.")
    longest = max(transcript.words, key=lambda word: len(word.text))
    if len(longest.text) > LONGEST_WORD:
        raise BadInput(
            f"{path} has a word of {len(longest.text)} letters ('{longest.text[:20]}...'): "
            "that is no transcript of speech."
        )
