"""Preparing a pattern: the lesson step by step, three quick checks, ten questions.

A test carries its order and what was answered in its address (a seed, and one figure an answer), so
that nothing has to be remembered between two pages; what was answered is kept in practice.jsonl.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from random import Random, SystemRandom
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.core.lesson import steps_of
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.quiz import Answered, Choice, drawn, is_pattern_strong, scores
from mock_interviewer.errors import BadInput, UnknownName
from mock_interviewer.web.site import (
    Fields,
    number_in,
    page,
    path_of,
    see,
    site_of,
    takes_form,
)
from mock_interviewer.wiring import practising

LONGEST_ITEM_S = 600.0
"""A page left open longer is no measure of how hard a question was."""


def _pattern(request: Request) -> Pattern:
    return wiring.pattern(site_of(request).home, request.path_params["pattern"])


def patterns(request: Request) -> Response:
    """Every pattern there is."""
    return page("patterns.html", request, patterns=wiring.packs(site_of(request).home).patterns)


def learn(request: Request) -> Response:
    """One step of the lesson."""
    pattern = _pattern(request)
    steps = steps_of(pattern)
    asked = request.query_params.get("step", "1")
    number = min(len(steps), max(1, number_in(asked) or 1))
    return page(
        "learn.html",
        request,
        pattern=pattern,
        step=steps[number - 1],
        number=number,
        total=len(steps),
    )


def aloud(request: Request) -> Response:
    """What can be heard at a step. Raises UnknownName, NoVoice."""
    site, steps = site_of(request), steps_of(_pattern(request))
    number = number_in(request.query_params.get("step", "")) or 0
    text = steps[number - 1].aloud if 0 < number <= len(steps) else None
    if text is None:
        raise UnknownName("There is nothing to hear at this step.")
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder, "aloud.wav")
        wiring.speaker(site.home, site.voice, site.rate_wpm).speak_to_file(text, spoken)
        return Response(spoken.read_bytes(), media_type="audio/wav")


# ---- three quick checks


def concepts(request: Request) -> Response:
    """One check; its explanation once it was answered."""
    pattern, asked = _pattern(request), request.query_params.get("item", "1")
    number = number_in(asked) if asked.isdecimal() else 1
    if number is None or not 1 <= number <= len(pattern.concepts):
        raise UnknownName(f"There is no check {asked}.")
    said = _figure(request.query_params.get("said"), len(pattern.concepts[number - 1].options))
    return page(
        "concepts.html",
        request,
        pattern=pattern,
        check=pattern.concepts[number - 1],
        number=number,
        total=len(pattern.concepts),
        said=said,
    )


def answer_concept(request: Request, fields: Fields) -> Response:
    """Keep what was answered, then show whether it is right."""
    pattern, item = _pattern(request), fields.get("item", "")
    number = number_in(item)
    if number is None or not 1 <= number <= len(pattern.concepts):
        raise UnknownName(f"There is no check {item}.")
    check = pattern.concepts[number - 1]
    said = _figure(fields.get("said"), len(check.options))
    here = path_of("concepts", request.path_params["pattern"])
    if said is None:
        return see(f"{here}?item={item}")
    told = {"pattern": pattern.question.id, "item": number - 1, "right": said == check.answer}
    wiring.keep_practice(site_of(request).home, "concept", told)
    return see(f"{here}?item={item}&said={said}")


def _figure(text: str | None, below: int) -> int | None:
    """A number that stands in an address, if it is below a bound."""
    number = number_in(text or "")
    return number if number is not None and number < below else None


# ---- ten questions


def test(request: Request) -> Response:
    """The next question of a test, or its score."""
    pattern = _pattern(request)
    seed, said = request.query_params.get("seed", ""), request.query_params.get("said", "")
    here = path_of("test", request.path_params["pattern"])
    only = request.query_params.get("only", "")
    if number_in(seed) is None:
        return see(f"{here}?seed={SystemRandom().randrange(10**9)}{_only_part(only)}")
    choices = _choices(pattern, seed, only)
    answered = _answered(choices, said)
    found = scores(answered, [choice.difficulty for choice in choices])
    last = choices[len(answered) - 1] if answered else None
    is_shown = request.query_params.get("next") != "1"
    return page(
        "test.html",
        request,
        pattern=pattern,
        seed=seed,
        said=said,
        only=only,
        asked_at=f"{time.time():.1f}",
        last=last if is_shown else None,
        last_said=int(said[-1]) if said else None,
        last_item=pattern.quiz[last.number] if last else None,
        choice=choices[len(answered)] if len(answered) < len(choices) else None,
        hint=pattern.quiz[choices[len(answered)].number].hint
        if len(answered) < len(choices)
        else "",
        number=len(answered) + 1,
        total=len(choices),
        scores=found,
        is_strong=not only and is_pattern_strong(found),
    )


def _choices(pattern: Pattern, seed: str, only: str) -> list[Choice]:
    """The items in their order; only those whose numbers are named, if any are. Raises BadInput."""
    choices = drawn(pattern.quiz, Random(int(seed)).shuffle)
    if not only:
        return choices
    wanted = set(only.split("."))
    found = [choice for choice in choices if str(choice.number) in wanted]
    if len(found) != len(wanted):
        raise BadInput("This test's address is damaged; begin the test again.")
    return found


def _only_part(only: str) -> str:
    return f"&{urlencode({'only': only})}" if only else ""


def _took(asked_at: str) -> dict[str, float]:
    """How long an item took, by the time in its form; nothing where that cannot be."""
    try:
        took_s = time.time() - float(asked_at)
    except ValueError:
        return {}
    return {"took_s": round(took_s, 1)} if 0 <= took_s < LONGEST_ITEM_S else {}


def _answered(choices: list[Choice], said: str) -> list[Answered]:
    """What the figures in the address say. Raises BadInput."""
    if len(said) > len(choices) or any(
        not figure.isdecimal() or int(figure) >= len(choice.options)
        for figure, choice in zip(said, choices, strict=False)
    ):
        raise BadInput("This test's address is damaged; begin the test again.")
    return [
        Answered(choice.number, choice.difficulty, int(figure) == choice.right)
        for figure, choice in zip(said, choices, strict=False)
    ]


def answer_test(request: Request, fields: Fields) -> Response:
    """Keep what was answered, then show whether it is right."""
    pattern, seed, said = _pattern(request), fields.get("seed", ""), fields.get("said", "")
    if number_in(seed) is None:
        raise BadInput("This test's address is damaged; begin the test again.")
    only = fields.get("only", "")
    choices = _choices(pattern, seed, only)
    here = path_of("test", request.path_params["pattern"])
    chosen = fields.get("answer", "")
    if len(said) < len(choices) and chosen:
        answered = _answered(choices, said + chosen[:1])
        last = answered[-1]
        told = {
            "pattern": pattern.question.id,
            "item": last.number,
            "difficulty": last.difficulty,
            "right": last.is_right,
            **_took(fields.get("asked_at", "")),
        }
        home = site_of(request).home
        wiring.keep_practice(home, "quiz", told)
        if not only:
            practising.keep_test(home, pattern, answered)
        said += chosen[:1]
        return see(f"{here}?seed={seed}&said={said}{_only_part(only)}")
    return see(f"{here}?seed={seed}&said={said}&next=1{_only_part(only)}")


ROUTES = [
    Route("/learn", patterns),
    Route("/learn/{pattern}", learn),
    Route("/learn/{pattern}/aloud", aloud),
    Route("/concepts/{pattern}", concepts),
    Route("/concepts/{pattern}", takes_form(answer_concept), methods=["POST"]),
    Route("/test/{pattern}", test),
    Route("/test/{pattern}", takes_form(answer_test), methods=["POST"]),
]
