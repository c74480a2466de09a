"""Question packs from TOML: ours, and the person's own, which win over ours.

A file either holds plain questions (`[[question]]`) or one whole pattern. A broken pack of the
person's own stops nothing: the others are there, and its faults are told a line each with file and
line.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.language_files import languages_called
from mock_interviewer.adapters.prompt_dir import prompts_dir
from mock_interviewer.adapters.toml_places import line_of, places_of
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Level, Principle
from mock_interviewer.errors import UnknownName

NOT_PACKS = frozenset({"probes.toml"})
"""Files in prompts/ that hold something else."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a pack, and where."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Pack:
    """What one file holds."""

    questions: tuple[Question, ...] = ()
    pattern: Pattern | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Packs:
    """All questions and patterns there are."""

    questions: tuple[Question, ...]
    patterns: tuple[Pattern, ...]
    faults: tuple[Fault, ...] = ()

    def find(self, name: str) -> Question:
        """The question with exactly this id. Raises UnknownName with the ids that are near."""
        for question in self.questions:
            if question.id == name:
                return question
        near = difflib.get_close_matches(name, [q.id for q in self.questions], n=3, cutoff=0.5)
        hint = f" Near it: {', '.join(near)}." if near else ""
        raise UnknownName(
            f"There is no question '{name}'.{hint} See 'mock-interviewer questions list', or ask "
            "your own words in quotes."
        )

    def pattern_of(self, name: str) -> Pattern | None:
        """The pattern with this id; None for a plain question."""
        return next((p for p in self.patterns if p.question.id == name), None)

    def find_pattern(self, name: str) -> Pattern:
        """The pattern with this id. Raises UnknownName with the patterns there are."""
        pattern = self.pattern_of(name)
        if pattern is not None:
            return pattern
        there = ", ".join(sorted(p.question.id for p in self.patterns))
        raise UnknownName(f"There is no pattern '{name}'; there are {there}.")

    def search(
        self,
        principle: Principle | None = None,
        level: Level | None = None,
        text: str | None = None,
    ) -> tuple[Question, ...]:
        """The questions of a principle and a level with all the words of the text in them."""
        wanted = (text or "").lower().split()
        return tuple(
            question
            for question in self.questions
            if (principle is None or question.principle is principle)
            and (level is None or question.level is level)
            and all(word in f"{question.id} {question.text}".lower() for word in wanted)
        )


def is_mentioned(text: str, own_dir: Path | None, language: str = "en") -> bool:
    """True if the text stands in any pack: a look that costs nothing beside loading them all."""
    written = {text, text.replace('"', '\\"')}
    return any(
        any(form in path.read_text(encoding="utf-8", errors="replace") for form in written)
        for path in _files(own_dir, language)
    )


def load_packs(own_dir: Path | None, language: str = "en") -> Packs:
    """Ours in the language and the person's own; of two with one id the own one."""
    questions: dict[str, Question] = {}
    patterns: dict[str, Pattern] = {}
    faults: list[Fault] = []
    for path in _files(own_dir, language):
        pack = read_pack(path)
        faults += pack.faults
        for question in pack.questions:
            questions[question.id] = question
            patterns.pop(question.id, None)
        if pack.pattern:
            patterns[pack.pattern.question.id] = pack.pattern
    return Packs(tuple(questions.values()), tuple(patterns.values()), tuple(faults))


def _files(own_dir: Path | None, language: str) -> list[Path]:
    """All packs, ours before the person's own."""
    folders = [prompts_dir(language), *([own_dir] if own_dir and own_dir.is_dir() else [])]
    found = [path for folder in folders for path in _toml_in(folder)]
    return [path for path in found if path.name not in NOT_PACKS and path.is_file()]


def _toml_in(folder: Path) -> Iterator[Path]:
    """The files in a folder and below it, but for folders that are named for a language."""
    languages = languages_called()
    for path in sorted(folder.rglob("*.toml")):
        if path.relative_to(folder).parts[0] not in languages:
            yield path


def check_pack(path: Path) -> tuple[Fault, ...]:
    """Every fault of a file at once; none if it is a pack."""
    return read_pack(path).faults


def read_pack(path: Path) -> Pack:
    """What a file holds, or its faults."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        what = getattr(error, "strerror", None) or "it is not UTF-8 text"
        return Pack(faults=(Fault(path, 1, f"cannot be read: {what}"),))
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else max(1, len(text.splitlines()))
        what = re.sub(r" \(at .*\)$", "", str(error))
        return Pack(faults=(Fault(path, line, f"this is not TOML: {what}"),))
    return _checked(path, text, value)


def _checked(path: Path, text: str, value: dict[str, Any]) -> Pack:
    from pydantic import ValidationError

    from mock_interviewer.adapters.pack_schema import PatternForm, QuestionsForm

    try:
        if "question" in value and isinstance(value["question"], list):
            asked = tuple(form.made() for form in QuestionsForm.model_validate(value).question)
            return Pack(asked, faults=tuple(_twice(path, text, asked)))
        made = PatternForm.model_validate(value).made_pattern()
        return Pack((made.question,), made)
    except ValidationError as error:
        places = places_of(text)
        faults = {
            Fault(path, line_of(places, fault["loc"]), _plain(fault)) for fault in error.errors()
        }
        return Pack(faults=tuple(sorted(faults, key=lambda fault: (fault.line, fault.what))))


def _twice(path: Path, text: str, questions: tuple[Question, ...]) -> Iterator[Fault]:
    places, seen = places_of(text), set[str]()
    for number, question in enumerate(questions):
        if question.id in seen:
            line = line_of(places, ("question", number, "id"))
            yield Fault(path, line, f"the id '{question.id}' stands twice")
        seen.add(question.id)


def _plain(fault: Any) -> str:
    """One fault in plain words: the key, what is wrong, what to do."""
    key = ".".join(str(part) for part in fault["loc"])
    kind, told = fault["type"], fault.get("ctx", {})
    if kind == "missing":
        return f"'{key}' is missing"
    if kind == "extra_forbidden":
        return f"'{key}' is not known here; is it misspelt?"
    if kind in ("enum", "literal_error"):
        return f"'{key}' is {fault['input']!r}; it must be {told['expected']}"
    if kind == "string_too_short":
        return f"'{key}' is empty"
    if kind == "string_pattern_mismatch":
        return f"'{key}' is {fault['input']!r}; use small letters, digits and single hyphens"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"'{key}': {message[:1].lower()}{message[1:]}"
