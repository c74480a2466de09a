"""Small answers for tests: units with stages and times, by hand or from the labelled corpus."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def told(
    *parts: tuple[Stage, str], seconds_a_word: float = 0.4, pause_s: float = 0.0
) -> tuple[Transcript, tuple[StagedUnit, ...]]:
    """Units of the given stages, every word equally long, a pause after each unit."""
    words: list[Word] = []
    units: list[StagedUnit] = []
    at_s = 0.0
    for stage, text in parts:
        first = len(words)
        for spoken in text.split():
            words.append(Word(spoken, round(at_s, 3), round(at_s + seconds_a_word, 3), 0.95))
            at_s += seconds_a_word
        units.append(
            StagedUnit(
                first,
                len(words),
                " ".join(text.split()),
                words[first].start_s,
                words[-1].end_s,
                stage=stage,
                confidence=0.9,
            )
        )
        at_s += pause_s
    return Transcript(tuple(words), duration_s=at_s), tuple(units)


@cache
def _timed() -> Any:
    sys.path.insert(0, str(CORPUS))
    try:
        import timed
    finally:
        sys.path.remove(str(CORPUS))
    return timed


def whisper_json(path: Path, *, bare: bool = False, noisy: bool = False) -> dict[str, Any]:
    """A labelled answer as Whisper JSON, by the corpus's own speaker model."""
    spoken = _timed().whisper_json(json.loads(path.read_text()), bare, noisy)
    assert isinstance(spoken, dict)
    return spoken


def labelled(names: Sequence[str] = ("train",)) -> list[Path]:
    """The labelled answers of the given folders, in a fixed order."""
    return sorted(path for name in names for path in (CORPUS / name).glob("*.json"))
