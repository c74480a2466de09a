"""Subtitles as transcripts: SRT and WebVTT.

A cue is a line of times and the lines of text below it. Marks inside the text (`<v Name>`, `<i>`,
`{\\an8}`) are no words, nor is what stands outside cues (numbers, NOTE, STYLE). Words are spread
over their cue, so a stage's seconds are as fine as the cues are.
"""

from __future__ import annotations

import re

from mock_interviewer.adapters.whisper_json import in_order, spread
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.errors import BadInput

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"^\s*{_CLOCK}\s*-+>\s*{_CLOCK}", re.MULTILINE)
_MARK = re.compile(r"<[^>\n]*>|\{\\[^}\n]*\}|&nbsp;")


def has_cues(text: str) -> bool:
    """True if a line of cue times stands near the top."""
    return _TIMES.search(text[:4000]) is not None


def parse(text: str, source: str) -> Transcript:
    """The words of all cues. Raises BadInput where there is no cue."""
    words: list[Word] = []
    cue: tuple[float, float] | None = None
    for line in text.splitlines():
        times = _TIMES.match(line)
        if times:
            cue = (_seconds(times.groups()[:4]), _seconds(times.groups()[4:]))
        elif not line.strip():
            cue = None if words and words[-1].start_s is not None else cue
        elif cue is not None:
            said = _MARK.sub(" ", line).split()
            words += [Word(word, *cue) for word in said]
    if not words:
        raise BadInput(f"{source} holds no cue with words in it.")
    spread_words = in_order(_spread_cues(words))
    return Transcript(tuple(spread_words), duration_s=spread_words[-1].end_s)


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = clock
    assert minutes is not None
    assert seconds is not None
    assert fraction is not None
    return (
        int(hours or 0) * 3600
        + int(minutes) * 60
        + int(seconds)
        + int(fraction.ljust(3, "0")) / 1e3
    )


def _spread_cues(words: list[Word]) -> list[Word]:
    """The words of each cue over its seconds."""
    found: list[Word] = []
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and (words[end].start_s, words[end].end_s) == (
            words[at].start_s,
            words[at].end_s,
        ):
            end += 1
        texts = [word.text for word in words[at:end]]
        found += spread(texts, words[at].start_s, words[at].end_s)
        at = end
    return found
