"""What must hold between the parts of a pack: quotes are words of what they quote, and so on.

These are looked for in the file as it was read, whatever else is wrong with it, so that all faults
are told at once. Something of the wrong type is passed over: the form tells that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from mock_interviewer.adapters.language_files import LANGUAGES_DIR, languages_called, read_phrases
from mock_interviewer.core.coverage import ITEMS
from mock_interviewer.core.pattern import taken_from

SMALLEST_FIGURE = 3
"""Smaller number words say nothing of one story: 'the two of you', 'which one'."""
Place = tuple[str | int, ...]
Found = tuple[Place, str]
"""Where, and what is wrong there."""


def faults_between(value: Mapping[str, Any]) -> Iterator[Found]:
    """Every such fault of a pack, plain questions or a pattern."""
    for place, question in [((), value), *_tables(value, "question")]:
        yield from _budgets(question, place)
    yield from _stages(value)
    for place, probe in _tables(value, "probes"):
        yield from _quoted(probe, "key_phrase", _text(probe, "strong"), "strong", place)
    yield from _asked_of_anybody(value)
    yield from _weak_answer(value)
    for name in ("concepts", "quiz"):
        for place, item in _tables(value, name):
            yield from _choice(item, place)
    yield from _difficulties(value)


def _tables(value: Mapping[str, Any], key: str, place: Place = ()) -> list[tuple[Place, Any]]:
    """The tables of an array, each with its place."""
    found = value.get(key)
    if not isinstance(found, list):
        return []
    return [((*place, key, n), each) for n, each in enumerate(found) if isinstance(each, dict)]


def _table(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _text(value: Mapping[str, Any], key: str) -> str | None:
    found = value.get(key)
    return found if isinstance(found, str) and found.strip() else None


def _is_in(quote: str, text: str) -> bool:
    return " ".join(quote.split()) in " ".join(text.split())


def _quoted(
    value: Mapping[str, Any], key: str, text: str | None, of: str, place: Place
) -> Iterator[Found]:
    quote = _text(value, key)
    if quote and text and not _is_in(quote, text):
        yield (*place, key), f"these are no words of '{of}': {quote}"


def _budgets(question: Mapping[str, Any], place: Place) -> Iterator[Found]:
    for stage, budget in _table(question, "targets").items():
        if not isinstance(budget, dict):
            continue
        target_s, limit_s = budget.get("target_s"), budget.get("limit_s")
        if not isinstance(target_s, int | float) or not isinstance(limit_s, int | float):
            continue
        if limit_s < target_s:
            yield (*place, "targets", stage), "limit_s is below target_s"


def _stages(value: Mapping[str, Any]) -> Iterator[Found]:
    for stage, guide in _table(value, "stages").items():
        if not isinstance(guide, dict) or not isinstance(guide.get("cues"), list):
            continue
        example = _text(guide, "example")
        for cue in guide["cues"]:
            if example and isinstance(cue, str) and not _is_in(cue, example):
                yield ("stages", stage, "cues"), f"these are no words of 'example': {cue}"


def _asked_of_anybody(value: Mapping[str, Any]) -> Iterator[Found]:
    """Probes that name something of the example and would be asked of other stories too."""
    guides = (guide for guide in _table(value, "stages").values() if isinstance(guide, dict))
    example = "\n".join(_text(guide, "example") or "" for guide in guides)
    number_words = _number_words_of(example)
    for place, probe in _tables(value, "probes"):
        if probe.get("about_example") is True:
            continue
        taken = taken_from(_text(probe, "text") or "", example, number_words)
        if taken:
            yield (
                (*place, "text"),
                f"this names what only the example has ({', '.join(taken)}); word it for any "
                "candidate, or add 'about_example = true' and it is shown but never asked",
            )


def _number_words_of(text: str) -> frozenset[str]:
    """The number words of the language of which the text has most."""
    said = frozenset(text.lower().split())
    return max(map(_number_words, languages_called()), key=lambda words: len(words & said))


@cache
def _number_words(code: str) -> frozenset[str]:
    """A language's words for SMALLEST_FIGURE and more."""
    numbers = read_phrases(LANGUAGES_DIR / code / "numbers.toml")
    worths = (entry.rsplit(" ", 1) for entry in (*numbers["units"], *numbers["scales"]))
    return frozenset(word for word, worth in worths if float(worth) >= SMALLEST_FIGURE)


def _weak_answer(value: Mapping[str, Any]) -> Iterator[Found]:
    weak = _table(value, "weak_answer")
    text = _text(weak, "text")
    for name, key in (("points", "quote"), ("thoughts", "after")):
        for place, each in _tables(weak, name, ("weak_answer",)):
            yield from _quoted(each, key, text, "weak_answer.text", place)


def _choice(item: Mapping[str, Any], place: Place) -> Iterator[Found]:
    options, answer = item.get("options"), item.get("answer")
    if not isinstance(options, list):
        return
    if isinstance(answer, int) and answer >= len(options):
        yield (*place, "answer"), f"{answer} is none of the {len(options)} options; 0 is the first"
    twice = [option for option, n in Counter(map(str, options)).items() if n > 1]
    if twice:
        yield (*place, "options"), f"this option stands twice: {twice[0]}"


def _difficulties(value: Mapping[str, Any]) -> Iterator[Found]:
    quiz = _tables(value, "quiz")
    there = Counter(str(item.get("difficulty")) for _, item in quiz)
    if quiz and set(there) <= set(ITEMS) and there != Counter(ITEMS):
        told = ", ".join(f"{there[name]} {name}" for name in ITEMS)
        wanted = ", ".join(f"{n} {name}" for name, n in ITEMS.items())
        yield ("quiz", 0), f"the items are {told}; a test has {wanted}"
