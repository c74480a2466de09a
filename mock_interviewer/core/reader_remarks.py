"""What a second reader may add to an answer, and what of it is believed.

A second reader is a language model on the person's own machine. It is shown the question, the words
and our findings, as data, and may add remarks. A model invents, flatters, and obeys whoever speaks
to it, a transcript included; so nothing that it says touches verdict, stages or findings, and a
remark is taken only with a quote that stands in the transcript word for word and was heard clearly.
The quote that is shown is ours: the transcript's own words and seconds at the place that was found.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.report import Json, analysis_json, rounded
from mock_interviewer.core.transcript import Finding, Transcript, finding, heard_clearly, straight
from mock_interviewer.errors import plain_line

MOST_REMARKS = 5
LONGEST_REMARK = 300
"""Characters; two or three sentences."""
LONGEST_NAME = 80
FEWEST_QUOTED_WORDS = 3
"""A word or two stand in every answer and show nothing."""
MOST_QUOTED_WORDS = 60
MOST_LOOKED_AT = 50
"""Of a reader that does not stop, no more remarks than these are looked at."""
_CONTROLS = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
"""What a terminal takes for an order: colours, the cursor, the window's title."""
TOLD = ("verdict", "because", "signals", "disqualifiers", "weaknesses", "next_change")
"""What a reader is shown of our findings."""


@dataclass(frozen=True)
class SecondRemark:
    """A remark of the second reader, and the candidate's words that it rests on."""

    text: str
    found: Finding


@dataclass(frozen=True)
class Opinion:
    """What a second reader said of one answer."""

    name: str
    """The model's, as its server calls it; the server's address where it told none."""
    remarks: tuple[SecondRemark, ...] = ()
    note: str | None = None
    """One plain line: why there is nothing, or what was left out."""
    at: str | None = None
    """The day on which it was said, where it was kept; None for what was said just now."""

    @property
    def is_worth_keeping(self) -> bool:
        """True unless it only says why there is nothing."""
        return bool(self.remarks) or self.note is None


def put_to_reader(analysis: Analysis) -> str:
    """What the reader is shown of an answer: one JSON object, so that it is data all through."""
    told = analysis_json(analysis, "")
    shown = {
        "question": told["question"]["text"],
        "principle": told["question"]["principle"],
        "level": told["question"]["level"],
        "transcript": [{"stage": u.stage.value, "said": u.text} for u in analysis.units],
        "our_findings": {key: told[key] for key in TOLD},
    }
    return json.dumps(shown, ensure_ascii=False)


def opinion_of(reply: str, name: str, transcript: Transcript) -> Opinion:
    """What is believed of a reader's reply."""
    name = shortened(name, LONGEST_NAME)
    told = _remarks_in(reply)
    if told is None:
        return Opinion(name, note="The second reader's reply is not in the form that was asked for")
    said = _Said(transcript)
    remarks: dict[str, SecondRemark] = {}
    for each in told[:MOST_LOOKED_AT]:
        remark = _believed(each, said)
        if remark is not None:
            remarks.setdefault(remark.text, remark)
    taken = tuple(remarks.values())[:MOST_REMARKS]
    left_out = len(told) - len(taken)
    return Opinion(name, taken, _left_out(left_out) if left_out else None)


def _left_out(count: int) -> str:
    what = "1 remark was" if count == 1 else f"{count} remarks were"
    return f"{what} left out: too many, told twice, or without your own words, clearly heard"


def opinion_json(opinion: Opinion) -> Json:
    """The value of the key `second_reader`."""
    return {
        "name": opinion.name,
        "remarks": [
            {
                "text": remark.text,
                "quote": remark.found.quote,
                "start_s": rounded(remark.found.start_s),
                "end_s": rounded(remark.found.end_s),
            }
            for remark in opinion.remarks
        ],
        "note": opinion.note,
    }


def shortened(text: str, most: int) -> str:
    r"""A text as one line that any terminal can show, of at most so many characters.

    >>> shortened("Say \x1b[31mwhat\n you did then.", 16)
    'Say what you ...'
    """
    line = plain_line(_CONTROLS.sub("", text))
    if len(line) <= most:
        return line
    kept = line[: most - 3]
    return (kept[: kept.rfind(" ")].rstrip() + " ..." if " " in kept else kept + "...")[:most]


def _remarks_in(reply: str) -> list[Any] | None:
    """The list of remarks in a reply; None where there is none.

    Models like to think aloud and to put a fence around JSON, so it is looked for between the first
    brace and the last.
    """
    answer = reply.rpartition("</think>")[2]
    start, end = answer.find("{"), answer.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        value = json_value(answer[start : end + 1])
    except ValueError:
        return None
    told = value.get("remarks") if isinstance(value, dict) else None
    return told if isinstance(told, list) else None


def _believed(told: Any, said: _Said) -> SecondRemark | None:
    """A remark with its quote's place; None for one that is not to be believed."""
    if not isinstance(told, dict):
        return None
    text, quote = told.get("text"), told.get("quote")
    if not isinstance(text, str) or not isinstance(quote, str):
        return None
    line = shortened(text, LONGEST_REMARK)
    found = said.quote(quote)
    return SecondRemark(line, found) if line and found else None


class _Said:
    """A transcript's words, to be looked up without case and outer punctuation."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        pieces: list[str] = []
        self._word_of_piece: list[int] = []
        for at, word in enumerate(transcript.words):
            for piece in _bare(word.text):
                pieces.append(piece)
                self._word_of_piece.append(at)
        self._text = _row(pieces)
        self._starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))

    def quote(self, told: str) -> Finding | None:
        """Where the transcript has exactly these words; None where nowhere, or not clearly."""
        pieces = _bare(told[: 100 * MOST_QUOTED_WORDS])
        if not FEWEST_QUOTED_WORDS <= len(pieces) <= MOST_QUOTED_WORDS:
            return None
        at = self._text.find(_row(pieces))
        if at < 0:
            return None
        piece = bisect_right(self._starts, at) - 1
        first = self._word_of_piece[piece]
        end = self._word_of_piece[piece + len(pieces) - 1] + 1
        if not heard_clearly(self._transcript, first, end):
            return None
        return finding(self._transcript, first, end)


def _row(pieces: Sequence[str]) -> str:
    """Pieces between blanks, so that a find begins and ends with whole ones."""
    return f" {' '.join(pieces)} "


def _bare(text: str) -> list[str]:
    """The words of a text in small letters, without what stands around them.

    >>> _bare('"So I — calmly — don’t ask!"')
    ['so', 'i', 'calmly', "don't", 'ask']
    """
    words = straight(text.casefold()).split()
    return [bare for word in words if (bare := _inside(word))]


def _inside(word: str) -> str:
    first = next((at for at, mark in enumerate(word) if mark.isalnum()), len(word))
    end = next((at for at in range(len(word), first, -1) if word[at - 1].isalnum()), first)
    return word[first:end]
