"""Writing a question of one's own, asked for piece by piece.

A script is a generator: it yields what to ask next, is sent the answer, and returns the pack's
content. So the order, the proposals and what an answer must be stand in one place, and a script
that is fed the same answers again stands where it stood: that is how one goes back a step, and how
a pack is finished another day. An answer is read where it is given, so that nothing wrong gets in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from mock_interviewer.core.rubric import Disqualifier, Kind, Level, Principle, Tests, Work

MOST_PROBES = 6
LONGEST_ID = 40
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SMALL_WORDS = frozenset(
    {"a", "about", "an", "and", "at", "describe", "did", "do", "for", "had", "have", "how", "in"}
    | {"it", "me", "of", "on", "or", "tell", "that", "the", "time", "to", "was", "were", "what"}
    | {"when", "where", "which", "with", "you", "your"}
)


class Misfit(ValueError):
    """An answer that cannot be taken; its text says why, for the person."""


@dataclass(frozen=True)
class Ask:
    """One thing to ask for."""

    what: str
    choices: tuple[str, ...] = ()
    """One of these, by its number or its name."""
    proposal: str | None = None
    """What an empty answer takes; '' may be left out; None must be answered."""
    check: Callable[[str], str | None] | None = None
    """What is wrong with an answer, in plain words; None if nothing is."""

    def read(self, typed: str) -> str:
        """The answer as it is kept. Raises Misfit."""
        said = " ".join(typed.split())
        if not said:
            if self.proposal is None:
                raise Misfit("This cannot be left empty.")
            return str(self.proposal)
        if self.choices:
            return self._chosen(said)
        fault = self.check(said) if self.check else None
        if fault:
            raise Misfit(fault)
        return said

    def _chosen(self, said: str) -> str:
        if said.isdecimal() and 1 <= int(said) <= len(self.choices):
            return str(self.choices[int(said) - 1])
        name = said.lower().replace(" ", "_").replace("-", "_")
        for choice in self.choices:
            if choice.lower().replace(" ", "_") == name:
                return str(choice)
        raise Misfit(f"Choose 1 to {len(self.choices)}, or one of the names.")


Content = dict[str, Any]
Script = Generator[Ask, str, Content]


def after(script: Script, answers: Sequence[str]) -> Ask | Content:
    """What a fresh script asks for after these answers, or its content if it is complete."""
    asked: Ask | Content = next(script)
    for answer in answers:
        asked = on(script, answer)
    return asked


def on(script: Script, answer: str) -> Ask | Content:
    """What a running script asks for next, or its content."""
    try:
        return script.send(answer)
    except StopIteration as finished:
        content: Content = finished.value
        return content


def id_for(text: str) -> str:
    """A short name made of a question's telling words.

    >>> id_for("Tell me about a time you calmed an angry parent.")
    'calmed-angry-parent'
    """
    words = re.findall(r"[a-z0-9]+", text.lower())
    telling = [word for word in words if word not in _SMALL_WORDS] or words or ["question"]
    return "-".join(telling[:4])[:LONGEST_ID].strip("-")


def question_script(taken: Collection[str]) -> Script:
    """A plain question: its words, what it looks at, and its probes. taken are ids in use."""
    content = yield from head_of(taken, tuple(Kind))
    probes: list[Content] = []
    while len(probes) < MOST_PROBES:
        end = " (Enter: no more)" if probes else ""
        text = yield Ask(f"Follow-up {len(probes) + 1}{end}", proposal="" if probes else None)
        if not text:
            break
        probes.append({"text": text, "tests": (yield tests_of(text))})
    return {"question": [content | {"probes": probes}]}


def head_of(taken: Collection[str], kinds: tuple[Kind, ...] = ()) -> Script:
    """What every question has; a story unless it may be of other kinds."""
    text = yield Ask("The question, as it will be asked")
    name = yield Ask(
        "A short name for it, to call it by",
        proposal=_free(id_for(text), taken),
        check=lambda typed: _fault_of_id(typed, taken),
    )
    content: Content = {"id": name, "text": text}
    kind = (yield Ask("What it asks for", kinds, proposal=Kind.STORY)) if kinds else Kind.STORY
    if kind != Kind.STORY:  # such an answer is not judged, so nothing decides it
        principle = Principle.LEARN_AND_BE_CURIOUS.value
        return content | {"kind": kind, "principle": principle, "counts": []}
    content["principle"] = yield Ask("What it looks at", tuple(Principle), proposal=None)
    content["level"] = yield Ask(
        "At which level: junior, mid-level or senior", tuple(Level), proposal=Level.SDE2
    )
    work = yield Ask("In which kind of work (Enter: any)", tuple(Work), proposal="")
    if work:
        content["work"] = work
    counts = yield Ask(
        f"What decides it against the candidate: {', '.join(Disqualifier)}, or none; several with "
        "commas (Enter: what the principle usually counts)",
        proposal="",
        check=_fault_of_counts,
    )
    if counts:
        content["counts"] = _counts(counts)
    return content


def tests_of(probe: str) -> Ask:
    return Ask(f"What '{probe}' tests", tuple(Tests))


def _free(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where it is taken."""
    number, free = 2, name
    while free in taken:
        free = f"{name}-{number}"
        number += 1
    return free


def _fault_of_id(typed: str, taken: Collection[str]) -> str | None:
    if not _ID.fullmatch(typed):
        return "Small letters, digits and single hyphens only, like late-delivery."
    if typed in taken:
        return f"You have a question '{typed}' already; it is never overwritten. Another name?"
    return None


def _counts(typed: str) -> list[str]:
    if typed.lower() == "none":
        return []
    return [name.strip().lower().replace(" ", "_") for name in typed.split(",") if name.strip()]


def _fault_of_counts(typed: str) -> str | None:
    strange = [name for name in _counts(typed) if name not in set(Disqualifier)]
    return f"Not known: {', '.join(strange)}." if strange else None
