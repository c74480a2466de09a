"""Whisper JSON, as openai-whisper, faster-whisper and whisperX write it, and as sessions keep it.

`segments[]` with `text`, `start`, `end`, and mostly `words[]` with `word`, `start`, `end` and
`probability` (whisperX: `score`; and words without times, which take theirs from their neighbours).
Where a segment has no words its text is spread over its seconds. A piece of a word without a blank
before it belongs to the word before it. `interview` says what was asked, `engine` who wrote it
down.

A time more than a day after the earliest is none. Where all are later than that they are a clock's
(Unix time), and count from the earliest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mock_interviewer.core.question import AskedAs
from mock_interviewer.core.rubric import Disqualifier, Kind, Level, Principle
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.errors import BadInput

SEGMENT_WORDS = 40
LONGEST_S = 86_400.0
"""A day: no answer is longer."""
BACKWARDS_S = 1.0
"""Words that start earlier than the one before by more than this are out of order, not overlapping.
"""


def parse(value: Any, source: str) -> tuple[Transcript, AskedAs | None]:
    """The transcript in a JSON value, and what was asked. Raises BadInput."""
    if isinstance(value, list):
        value = {"segments": value}
    if not isinstance(value, dict) or not isinstance(value.get("segments"), list):
        raise BadInput(
            f"{source} is no Whisper JSON: it has no list 'segments'. Export the transcript as "
            "JSON with segments or words (OpenAI's API: verbose_json), or as text."
        )
    origin_s = _origin_of_segments(value["segments"])
    words: list[Word] = []
    for number, segment in enumerate(value["segments"]):
        if not isinstance(segment, dict):
            raise BadInput(f"{source}: segments[{number}] is no object.")
        words += _segment_words(segment, f"{source}: segments[{number}]", origin_s)
    words = in_order([word for word in words if word.text])
    lengths = [on_clock(number_in(value.get("duration")), 0.0), *(w.end_s for w in words[-1:])]
    duration_s = max((length for length in lengths if length is not None), default=None)
    transcript = Transcript(
        tuple(words),
        duration_s,
        _text(value.get("engine")),
        _text(value.get("language")),
        _text(value.get("speaker")),
    )
    return transcript, _asked(value.get("interview"), source)


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list; none in anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _origin_of_segments(told: Any) -> float:
    segments = objects(told)
    words = [word for segment in segments for word in objects(segment.get("words"))]
    return origin_of(number_in(place.get("start")) for place in (*segments, *words))


def origin_of(starts: Iterable[float | None]) -> float:
    """The time from which times count: 0, or the earliest where all are later than a day.

    >>> origin_of([2.0, 1e300]), origin_of([1.7e9, 1.7e9 + 4])
    (0.0, 1700000000.0)
    """
    earliest_s = min((start for start in starts if start is not None), default=0.0)
    return earliest_s if earliest_s > LONGEST_S else 0.0


def on_clock(time_s: float | None, origin_s: float) -> float | None:
    """Seconds from the origin; None for a time that no answer reaches."""
    if time_s is None or time_s - origin_s > LONGEST_S:
        return None
    return max(0.0, time_s - origin_s)


def _text(value: Any) -> str | None:
    """A text with something in it, else None."""
    return value if isinstance(value, str) and value else None


def number_in(value: Any) -> float | None:
    """A finite number that is not negative, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _times(told: Mapping[str, Any], origin_s: float) -> tuple[float | None, float | None]:
    start_s, end_s = number_in(told.get("start")), number_in(told.get("end"))
    return on_clock(start_s, origin_s), on_clock(end_s, origin_s)


def _segment_words(segment: Mapping[str, Any], place: str, origin_s: float) -> Iterator[Word]:
    start_s, end_s = _times(segment, origin_s)
    told = segment.get("words")
    if not isinstance(told, list) or not told:
        text = segment.get("text")
        if not isinstance(text, str):
            raise BadInput(f"{place} has neither 'words' nor 'text'.")
        yield from spread(text.split(), start_s, end_s)
        return
    words: list[Word] = []
    # a piece that starts without a blank belongs to the word before it, where blanks are written
    blanks_written = any(
        str(piece.get("word", "")).startswith(" ") for piece in told[:2] if isinstance(piece, dict)
    )
    for number, piece in enumerate(told):
        if not isinstance(piece, dict) or not isinstance(piece.get("word"), str):
            raise BadInput(f"{place}.words[{number}] has no text 'word'.")
        first, *others = _words(piece, origin_s)
        is_glued = blanks_written and words and not piece["word"].startswith(" ")
        if is_glued:
            before = words[-1]
            words[-1] = replace(before, text=before.text + first.text, end_s=first.end_s)
        else:
            words.append(first)
        words += others
    yield from with_neighbours_times(words, start_s, end_s)


def _words(piece: Mapping[str, Any], origin_s: float) -> list[Word]:
    """A piece as one word, or spread over its time as several where it holds blanks."""
    probability = number_in(piece.get("probability", piece.get("score")))
    if probability is not None:
        probability = min(probability, 1.0)
    texts = piece["word"].split()
    if len(texts) < 2:
        return [Word("".join(texts), *_times(piece, origin_s), probability)]
    return [
        replace(word, probability=probability) for word in spread(texts, *_times(piece, origin_s))
    ]


def with_neighbours_times(
    words: Sequence[Word], start_s: float | None, end_s: float | None
) -> Iterator[Word]:
    """Words without times take what their neighbours leave them.

    The last ones, where nothing says when it ended, stand where the word before them ends.
    """
    at = 0
    while at < len(words):
        if words[at].start_s is not None and words[at].end_s is not None:
            yield words[at]
            at += 1
            continue
        run_end = at
        while run_end < len(words) and None in (words[run_end].start_s, words[run_end].end_s):
            run_end += 1
        from_s = words[at - 1].end_s if at else start_s
        to_s = words[run_end].start_s if run_end < len(words) else end_s
        to_s = from_s if to_s is None else to_s
        run = words[at:run_end]
        for word, timed in zip(run, spread([w.text for w in run], from_s, to_s), strict=True):
            yield replace(word, start_s=timed.start_s, end_s=timed.end_s)
        at = run_end


def spread(texts: Sequence[str], start_s: float | None, end_s: float | None) -> Iterator[Word]:
    """Words over a stretch of seconds, each as long as its letters ask; without times if unknown.

    >>> [word.start_s for word in spread(["a", "bcd"], 0.0, 4.0)]
    [0.0, 1.0]
    """
    if start_s is None or end_s is None:
        yield from (Word(text) for text in texts)
        return
    letters = sum(len(text) for text in texts) or 1
    at_s, length_s = start_s, max(0.0, end_s - start_s)
    for text in texts:
        until_s = at_s + length_s * len(text) / letters
        yield Word(text, at_s, until_s)
        at_s = until_s


def in_order(words: list[Word]) -> list[Word]:
    """Words with times that never run backwards; without any times if one has none.

    A small overlap is normal and is clipped. A word that starts more than a second before the one
    before it gets the time at which that one ends: nothing is lost, only moved.
    """
    if any(word.start_s is None or word.end_s is None for word in words):
        return [replace(word, start_s=None, end_s=None) for word in words]
    ordered: list[Word] = []
    reached_s = 0.0
    for word in words:
        assert word.start_s is not None
        assert word.end_s is not None
        start_s = max(word.start_s, reached_s)
        end_s = max(word.end_s, start_s)
        if word.start_s < reached_s - BACKWARDS_S:
            end_s = start_s
        ordered.append(replace(word, start_s=start_s, end_s=end_s))
        reached_s = max(reached_s, start_s)
    return ordered


def _asked(told: Any, source: str) -> AskedAs | None:
    if told is None:
        return None
    if not isinstance(told, dict):
        raise BadInput(f"{source}: 'interview' is no object.")
    faults = []

    def named(kind: Any, key: str, value: Any) -> Any:
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(member.value for member in kind)
            faults.append(f"'interview.{key}' has {value!r}, known are {known}")
            return None

    principle = told.get("principle")
    kind = told.get("kind")
    level = told.get("level")
    counts = told.get("counts")
    if counts is not None and not isinstance(counts, list):
        faults.append("'interview.counts' is no list")
        counts = None
    asked = AskedAs(
        question=str(told["question"]) if told.get("question") else None,
        principle=None if principle is None else named(Principle, "principle", principle),
        level=None if level is None else named(Level, "level", level),
        counts=None
        if counts is None
        else frozenset(named(Disqualifier, "counts", name) for name in counts),
        kind=None if kind is None else named(Kind, "kind", kind),
    )
    if faults:
        raise BadInput(f"{source}: {'; '.join(faults)}.")
    return asked


def as_json(transcript: Transcript, asked: AskedAs | None) -> dict[str, Any]:
    """A transcript as Whisper JSON; segments of some forty words."""
    words = transcript.words
    segments = []
    for number, first in enumerate(range(0, len(words), SEGMENT_WORDS)):
        part = words[first : first + SEGMENT_WORDS]
        segments.append(
            {
                "id": number,
                "start": part[0].start_s,
                "end": part[-1].end_s,
                "text": " " + " ".join(word.text for word in part),
                "words": [
                    {
                        "word": " " + word.text,
                        "start": word.start_s,
                        "end": word.end_s,
                        "probability": word.probability,
                    }
                    for word in part
                ],
            }
        )
    value: dict[str, Any] = {
        "engine": transcript.engine,
        "duration": transcript.duration_s,
        "text": transcript.text,
        "segments": segments,
    }
    if transcript.language is not None:
        value["language"] = transcript.language
    if transcript.speaker is not None:
        value["speaker"] = transcript.speaker
    if asked is not None:
        value["interview"] = {
            "question": asked.question,
            "kind": asked.kind,
            "principle": asked.principle,
            "level": asked.level,
            "counts": None
            if asked.counts is None
            else [d.value for d in Disqualifier if d in asked.counts],
        }
    return value
