"""Lines with times as transcripts: SRT, WebVTT, what Whisper prints, and its table (.tsv).

In SRT and WebVTT a cue is a line of times and the lines of text below it. Marks inside the text
(`<i>`, `{\\an8}`) are no words, nor is what stands outside cues (numbers, NOTE, STYLE), nor who
speaks, where every line says it ('Anna Smith: ...', as Zoom writes, or `<v Anna Smith>`): of
several the one who says most is the candidate, and the words of the others are left out.
Whisper and whisper.cpp print a cue a line, its times in brackets; openai-whisper's table has a cue
a line in milliseconds. Words are spread over their cue, so a stage's seconds are as fine as the
cues are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mock_interviewer.adapters.whisper_json import (
    in_order,
    on_clock,
    origin_of,
    spread,
    with_neighbours_times,
)
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.errors import BadInput

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d+))?"
_TIMES = re.compile(rf"^\s*{_CLOCK}\s*-+>\s*{_CLOCK}", re.MULTILINE)
_PRINTED = re.compile(rf"\s*\[{_CLOCK}\s*-+>\s*{_CLOCK}\](.*)")
_ROW = re.compile(r"(\d{1,15})\t(\d{1,15})\t(.*)")
_TABLE_HEAD = "start\tend\ttext"
_MARK = re.compile(rf"</?[a-zA-Z][^<>\n]*>|<{_CLOCK}>|\{{\\[^}}\n]*\}}")
_SPEAKER = re.compile(
    r"\s*(?:<v(?:\.[\w.-]+)?\s+([^>\n]+)>"
    r"|(?:-\s*)?([^\W\d_a-zà-ÿ][\w.'’-]*(?: [\w.'’()-]+){0,4}):\s)"
)
"""'<v Anna Smith>', or a name that begins large before a colon."""
_VOICE_BEGINS = re.compile(r"(?=<v[ .])")


def parse(text: str, source: str) -> Transcript | None:
    """The words of all cues, whichever way they are written; None for a text without times.

    Raises BadInput where no cue has a word in it.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    speaker = None
    if lines and lines[0].strip().lower() == _TABLE_HEAD:
        words = _of_table(text, source)
    elif lines and all(_PRINTED.fullmatch(line) for line in lines):
        words = _of_printed(lines)
    elif text.lstrip().startswith("WEBVTT") or _TIMES.search(text[:4000]):
        words, speaker = _of_subtitles(text)
    else:
        return None
    if not words:
        raise BadInput(f"{source} holds no cue with words in it.")
    return replace(_transcript(words), speaker=speaker)


@dataclass
class _Cue:
    """A stretch of time, and the lines that belong to it."""

    start_s: float
    end_s: float
    lines: list[str]

    def words_of(self, line: str) -> list[Word]:
        return _said(line, (self.start_s, self.end_s))

    def turns(self) -> list[tuple[str | None, str]]:
        """Who says what; a line without a name goes on with what stands before it."""
        found: list[tuple[str | None, str]] = []
        for line in (part for whole in self.lines for part in _VOICE_BEGINS.split(whole)):
            named = _SPEAKER.match(line)
            if named is not None:
                found.append(((named[1] or named[2]).strip(), line[named.end() :]))
            elif found:
                found[-1] = (found[-1][0], f"{found[-1][1]} {line}")
            else:
                found.append((None, line))
        return found


def _of_subtitles(text: str) -> tuple[list[Word], str | None]:
    """Every word with the times of its cue; whose they are, if others speak too."""
    cues = [cue for cue in _cues_of(text) if any(map(cue.words_of, cue.lines))]
    turns = [(cue, *turn) for cue in cues for turn in cue.turns() if cue.words_of(turn[1])]
    names = [name for _, name, _ in turns if name is not None]
    if not names or len(names) < len(turns) or not _are_speakers(names):
        return [word for cue in cues for line in cue.lines for word in cue.words_of(line)], None
    said: dict[str, list[Word]] = {name: [] for name in names}
    for cue, name, line in turns:
        said[name or ""] += cue.words_of(line)
    most = max(said, key=lambda name: len(said[name]))
    return said[most], most if len(said) > 1 else None


def _are_speakers(names: Sequence[str]) -> bool:
    """True if what stands before every line comes again and again, as who speaks does.

    'First: ... Second: ...' does not, and a stage of the story is nobody.
    """
    is_stage = any(name.lower() in set(Stage) for name in names)
    return 2 * len(set(names)) <= len(names) and not is_stage


def _cues_of(text: str) -> list[_Cue]:
    cues: list[_Cue] = []
    is_open = is_after_blank = False
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        times, is_blank = _TIMES.match(line), not line.strip()
        if times:
            cues.append(_Cue(*_cue(times.groups()), []))
            is_open = True
        elif is_blank:  # some writers leave one before the first words
            is_open = is_open and not any(cue.lines for cue in cues)
        elif is_open and is_after_blank and line.startswith("NOTE"):
            is_open = False
        elif is_open and not (is_after_blank and _TIMES.match(following)):  # a cue's own name
            cues[-1].lines.append(line)
        is_after_blank = is_blank
    return cues


def _of_printed(lines: Sequence[str]) -> list[Word]:
    found = [_PRINTED.fullmatch(line) for line in lines]
    return [word for line in found if line for word in _said(line[9], _cue(line.groups()))]


def _of_table(text: str, source: str) -> list[Word]:
    words: list[Word] = []
    for number, line in enumerate(text.splitlines(), 1):
        row = _ROW.fullmatch(line)
        if row:
            words += _said(row[3], (int(row[1]) / 1000, int(row[2]) / 1000))
        elif line.strip() and line.strip().lower() != _TABLE_HEAD:
            raise BadInput(
                f"{source}: line {number} is no row of start, end (milliseconds) and text. "
                "Export the table again."
            )
    return words


def _said(line: str, cue: tuple[float, float]) -> list[Word]:
    return [Word(text, *cue) for text in html.unescape(_MARK.sub(" ", line)).split()]


def _cue(clocks: Sequence[str | None]) -> tuple[float, float]:
    return _seconds(clocks[:4]), _seconds(clocks[4:8])


def _seconds(clock: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = clock
    assert minutes is not None
    assert seconds is not None
    whole_s = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole_s + float(f"0.{fraction or 0}")


def _transcript(words: Sequence[Word]) -> Transcript:
    """The words of each cue over its seconds."""
    origin_s = origin_of(word.start_s for word in words)
    found: list[Word] = []
    for (start_s, end_s), cue in groupby(words, lambda word: (word.start_s, word.end_s)):
        texts = [word.text for word in cue]
        found += spread(texts, on_clock(start_s, origin_s), on_clock(end_s, origin_s))
    found = in_order(list(with_neighbours_times(found, None, None)))
    return Transcript(tuple(found), duration_s=found[-1].end_s)
