"""Templates to HTML: everything escaped, nothing inline, a missing name an error.

A page names its style and script as files of `static/`, so that the content security policy can
forbid everything inline; the report file carries both inside, named by their hashes (pages.file).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from mock_interviewer.core import wording
from mock_interviewer.core.moments import begun_at, day_and_minute, day_told
from mock_interviewer.core.rubric import Level, Principle, Signal, Stage, Verdict, Work
from mock_interviewer.core.wording import Wording

HERE = Path(__file__).resolve().parent
STATIC_DIR = HERE / "static"


def clock(seconds: float | None) -> str:
    """Minutes and seconds; nothing where there is no time."""
    return "" if seconds is None else wording.clock(seconds)


def plain(name: str) -> str:
    """An id as words: 'learn_and_be_curious' to 'learn and be curious'."""
    return name.replace("_", " ")


def curly(text: str) -> str:
    """Straight double quotes in pairs as curly ones.

    >>> curly('You said "we". Say "I".')
    'You said “we”. Say “I”.'
    """
    return re.sub(r'"([^"]*)"', r"“\1”", text)


@cache
def environment(said: Wording) -> jinja2.Environment:
    """The templates in the page's language, read once."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "clock": clock,
        "plain": plain,
        "fault": said.fault_alone,
        "verdict": said.verdict_or_none,
        "day": day_and_minute,
        "begun": lambda session: day_told(begun_at(session)),
        "curly": curly,
    }
    found.globals |= {
        "STAGES": [stage.value for stage in Stage],
        "LEVELS": [level.value for level in Level],
        "WORKS": [work.value for work in Work],
        "PRINCIPLES": [principle.value for principle in Principle],
        "VERDICTS": [verdict.value for verdict in Verdict],
        "letters": {stage.value: said.letter(stage) for stage in Stage},
        "lead_with": {principle.value: said.lead_with(principle) for principle in Principle},
        "signal_words": {signal.value: said.signal(signal) for signal in Signal},
    }
    return found


def render(template: str, wording: Wording, /, **context: Any) -> str:
    """A template of `templates/` filled in, with the words of the page's language."""
    return environment(wording).get_template(template).render(**context)
