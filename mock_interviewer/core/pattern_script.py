"""Writing a whole pattern of one's own: everything that `learn`, `concepts` and `test` show.

It is long, some two hundred answers, in the order in which a pattern is learned; it can be left and
gone on with at any point (core.authoring).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from typing import Any

from mock_interviewer.core.authoring import Ask, Content, Script, head_of, tests_of
from mock_interviewer.core.coverage import CONCEPTS, FEWEST_LENSES, FEWEST_PROBES, ITEMS
from mock_interviewer.core.pattern import taken_from
from mock_interviewer.core.rubric import STORY_STAGES, Level, Principle

OPTIONS = 4
FEWEST_VARIANTS, FEWEST_POINTS, FEWEST_THOUGHTS, FEWEST_STEPS = 1, 3, 1, 2
SEPARATOR = "|"
ABOUT_EXAMPLE = "*"
"""Before a probe that only the author's own example can be asked."""
QUIZ_KINDS = ("principle", "weakness", "signal", "disqualifier", "ownership")
List = Generator[Ask, str, list[Any]]


def pattern_script(taken: Collection[str]) -> Script:
    """A whole pattern; its question always asks for a story. taken are ids in use."""
    content = yield from head_of(taken)
    content["title"] = yield Ask("A title for the list of patterns")
    content["variants"] = yield from _list("Another wording of the question", FEWEST_VARIANTS)
    content["overview"] = yield Ask("The scenario: the strong story in three sentences")
    content["takeaway"] = yield Ask("What a person should take from it")
    content["stages"] = {}
    for stage in STORY_STAGES:
        content["stages"][stage.value] = yield from _stage(stage.value)
    content["levels"] = {}
    for level in Level:
        content["levels"][level.value] = yield from _fields(
            f"At {level.value}",
            focus="what to put weight on",
            bar="where the bar is",
            length="how long the answer is, like 'three minutes'",
            reflection="how the lesson sounds, said aloud",
        )
    example = "\n".join(guide["example"] for guide in content["stages"].values())
    content["probes"] = yield from _probes(example)
    content["weak_answer"] = yield from _weak_answer()
    content["lenses"] = yield from _lenses()
    content["concepts"] = []
    for number in range(1, CONCEPTS + 1):
        item = yield from _choice(f"Concept check {number} of {CONCEPTS}")
        item["explanation"] = yield Ask("Why that is right")
        content["concepts"].append(item)
    content["quiz"] = []
    for difficulty, count in ITEMS.items():
        for number in range(1, count + 1):
            item = yield from _quiz_item(f"Test item, {difficulty}, {number} of {count}")
            content["quiz"].append(item | {"difficulty": difficulty})
    return content


def _list(what: str, fewest: int) -> List:
    """One or more, until an empty answer."""
    found: list[Any] = []
    while True:
        enough = len(found) >= fewest
        end = " (Enter: no more)" if enough else ""
        said = yield Ask(f"{what}, {len(found) + 1}{end}", proposal="" if enough else None)
        if not said:
            return found
        found.append(said)


def _fields(what: str, **fields: str) -> Script:
    content: Content = {}
    for key, told in fields.items():
        content[key] = yield Ask(f"{what}: {told}")
    return content


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(SEPARATOR) if part.strip()]


def _words_of(text: str, *, in_parts: bool = False) -> Callable[[str], str | None]:
    """A check that an answer, or each part of it, is verbatim words of the text."""

    def fault(typed: str) -> str | None:
        quotes = _parts(typed) if in_parts else [typed]
        strange = [quote for quote in quotes if quote not in text]
        return f"Not word for word in it: {'; '.join(strange)}" if strange else None

    return fault


def _stage(stage: str) -> Script:
    example = yield Ask(f"{stage.capitalize()}: a strong example, as it is said aloud")
    cues = yield Ask(
        f"{stage.capitalize()}: the words of it that carry it, word for word, with | between",
        check=_words_of(example, in_parts=True),
    )
    rest = yield from _fields(
        stage.capitalize(),
        coaching="how to tell it well, in a sentence or two",
        mistake="the common mistake",
    )
    return {"example": example, "cues": _parts(cues), **rest}


def _fault_of_probe(example: str) -> Callable[[str], str | None]:
    """A check that a probe can be asked of any candidate, or is marked as one that cannot.

    Figures written as words are looked for when the pack is checked as a whole.
    """

    def fault(typed: str) -> str | None:
        if not typed.removeprefix(ABOUT_EXAMPLE).strip():
            return f"Behind {ABOUT_EXAMPLE} comes the probe."
        taken = taken_from(typed, example)
        if not taken or typed.startswith(ABOUT_EXAMPLE):
            return None
        return (
            f"Only your example has {', '.join(taken)}: word it for any candidate, or put "
            f"{ABOUT_EXAMPLE} before it."
        )

    return fault


def _probes(example: str) -> List:
    probes: list[Any] = []
    while True:
        number, enough = len(probes) + 1, len(probes) >= FEWEST_PROBES
        end = " (Enter: no more)" if enough else ""
        typed = yield Ask(
            f"Probe {number}, as any candidate can be asked it; with {ABOUT_EXAMPLE} before it if "
            f"only your example can: the lesson shows it, an interview never asks it{end}",
            proposal="" if enough else None,
            check=_fault_of_probe(example),
        )
        if not typed:
            return probes
        text = typed.removeprefix(ABOUT_EXAMPLE).strip()
        probe: Content = {"text": text, "tests": (yield tests_of(text))}
        if typed.startswith(ABOUT_EXAMPLE):
            probe["about_example"] = True
        probe |= yield from _fields(
            f"Probe {number}",
            after="what the interviewer wants to know with it",
            weak="a weak reply",
            weak_why="why it is weak",
            strong="a strong reply",
        )
        probe["key_phrase"] = yield Ask(
            f"Probe {number}: the words of the strong reply that carry it, word for word",
            check=_words_of(probe["strong"]),
        )
        probes.append(probe)


def _weak_answer() -> Script:
    text = yield Ask("A whole answer that fails, as it is said aloud")
    verdict = yield Ask("What the interviewer makes of it in the end")
    points = yield from _quotes(text, "points", "quote", "fault", "what it costs", FEWEST_POINTS)
    thoughts = yield from _quotes(
        text, "thoughts", "after", "thought", "what the interviewer thinks then", FEWEST_THOUGHTS
    )
    return {"text": text, "verdict": verdict, "points": points, "thoughts": thoughts}


def _quotes(text: str, what: str, key: str, of: str, told: str, fewest: int) -> List:
    found: list[Any] = []
    while True:
        enough = len(found) >= fewest
        end = " (Enter: no more)" if enough else ""
        quote = yield Ask(
            f"{what.capitalize()}, {len(found) + 1}: words of it, word for word{end}",
            proposal="" if enough else None,
            check=_words_of(text),
        )
        if not quote:
            return found
        found.append({key: quote, of: (yield Ask(f"'{quote}': {told}"))})


def _lenses() -> Script:
    lenses: Content = {}
    while len(lenses) < len(Principle):
        enough = len(lenses) >= FEWEST_LENSES
        left = tuple(principle.value for principle in Principle if principle.value not in lenses)
        name = yield Ask(
            f"The same story for which principle{' (Enter: no more)' if enough else ''}",
            left,
            proposal="" if enough else None,
        )
        if not name:
            break
        lenses[name] = yield from _fields(
            name.replace("_", " ").capitalize(),
            lead_with="lead with",
            emphasise="emphasise",
            play_down="play down",
        )
    return lenses


def _choice(what: str) -> Script:
    question = yield Ask(f"{what}: the question")
    options: list[str] = []

    def fault(typed: str) -> str | None:
        return "This option is there already." if typed in options else None

    for letter in "ABCDEF"[:OPTIONS]:
        option = yield Ask(f"{what}: option {letter}", check=fault)
        options.append(option)
    right = yield Ask("Which one is right", tuple(options))
    return {"question": question, "options": options, "answer": options.index(right)}


def _fault_of_steps(typed: str) -> str | None:
    few = len(_parts(typed)) < FEWEST_STEPS
    return f"At least {FEWEST_STEPS}, with | between." if few else None


def _quiz_item(what: str) -> Script:
    item = yield from _choice(what)
    item["kind"] = yield Ask("What it is about", QUIZ_KINDS)
    steps = yield Ask(
        f"The way to the answer, at least {FEWEST_STEPS} steps with | between",
        check=_fault_of_steps,
    )
    item["steps"] = _parts(steps)
    item["hint"] = yield Ask("A hint that does not give it away")
    item["mistake"] = yield Ask("The usual mistake")
    return item
