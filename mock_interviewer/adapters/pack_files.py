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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.language_files import languages_called
from mock_interviewer.adapters.pack_checks import faults_between
from mock_interviewer.adapters.prompt_dir import prompts_dir
from mock_interviewer.adapters.toml_places import Place, line_of, places_of
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Level, Principle, Work
from mock_interviewer.core.searching import missing_words, stems_of
from mock_interviewer.errors import UnknownName, plain_line

NOT_PACKS = frozenset({"probes.toml"})
"""Files in prompts/ that hold something else."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a pack, and where."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return plain_line(f"{self.path}:{self.line}: {self.what}")


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

    def known(self, text: str) -> Question | None:
        """The question with this id or text, or the pattern asked in this other wording."""
        for question in self.questions:
            if text in (question.id, question.text):
                return question
        for pattern in self.patterns:
            if text in pattern.variants:
                return replace(pattern.question, text=text)
        return None

    def reworded(self, text: str) -> Question | None:
        """The question that is the same but for case, punctuation and the words' endings."""
        wanted = stems_of(text)
        for question in self.questions:
            if wanted and stems_of(question.text) == wanted:
                return question
        return None

    def search(
        self,
        principle: Principle | None = None,
        level: Level | None = None,
        text: str | None = None,
        work: Work | None = None,
    ) -> tuple[Question, ...]:
        """The questions of a principle, a level and a kind of work with all the text's words.

        The words may stand in the question, its other wordings, its title or its probes.
        """
        return tuple(
            question
            for question in self.questions
            if (principle is None or question.principle is principle)
            and (level is None or question.level is level)
            and (work is None or question.work is work)
            and not (text and missing_words(text, self.texts_of(question)))
        )

    def texts_of(self, question: Question) -> Iterator[str]:
        """All a question is found by: its id, principle, wordings, title and probes."""
        yield question.id
        yield question.principle.value.replace("_", " ")
        yield question.text
        yield from (probe.text for probe in question.probes)
        pattern = self.pattern_of(question.id)
        if pattern is not None:
            yield pattern.title
            yield from pattern.variants
            yield from (probe.text for probe in pattern.probes)


def is_mentioned(text: str, own_dir: Path | None, language: str = "en") -> bool:
    """True if the text stands in any pack: a look that costs nothing beside loading them all."""
    written = {text, text.replace('"', '\\"')}
    return any(
        any(form in path.read_text(encoding="utf-8", errors="replace") for form in written)
        for path in pack_paths(own_dir, language)
    )


def load_packs(own_dir: Path | None, language: str = "en") -> Packs:
    """Ours in the language and the person's own; of two with one id the own one."""
    questions: dict[str, Question] = {}
    patterns: dict[str, Pattern] = {}
    faults: list[Fault] = []
    written_in: dict[str, Path] = {}
    for path in pack_paths(own_dir, language):
        pack = read_pack(path)
        faults += pack.faults
        for question in pack.questions:
            before = written_in.get(question.id)
            if before is not None and before != path and _are_both_ours(before, path):
                faults.append(_in_two_files(path, question.id, before))
            questions[question.id] = question
            patterns.pop(question.id, None)
            written_in[question.id] = path
        if pack.pattern:
            patterns[pack.pattern.question.id] = pack.pattern
    return Packs(tuple(questions.values()), tuple(patterns.values()), tuple(faults))


def _are_both_ours(one: Path, two: Path) -> bool:
    """True for two of ours, and for two of the person's: neither is meant to win."""
    ours = prompts_dir()
    return one.is_relative_to(ours) == two.is_relative_to(ours)


def _in_two_files(path: Path, name: str, before: Path) -> Fault:
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"""^\s*id\s*=\s*["']{re.escape(name)}["']""", text, re.MULTILINE)
    line = text.count("\n", 0, found.end()) + 1 if found else 1
    return Fault(path, line, f"the id '{name}' stands in {before} too")


def pack_paths(own_dir: Path | None, language: str = "en") -> tuple[Path, ...]:
    """All packs in a language, ours before the person's own."""
    ours = prompts_dir(language)
    others = {ours / name for name in NOT_PACKS}
    found = (path for path in _toml_in(ours) if path not in others)
    return (*found, *own_paths(own_dir))


def own_paths(own_dir: Path | None) -> tuple[Path, ...]:
    """The person's own packs."""
    if own_dir is None or not own_dir.is_dir():
        return ()
    return tuple(path for path in _toml_in(own_dir) if path.is_file())


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
    except RecursionError:
        return Pack(faults=(Fault(path, 1, "this is nested too deep to be a pack"),))
    except ValueError as error:  # TOMLDecodeError is one; a number may be too long for Python
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else max(1, len(text.splitlines()))
        what = re.sub(r" \(at .*\)$", "", str(error))
        return Pack(faults=(Fault(path, line, f"this is not TOML: {what}"),))
    return _checked(path, text, value)


def _checked(path: Path, text: str, value: dict[str, Any]) -> Pack:
    from pydantic import ValidationError

    from mock_interviewer.adapters.pack_schema import PatternForm, QuestionsForm

    pack, errors = Pack(), []
    is_list = isinstance(value.get("question"), list)
    try:
        if is_list:
            pack = Pack(tuple(form.made() for form in QuestionsForm.model_validate(value).question))
        else:
            pattern = PatternForm.model_validate(value).made_pattern()
            pack = Pack((pattern.question,), pattern)
    except ValidationError as error:
        errors = error.errors()
    places = places_of(text)
    faults = {Fault(path, line_of(places, fault["loc"]), _plain(fault)) for fault in errors}
    for place, what in faults_between(value):
        key = ".".join(map(str, place))
        faults.add(Fault(path, line_of(places, place), f"'{key}': {what}"))
    faults |= set(_twice(path, places, value))
    if not faults:
        return pack
    return Pack(faults=tuple(sorted(faults, key=lambda fault: (fault.line, fault.what))))


def _twice(path: Path, places: dict[Place, int], value: dict[str, Any]) -> Iterator[Fault]:
    seen = set[str]()
    asked = value.get("question")
    for number, question in enumerate(asked if isinstance(asked, list) else []):
        name = question.get("id") if isinstance(question, dict) else None
        if isinstance(name, str):
            if name in seen:
                line = line_of(places, ("question", number, "id"))
                yield Fault(path, line, f"the id '{name}' stands twice")
            seen.add(name)


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
